"""The model card that a committee reads: an HTML and a Markdown file of the same content."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from training.report.card import (
    ablations,
    evaluation,
    explanations,
    fairness,
    human_review,
    intended_use,
    training_data,
)
from training.report.card.blocks import Figure, Section
from training.report.plots import Plot

TITLE = "Model card: probability of default"


@dataclass(frozen=True)
class Card:
    html: str
    markdown: str


def make_card(report: dict[str, Any], plots: Sequence[Plot], *, with_times: bool = False) -> Card:
    """The card of a finished run.

    report : the run's JSON; `calibration`, `fairness`, `explanations`, `comparison` and so on may
        be None, and the card then says so
    plots : of `plots.gallery.draw_plots`
    with_times : also show how long models took, which no two runs agree upon
    """
    content = {"title": TITLE, "sections": _sections(report, plots, with_times=with_times)}
    return Card(html=_render("card.html.j2", content), markdown=_render("card.md.j2", content))


def _sections(report: dict[str, Any], plots: Sequence[Plot], *, with_times: bool) -> list[Section]:
    drawn = {plot.name: plot for plot in plots}

    def figures(name: str) -> list[Figure]:
        return [Figure(drawn[name])] if name in drawn else []

    return [
        intended_use.summary(report),
        intended_use.intended_use(report),
        evaluation.performance(report, figures),
        evaluation.decisions(report, figures),
        human_review.reviewing(report),
        evaluation.calibration(report, figures),
        fairness.fairness(report, figures),
        explanations.drivers(report, figures),
        training_data.data(report),
        training_data.features(report),
        training_data.model(report),
        ablations.alternatives(report, figures, with_times=with_times),
        intended_use.limits(report),
        training_data.monitoring(report),
        training_data.lineage(report),
    ]


def _render(template: str, content: dict[str, Any]) -> str:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(enabled_extensions=["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"data_url": _data_url, "plain": _plain}
    return environment.get_template(template).render(content)


def _data_url(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is, in a paragraph and in a cell of a table."""
    return re.sub(r"([\\`*<|\[\]])", r"\\\1", " ".join(text.split()))
