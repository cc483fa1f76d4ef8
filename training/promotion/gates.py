"""What a challenger must not be: worse than the champion, unfair, or badly calibrated."""

from collections.abc import Iterator

from training.promotion.contest import Contest, ModelStanding

# An AUC that is lower by more is worse even where so few rows cannot prove it.
TOLERATED_AUC_LOSS = 0.002
# PDs that are off by two points on average misprice loans. Fewer than some 1,200 applicants show
# as much by chance: there, what chance explains is the limit.
MOST_ECE = 0.02
# Slopes that are surely beyond: PDs far too extreme, or far too timid, whatever their mean.
# Source: Van Calster et al. 2019, "Calibration: the Achilles heel of predictive analytics".
SLOPES = (0.8, 1.25)
# Approval ratios of two samples of decisions differ by this for no reason.
SAME_RATIO = 0.01


def judge(contest: Contest) -> list[str]:
    """Why the challenger should not serve, a sentence each; none when it may.

    The first model has no champion to be worse than: it must be calibrated and fair, and stand
    above the floor (floor.py).
    """
    return [
        *_worse(contest),
        *_badly_calibrated(contest.challenger),
        *_unfair(contest),
        *_miscalibrated_by_group(contest),
    ]


def _worse(contest: Contest) -> Iterator[str]:
    if contest.obstacle:
        yield f"The champion cannot be compared ({contest.obstacle})."
    auc, cost = contest.auc, contest.cost
    if auc and auc.interval[1] < 0:
        yield (
            f"AUC is significantly lower: {auc.difference:+.4f} "
            f"({auc.interval[0]:+.4f} to {auc.interval[1]:+.4f})."
        )
    elif auc and auc.difference < -TOLERATED_AUC_LOSS:
        yield f"AUC is lower by more than {TOLERATED_AUC_LOSS}: {auc.difference:+.4f}."
    if cost and cost.interval[0] > 0:
        yield (
            f"Business cost is significantly higher: {cost.value:+.4f} an applicant "
            f"({cost.interval[0]:+.4f} to {cost.interval[1]:+.4f})."
        )


def _badly_calibrated(challenger: ModelStanding) -> Iterator[str]:
    most = max(MOST_ECE, challenger.ece_by_chance)
    if challenger.ece > most:
        yield f"Badly calibrated: the calibration error {challenger.ece:.4f} is above {most:.4f}."
    slope = challenger.slope_interval
    if slope and (slope[1] < SLOPES[0] or slope[0] > SLOPES[1]):
        yield (
            f"Badly calibrated: the slope {challenger.slope:.2f} ({slope[0]:.2f} to {slope[1]:.2f})"
            f" lies outside {SLOPES[0]} to {SLOPES[1]}."
        )


def _unfair(contest: Contest) -> Iterator[str]:
    """A failed audit, unless the champion fails it alike: then keeping it would be no fairer."""
    champion = contest.champion.unfair if contest.champion else ()
    ratios = {found.attribute: found.approval_ratio for found in champion}
    for found in contest.challenger.unfair:
        before = ratios.get(found.attribute)
        if before is None or found.approval_ratio < before - SAME_RATIO:
            yield f"Unfair. {found.sentence}"


def _miscalibrated_by_group(contest: Contest) -> Iterator[str]:
    """Only what the champion does not misjudge, too.

    A model that may not know of gender cannot give women and men their own PDs: where they default
    unequally that is told and watched, but keeps no first model from serving.
    """
    if contest.champion is None:
        return
    before = contest.champion.miscalibrated
    for attribute, sentence in contest.challenger.miscalibrated.items():
        if attribute not in before:
            yield f"Badly calibrated for a group. {sentence}"
