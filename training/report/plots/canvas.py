"""One look for all plots, and files with the same bytes from the same data."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from PIL import Image

from training.report.words import PERCENT

# Blue against orange, which no colour blindness confuses; grey for what needs no attention.
BLUE, ORANGE = "#1d5fa8", "#b8540a"
INK, MUTED, LINE = "#14181d", "#5b636d", "#d9d8d2"
PALE_BLUE, PALE_ORANGE = "#c9dcf0", "#f4d6bc"
LOW_TO_HIGH = LinearSegmentedColormap.from_list("low_to_high", [BLUE, "#cfcac0", ORANGE])

WIDTH = 7.2  # inches: 720 pixels of a page at 100 % are read at the size of its text
DOTS_PER_INCH = 160
COLOURS = 96  # of an image

_STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so it is the same everywhere
    "font.size": 10,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": LINE,
    "grid.linewidth": 0.7,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "figure.facecolor": "white",
}


@dataclass(frozen=True)
class Plot:
    """name : of the file, without its ending; title : a caption; alt : what one would see"""

    name: str
    title: str
    alt: str
    png: bytes


@contextmanager
def canvas(height: float, rows: int = 1, columns: int = 1, **grid: Any) -> Iterator[Any]:
    """A figure of the house's style with its axes: `figure, axes`.

    height : inches
    """
    with matplotlib.style.context(["default", _STYLE]):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        yield figure, figure.subplots(rows, columns, **grid)


def draw(name: str, title: str, alt: str, figure: Figure) -> Plot:
    """Render; call it inside `canvas`, for styles are read when a figure is drawn.

    Neither a version nor a date goes into the file. A palette makes it a third as large, so that
    a card with all plots can be sent by mail.
    """
    drawn, small = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
    image = Image.open(drawn).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(small, format="png", optimize=True)
    return Plot(name, title, alt, small.getvalue())


def in_percent(axis: Axis) -> None:
    axis.set_major_formatter(FuncFormatter(lambda share, _: f"{round(100 * share, 6):g}{PERCENT}"))


def name_bars(axes: Axes, labels: list[str]) -> None:
    """Horizontal bars from the top down, with their names and no lines between them."""
    axes.set_yticks(range(len(labels)), labels)
    axes.tick_params(axis="y", length=0)
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
