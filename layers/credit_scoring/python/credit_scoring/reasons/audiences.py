"""A reason in the words of whoever reads it, in French and English.

applicant : plain and respectful, with the amounts and dates that the applicant gave
advisor : with the features that weigh most, and what it adds to the PD in points
auditor : code, rank, log-odds, base value and stored values, from which all else follows; numbers
    as they are kept, with a point

All three tell of the same contribution.
"""

from credit_scoring.contract.columns import APPLICATION, FEATURES
from credit_scoring.decision import default_probability
from credit_scoring.reasons.families import FAMILIES
from credit_scoring.reasons.row_reasons import Reason
from credit_scoring.reasons.wording import LANGUAGES, formatted, spoken_number

REGISTERS = ("applicant", "advisor", "auditor")
# What people give in these units they recognise; scores and shares are the lender's own words.
_PLAIN_UNITS = ("currency", "days", "years")
_POINTS = {"fr": "points de probabilité", "en": "probability points"}
_AUDITOR = {
    "fr": "{code}, rang {rank} : {own} de log-cote, marge {margin}, "
    "base {base}, {points} ; {values}",
    "en": "{code}, rank {rank}: {own} in log-odds, margin {margin}, "
    "base {base}, {points}; {values}",
}


def probability_points(margin: float, contribution: float) -> float:
    """What a contribution adds to the PD: PD - PD without it, in (-1, 1).

    margin, contribution : in log-odds
    Returns sigmoid(margin) - sigmoid(margin - contribution). The points of several reasons do not
    add up, because the sigmoid is no straight line; their log-odds do.
    """
    return default_probability(margin) - default_probability(margin - contribution)


def tell(
    reason: Reason, *, rank: int, margin: float, base_value: float
) -> dict[str, dict[str, str]]:
    """The reason by register and language.

    rank : among the reasons of its row, 1 is the heaviest
    margin, base_value : of its row and of its model, in log-odds
    """
    points = 100 * probability_points(margin, reason.contribution)
    values = _stored(reason)
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
        )
    return texts


def _to_applicant(reason: Reason, language: str) -> str:
    way = "raises" if reason.contribution > 0 else "lowers"
    sentence = FAMILIES[reason.family][f"applicant_{way}_{language}"]
    given = [
        formatted(FEATURES[name], value, language)
        for name, value in zip(reason.features, reason.values, strict=True)
        if name in APPLICATION and FEATURES[name].unit in _PLAIN_UNITS and value is not None
    ]
    return f"{sentence} ({'; '.join(given)})." if given else f"{sentence}."


def _stored(reason: Reason) -> str:
    """Named features with the values and contributions that are kept."""
    parts = zip(reason.features, reason.values, reason.contributions, strict=True)
    return "; ".join(f"{name} = {_plain(value)} ({own:+.6f})" for name, value, own in parts)


def _plain(value: float | str | None) -> str:
    return "NaN" if value is None else value if isinstance(value, str) else f"{value:.15g}"


def _signed(value: float, decimals: int, language: str) -> str:
    return f"{'+' if round(value, decimals) > 0 else ''}{spoken_number(value, decimals, language)}"
