"""From one applicant's contributions to reasons that an advisor can say.

A reason is a family: its contribution is the sum of its features', which keeps the sum of all
reasons equal to the margin minus the base value. The text says which way the family speaks, and
names features of it with their values; where most of its weight comes from what is missing, it says
so instead, and what is missing why.
"""

from dataclasses import dataclass

import numpy as np

from credit_scoring.arrays import Numbers
from credit_scoring.contract.columns import FEATURES
from credit_scoring.features import FeatureSchema
from credit_scoring.reasons.choice import NOBODY, REASONS_EACH_WAY, choose_reasons
from credit_scoring.reasons.families import FAMILIES, families_of
from credit_scoring.reasons.wording import LANGUAGES, formatted
from credit_scoring.reasons.wording import feature_value as feature_value
from credit_scoring.reasons.wording import worded_value as worded_value


@dataclass(frozen=True, slots=True)
class Reason:
    """code : stable, for files and letters; contribution : of the whole family, in log-odds

    points : what it adds to the PD, in (-1, 1); all families' add up
    known : whether it states something of the applicant, or says that something is not known
    features : those that weigh most its way on that side, the heaviest first, with their values
        (None where missing) and contributions
    protected : the grounds on which nobody may be treated worse that weigh its way
    text : for advisors, by language
    """

    code: str
    family: str
    contribution: float
    points: float
    known: bool
    features: list[str]
    values: list[float | str | None]
    contributions: list[float]
    protected: list[str]
    text: dict[str, str]


def explain_row(
    schema: FeatureSchema,
    features: Numbers,
    contributions: Numbers,
    slope: float,
    *,
    most: int = 2 * REASONS_EACH_WAY,
) -> list[Reason]:
    """The reasons of one row, from its features (F,) and contributions (F,), the heaviest first.

    slope : points of probability for a unit of log-odds
    """
    chosen = choose_reasons(
        schema, features[None], contributions[None], np.array([slope]), most=most
    )
    known = families_of(schema.names).names
    reasons = []
    for place, family in enumerate(chosen.families[0].tolist()):
        if family == NOBODY:
            break
        total = float(chosen.totals[0, family])
        raises, states = total > 0, bool(chosen.known[0, place])
        named = [k for k in chosen.named[0, place].tolist() if k != NOBODY]
        names = [schema.names[k] for k in named]
        values = [feature_value(schema, schema.names[k], float(features[k])) for k in named]
        absences = chosen.absences[0, place].tolist()
        reasons.append(
            Reason(
                code=reason_code(known[family], raises=raises, known=states),
                family=known[family],
                contribution=total,
                points=total * slope,
                known=states,
                features=names,
                values=values,
                contributions=contributions[named].tolist(),
                protected=_grounds(schema, contributions, family, raises),
                text={
                    language: _text(
                        known[family], raises, states, names, values, absences, language
                    )
                    for language in LANGUAGES
                },
            )
        )
    return reasons


def _grounds(schema: FeatureSchema, contributions: Numbers, family: int, raises: bool) -> list[str]:
    members = families_of(schema.names).members[family]
    own = [FEATURES[schema.names[k]] for k in members if (contributions[k] > 0) == raises]
    return sorted({column.protected for column in own} - {""})


def _text(
    family: str,
    raises: bool,
    known: bool,
    names: list[str],
    values: list[float | str | None],
    absences: list[int],
    language: str,
) -> str:
    details = [
        formatted(FEATURES[name], value, language, absence)
        for name, value, absence in zip(names, values, absences, strict=False)
        if FEATURES[name].is_sayable
    ]
    sentence = family_text(family, raises=raises, known=known, language=language)
    return f"{sentence} ({'; '.join(details)})" if details else sentence


def reason_code(family: str, *, raises: bool, known: bool) -> str:
    """`EXT+` raises the PD, `EXT-` lowers it; `EXT?+` and `EXT?-` do by what is not known."""
    return f"{FAMILIES[family]['code']}{'' if known else '?'}{'+' if raises else '-'}"


def family_text(family: str, *, raises: bool, known: bool, language: str) -> str:
    """What a family says, without its features."""
    way = ("raises" if raises else "lowers") if known else "unknown"
    return FAMILIES[family][f"{way}_{language}"]
