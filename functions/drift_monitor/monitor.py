"""One run: bring the records together, judge the window, tell, and then write the report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from credit_scoring.aws.storage import Store
from credit_scoring.errors import ArtifactMismatch, ArtifactMissing
from credit_scoring.population import monitoring
from credit_scoring.population.monitoring import MonitoringRows
from credit_scoring.registry import bundle
from credit_scoring.registry.bundle import REFERENCE, load_champion
from credit_scoring.scoring import Model
from credit_scoring.stored.acknowledgements import in_force, read_acknowledgements

from functions.drift_monitor.baseline import HISTOGRAMS, read_baseline
from functions.drift_monitor.finding import Finding
from functions.drift_monitor.judged import judge
from functions.drift_monitor.message import told_before
from functions.drift_monitor.publish import (
    publish_report,
    publish_verdict,
    read_latest,
    run_folder,
)
from functions.drift_monitor.records.reading import WindowRecords, read_window
from functions.drift_monitor.rows import ScoredRows
from functions.drift_monitor.summary import (
    MEASURED,
    Run,
    Summary,
    insufficient_summary,
    introduce,
    measured_summary,
)
from functions.drift_monitor.window import Window

TOO_FEW = "fewer applicants were scored by this model than a verdict needs"
OLD_BUNDLE = "the model was published without monitoring rows: train and publish it anew"


@dataclass(frozen=True, slots=True)
class Stores:
    """Where bundles and score records are read, and where reports are written.

    acknowledged : findings that somebody knows of
    """

    models: Store
    records: Store
    reports: Store
    acknowledged: Store


@dataclass(frozen=True)
class Verdict:
    """What a run says, published already.

    found : empty without a verdict
    reference, records : what it rests on, for the report; None where nothing was compared
    """

    summary: Summary
    folder: str
    model: Model
    run: Run
    found: tuple[Finding, ...] = ()
    reference: ScoredRows | None = None
    records: WindowRecords | None = None

    @property
    def is_measured(self) -> bool:
        return bool(self.summary["status"] == MEASURED)


def judge_window(stores: Stores, *, window: Window, now: datetime, minimum_rows: int) -> Verdict:
    """Say what is wrong with the champion's applicants of a window, and publish the summary.

    Raises ArtifactMissing or ArtifactMismatch when the champion cannot be used, StorageUnavailable
    when the storage does not answer: nothing is then published.
    """
    model = load_champion(stores.models)
    reference, monitored = load_reference(stores.models, model)
    records = read_window(
        stores.records, model.schema, model.version, start=window.start, end=window.end
    )
    before = read_latest(stores.reports)
    total = sum(records.totals.values())
    compared = int(records.of_everybody.sum())
    rows = {"reference": len(reference), "window": total, "window_compared": compared}
    told = told_before(before or {})
    run = Run(model.version, window, now, rows, records.totals, _last_verdict(before), told)
    folder = run_folder(window, now=now)
    verdict = Verdict({}, folder, model, run)
    if total < minimum_rows or monitored is None:
        reason = TOO_FEW if monitored is not None else OLD_BUNDLE
        summary = insufficient_summary(run, minimum_rows=minimum_rows, reason=reason)
        return replace(verdict, summary=_publish(stores, verdict, summary, {}))
    baseline = read_baseline(stores.reports, version=model.version, start=window.start)
    judgement = judge(model, reference, monitored, records, baseline)
    judgement = replace(judgement, found=_acknowledged(stores, judgement.found, window))
    summary = measured_summary(
        run,
        judgement,
        cutoff=model.cutoff,
        reference_pds=reference.default_probabilities,
        window_pds=records.rows.default_probabilities[records.of_everybody],
    )
    published = _publish(stores, verdict, summary, {HISTOGRAMS: judgement.histograms})
    return replace(
        verdict,
        summary=published,
        found=tuple(judgement.found),
        reference=reference,
        records=records,
    )


def note_told(stores: Stores, verdict: Verdict) -> Verdict:
    """Keep of what people know by now; a run without a verdict tells them nothing else.

    Not before they are told, as a topic may not answer; nor only with the report, which may take
    the function with it: whoever repeats the run would tell them once more.
    """
    if not verdict.is_measured:
        return verdict
    told = [list(finding.exact_key) for finding in verdict.found if finding.calls]
    if not verdict.run.window.is_nightly:  # of other days, which do not say that the rest is over
        told += [key for key in verdict.summary["told"] if key not in told]
    if told == verdict.summary["told"]:
        return verdict
    return replace(
        verdict, summary=_publish(stores, verdict, {**verdict.summary, "told": told}, {})
    )


def write_report(stores: Stores, verdict: Verdict) -> Summary:
    """Make the page that people look at; returns the summary, which names it now.

    Nobody waits for it: the verdict is out. Raises whatever Evidently raises.
    """
    from functions.drift_monitor.report import compare  # noqa: PLC0415  (imports Evidently)

    assert verdict.reference is not None
    assert verdict.records is not None
    report = compare(
        verdict.reference,
        verdict.records.rows[np.flatnonzero(verdict.records.of_everybody)],
        names=verdict.model.schema.names,
        vocabularies=verdict.model.schema.vocabularies,
        introduction=introduce(verdict.run),
    )
    files = {"report.html": report.html, "report.json": report.json}
    shares = {
        "compared": len(report.features),
        "drifted": sum(feature.drifted for feature in report.features),
        "drifted_by_evidently": sum(feature.default_drifted for feature in report.features),
    }
    return publish_report(
        stores.reports,
        {**verdict.summary, "features": shares},
        folder=verdict.folder,
        files=files,
        newest=not verdict.run.window.looks_back,
    )


def load_reference(store: Store, model: Model) -> tuple[ScoredRows, MonitoringRows | None]:
    """The rows that a model is held against; None for those of an older bundle without them.

    Raises ArtifactMismatch when they are no dataset of this model's features.
    """
    found = bundle.load_reference(store, model.version)
    rows, schema = len(found.default_probabilities), model.schema
    if not rows or found.features.shape != (rows, len(schema)):
        name = f"{model.version}/{REFERENCE}"
        raise ArtifactMismatch(name, f"rows of {len(schema)} features", found.features.shape)
    try:
        data = bundle.load_file(store, model.version, monitoring.FILE)
    except ArtifactMissing:
        nothing = np.full((rows, len(schema.raw_numbers)), np.nan, np.float32)
        return ScoredRows(found.features, nothing, found.default_probabilities), None
    monitored = MonitoringRows.from_bytes(data)
    if monitored.inputs.shape != (rows, len(schema.raw_numbers)):
        name = f"{model.version}/{monitoring.FILE}"
        raise ArtifactMismatch(name, "the rows of the reference", monitored.inputs.shape)
    return ScoredRows(found.features, monitored.inputs, found.default_probabilities), monitored


def _acknowledged(stores: Stores, found: Sequence[Finding], window: Window) -> list[Finding]:
    """The same, those marked of which somebody knows on the day after the window."""
    today = window.end + timedelta(days=1)
    known = in_force(read_acknowledgements(stores.acknowledged), today)
    return [replace(finding, acknowledged_until=known.get(finding.key)) for finding in found]


def _publish(
    stores: Stores, verdict: Verdict, summary: Summary, files: dict[str, bytes]
) -> Summary:
    return publish_verdict(
        stores.reports,
        summary,
        folder=verdict.folder,
        files=files,
        newest=not verdict.run.window.looks_back,
    )


def _last_verdict(latest: Mapping[str, Any] | None) -> date | None:
    found = (latest or {}).get("last_verdict")
    return date.fromisoformat(found) if found else None
