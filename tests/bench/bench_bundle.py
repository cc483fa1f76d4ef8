"""The published model: how large it is, and how long it takes to be verified and loaded."""

from collections.abc import Iterator

from credit_scoring.aws.storage import FolderStore
from credit_scoring.registry.bundle import FOREST, MANIFEST, MODEL, load_model, load_working_model

from tests.bench.measuring import Result, Settings, limited_to, median_seconds
from tests.bench.reference_model import reference_model

SERVED = (MANIFEST, MODEL, FOREST)
LIMIT_MS = 50.0


def run(settings: Settings) -> Iterator[Result]:
    reference = reference_model()
    folder = reference.folder / reference.version
    size = sum((folder / name).stat().st_size for name in SERVED)
    note = f"{', '.join(SERVED)}: all that serving reads; against LightGBM's text model"
    text = reference.text_path.stat().st_size
    yield Result("bundle_bytes_vs_text_model", size, "bytes", text, note)
    yield from _loading(FolderStore(reference.folder), reference.version, settings)


def _loading(store: FolderStore, version: str, settings: Settings) -> Iterator[Result]:
    works = {
        "load": lambda: load_model(store, version),
        "try": lambda: load_working_model(store, version),
    }
    with limited_to(1):
        taken = median_seconds(works, repeats=settings.choose(15, 3))
    note = f"read from a folder, verified, parsed; against the goal of {LIMIT_MS:.0f} ms"
    yield Result("bundle_load_ms", taken["load"] * 1e3, "ms", LIMIT_MS, note)
    note = "the same, and one score that prepares what later ones share"
    yield Result("bundle_ready_ms", taken["try"] * 1e3, "ms", note=note)
