"""How good the model is: ranking, decisions and what they cost, calibration."""

from collections.abc import Callable
from typing import Any

from training.evaluation.calibration import SIGNIFICANCE, TOLERATED_ECE
from training.report.card.blocks import Block, Figure, Heading, Section, Table, Text, Verdict
from training.report.words import (
    NOTHING,
    interval,
    number,
    percent,
    percent_interval,
    scientific,
    whole,
)

type Figures = Callable[[str], list[Figure]]

NOT_MEASURED = "Not measured in this training."


def performance(report: dict[str, Any], figures: Figures) -> Section:
    metrics = report["metrics"]
    return Section(
        "Performance",
        [
            Text(
                "All figures are cross-validated: each application is scored by a model that never "
                "saw it. Intervals are at 95 % and tell of chance among applicants like these, not "
                "of a changing world."
            ),
            Text(_auc_in_words(metrics)),
            _metrics_table(metrics),
            *figures("ranking"),
            *figures("distribution"),
        ],
    )


def _auc_in_words(metrics: dict[str, Any]) -> str:
    auc, folds = metrics["auc"], metrics.get("auc_by_fold") or []
    spread = f" Fold by fold it is {number(min(folds))} to {number(max(folds))}." if folds else ""
    return (
        f"AUC {number(auc)}: of a hundred pairs of one applicant who defaulted and one who repaid, "
        f"the model gives the defaulter the higher PD in {100 * auc:.0f}; chance would in 50."
        f"{spread}"
    )


def _metrics_table(metrics: dict[str, Any]) -> Table:
    ends = metrics.get("intervals") or {}
    cost, auc = "business_cost_per_applicant", ends.get("auc")
    gini = auc and [2 * end - 1 for end in auc]
    rows = [
        ["AUC", number(metrics["auc"]), interval(auc)],
        ["Gini (2 AUC - 1)", number(metrics["gini"]), interval(gini)],
        ["KS", percent(metrics["ks"]), percent_interval(ends.get("ks"))],
        ["Area under precision and recall", number(metrics["pr_auc"]), NOTHING],
        ["Brier score", number(metrics["brier"]), interval(ends.get("brier"))],
        ["Calibration error (ECE)", number(metrics["ece"]), interval(ends.get("ece"))],
        ["Business cost per applicant", number(metrics[cost]), interval(ends.get(cost))],
        ["... if everybody were approved", number(metrics["business_cost_approve_all"]), NOTHING],
        [
            "Approval rate",
            percent(metrics["approval_rate"]),
            percent_interval(ends.get("approval_rate")),
        ],
        [
            "Defaulters refused (recall)",
            percent(metrics["recall"]),
            percent_interval(ends.get("recall")),
        ],
        ["Defaulters among refused (precision)", percent(metrics["precision"]), NOTHING],
        ["Accuracy (not a goal: few default)", percent(metrics["accuracy"]), NOTHING],
    ]
    return Table("Figures of held-out applications", ["Figure", "Value", "95 % interval"], rows)


def decisions(report: dict[str, Any], figures: Figures) -> Section:
    metrics, cutoff = report["metrics"], report.get("cutoff")
    blocks: list[Block] = [Text(_frequencies(metrics)), _confusion_table(metrics)]
    if cutoff:
        blocks += [
            Heading("Cut-off"),
            Text(
                "A cut-off costs, per applicant, what accepted defaulters and refused good payers "
                "cost together, counted in refused good payers. The theoretical cut-off, 1 / (1 + "
                "cost ratio), is the best one for perfectly calibrated PDs (Elkan 2001); the "
                f"cheapest one is that of these data. Served: {percent(cutoff['cutoff'], 2)}, at "
                f"ratio {cutoff['cost_ratio']:g}."
            ),
            _cutoff_table(cutoff["curves"]),
        ]
        for ratio in cutoff["curves"]:
            blocks += figures(f"cost_curve_{ratio}")
    return Section("Decisions and their cost", [*blocks, *_bands(report, figures)])


def _frequencies(metrics: dict[str, Any]) -> str:
    share = _of_a_thousand(metrics["confusion"])
    bad = share["accepted_default"] + share["refused_default"]
    approved = share["accepted_good"] + share["accepted_default"]
    return (
        f"Of 1,000 applicants like these, {bad} default. At the cut-off of "
        f"{percent(metrics['cutoff'], 2)}, {approved} are approved: {share['accepted_good']} of "
        f"them repay and {share['accepted_default']} default. The others are refused: "
        f"{share['refused_default']} of them would default, {share['refused_good']} would repay."
    )


def _of_a_thousand(counts: dict[str, int]) -> dict[str, int]:
    """Rounded so that the parts make the whole: the largest remainders are rounded up."""
    exact = {name: 1000 * count / sum(counts.values()) for name, count in counts.items()}
    share = {name: int(value) for name, value in exact.items()}
    rising = sorted(exact, key=lambda name: share[name] - exact[name])
    for name in rising[: 1000 - sum(share.values())]:
        share[name] += 1
    return share


def _confusion_table(metrics: dict[str, Any]) -> Table:
    counts = metrics["confusion"]
    rows = [
        [
            f"{decision.capitalize()}",
            *(
                f"{whole(counts[f'{decision}_{outcome}'])} "
                f"({percent(counts[f'{decision}_{outcome}'] / metrics['rows'])})"
                for outcome in ("good", "default")
            ),
        ]
        for decision in ("accepted", "refused")
    ]
    return Table("Decisions against outcomes", ["", "Repaid", "Defaulted"], rows)


