"""What this function takes from Evidently, and the two parts that Evidently lacks."""

import os

os.environ["DO_NOT_TRACK"] = "1"  # read by Evidently when it is imported: it then sends nothing

from collections.abc import Sequence

import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.core.container import MetricContainer, MetricOrContainer
from evidently.core.metric_types import MetricId
from evidently.core.report import Context, Snapshot
from evidently.legacy.calculations.stattests import StatTest, register_stattest
from evidently.legacy.core import ColumnType
from evidently.legacy.model.widget import BaseWidgetInfo
from evidently.legacy.renderers.html_widgets import text_widget
from evidently.metrics import ValueDrift
from evidently.presets import DataDriftPreset

from functions.drift_monitor.bins import BinnedFeature, bin_feature
from functions.drift_monitor.stability import METHOD, MODERATE, pooled_index

__all__ = [
    "DataDefinition",
    "DataDriftPreset",
    "Dataset",
    "Introduction",
    "Report",
    "Snapshot",
    "ValueDrift",
]


def _psi_of_columns(
    reference: pd.Series, current: pd.Series, feature_type: ColumnType, threshold: float
) -> tuple[float, bool]:
    """Evidently's interface to our index, for binned features and for the numeric PD.

    Evidently's own "psi" cuts a number into bins of equal width, where one outlier takes all the
    room, and drops what is missing. It also fills an empty bin with next to nothing whenever some
    other bin holds one or two rows, which makes every rare category look like drift.
    """
    if feature_type is ColumnType.Numerical:
        binned = bin_feature(reference.to_numpy(), current.to_numpy())
    else:
        codes = (reference.cat.codes.to_numpy(), current.cat.codes.to_numpy())
        binned = BinnedFeature(tuple(reference.cat.categories), *codes)
    score = pooled_index(*binned.counts)
    return score, score >= threshold


register_stattest(
    StatTest(
        name=METHOD,
        display_name="PSI (reference bins)",
        allowed_feature_types=[ColumnType.Numerical, ColumnType.Categorical],
        default_threshold=MODERATE,
    ),
    _psi_of_columns,
)


class Introduction(MetricContainer):  # type: ignore[misc]  # Evidently is untyped here
    """Markdown at the head of the HTML; measures nothing."""

    text: str

    def generate_metrics(self, context: Context) -> Sequence[MetricOrContainer]:  # noqa: ARG002
        return []

    def render(
        self,
        context: Context,  # noqa: ARG002
        child_widgets: list[tuple[MetricId | None, list[BaseWidgetInfo]]] | None = None,  # noqa: ARG002
    ) -> list[BaseWidgetInfo]:
        return [text_widget(text=self.text)]
