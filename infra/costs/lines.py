"""A line of costs: what is counted times its price, told and computed from the same factors."""

from collections.abc import Sequence
from dataclasses import dataclass

from infra.costs.prices import Price

SECONDS_A_MONTH = 30 * 24 * 3600.0


@dataclass(frozen=True)
class Factor:
    """unit : of the number; "" where the one before counts it already"""

    number: float
    unit: str = ""

    def __str__(self) -> str:
        return f"{write_number(self.number)} {self.unit}".rstrip()


@dataclass(frozen=True)
class Line:
    """what : is paid for; factors : how many units of the price"""

    what: str
    factors: tuple[Factor, ...]
    price: Price

    @property
    def dollars(self) -> float:
        product = self.price.each
        for factor in self.factors:
            product *= factor.number
        return product

    @property
    def formula(self) -> str:
        per = "" if self.price.per == 1 else f" / {write_number(self.price.per)}"
        factors = " × ".join(map(str, self.factors))
        return f"{factors} × ${write_price(self.price.dollars)}{per}"


@dataclass(frozen=True)
class Section:
    """title : what the lines are of, all together"""

    title: str
    lines: Sequence[Line]

    @property
    def dollars(self) -> float:
        return sum(line.dollars for line in self.lines)


def line(what: str, price: Price, *factors: tuple[float, str]) -> Line:
    return Line(what, tuple(Factor(*factor) for factor in factors), price)


def write_number(number: float) -> str:
    """As people write it: 1,000; 0.0076; 1.73."""
    return f"{number:,.0f}" if number >= 100 or number == int(number) else f"{number:.3g}"


def write_price(dollars: float) -> str:
    """Every digit of it."""
    return f"{dollars:.10f}".rstrip("0").rstrip(".")


def write_dollars(dollars: float) -> str:
    """Two digits that count, or cents."""
    return f"{dollars:,.2f}" if dollars >= 0.1 else f"{dollars:.2g}"
