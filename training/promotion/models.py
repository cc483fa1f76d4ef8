"""List the published models, and who let which one serve when and why."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict

from credit_scoring.aws.storage import Store, open_store
from credit_scoring.registry.champion import Champion, read_history, read_pointer
from credit_scoring.registry.listing import Published, list_published, with_facts

COLUMNS = ("version", "", "AUC", "cost", "features", "trees", "last promoted", "by", "why")
HISTORY_COLUMNS = ("when", "by", "from", "to", "how", "why")
LONGEST_REASON = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--models", required=True, help="folder or s3://bucket/prefix of models")
    parser.add_argument("--json", action="store_true", help="everything, as JSON")


def run(args: argparse.Namespace) -> int:
    store = open_store(args.models)
    models, history = list_models(store), read_history(store)
    if args.json:
        content = {"models": [asdict(m) for m in models], "history": [vars(e) for e in history]}
        print(json.dumps(content))
    else:
        print(describe(models, history))
    return 0


def list_models(store: Store) -> list[Published]:
    """Newest first: by when a version was published or last promoted."""
    listed = list_published(store, read_history(store), read_pointer(store).champion)
    return with_facts(store, listed)


def describe(models: Sequence[Published], history: Sequence[Champion]) -> str:
    """Two tables: the versions, and below them the promotions, newest first."""
    if not models:
        return "no model is published here"
    tables = [_table(COLUMNS, [_row(model) for model in models])]
    if history:
        tables.append(_table(HISTORY_COLUMNS, [_event(entry) for entry in reversed(history)]))
    return "\n\n".join(tables)


def _row(model: Published) -> list[str]:
    entry = model.promoted
    head = [model.version, "serves" if model.serves else ""]
    if model.problem:
        return [*head, "-", "-", "-", "-", "-", "-", f"damaged: {model.problem}"]
    return [
        *head,
        _figure(model.auc, ".4f"),
        _figure(model.cost, ".4f"),
        _figure(model.features, "d"),
        _figure(model.trees, "d"),
        entry.promoted_at if entry else "never",
        entry.promoted_by if entry else "",
        _short(entry.reason) if entry else "",
    ]


def _event(entry: Champion) -> list[str]:
    how = f"{entry.kind}, forced" if entry.forced else entry.kind
    who = [entry.promoted_at, entry.promoted_by, entry.replaced or "-", entry.version]
    return [*who, how, entry.reason]


def _figure(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def _short(reason: str) -> str:
    return reason if len(reason) <= LONGEST_REASON else reason[: LONGEST_REASON - 3] + "..."


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (head, *rows)
    ]
    return "\n".join(lines)
