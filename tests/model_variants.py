"""A version that differs from another one in its cut-off alone, and is quickly made."""

from dataclasses import replace

from credit_scoring.aws.storage import FolderStore
from credit_scoring.registry.bundle import (
    FOREST,
    MANIFEST,
    MODEL,
    REFERENCE,
    load_model,
    load_reference,
    save_bundle,
)

MADE_ANEW = {MANIFEST, MODEL, FOREST, REFERENCE}


def with_cutoff(store: FolderStore, version: str, times: float) -> str:
    """The same trees, folds and report under another cut-off, not promoted."""
    model = load_model(store, version)
    files = {path.name: path.read_bytes() for path in (store.folder / version).iterdir()}
    extra = {name: data for name, data in files.items() if name not in MADE_ANEW}
    changed = replace(model, cutoff=model.cutoff * times)
    return save_bundle(store, changed, reference=load_reference(store, version), extra=extra)[0]
