"""Exact contributions of many rows: ours against LightGBM, shap and woodelf.

Every peer's values are first compared with ours. Ours starts from a bundle that was just read: its
tables are built within the time. One thread each unless a line says otherwise.
"""

import os
import warnings
from collections.abc import Callable, Iterator

import numpy as np
from credit_scoring.trees.explainer import Explainer

from tests.bench.measuring import Result, Settings, limited_to, median_seconds
from tests.bench.peers import (
    Explain,
    Numbers,
    is_installed,
    lightgbm_contributions,
    lightgbm_score,
    shap_explainer,
    woodelf_explainer,
)
from tests.bench.reference_model import ReferenceModel, reference_model

ROWS, REPEATS = 50_000, 3
# The slow ones take rows / rate seconds whatever the number of rows: fewer say the same.
SLOW_ROWS = 5_000
SMALL = (100, 500, 5_000)


def run(settings: Settings) -> Iterator[Result]:
    reference = reference_model()
    rows = reference.matrix(settings.choose(ROWS, 4_000))
    slow = rows[: settings.choose(SLOW_ROWS, 500)]
    with limited_to(1):
        yield _agreement(reference, slow[:1_000])
        yield from _against_lightgbm(reference, rows, slow, settings)
        yield from _from_few_rows_on(reference, rows, settings)
        yield _tables(reference, settings)
        yield _against_shap(reference, rows, slow, settings)
        yield _against_woodelf(rows, settings)
    yield _all_cores(reference, rows, slow, settings)


def fresh_explain(reference: ReferenceModel) -> Explain:
    """Ours as it is after loading: nothing built yet, whatever was explained before."""
    return lambda rows: Explainer(reference.model.forest).contributions(rows)[1]


def _agreement(reference: ReferenceModel, rows: Numbers) -> Result:
    difference = _difference(reference, rows, lightgbm_contributions(reference.booster, threads=1))
    assert difference < 1e-9, f"contributions differ from LightGBM's by {difference}"
    note = f"largest difference from LightGBM's contributions, {len(rows):,} rows"
    return Result("shap_batch_difference", difference, "log-odds", note=note)


def _difference(reference: ReferenceModel, rows: Numbers, peer: Explain) -> float:
    return float(np.abs(fresh_explain(reference)(rows) - peer(rows)).max())


def _against_lightgbm(
    reference: ReferenceModel, rows: Numbers, slow: Numbers, settings: Settings
) -> Iterator[Result]:
    ours, booster = fresh_explain(reference), reference.booster
    explain = lightgbm_contributions(booster, threads=1)
    score = lightgbm_score(booster, threads=1)
    taken = median_seconds(
        {
            "ours": lambda: ours(rows),
            "contrib": lambda: explain(slow),
            "score": lambda: score(rows),
        },
        repeats=settings.choose(REPEATS, 1),
    )
    rate = len(rows) / taken["ours"]
    yield _rates("lightgbm_contrib", rate, len(slow) / taken["contrib"],
                 f"LightGBM predict(pred_contrib=True) on {len(slow):,} rows", rows)  # fmt: skip
    yield _rates("lightgbm_predict", rate, len(rows) / taken["score"],
                 "LightGBM predict, the score alone: nothing explained", rows)  # fmt: skip


def _rates(name: str, ours: float, peers: float, peer: str, rows: Numbers) -> Result:
    note = f"1 thread each, {len(rows):,} rows, building the tables included; against {peer}"
    return Result(f"shap_batch_vs_{name}", ours, "rows/s", peers, note)


def _from_few_rows_on(
    reference: ReferenceModel, rows: Numbers, settings: Settings
) -> Iterator[Result]:
    explain = lightgbm_contributions(reference.booster, threads=1)
    for count in SMALL[: settings.choose(3, 2)]:
        few = rows[:count]
        works: dict[str, Callable[[], object]] = {
            "ours": lambda few=few: fresh_explain(reference)(few),
            "peer": lambda few=few: explain(few),
        }
        taken = median_seconds(works, repeats=settings.choose(REPEATS, 1))
        note = "1 thread each, from a bundle that was just read; against LightGBM's contributions"
        name = f"shap_batch_vs_lightgbm_contrib_{count}_rows"
        yield Result(name, count / taken["ours"], "rows/s", count / taken["peer"], note)


def _tables(reference: ReferenceModel, settings: Settings) -> Result:
    build = lambda: Explainer(reference.model.forest).by_table  # noqa: E731
    taken = median_seconds({"tables": build}, repeats=settings.choose(5, 1))
    note = "1 thread, from a bundle that was just read"
    return Result("tables_build_seconds", taken["tables"], "s", note=note)


def _against_shap(
    reference: ReferenceModel, rows: Numbers, slow: Numbers, settings: Settings
) -> Result:
    if not is_installed("shap"):
        return Result("shap_batch_vs_shap", None, "rows/s", note="shap is not installed")
    explain = shap_explainer(reference.booster)
    peer = f"shap.TreeExplainer on {len(slow):,} rows"
    return _against(reference, rows, slow, explain, ("shap", peer), settings)


def _against_woodelf(rows: Numbers, settings: Settings) -> Result:
    """On a twin of the model without categorical splits, which woodelf refuses."""
    if not is_installed("woodelf"):
        note = "woodelf_explainer is not installed"
        return Result("shap_batch_vs_woodelf", None, "rows/s", note=note)
    reference = reference_model(plain=True)
    explain = woodelf_explainer(reference.booster)
    difference = _difference(reference, rows[:1_000], explain)
    peer = (
        f"woodelf_explainer, its values within {difference:.0e} of ours; both on a twin of the "
        "model without categorical splits, which woodelf refuses"
    )
    return _against(reference, rows, rows, explain, ("woodelf", peer), settings)


def _against(
    reference: ReferenceModel,
    rows: Numbers,
    peer_rows: Numbers,
    explain: Explain,
    peer: tuple[str, str],
    settings: Settings,
) -> Result:
    ours = fresh_explain(reference)
    with warnings.catch_warnings(action="ignore"):
        taken = median_seconds(
            {"ours": lambda: ours(rows), "peer": lambda: explain(peer_rows)},
            repeats=settings.choose(REPEATS, 1),
        )
    name, described = peer
    return _rates(name, len(rows) / taken["ours"], len(peer_rows) / taken["peer"], described, rows)


def _all_cores(
    reference: ReferenceModel, rows: Numbers, slow: Numbers, settings: Settings
) -> Result:
    cores = os.process_cpu_count() or 1
    ours = fresh_explain(reference)
    explain = lightgbm_contributions(reference.booster, threads=cores)
    with limited_to(cores):
        taken = median_seconds(
            {"ours": lambda: ours(rows), "peer": lambda: explain(slow)},
            repeats=settings.choose(REPEATS, 1),
        )
    note = f"{cores} threads each, tables included; against LightGBM on {len(slow):,} rows"
    name = "shap_batch_vs_lightgbm_contrib_all_cores"
    return Result(name, len(rows) / taken["ours"], "rows/s", len(slow) / taken["peer"], note)
