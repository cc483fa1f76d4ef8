"""The explainers that ours is measured against; each is made and set up within what is timed."""

import io
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from importlib.util import find_spec

import lightgbm
import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Explain = Callable[[Numbers], Numbers]


def lightgbm_contributions(booster: lightgbm.Booster, *, threads: int) -> Explain:
    """LightGBM's own TreeSHAP; without the base values, which stand in the last column."""
    return lambda rows: np.asarray(
        booster.predict(rows, pred_contrib=True, num_threads=threads)
    )[:, :-1]  # fmt: skip


def lightgbm_score(booster: lightgbm.Booster, *, threads: int) -> Explain:
    """The score alone, nothing explained."""
    return lambda rows: np.asarray(booster.predict(rows, raw_score=True, num_threads=threads))


def shap_explainer(booster: lightgbm.Booster) -> Explain:
    """Raises ModuleNotFoundError where shap is not installed."""
    import shap

    return lambda rows: np.asarray(shap.TreeExplainer(booster).shap_values(rows))


def woodelf_explainer(booster: lightgbm.Booster) -> Explain:
    """Raises ModuleNotFoundError where woodelf_explainer is not installed."""
    import pandas as pd
    from woodelf import WoodelfExplainer

    names = booster.feature_name()

    def explain(rows: Numbers) -> Numbers:
        frame = pd.DataFrame(rows, columns=names)
        silent = io.StringIO()  # it draws its own progress bar
        with redirect_stdout(silent), redirect_stderr(silent):
            return np.asarray(WoodelfExplainer(booster).shap_values(frame))

    return explain


def is_installed(module: str) -> bool:
    return find_spec(module) is not None
