"""Everything that is this lender's own: its columns, what is derived from them, and their words.

Another portfolio is another content of this folder; no other module names a column.
"""

import csv
import json
from pathlib import Path
from typing import Any

# What training learns: 1 for payment difficulties as the lender defined them, else 0.
TARGET = "TARGET"


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of `<name>.csv`, in their order, by the names in its header."""
    with Path(__file__).with_name(f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_json(name: str) -> Any:
    """The content of `<name>.json`."""
    return json.loads(Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8"))


def packing_text() -> bytes:
    """What the heads of packed rows are deflated against; see stored/packed_rows.py."""
    return Path(__file__).with_name("packing.txt").read_bytes()
