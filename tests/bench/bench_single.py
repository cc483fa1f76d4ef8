"""One applicant in a warm process, as the API answers: margin, contributions, reasons."""

from collections.abc import Callable, Iterator
from statistics import median

import numpy as np
from credit_scoring.contract.applicants import parse_record
from credit_scoring.decision import point_slopes
from credit_scoring.reasons.row_reasons import explain_row
from credit_scoring.scoring import score_applicants

from tests.bench.measuring import Result, Settings, limited_to, percentile, times_of_calls
from tests.bench.peers import is_installed, lightgbm_contributions, lightgbm_score
from tests.bench.reference_model import ReferenceModel, draw_applicants, reference_model

CALLS, WARM_UP = 1_000, 50
ROUNDS = 5

type Call = Callable[[int], object]


def run(settings: Settings) -> Iterator[Result]:
    reference = reference_model()
    count = settings.choose(CALLS, 100)
    rows = reference.matrix(count)
    booster = reference.booster
    explain = lightgbm_contributions(booster, threads=1)
    score = lightgbm_score(booster, threads=1)
    calls: dict[str, Call] = {
        "ours": _explain(reference, rows),
        "whole": _answer(reference, count),
        "contrib": lambda n: explain(rows[n : n + 1]),
        "score": lambda n: score(rows[n : n + 1]),
        "shap": _shap(reference, rows),
    }
    with limited_to(1):
        times = _in_turns(calls, count)
    yield from _results(times)


def _explain(reference: ReferenceModel, rows: np.ndarray) -> Call:
    model = reference.model

    def call(n: int) -> object:
        margins, contributions = model.explainer.contributions(rows[n : n + 1])
        slope = float(point_slopes(margins, model.explainer.base_value)[0])
        return explain_row(model.schema, rows[n], contributions[0], slope)

    return call


def _answer(reference: ReferenceModel, count: int) -> Call:
    """From the application as JSON carries it to the reasons."""
    model = reference.model
    applicants = draw_applicants(count, seed=2)
    records = [applicants.record(row) for row in range(count)]
    return lambda n: score_applicants(model, parse_record(records[n])).reasons(0)


def _shap(reference: ReferenceModel, rows: np.ndarray) -> Call:
    """Warm, so its set-up is not in it."""
    if not is_installed("shap"):
        return lambda n: n
    import shap

    explainer = shap.TreeExplainer(reference.booster)
    return lambda n: explainer.shap_values(rows[n : n + 1])


def _in_turns(calls: dict[str, Call], count: int) -> dict[str, list[float]]:
    """All times of each, sorted, taken in a few rounds that alternate."""
    times: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        times_of_calls(call, min(WARM_UP, count))
    for _ in range(ROUNDS):
        for name, call in calls.items():
            times[name] += times_of_calls(call, count // ROUNDS)
    return {name: sorted(taken) for name, taken in times.items()}


def _results(times: dict[str, list[float]]) -> Iterator[Result]:
    middle = {name: median(taken) for name, taken in times.items()}
    calls = f"median of {len(times['ours']):,} calls, warm, 1 thread"
    rate = 1 / middle["ours"]
    note = f"margin, contributions and worded reasons from a row of features; {calls}"
    yield Result("shap_single_ms", middle["ours"] * 1e3, "ms", note=note)
    note = f"with our reasons, LightGBM without; {calls}; against predict(pred_contrib=True)"
    yield Result(
        "shap_single_vs_lightgbm_contrib", rate, "calls/s", 1 / middle["contrib"], note
    )  # fmt: skip
    note = f"{calls}; against LightGBM's score alone"
    yield Result("shap_single_vs_lightgbm_predict", rate, "calls/s", 1 / middle["score"], note)
    if is_installed("shap"):
        note = f"{calls}; against a warm shap.TreeExplainer"
        yield Result("shap_single_vs_shap", rate, "calls/s", 1 / middle["shap"], note)
    slowest = percentile(times["ours"], 0.99)
    note = "99th percentile against the median: how steady it is"
    yield Result("shap_single_p99_ms", slowest * 1e3, "ms", middle["ours"] * 1e3, note)
    note = f"parse, validate, features, score, reasons; {calls}; against the part from features on"
    yield Result("score_single_ms", middle["whole"] * 1e3, "ms", middle["ours"] * 1e3, note)
