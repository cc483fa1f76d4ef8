"""Everything that is this lender's own: its columns, what is derived from them, and their words.

Another portfolio is another content of this folder; no other module names a column.
"""

import csv
import json
from pathlib import Path
from typing import Any

from credit_scoring.french import french_spaces

# What training learns: 1 for payment difficulties as the lender defined them, else 0.
TARGET = "TARGET"


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of `<name>.csv`, in their order, by the names in its header."""
    with Path(__file__).with_name(f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [_set_in_french(row) for row in csv.DictReader(file)]


def _set_in_french(row: dict[str, str]) -> dict[str, str]:
    return {name: french_spaces(text) if _is_french(name) else text for name, text in row.items()}


def _is_french(name: str) -> bool:
    return name == "fr" or name.endswith("_fr")


def read_json(name: str) -> Any:
    """The content of `<name>.json`."""
    return json.loads(Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8"))
