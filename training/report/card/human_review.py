"""Which decisions the model leaves to people."""

from typing import Any

from training.evaluation.review import EXTREME, MOST_NEAR, UNLIKE
from training.report.card.blocks import Section, Table, Text
from training.report.card.evaluation import NOT_MEASURED
from training.report.words import number, percent

TITLE = "Decisions left to people"
CAUSES = {
    "near_cutoff": "PD too near the cut-off",
    "too_little_data": "No score from outside known",
    "unlike_reference": "Unlike the training's applications",
}


def reviewing(report: dict[str, Any]) -> Section:
    facts = report.get("review")
    if not facts:
        return Section(TITLE, [Text(NOT_MEASURED)])
    rows = [[CAUSES[cause], percent(share, 2)] for cause, share in facts["share_by_cause"].items()]
    return Section(
        TITLE,
        [
            Text(
                f"{percent(facts['share'])} of the applicants are neither accepted nor refused by "
                f"the model: it accepts {percent(facts['share_accepted'])}, refuses "
                f"{percent(facts['share_refused'])}, and says why a person should decide the rest."
            ),
            Text(_near(facts["near_cutoff"])),
            Text(
                "Unlike: the features below or above what all but "
                f"{percent(EXTREME)} of the applications have at each end, weighted by their "
                f"importance, weigh more together than in all but {percent(UNLIKE, 0)} of the "
                "training's applications."
            ),
            Table("Applicants left to people", ["Cause", "Share"], rows),
        ],
    )


def _near(near: dict[str, Any]) -> str:
    if near["standard_error"] is None:
        return "The cut-off parts nobody, so nobody is near it."
    wanted = percent(near["share_by_error"])
    bound = (
        f" {wanted} of the applicants are within one standard error; people could not look at so "
        f"many, so the width is that of the nearest {percent(MOST_NEAR, 0)}."
        if near["width"] < near["standard_error"]
        else ""
    )
    return (
        f"Near: PDs from {percent(near['low'], 2)} to {percent(near['high'], 2)}, "
        f"{number(near['width'], 3)} in log-odds on each side of the cut-off. The standard error "
        f"of the log-odds there, by models that each left out one fold, is "
        f"{number(near['standard_error'], 3)}.{bound}"
    )
