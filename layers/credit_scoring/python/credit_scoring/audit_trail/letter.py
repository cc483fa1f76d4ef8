"""The letter to an applicant: the decision, its reasons, and what the applicant may do.

Its reasons are those of the stored decision, and it is only written when they follow from the
stored contributions and values. What is not known is no reason but what the applicant can supply,
and what must not count against anybody is left out. Rights: articles 15, 16 and 22 of the General
Data Protection Regulation, and article 18 of Directive (EU) 2023/2225 on consumer credit.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from functools import cache
from html import escape
from math import isclose
from pathlib import Path
from string import Template
from typing import Any

from credit_scoring.audit_trail.authority import OTHER, decision_rules
from credit_scoring.audit_trail.decision_log import StoredDecision
from credit_scoring.audit_trail.letter_texts import TEXTS
from credit_scoring.contract.columns import FEATURES
from credit_scoring.errors import ReasonsUnfaithful
from credit_scoring.lender_settings import LenderSettings
from credit_scoring.reasons.choice import tells_something

MOST_REASONS = 4
_TOLERANCE = 1e-9
_PROTECTED = {name for name, column in FEATURES.items() if column.protected}


def write_letter(
    decision: StoredDecision, *, language: str, lender: LenderSettings, draft: bool = False
) -> str:
    """A page of HTML that prints on one sheet; everything from outside is escaped.

    draft : whether nothing is decided yet, which stands on it
    Raises ReasonsUnfaithful when a stored reason does not follow from the stored contributions.
    """
    check_reasons(decision)
    texts = TEXTS[language]
    parts = {
        "language": language,
        "title": texts["title"],
        "lender": lender.name,
        "date": _date(decision.created_at, texts, lender),
        "references": texts["references"].format(
            applicant=decision.applicant_id or texts["no_id"], decision=decision.decision_id
        ),
        "outcome": texts[f"outcome_{decision.decision}"],
        "how": texts["how_override"] if decision.is_override else texts["how"],
        "rights_title": texts["rights_title"],
        "contact": texts["contact"].format(contact=lender.contact or texts["branch"]),
        "closing": texts["closing"],
    }
    return _template().substitute(
        {name: escape(text) for name, text in parts.items()},
        draft=_paragraph("draft", texts["draft"]) if draft else "",
        offer=_offer(decision, texts, language),
        reasons=_reasons(decision, language, texts, lender),
        rights=_list(texts["rights"]),
    )


def check_reasons(decision: StoredDecision) -> None:
    """Every reason carries its family's total, they are the heaviest, in their order, and none
    states anything where most of what weighs its way is not known.
    """
    totals: defaultdict[str, float] = defaultdict(float)
    families = decision.score["families"]
    for name, contribution in decision.score["contributions"].items():
        totals[families[name]] += contribution
    for way, sign in (("raises", 1), ("lowers", -1)):
        told = decision.score["reasons"][way]
        heaviest = sorted((total for total in totals.values() if sign * total > 0), key=abs)[::-1]
        if len(told) > len(heaviest):
            raise ReasonsUnfaithful(decision.decision_id)
        for reason, weight in zip(told, heaviest, strict=False):
            own = totals[reason["family"]]
            faithful = _same(reason["contribution"], own) and _same(own, weight)
            if not faithful or (
                reason.get("known", True) and not _is_known(decision, reason, sign)
            ):
                raise ReasonsUnfaithful(decision.decision_id)


def _is_known(decision: StoredDecision, reason: dict[str, Any], sign: int) -> bool:
    """Whether at least half of what weighs a reason's way comes from known values."""
    values = decision.score["features"]
    weighs = _balance(decision, reason, sign, lambda name: tells_something(name, values[name]))
    return weighs >= -_TOLERANCE


def _is_protected(decision: StoredDecision, reason: dict[str, Any]) -> bool:
    """Whether most of what weighs a reason's way must not count against anybody."""
    return _balance(decision, reason, 1, _PROTECTED.__contains__) > 0


def _balance(
    decision: StoredDecision, reason: dict[str, Any], sign: int, counts: Callable[[str], bool]
) -> float:
    """What weighs a reason's way of its family's features that count, less the others' weight."""
    families: dict[str, str] = decision.score["families"]
    contributions: dict[str, float] = decision.score["contributions"]
    return sum(
        sign * weight * (1 if counts(name) else -1)
        for name, weight in contributions.items()
        if families[name] == reason["family"] and sign * weight > 0
    )


def _same(one: float, other: float) -> bool:
    return isclose(one, other, abs_tol=_TOLERANCE)


def _reasons(
    decision: StoredDecision, language: str, texts: dict[str, Any], lender: LenderSettings
) -> str:
    """Only a refusal names what weighed against; one by a person's judgement says so first."""
    if decision.decision == "accept":
        return ""
    told = [
        reason
        for reason in decision.score["reasons"]["raises"][:MOST_REASONS]
        if lender.tells_protected or not _is_protected(decision, reason)
    ]
    own = _own_reason(decision, language)
    lines = [texts["own_reason"].format(reason=own)] if own else []
    lines += [_spoken(reason, language) for reason in told if reason.get("known", True)]
    missing = [_spoken(reason, language) for reason in told if not reason.get("known", True)]
    return _section(texts["reasons_title"], lines or [texts["no_reason"]]) + _section(
        texts["missing_title"], missing
    )


def _own_reason(decision: StoredDecision, language: str) -> str:
    """The lender's words for the advisor's reason, and the advisor's own."""
    known = decision_rules().reasons.get(decision.override_code)
    listed = known.label[language] if known and decision.override_code != OTHER else ""
    return " – ".join(filter(None, (listed, decision.override_reason)))


def _offer(decision: StoredDecision, texts: dict[str, Any], language: str) -> str:
    """The loan that was decided on, where it is not the one that was asked for."""
    if not decision.offer:
        return ""
    amounts = {name: _amount(value, language) for name, value in decision.offer.items()}
    return _paragraph("offer", texts["offer"].format(**amounts))


def _amount(value: float, language: str) -> str:
    grouped = f"{value:,.2f}".removesuffix(".00")
    return grouped.replace(",", "\u202f").replace(".", ",") if language == "fr" else grouped


def _paragraph(kind: str, text: str) -> str:
    return f'<p class="{kind}">{escape(text)}</p>\n'


def _section(title: str, lines: list[str]) -> str:
    return f"<h2>{escape(title)}</h2>\n{_list(lines)}\n" if lines else ""


def _spoken(reason: dict[str, Any], language: str) -> str:
    """In the words meant for the applicant."""
    text: str = reason["texts"]["applicant"][language]
    return text


def _list(lines: list[str]) -> str:
    return "<ol>\n" + "\n".join(f"<li>{escape(line)}</li>" for line in lines) + "\n</ol>"


def _date(created_at: str, texts: dict[str, Any], lender: LenderSettings) -> str:
    """The day on which it was where the lender is."""
    day = lender.local(datetime.fromisoformat(created_at))
    return str(texts["date"]).format(
        day=day.day, month=texts["months"][day.month - 1], year=day.year
    )


@cache
def _template() -> Template:
    return Template(Path(__file__).with_name("letter.html").read_text(encoding="utf-8"))
