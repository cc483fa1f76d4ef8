"""What the PDs are made of."""

import math
from typing import Any

from training.report.card.blocks import Block, Heading, Section, Table, Text
from training.report.card.evaluation import NOT_MEASURED, Figures
from training.report.words import difference, number, percent, value_of, whole

FEATURES_LISTED = 20
_STEEP = 0.2  # a rank correlation below this is no direction


def drivers(report: dict[str, Any], figures: Figures) -> Section:
    explanation = report.get("explanations")
    if not explanation:
        return Section("What moves the PDs", [Text(NOT_MEASURED)])
    return Section(
        "What moves the PDs",
        [
            Text(
                f"Contributions (SHAP values) of {whole(explanation['rows'])} applications, by the "
                "code that explains single decisions. They are in log-odds: a contribution of "
                f"+0.10 multiplies the odds of default by {math.exp(0.1):.2f}. Added to the base "
                f"value, {number(explanation['base_value'], 3)}, an applicant's contributions make "
                "the log-odds of their PD."
            ),
            _families_table(explanation),
            *figures("importance_families"),
            *_faithfulness(explanation.get("faithfulness")),
            _features_table(explanation),
            *figures("importance_features"),
            *figures("beeswarm"),
            *_dependence(explanation, figures),
        ],
    )


def _faithfulness(found: dict[str, Any] | None) -> list[Block]:
    if found is None:
        return []
    return [
        Text(
            "Are the reasons true of the model? The features of the families that reason codes "
            f"name were given the values of other applicants, and {whole(found['rows'])} "
            "applications scored once more. Without what raises it the PD fell for "
            f"{percent(found['raises'])} of them, without what lowers it it rose for "
            f"{percent(found['lowers'])}; without the heaviest reason alone, for "
            f"{percent(found['heaviest_raises'])} and {percent(found['heaviest_lowers'])}."
        )
    ]


def _families_table(explanation: dict[str, Any]) -> Table:
    rows = [
        [
            family["label"]["en"],
            whole(family["features"]),
            number(family["mean_absolute"], 3),
            percent(family["share"]),
        ]
        for family in explanation["families"]
    ]
    head = ["Family", "Features", "Mean size", "Share"]
    return Table("Families of features, as reason codes name them", head, rows)


def _features_table(explanation: dict[str, Any]) -> Table:
    rows = [
        [
            feature["label"]["en"],
            feature["name"],
            number(feature["mean_absolute"], 4),
            percent(feature["share"]),
            _direction(feature["direction"]),
        ]
        for feature in explanation["features"][:FEATURES_LISTED]
    ]
    head = ["Feature", "Name", "Mean size", "Share", "A higher value"]
    return Table(f"The {len(rows)} features that weigh most", head, rows, words=2)


def _direction(correlation: float | None) -> str:
    if correlation is None or abs(correlation) < _STEEP:
        return "either way"
    return f"{'raises' if correlation > 0 else 'lowers'} ({difference(correlation, 2)})"


def _dependence(explanation: dict[str, Any], figures: Figures) -> list[Block]:
    blocks: list[Block] = [
        Heading("From value to contribution"),
        Text(
            "Medians of groups of at least twenty applications, with the range that holds eight of "
            "ten. Values at both ends of the plots are drawn in, so that none points at a person."
        ),
        *figures("dependence"),
    ]
    return blocks + [_dependence_table(each) for each in explanation["dependence"]]


def _dependence_table(dependence: dict[str, Any]) -> Table:
    rows = [
        [
            value_of(dependence["name"], each["value"]),
            whole(each["rows"]),
            difference(each["median"], 3),
            f"{difference(each['low'], 3)} to {difference(each['high'], 3)}",
        ]
        for each in dependence["bins"]
    ]
    head = ["Value", "Applications", "Contribution", "Eight of ten"]
    return Table(f"{dependence['label']['en']}: values", head, rows, folded=True)
