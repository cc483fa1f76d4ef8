"""Print what the system costs, as docs/costs.md holds it, or a month of your own.

python -m infra.costs
python -m infra.costs --scores 200000 --rows 3000000
python -m infra.costs --write  # the tables of docs/costs.md anew
"""

import argparse
import sys

from infra.costs import prices
from infra.costs.lines import Section, write_dollars, write_price
from infra.costs.usage import list_sections, price_month
from infra.repository import ROOT

PAGE = ROOT / "docs/costs.md"


def write_tables() -> str:
    return "\n".join([*map(write_section, list_sections()), write_prices()])


def write_section(section: Section) -> str:
    rows = [
        f"| {one.what} | {one.formula} | {write_dollars(one.dollars)} |" for one in section.lines
    ]
    if len(rows) > 1:
        rows.append(f"| **together** | | **{write_dollars(section.dollars)}** |")
    head = f"### {section.title}\n\n| | Formula | Dollars |\n|---|---|---|\n"
    return head + "\n".join(rows) + "\n"


def write_prices() -> str:
    rows = [
        f"| {price.unit} | {write_price(price.dollars)}"
        f"{'' if price.per == 1 else f' per {price.per:,.0f}'} | {price.page} |"
        for price in prices.ALL
    ]
    head = (
        f"### List prices\n\n{prices.REGION}, {prices.AS_OF}; pages under https://aws.amazon.com.\n"
    )
    return f"{head}\n| Unit | Dollars | Page |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def renew(page: str) -> str:
    """The page with its words as they are and its tables as they follow by now."""
    words, _, _ = page.partition("\n### ")
    return f"{words}\n{write_tables()}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m infra.costs",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--scores", type=float, help="real-time scores a month")
    parser.add_argument("--rows", type=float, help="rows in files a month")
    parser.add_argument("--write", action="store_true", help="the tables into docs/costs.md")
    options = parser.parse_args(arguments)
    if options.write:
        PAGE.write_text(renew(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
        return 0
    if options.scores is None and options.rows is None:
        print(write_tables())
        return 0
    scores, rows = options.scores or 0.0, options.rows or 0.0
    dollars = price_month(scores=scores, rows=rows)
    print(
        f"{scores:,.0f} scores and {rows:,.0f} rows a month: some {write_dollars(dollars)} dollars"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
