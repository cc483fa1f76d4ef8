"""What is written to people when a run finds something that the run before did not."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from functions.drift_monitor.finding import PAGE, Finding, Kind, exact_key
from functions.drift_monitor.scopes import EVERYWHERE

_SUBJECTS = {
    Kind.UNIT: "unit change",
    Kind.MISSING: "missing values",
    Kind.SWAPPED: "swapped columns",
    Kind.CONSTANT: "constant column",
    Kind.CATEGORY: "new category",
    Kind.REFUSED: "refused rows",
    Kind.COST: "estimated cost up",
    Kind.POPULATION: "population shift",
}
_SHOWN_COLUMNS, _SHOWN_FILES = 5, 3
# SNS takes a hundred characters of ASCII.
_SUBJECT_CHARACTERS = 100


def told_before(before: Mapping[str, Any]) -> list[list[str]]:
    """Keys of the findings that people know of by the summary before; one of a version that kept no
    such list told all that called.
    """
    if "told" in before:
        return list(before["told"])
    return [
        list(exact_key(f["kind"], f["source"], tuple(f["columns"]), f.get("measures", {})))
        for f in before.get("findings", ())
        if not f.get("acknowledged_until") and not f.get("standing")
    ]


def new_findings(found: Iterable[Finding], told: Iterable[Sequence[str]]) -> list[Finding]:
    """Those of which nobody was told yet, or only before they were acknowledged or standing."""
    # An earlier version kept neither unit nor cause: what it told is known in all of them.
    known = {tuple(key) for key in told}
    return [f for f in found if f.calls and not {f.key, f.exact_key} & known]


def subject(found: Sequence[Finding]) -> str:
    first = found[0]
    columns = ", ".join(first.columns[:_SHOWN_COLUMNS])
    text = f"{_SUBJECTS[first.kind]}: {columns or 'all'} {_place(first)}"
    others = len(found) - 1
    text += f" (+{others} more)" if others else ""
    plain = text.encode("ascii", "replace").decode()
    return f"[{first.urgency}] {plain}"[:_SUBJECT_CHARACTERS]


def body(found: Sequence[Finding], *, window: str, version: str, folder: str) -> str:
    lines = [f"Window {window}, model {version}.", ""]
    lines += [f"- {sentence(finding)}" for finding in found]
    lines += ["", f"Summary: drift/{folder}/summary.json in the results bucket."]
    lines += ["What to do: docs/operations.md, under the name of the alarm."]
    return "\n".join(lines)


def sentence(finding: Finding) -> str:
    """One finding in words: what, where, how much."""
    columns, measures = " and ".join(finding.columns), finding.measures
    match finding.kind:
        case Kind.UNIT:
            part = f" in {measures['share']:.0%} of rows" if "share" in measures else ""
            what = f"{columns} about {measures['factor']:g} times what it was{part}: another unit"
        case Kind.MISSING:
            what = (
                f"{columns} missing in {measures['share']:.0%} of rows,"
                f" {measures['share_before']:.1%} in the reference"
            )
        case Kind.SWAPPED:
            what = f"{columns} swapped: each looks like the other"
        case Kind.CONSTANT:
            what = f"{columns} holds one value in {measures['share']:.0%} of rows"
        case Kind.CATEGORY:
            what = f"{columns}: {measures['refused']} rows refused for a category nobody knows"
        case Kind.REFUSED:
            what = f"{columns}: {measures['refused']} rows refused ({measures['cause']})"
        case Kind.COST:
            what = f"estimated cost {measures['rise']:+.0%} against the reference"
        case Kind.POPULATION:
            what = f"{columns} has shifted: stability index {measures['psi']:.2f}"
    heavy = f", contributions moved by {finding.severity:.2f}" if finding.severity else ""
    files = finding.files[:_SHOWN_FILES]
    named = f", file {', '.join(files)}" if files else ""
    more = len(finding.files) - len(files)
    others = f" and {more} more" if more else ""
    return f"{what} {_place(finding)} ({finding.rows:,} rows{heavy}{named}{others})"


def _place(finding: Finding) -> str:
    return "everywhere" if finding.source == EVERYWHERE else f"from {finding.source}"


def by_urgency(found: Iterable[Finding]) -> dict[str, list[Finding]]:
    """urgency -> findings, the most urgent first; no empty list."""
    listed: dict[str, list[Finding]] = {}
    for finding in found:
        listed.setdefault(finding.urgency, []).append(finding)
    return dict(sorted(listed.items(), key=lambda each: each[0] != PAGE))
