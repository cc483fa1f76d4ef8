"""What of a training's report MLflow shows as parameters, metrics, tables and tags.

Names that hold a slash stand together under its left part on MLflow's pages. Lists of figures stay
in report.json, lists of rows become tables.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

type Report = Mapping[str, Any]
type Row = dict[str, str | float | None]

LONGEST_PARAMETER = 500  # characters; older servers refuse more
SECTIONS = (
    "data", "features", "model", "cutoff", "calibration", "anchor", "fairness", "tuning", "proof",
)  # fmt: skip
_NOT_IN_A_NAME = re.compile(r"[^\w\-. /:]+")


def parameters(report: Report) -> dict[str, str]:
    """Everything of the recipe, flat, and how it was looked for."""
    found = {name: _parameter(value) for name, value in _leaves(report["recipe"])}
    return found | {f"tuning.{name}": text for name, text in _texts(report.get("tuning"))}


def metrics(report: Report, durations: Mapping[str, float]) -> dict[str, float]:
    """The figures of the held-out PDs under their own names, all others by section."""
    measured = {key: value for key, value in report["metrics"].items() if key != "intervals"}
    figures = _numbers(measured)
    for name, interval in report["metrics"].get("intervals", {}).items():
        if interval is not None:
            low, high = interval
            figures |= {f"interval/{name}_low": low, f"interval/{name}_high": high}
    for section in SECTIONS:
        figures |= _numbers(report.get(section), f"{section}/")
    for row in report["fairness"]["attributes"]:
        figures |= _numbers(row, f"fairness/{row['attribute']}.")
    return figures | {f"seconds/{step}": seconds for step, seconds in durations.items()}


def fold_aucs(report: Report) -> list[float]:
    return list(report["metrics"].get("auc_by_fold", []))


def tables(report: Report) -> dict[str, list[Row]]:
    """By path in the report ("comparison.models"), every list of rows."""
    return dict(
        table for path, rows in _leaves(report) if _are_rows(rows) for table in _tables(path, rows)
    )


@dataclass(frozen=True)
class Rival:
    """A model that was compared with the served one.

    parameters : hyperparameters, and what it was compared for; metrics : of all folds together,
    and durations; fold_aucs : fold by fold; row : all of it, as the report has it
    """

    name: str
    parameters: dict[str, str]
    metrics: dict[str, float]
    fold_aucs: list[float]
    row: Row


def rivals(report: Report) -> Iterator[Rival]:
    for kind, rows in (report.get("comparison") or {}).items():
        for row in rows:
            flat = _with_figures({k: v for k, v in row.items() if k != "parameters"})
            known = {name: _parameter(value) for name, value in _leaves(row.get("parameters", {}))}
            parameters = {"compared": kind} | dict(_texts(flat)) | known
            aucs = list(row["figures"].get("auc_by_fold", []))
            yield Rival(row["name"], parameters, _numbers(flat), aucs, dict(row))


def tags(report: Report, *, version: str, sha256: str) -> dict[str, str]:
    """What this model was made of, and which bundle it became."""
    verdict = {"fairness": report["fairness"]["status"]}
    known = {"bundle_version": version, "bundle_sha256": sha256} | verdict | report["lineage"]
    return {name: str(value) for name, value in known.items() if value is not None}


def summary(report: Report) -> str:
    """The figures that one asks for first, as Markdown."""
    measured, data = report["metrics"], report["data"]
    shown = ("auc", "gini", "ks", "brier", "ece", "cutoff", "business_cost_per_applicant")
    lines = [
        f"| {name.replace('_', ' ')} | {measured[name]:.4f} |"
        for name in shown
        if measured.get(name) is not None
    ]
    head = (
        f"{data['rows']:,} applicants, {data['default_rate']:.2%} defaulted; "
        f"{report['features']['kept']} features, {report['model']['trees']} trees."
    )
    return "\n".join([head, "", "| Held out | |", "|---|---|", *lines])


def _numbers(section: object, prefix: str = "") -> dict[str, float]:
    return {
        _NOT_IN_A_NAME.sub("_", prefix + name): float(value)
        for name, value in _leaves(section, "/" if not prefix else ".")
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


def _texts(section: object) -> Iterator[tuple[str, str]]:
    return ((name, _parameter(v)) for name, v in _leaves(section) if isinstance(v, str))


def _are_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _tables(path: str, rows: list[dict[str, Any]]) -> Iterator[tuple[str, list[Row]]]:
    """These rows, and the rows within them (an attribute's groups) as one table of their own."""
    nested = list(dict.fromkeys(key for row in rows for key in row if _are_rows(row[key])))
    yield path, [_row({key: row[key] for key in row if key not in nested}) for row in rows]
    for key in nested:
        within = [
            {"of": next(iter(row.values()))} | inner for row in rows for inner in row.get(key) or []
        ]
        yield from _tables(f"{path}.{key}", within)


def _row(row: Mapping[str, Any]) -> Row:
    leaves = _leaves(_with_figures(row))
    return {name: json.dumps(v) if isinstance(v, list) else v for name, v in leaves}


def _with_figures(row: Mapping[str, Any]) -> dict[str, Any]:
    """A compared model's figures under the names that the served one's have."""
    rest = {name: value for name, value in row.items() if name != "figures"}
    return rest | dict(row.get("figures", {}))


def _parameter(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    if len(text) <= LONGEST_PARAMETER:
        return text
    return text[: LONGEST_PARAMETER - 1] + "…"


def _leaves(section: object, separator: str = ".", path: str = "") -> Iterator[tuple[str, Any]]:
    """Whatever is no mapping in nested mappings, with its path."""
    if not isinstance(section, Mapping):
        yield path, section
        return
    for key, value in section.items():
        yield from _leaves(value, separator, f"{path}{separator}{key}" if path else str(key))
