"""Put everything that was found into one report, and the report into a model card."""

from typing import Any

from training.data.lineage import read_lineage
from training.explanations.explain import explain_rows
from training.pipeline.resumable import Work
from training.pipeline.settings import RunSettings
from training.pipeline.steps import (
    ablate,
    anchor,
    audit,
    compare,
    data,
    explain,
    fit,
    measure,
    review,
    tune,
)
from training.pipeline.steps.fit import read_model
from training.pipeline.steps.measure import held_out_pds
from training.pipeline.steps.shared import final_recipe, prepared_rows
from training.report.card import make_card
from training.report.plots.canvas import Plot
from training.report.plots.gallery import draw_plots

REPORT, HTML, MARKDOWN, HTML_WITH_TIMES = (
    "report.json",
    "model_card.html",
    "model_card.md",
    "model_card_with_times.html",
)
PLOTS = "plots"
# The machine's speed would give the same model another name.
TIMES = ("fit_seconds", "predict_seconds")


def depends_on(settings: RunSettings) -> object:
    return [settings.recipe.as_json(), settings.cost_ratio, read_lineage()]


def run(work: Work[RunSettings]) -> str:
    prepared, model, seed = prepared_rows(work), read_model(work), work.settings.recipe.seed
    report = _report(work)
    plots = draw_plots(
        report,
        rows=explain_rows(model, prepared.columns(model.schema), seed=seed),
        default_probabilities=held_out_pds(work),
        defaulted=prepared.defaulted,
    )
    (work.results / PLOTS).mkdir(exist_ok=True)
    for plot in plots:
        (work.results / PLOTS / f"{plot.name}.png").write_bytes(plot.png)
    work.write("plots.json", [_without_picture(plot) for plot in plots])
    work.write(REPORT, report)
    card = make_card(report, plots)
    (work.results / HTML).write_text(card.html)
    (work.results / MARKDOWN).write_text(card.markdown)
    (work.results / HTML_WITH_TIMES).write_text(make_card(report, plots, with_times=True).html)
    return f"{len(plots)} plots, {len(card.html) / 1e6:.1f} MB"


def _report(work: Work[RunSettings]) -> dict[str, Any]:
    facts = work.read("data", data.SUMMARY)
    fitted = work.read("fit", fit.SUMMARY)
    return {
        "recipe": final_recipe(work).as_json() | {"cost_ratio": work.settings.cost_ratio},
        "data": facts,
        "lineage": read_lineage() | {"data_sha256": facts["sha256"]},
        **{name: fitted[name] for name in ("features", "model", "proof")},
        **work.read("measure", measure.SUMMARY),
        "anchor": work.read("anchor", anchor.RESULT),
        "fairness": work.read("audit", audit.RESULT),
        "explanations": work.read("explain", explain.RESULT),
        "review": work.read("review", review.RESULT)["facts"],
        "comparison": work.read("compare", compare.RESULT),
        "tuning": work.read("tune", tune.RESULT),
        "ablations": work.read("ablate", ablate.RESULT),
    }


def without_times(report: dict[str, Any]) -> dict[str, Any]:
    """The report as a bundle keeps it."""
    comparison = report["comparison"]
    if comparison is None:
        return report
    rows = {
        name: [{key: value for key, value in row.items() if key not in TIMES} for row in compared]
        for name, compared in comparison.items()
    }
    return report | {"comparison": rows}


def _without_picture(plot: Plot) -> dict[str, Any]:
    return {name: value for name, value in vars(plot).items() if name != "png"}


def read_plots(work: Work[RunSettings]) -> list[Plot]:
    return [
        Plot(**facts, png=work.path("card", f"{PLOTS}/{facts['name']}.png").read_bytes())
        for facts in work.read("card", "plots.json")
    ]
