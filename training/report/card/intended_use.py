"""What the model is, in one box; what it is for, and what it must not be used for."""

from typing import Any

from training.report.card.blocks import Block, Facts, Heading, Points, Section, Table, Text, Verdict
from training.report.card.evaluation import calibration_verdict
from training.report.words import (
    NOTHING,
    difference,
    interval,
    lowered,
    number,
    percent,
    percent_interval,
    scientific,
    short_hash,
    signed_interval,
    whole,
)


def summary(report: dict[str, Any]) -> Section:
    data, lineage = report["data"], report.get("lineage") or {}
    made_of = (
        f"Probability of default (PD) of consumer loan applications, made from data "
        f"{short_hash(data['sha256'])} by the code of commit "
        f"{short_hash(lineage.get('git_commit'))}"
        f"{' with changes that were not committed' if lineage.get('git_dirty') else ''}. "
        "The version of the model is the hash of a bundle that holds this card, so the card "
        "cannot name it; whoever serves the model shows it."
    )
    blocks = [
        Text(made_of),
        *_warning(data),
        _figures(report),
        *_anchor(report.get("anchor")),
        *_verdicts(report),
    ]
    return Section("Summary", blocks)


def _warning(data: dict[str, Any]) -> list[Block]:
    if not data.get("made_up"):
        return []
    warning = "Trained on made-up data: the figures show that it works, and nothing of a portfolio."
    return [Verdict(warning, "attention")]


def _figures(report: dict[str, Any]) -> Facts:
    metrics, data = report["metrics"], report["data"]
    ends = metrics.get("intervals") or {}
    saved = 1 - metrics["business_cost_per_applicant"] / metrics["business_cost_approve_all"]
    return Facts(
        [
            ("AUC", number(metrics["auc"]), f"95 %: {interval(ends.get('auc'))}"),
            ("KS", percent(metrics["ks"]), f"95 %: {percent_interval(ends.get('ks'))}"),
            ("Calibration error", number(metrics["ece"]), f"95 %: {interval(ends.get('ece'))}"),
            (
                "Business cost per applicant",
                number(metrics["business_cost_per_applicant"], 3),
                f"{percent(saved)} below approving everybody",
            ),
            ("Cut-off", percent(metrics["cutoff"], 2), "refused from this PD on"),
            (
                "Approved",
                percent(metrics["approval_rate"]),
                f"95 %: {percent_interval(ends.get('approval_rate'))}",
            ),
            (
                "Defaulters refused",
                percent(metrics["recall"]),
                f"95 %: {percent_interval(ends.get('recall'))}",
            ),
            (
                "Applications",
                whole(data["rows"]),
                f"{whole(data['defaults'])} defaults ({percent(data['default_rate'])})",
            ),
        ]
    )


def _anchor(anchor: dict[str, Any] | None) -> list[Block]:
    """What tuning, choosing and binding are worth: against models that have none of it."""
    if not anchor:
        return []
    rows = [
        [name, *_against(anchor[key])]
        for name, key in (("A plain LightGBM", "plain"), ("Logistic regression", "logistic"))
    ]
    nobody = anchor["cost_of_nobody_refused"]
    rows.append(["Accepting everybody", NOTHING, NOTHING, _difference(nobody)])
    head = ["Against", "AUC", "p", "Business cost per applicant"]
    return [
        Table("This model less others, on the same rows and folds (95 %)", head, rows),
        Text(
            "The plain LightGBM reads the columns as they come and their ratios, with default-like "
            "parameters, nothing chosen, tuned or bound. Neither it nor this model "
            "was stopped by the rows that it is measured on."
        ),
    ]


def _against(comparison: dict[str, Any]) -> list[str]:
    auc = comparison["auc"]
    shown = _difference({"value": auc["difference"], "interval": auc["interval"]})
    return [shown, scientific(auc["p_value"]), _difference(comparison["cost"])]


def _difference(found: dict[str, Any]) -> str:
    return f"{difference(found['value'])} ({signed_interval(found['interval'])})"


def _verdicts(report: dict[str, Any]) -> list[Block]:
    calibration, fairness = report.get("calibration"), report.get("fairness")
    found: list[Block] = []
    if calibration:
        verdict = calibration_verdict(calibration)
        found.append(Verdict(f"Calibration: {lowered(verdict.text)}", verdict.status))
    if fairness:
        found.append(Verdict(f"Fairness: {lowered(fairness['sentence'])}", fairness["status"]))
    return found


def intended_use(report: dict[str, Any]) -> Section:
    protected = report["recipe"]["protected"]
    kept_out = (
        f"Not an input of this model, and kept for the audit alone: {', '.join(protected)}."
        if protected
        else "No attribute is kept out of this model: gender is an input."
    )
    return Section(
        "Intended use",
        [
            Text(
                "The model estimates how likely an applicant is to have payment difficulties, from "
                "the application form and from what is known of past credits. An advisor sees the "
                "PD beside a proposed decision and the reasons for it. The advisor decides."
            ),
            Heading("Not intended"),
            Points(
                [
                    "Refusing automatically. Under article 22 of the GDPR a person may not be "
                    "subject to a decision based solely on automated processing that affects them "
                    "significantly, but for narrow exceptions; even then they may ask for a human "
                    "being, put their view and contest the decision. The Court of Justice "
                    "(C-634/21, SCHUFA) counts a score as such a decision where the lender draws "
                    "strongly on it. Scoring of natural persons for credit is high-risk use under "
                    "the EU's AI Act (Annex III, 5 b).",
                    "Applicants unlike those of the data below: companies, mortgages, other "
                    "countries, or people whom an earlier rule would have refused.",
                    "Prices, credit limits, collection or regulatory capital: other questions, "
                    "with other definitions of default.",
                    "Judging a person's character, or any purpose but the application at hand.",
                ]
            ),
            Heading("Protected attributes"),
            Text(
                f"{kept_out} Age, family status and source of income are inputs where they help, "
                "and are audited; whether they may be is a question of law that this card cannot "
                "answer."
            ),
        ],
    )


def limits(report: dict[str, Any]) -> Section:
    ratio = report["recipe"]["cost_ratio"]
    points = [
        "Outcomes are known only of applicants who got a loan. What became of those refused "
        "before is not in the data, and cross-validation cannot show it.",
        "The applications carry no date. Figures are cross-validated on rows of the same time, not "
        "on later ones: an economy that turns makes them too good. Hence the drift monitor.",
        "The cut-off was chosen on the same held-out rows that the figures come from, which "
        f"flatters them a little{_optimism(report)}. How many trees a fold's model has was seen on "
        "other folds.",
        "The default parameters were once found by tuning on application forms like these; what "
        "that is worth on rows that nobody tuned on, the plain LightGBM beside it shows.",
        f"That an accepted default costs {ratio:g} times what a refused good payer costs is a "
        "choice of the business and not a measurement. Cost curves show other ratios.",
        "Contributions explain the model and not the world: a feature that raises a PD need not "
        "cause a default, and features that tell the same share their contribution.",
        "PDs hold for a share of defaults like that of the data. Where it differs they must be "
        "calibrated again.",
    ]
    return Section("Limits", [Points(points)])


def _optimism(report: dict[str, Any]) -> str:
    cutoff = report.get("cutoff") or {"curves": {}}
    curve = cutoff["curves"].get(f"{report['recipe']['cost_ratio']:g}")
    return f" (by about {number(curve['optimism'])} in cost)" if curve else ""
