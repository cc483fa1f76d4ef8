"""From contributions to reasons that an advisor can say.

Features of one family tell of one thing (three external scores and their mean are one matter), so a
reason is a family: its contribution is the sum of its features', which keeps the sum of all reasons
equal to the margin minus the base value. The text says which way the family speaks, and names the
features that weigh most in that direction with their values.
"""

from dataclasses import dataclass

from credit_scoring.arrays import Numbers
from credit_scoring.contract.columns import FEATURES
from credit_scoring.features import FeatureSchema
from credit_scoring.reasons.families import FAMILIES, families_of, sum_by_family
from credit_scoring.reasons.wording import LANGUAGES, formatted
from credit_scoring.reasons.wording import feature_value as feature_value
from credit_scoring.reasons.wording import worded_value as worded_value

REASONS_EACH_WAY = 4
FEATURES_NAMED = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """code : stable, for files and letters; contribution : of the whole family, in log-odds

    features : those that weigh most its way, the heaviest first, with their values (None where
        missing) and contributions
    text : for advisors, by language
    """

    code: str
    family: str
    contribution: float
    features: list[str]
    values: list[float | str | None]
    contributions: list[float]
    text: dict[str, str]


def explain_row(
    schema: FeatureSchema,
    features: Numbers,
    contributions: Numbers,
    *,
    most: int = 2 * REASONS_EACH_WAY,
) -> list[Reason]:
    """The reasons of one row, from its features (F,) and contributions (F,).

    At most REASONS_EACH_WAY that raise the PD and as many that lower it, the heaviest first. Of
    equal weights the one that raises the PD comes first, then the families' names decide.
    """
    known = families_of(schema.names)
    totals = sum_by_family(contributions[None], known.of_feature, len(known.names))[0].tolist()
    weights = contributions.tolist()
    chosen = _heaviest(totals)[:most]
    return [
        _reason(
            schema, known.names[family], totals[family],
            [
                (k, float(features[k]), weights[k])
                for k in _most_telling(known.members[family], weights, totals[family])
            ],
        )
        for family in chosen
    ]  # fmt: skip


def _heaviest(totals: list[float]) -> list[int]:
    """The families that make reasons, the heaviest first."""
    families = range(len(totals))
    raising = sorted((k for k in families if totals[k] > 0), key=lambda k: -totals[k])
    lowering = sorted((k for k in families if totals[k] < 0), key=lambda k: totals[k])
    chosen = raising[:REASONS_EACH_WAY] + lowering[:REASONS_EACH_WAY]
    return sorted(chosen, key=lambda k: -abs(totals[k]))


def _most_telling(members: list[int], weights: list[float], total: float) -> list[int]:
    """The features of a family that weigh most its way."""
    way = 1.0 if total > 0 else -1.0
    heaviest = sorted(members, key=lambda k: -way * weights[k])[:FEATURES_NAMED]
    return [k for k in heaviest if way * weights[k] > 0]


def _reason(
    schema: FeatureSchema, family: str, total: float, named: list[tuple[int, float, float]]
) -> Reason:
    """named : place, stored value and contribution of the features that it names"""
    raises = total > 0
    names = [schema.names[place] for place, _, _ in named]
    values = [feature_value(schema, schema.names[place], stored) for place, stored, _ in named]
    text = {}
    for language in LANGUAGES:
        details = "; ".join(
            formatted(FEATURES[name], value, language)
            for name, value in zip(names, values, strict=True)
        )
        text[language] = f"{family_text(family, raises=raises, language=language)} ({details})"
    weights = [weight for _, _, weight in named]
    return Reason(reason_code(family, raises=raises), family, total, names, values, weights, text)


def reason_code(family: str, *, raises: bool) -> str:
    return f"{FAMILIES[family]['code']}{'+' if raises else '-'}"


def family_text(family: str, *, raises: bool, language: str) -> str:
    """What a family says either way, without its features."""
    return FAMILIES[family][f"{'raises' if raises else 'lowers'}_{language}"]
