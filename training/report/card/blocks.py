"""What a card is made of. Both forms of the card show the same blocks, so neither can say less."""

import re
from dataclasses import dataclass, field

from training.report.plots import Plot

WARNINGS = {
    "pass": "",
    "attention": "To be watched.",
    "fail": "Does not pass.",
    "unknown": "Cannot be told.",
}


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str
    kind: str = field(default="text", init=False)


@dataclass(frozen=True)
class Heading:
    """Within a section."""

    text: str
    kind: str = field(default="heading", init=False)


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    points: list[str]
    kind: str = field(default="points", init=False)


@dataclass(frozen=True)
class Facts:
    """Figures that are read at a glance: name, value, and what to make of it."""

    facts: list[tuple[str, str, str]]
    kind: str = field(default="facts", init=False)


@dataclass(frozen=True)
class Table:
    """words : how many columns, from the left, hold words and not figures
    folded : whether it only supports what stands beside it, so that a page may fold it away
    """

    caption: str
    head: list[str]
    rows: list[list[str]]
    words: int = 1
    folded: bool = False
    kind: str = field(default="table", init=False)


@dataclass(frozen=True)
class Verdict:
    """One sentence that a committee will quote.

    status : pass, attention, fail or unknown
    """

    text: str
    status: str
    kind: str = field(default="verdict", init=False)

    @property
    def warning(self) -> str:
        return WARNINGS[self.status]


@dataclass(frozen=True)
class Figure:
    plot: Plot
    kind: str = field(default="figure", init=False)


type Block = Text | Heading | Points | Facts | Table | Verdict | Figure


@dataclass(frozen=True)
class Section:
    title: str
    blocks: list[Block]

    @property
    def anchor(self) -> str:
        return re.sub("[^a-z]+", "-", self.title.lower()).strip("-")
