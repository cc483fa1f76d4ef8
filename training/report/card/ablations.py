"""What else was tried, and what each rule of the recipe costs."""

from typing import Any

from training.report.card.blocks import Block, Heading, Section, Table, Text
from training.report.card.evaluation import Figures
from training.report.words import (
    NOTHING,
    difference,
    label,
    number,
    percent,
    setting,
    signed_interval,
    whole,
)

NOT_RUN = "Not run in this training."


def alternatives(report: dict[str, Any], figures: Figures, *, with_times: bool) -> Section:
    return Section(
        "Alternatives",
        [
            *_comparison(report.get("comparison"), figures, with_times=with_times),
            *_tuning(report.get("tuning")),
            *_ablations(report.get("ablations")),
        ],
    )


def _comparison(
    comparison: dict[str, Any] | None, figures: Figures, *, with_times: bool
) -> list[Block]:
    head: list[Block] = [Heading("Models compared")]
    if not comparison:
        return [*head, Text(NOT_RUN)]
    return [
        *head,
        Text(
            "Every model on the same rows and folds, each at the cut-off that is cheapest for it. "
            "All candidate features are given to each, so the figures of the served model, which "
            "chooses among them, differ a little. AUC is the mean of the folds; all other figures "
            "are of all folds together, which is harder on models whose PDs differ in level from "
            "fold to fold."
        ),
        _candidates_table("Models", comparison["models"], with_times=with_times),
        *figures("comparison_models"),
        Heading("Rarity of defaults"),
        Text(
            "Weights and resampling touch only the rows that a fold learns from. They shift the "
            "PDs, which the calibration error shows; what counts is whether the ranking gains."
        ),
        _candidates_table("Strategies", comparison["imbalance"], with_times=with_times),
        *figures("comparison_imbalance"),
        _confusion_table(comparison),
    ]


def _candidates_table(caption: str, candidates: list[dict[str, Any]], *, with_times: bool) -> Table:
    head = [
        "Name", "AUC", "Folds", "Pooled", "Gini", "KS", "PR-AUC", "Brier", "ECE", "Cost", "Cut-off"
    ]  # fmt: skip
    times = ["Fit, s", "Predict 1,000, s"] if with_times else []
    rows = [_candidate(each) + (_times(each) if with_times else []) for each in candidates]
    return Table(f"{caption}, cross-validated", [*head, *times], rows)


def _candidate(candidate: dict[str, Any]) -> list[str]:
    found = candidate["figures"]
    folds = found["auc_by_fold"]
    return [
        candidate["name"],
        number(sum(folds) / len(folds)),
        f"{number(min(folds), 3)} to {number(max(folds), 3)}",
        number(found["auc"]),
        number(found["gini"]),
        percent(found["ks"]),
        number(found["pr_auc"]),
        number(found["brier"], 5),
        number(found["ece"]),
        number(found["business_cost_per_applicant"]),
        percent(found["cutoff"], 2),
    ]


def _times(candidate: dict[str, Any]) -> list[str]:
    return [number(candidate["fit_seconds"], 1), number(candidate["predict_seconds"], 4)]


def _confusion_table(comparison: dict[str, Any]) -> Table:
    kinds = ("accepted_good", "accepted_default", "refused_good", "refused_default")
    rows = [
        [
            each["name"],
            *(whole(each["figures"]["confusion"][kind]) for kind in kinds),
            percent(each["figures"]["recall"]),
            percent(each["figures"]["accuracy"]),
        ]
        for each in (*comparison["models"], *comparison["imbalance"])
    ]
    head = [
        "Name",
        "Accepted, repaid",
        "Accepted, defaulted",
        "Refused, would repay",
        "Refused, would default",
        "Recall",
        "Accuracy",
    ]
    return Table("Decisions of each, at its own cut-off", head, rows)


def _tuning(tuning: dict[str, Any] | None) -> list[Block]:
    head: list[Block] = [Heading("Tuning")]
    if not tuning:
        return [*head, Text(NOT_RUN)]
    trials = tuning["trials"]
    given_up = sum(trial["value"] is None for trial in trials)
    what = {"cost": "business cost per applicant", "auc": "AUC"}[tuning["objective"]]
    rows = [[name, setting(value), _weight(tuning, name)] for name, value in tuning["best"].items()]
    return [
        *head,
        Text(
            f"{whole(len(trials))} sets of parameters were tried ({tuning['method']}), "
            f"{given_up} of them given up early. {what[0].upper()}{what[1:]}: "
            f"{number(tuning['default_value'])} before, {number(tuning['best_value'])} with the "
            "best. The best of many is flattered by chance, so half of the applicants served the "
            "search, and the figures of this card are measured on the other half."
        ),
        Table("Parameters that were changed", ["Parameter", "Best", "Share of effect"], rows),
    ]


def _weight(tuning: dict[str, Any], name: str) -> str:
    importance = tuning["importance"] or {}
    return percent(importance[name]) if name in importance else NOTHING


def _ablations(ablations: list[dict[str, Any]] | None) -> list[Block]:
    head: list[Block] = [Heading("What each rule is worth")]
    if not ablations:
        return [*head, Text(NOT_RUN)]
    attributes = list(dict.fromkeys(a for each in ablations for a in each["approval_ratios"]))
    rows = [
        [
            each["name"],
            each["what"],
            number(each["auc"]),
            difference(each["auc_difference"]),
            signed_interval(each["auc_interval"]),
            difference(each["cost_difference"]),
            signed_interval(each["cost_interval"]),
            *(number(each["approval_ratios"].get(attribute), 2) for attribute in attributes),
        ]
        for each in ablations
    ]
    columns = ["Recipe", "Change", "AUC", "AUC, change", "95 %", "Cost, change", "95 %"]
    columns += [f"Approval ratio, {label(attribute).lower()}" for attribute in attributes]
    return [
        *head,
        Text(
            "The same rows, folds and seed with one rule changed. A change whose interval holds "
            "zero may be chance. More AUC is better, more cost is worse. Approval ratios are of "
            "the group that is accepted least over the one that is accepted most; those of this "
            "model stand under Fairness."
        ),
        Table("The recipe with one rule changed", columns, rows, words=2),
    ]
