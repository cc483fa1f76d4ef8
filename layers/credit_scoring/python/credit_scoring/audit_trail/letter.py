"""The letter to an applicant: the decision, its reasons, and what the applicant may do.

Its reasons are those of the stored decision, and it is only written when they follow from the
stored contributions. Rights: articles 15, 16 and 22 of the General Data Protection Regulation, and
article 18 of Directive (EU) 2023/2225 on consumer credit.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from math import isclose
from pathlib import Path
from string import Template
from typing import Any

from credit_scoring.audit_trail.decision_log import StoredDecision
from credit_scoring.audit_trail.letter_texts import TEXTS
from credit_scoring.errors import ReasonsUnfaithful

MOST_REASONS = 4
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Lender:
    """contact : where an applicant turns to; "" means the branch."""

    name: str
    contact: str = ""


def write_letter(decision: StoredDecision, *, language: str, lender: Lender) -> str:
    """A page of HTML that prints on one sheet; everything from outside is escaped.

    Raises ReasonsUnfaithful when a stored reason does not follow from the stored contributions.
    """
    check_reasons(decision)
    texts = TEXTS[language]
    parts = {
        "language": language,
        "title": texts["title"],
        "lender": lender.name,
        "date": _date(decision.created_at, texts),
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
        reasons=_reasons(decision, language, texts),
        rights=_list(texts["rights"]),
    )


def check_reasons(decision: StoredDecision) -> None:
    """Every reason carries its family's total, and they are the heaviest, in their order."""
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
            if not (_same(reason["contribution"], own) and _same(own, weight)):
                raise ReasonsUnfaithful(decision.decision_id)


def _same(one: float, other: float) -> bool:
    return isclose(one, other, abs_tol=_TOLERANCE)


def _reasons(decision: StoredDecision, language: str, texts: dict[str, Any]) -> str:
    """Only a refusal names what weighed against; one by a person's judgement says so first."""
    if decision.decision == "accept":
        return ""
    own = [texts["own_reason"].format(reason=decision.override_reason)]
    weighed = [_spoken(reason, language) for reason in decision.score["reasons"]["raises"]]
    lines = (own if decision.override_reason else []) + weighed[:MOST_REASONS]
    return f"<h2>{escape(texts['reasons_title'])}</h2>\n{_list(lines)}"


def _spoken(reason: dict[str, Any], language: str) -> str:
    """In the words meant for the applicant."""
    text: str = reason["texts"]["applicant"][language]
    return text


def _list(lines: list[str]) -> str:
    return "<ol>\n" + "\n".join(f"<li>{escape(line)}</li>" for line in lines) + "\n</ol>"


def _date(created_at: str, texts: dict[str, Any]) -> str:
    day = datetime.fromisoformat(created_at)
    return str(texts["date"]).format(
        day=day.day, month=texts["months"][day.month - 1], year=day.year
    )


@cache
def _template() -> Template:
    return Template(Path(__file__).with_name("letter.html").read_text(encoding="utf-8"))
