"""`python -m training data-dictionary`: the contract as a page to read."""

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from credit_scoring.contract.columns import APPLICATION, DERIVED, HISTORY, Column
from credit_scoring.reasons.families import FAMILIES

PAGE = Path("docs/data-dictionary.md")
# Every source of the three tables, in the order of the page.
SOURCES = {
    "application": "What an applicant or a branch sends (`application_train`, `application_test`).",
    "bureau": "Credits at other lenders, from the credit bureau (`bureau`).",
    "bureau_balance": "Those credits month by month (`bureau_balance`).",
    "previous_application": "Earlier applications to this lender (`previous_application`).",
    "pos_cash_balance": "Earlier consumer and cash loans month by month (`POS_CASH_balance`).",
    "credit_card_balance": "Earlier credit cards month by month (`credit_card_balance`).",
    "installments_payments": "Instalments due and paid (`installments_payments`).",
    "derived": "What `features.py` computes from the columns above.",
}
INTRODUCTION = """\
# Data dictionary

Written by `make docs` from the contract (`columns.csv`, `history.csv`, `derived.csv` in the package
`credit_scoring`); a test fails when this page is not what the contract gives. Change the contract,
not this page.

- **Missing** is an absent field, null, NaN or blank text, and nothing else. Missing is never zero.
- **Required** columns are marked \\*; an application without one of them is refused (the id only
  in a file: a caller of the API may score somebody without one).
- **Days** count from the day of the application: what lies before it is negative.
- **Signed days** count either way, as a payment is early or late: the page keeps their sign.
- **Types**: `id` text; `number`; `integer`; `flag` 0 or 1; `category` one of the listed texts.
- The columns of past credits are aggregates of one applicant's rows. They come with the applicant's
  profile, or with the application when its sender knows them.
"""
HEADER = "| Column | Type | Unit | Allowed | Family | Label (fr) | Label (en) | Meaning |"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, default=PAGE, metavar="FILE", help=f"default: {PAGE}")


def run(args: argparse.Namespace) -> int:
    args.out.write_text(data_dictionary(), encoding="utf-8")
    print(args.out)
    return 0


def data_dictionary() -> str:
    """The page, in Markdown: every column of the contract once, by source."""
    columns = [*APPLICATION.values(), *HISTORY.values(), *DERIVED.values()]
    parts = [INTRODUCTION, _summary(columns), *_families()]
    for source, meaning in SOURCES.items():
        parts += _section(source, meaning, [c for c in columns if c.source == source])
    return "\n".join(parts) + "\n"


def _summary(columns: list[Column]) -> str:
    return (
        f"{len(columns)} columns: {len(APPLICATION)} of the application, {len(HISTORY)} of past "
        f"credits, {len(DERIVED)} derived.\n"
    )


def _families() -> Iterator[str]:
    """A family is what a reason speaks of."""
    yield "## Families\n"
    yield "| Family | Code | fr | en |\n|---|---|---|---|"
    for family, words in FAMILIES.items():
        yield _line([f"`{family}`", words["code"], words["label_fr"], words["label_en"]])


def _section(source: str, meaning: str, columns: list[Column]) -> Iterator[str]:
    yield f"\n## {source}\n\n{meaning} {len(columns)} columns.\n"
    yield HEADER + "\n" + "|---" * HEADER.count(" | ") + "|---|"
    for column in columns:
        yield _line(_cells(column))


def _cells(column: Column) -> list[str]:
    return [
        f"`{column.name}`" + (" \\*" if column.required else ""),
        column.type,
        column.unit,
        column.allowed,
        column.family,
        column.label_fr,
        column.label_en,
        column.description,
    ]


def _line(cells: Iterable[str]) -> str:
    escaped = [cell.replace("|", "\\|") for cell in cells]
    return f"| {' | '.join(escaped)} |"
