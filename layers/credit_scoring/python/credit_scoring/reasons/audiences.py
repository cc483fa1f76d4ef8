"""A reason in the words of whoever reads it, in French and English.

applicant : plain and respectful, with the amounts and dates that the applicant gave
advisor : with the features that weigh most, and what it adds to the PD, in points that add up
auditor : code, rank, log-odds, base value and stored values, from which all else follows; numbers
    as they are kept, with a point

All three tell of the same contribution.
"""

from credit_scoring.contract.columns import APPLICATION, FEATURES
from credit_scoring.reasons.families import FAMILIES
from credit_scoring.reasons.row_reasons import Reason
from credit_scoring.reasons.wording import LANGUAGES, formatted, spoken_number

REGISTERS = ("applicant", "advisor", "auditor")
# What people give in these units they recognise; scores and shares are the lender's own words.
_PLAIN_UNITS = ("currency", "days", "years")
_POINTS = {"fr": "points de probabilité", "en": "probability points"}
_AUDITOR = {
    "fr": "{code}, rang {rank} : {own} de log-cote, marge {margin}, "
    "base {base}, {points} ; {values}{protected}",
    "en": "{code}, rank {rank}: {own} in log-odds, margin {margin}, "
    "base {base}, {points}; {values}{protected}",
}
_PROTECTED = {"fr": " ; motifs protégés : {}", "en": "; protected grounds: {}"}


def tell(
    reason: Reason, *, rank: int, margin: float, base_value: float
) -> dict[str, dict[str, str]]:
    """The reason by register and language.

    rank : among the reasons of its row, 1 is the heaviest
    margin, base_value : of its row and of its model, in log-odds
    """
    points, values = 100 * reason.points, _stored(reason)
    grounds = ", ".join(reason.protected)
    texts: dict[str, dict[str, str]] = {register: {} for register in REGISTERS}
    for language in LANGUAGES:
        in_points = f"{_signed(points, 1, language)} {_POINTS[language]}"
        mark = " : " if language == "fr" else ": "
        texts["applicant"][language] = _to_applicant(reason, language)
        texts["advisor"][language] = f"{reason.text[language]}{mark}{in_points}"
        texts["auditor"][language] = _AUDITOR[language].format(
            code=reason.code,
            rank=rank,
            own=f"{reason.contribution:+.6f}",
            margin=f"{margin:+.6f}",
            base=f"{base_value:+.6f}",
            points=f"{points:+.4f} {_POINTS[language]}",
            values=values,
            protected=_PROTECTED[language].format(grounds) if grounds else "",
        )
    return texts


def _to_applicant(reason: Reason, language: str) -> str:
    """What applicants gave and recognise, but nothing that must not count against anybody."""
    way = ("raises" if reason.contribution > 0 else "lowers") if reason.known else "unknown"
    sentence = FAMILIES[reason.family][f"applicant_{way}_{language}"]
    given = [
        formatted(FEATURES[name], value, language)
        for name, value in zip(reason.features, reason.values, strict=True)
        if name in APPLICATION and FEATURES[name].unit in _PLAIN_UNITS and value is not None
        and not FEATURES[name].protected
    ]  # fmt: skip
    return f"{sentence} ({'; '.join(given)})." if given else f"{sentence}."


def _stored(reason: Reason) -> str:
    """Named features with the values and contributions that are kept."""
    parts = zip(reason.features, reason.values, reason.contributions, strict=True)
    return "; ".join(f"{name} = {_plain(value)} ({own:+.6f})" for name, value, own in parts)


def _plain(value: float | str | None) -> str:
    return "NaN" if value is None else value if isinstance(value, str) else f"{value:.15g}"


def _signed(value: float, decimals: int, language: str) -> str:
    return f"{'+' if round(value, decimals) > 0 else ''}{spoken_number(value, decimals, language)}"