def _cutoff_table(curves: dict[str, dict[str, Any]]) -> Table:
    rows = []
    for ratio, curve in curves.items():
        for kind, words in (("best", "cheapest"), ("theoretical", "theoretical")):
            rows.append(
                [
                    ratio,
                    words,
                    percent(curve[f"{kind}_cutoff"], 2),
                    percent(curve[f"{kind}_approval_rate"]),
                    number(curve[f"{kind}_cost"], 3),
                    interval(curve[f"{kind}_cost_interval"], 3),
                ]
            )
        everybody = number(curve["approve_all_cost"], 3)
        rows.append([ratio, "approve everybody", "100 %", "100.0 %", everybody, NOTHING])
    head = ["Cost ratio", "Cut-off", "PD", "Approved", "Cost", "95 % interval"]
    return Table("Cut-offs and what they cost per applicant", head, rows, words=2)


def _bands(report: dict[str, Any], figures: Figures) -> list[Block]:
    if not report.get("bands"):
        return []
    rows = [
        [
            band["name"],
            f"{percent(band['low'])} to {percent(band['high'])}",
            f"{whole(band['applicants'])} ({percent(band['share'])})",
            percent(band["mean_pd"], 2),
            percent(band["default_rate"], 2),
            percent_interval(band["default_rate_interval"], 2),
        ]
        for band in report["bands"]
    ]
    head = ["Band", "PD", "Applicants", "Mean PD", "Default rate", "95 % interval"]
    return [
        Heading("Risk bands"),
        Text("High is what is refused. Medium would be refused if the PD were twice as high."),
        Table("Risk bands and what became of their applicants", head, rows, words=2),
        *figures("bands"),
    ]


def calibration(report: dict[str, Any], figures: Figures) -> Section:
    found = report.get("calibration")
    if not found:
        return Section("Calibration", [Text(NOT_MEASURED)])
    served = found["after"] if found["repaired"] else found["before"]
    meaning = (
        "A PD of 8 % should mean that 8 of 100 such applicants default. The calibration error is "
        "the mean distance between the two over groups of equally many applicants; some of it is "
        f"chance. Overall the PDs foretell {percent(served['mean_pd'], 2)} defaults, and "
        f"{percent(served['default_rate'], 2)} came."
    )
    return Section(
        "Calibration",
        [
            calibration_verdict(found),
            Text(meaning),
            *figures("reliability"),
            _reliability_table(served),
            _quality_table(found),
        ],
    )


def calibration_verdict(found: dict[str, Any]) -> Verdict:
    """Good unless PDs are wrong beyond chance, enough to matter, and no repair bettered them."""
    fit, ece = found["before"]["log_odds"], found["before"]["ece"]
    if fit is None:
        return Verdict(found["reason"], "unknown")
    is_good = found["repaired"] or fit["p_value"] >= SIGNIFICANCE or ece <= TOLERATED_ECE
    return Verdict(found["reason"], "pass" if is_good else "attention")


def _reliability_table(served: dict[str, Any]) -> Table:
    rows = [
        [
            whole(each["applicants"]),
            percent(each["mean_pd"], 2),
            percent(each["default_rate"], 2),
            percent_interval(each["default_rate_interval"], 2),
        ]
        for each in served["bins"]
    ]
    head = ["Applicants", "Mean PD", "Default rate", "95 % interval"]
    return Table("Groups of neighbouring PDs, as they are served", head, rows, words=0)


def _quality_table(found: dict[str, Any]) -> Table:
    """The repair is shown beside what it repaired; one that was not made is of no interest."""
    shown = [found["before"], *([found["after"]] if found["repaired"] else [])]
    parts = [each["decomposition"] for each in shown]
    fits = [each["log_odds"] for each in shown]
    rows = [
        ["Calibration error (ECE)", *(number(each["ece"]) for each in shown)],
        ["Brier score", *(number(each["brier"], 5) for each in shown)],
        ["... reliability (0 is best)", *(number(each["reliability"], 5) for each in parts)],
        ["... resolution (more is better)", *(number(each["resolution"], 5) for each in parts)],
        ["... uncertainty (no model's doing)", *(number(each["uncertainty"], 5) for each in parts)],
        ["Slope (1 is best)", *(_fitted(fit, "slope") for fit in fits)],
        ["Intercept (0 is best)", *(_fitted(fit, "intercept") for fit in fits)],
        [
            "Chance of as much, if perfect (p)",
            *(_chance(fit) for fit in fits),
        ],
    ]
    head = ["Figure", "Before repair", "After repair"] if len(shown) == 2 else ["Figure", "Value"]
    return Table("Calibration in figures", head, rows)


def _fitted(fit: dict[str, Any] | None, name: str) -> str:
    if fit is None:
        return NOTHING
    return f"{number(fit[name], 3)} ({interval(fit[f'{name}_interval'], 3)})"


def _chance(fit: dict[str, Any] | None) -> str:
    if fit is None:
        return NOTHING
    return scientific(fit["p_value"]) if fit["p_value"] < 0.001 else number(fit["p_value"], 3)
