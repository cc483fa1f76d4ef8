"""A contest as a table for the terminal."""

from training.evaluation.statistics import Interval
from training.promotion.contest import Contest, ModelStanding

WIDTHS = (24, 14, 14)


def write_table(contest: Contest) -> str:
    """One figure a line: champion, challenger, and by how much they differ."""
    old, new = contest.champion, contest.challenger
    auc = _with_interval(contest.auc.difference, contest.auc.interval) if contest.auc else ""
    cost = _with_interval(contest.cost.value, contest.cost.interval) if contest.cost else ""
    rows = [
        ("version", _text(old, "version"), new.version, ""),
        ("AUC", f"{old.auc.auc:.4f}" if old else "-", f"{new.auc.auc:.4f}", auc),
        ("business cost", *_both(old, new, "business_cost_per_applicant", ".4f"), cost),
        ("approved", *_both(old, new, "approval_rate", ".1%"), ""),
        ("cut-off", *_both(old, new, "cutoff", ".4f"), ""),
        ("calibration error", *_both(old, new, "ece", ".4f"), ""),
        ("  by chance alone", *_both(old, new, "ece_by_chance", ".4f"), ""),
        ("calibration slope", *_both(old, new, "slope", ".2f"), ""),
        ("fairness", _text(old, "fairness"), new.fairness, ""),
    ]
    head = f"{contest.rows:,} applicants, {contest.defaults:,} defaults; a default costs "
    return "\n".join(
        [
            f"{head}{contest.cost_ratio:g} refused good payers",
            _line("", "champion", "challenger", "difference (95 %)"),
            *(_line(*row) for row in rows),
        ]
    )


def _both(old: ModelStanding | None, new: ModelStanding, name: str, form: str) -> tuple[str, str]:
    return _figure(old, name, form), _figure(new, name, form)


def _figure(standing: ModelStanding | None, name: str, form: str) -> str:
    value = standing and getattr(standing, name)
    return "-" if value is None else format(value, form)


def _text(standing: ModelStanding | None, name: str) -> str:
    return _figure(standing, name, "")


def _with_interval(value: float, interval: Interval) -> str:
    return f"{value:+.4f} ({interval[0]:+.4f} to {interval[1]:+.4f})"


def _line(*cells: str) -> str:
    """The last cell takes what it needs."""
    padded = "".join(f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=False))
    return (padded + cells[-1]).rstrip()
