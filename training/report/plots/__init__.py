"""Plots of a report as PNG files: the same data gives the same bytes."""

from training.report.plots.canvas import Plot

__all__ = ["Plot"]
