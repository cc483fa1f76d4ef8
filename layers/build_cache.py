"""Knowing whether something was already built from the same inputs."""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

# What is built or fetched in place is no input.
_BUILT_FOLDERS = frozenset({"__pycache__", "node_modules", "vendor"})
_BUILT_SUFFIX = ".so"


class BuildCache:
    """Remembers from which inputs something was built: for the same ones it is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def is_current(self, name: str, digest: str, *, result: Path) -> bool:
        """Whether `result` is there and was built from what `digest` stands for."""
        stamp = self._stamp(name)
        return result.exists() and stamp.is_file() and stamp.read_text() == digest

    def write(self, name: str, digest: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._stamp(name).write_text(digest)

    def _stamp(self, name: str) -> Path:
        return self._folder / f"{name.replace('/', '-')}.sha256"


def digest_inputs(root: Path, inputs: Iterable[Path], *words: str) -> str:
    """SHA-256 over names (below `root`) and bytes of files and folders, and over some words."""
    digest = hashlib.sha256("\0".join(words).encode())
    for file in _files(root, inputs):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"\0{file.relative_to(root)} {content}".encode())
    return digest.hexdigest()


def _files(root: Path, inputs: Iterable[Path]) -> Iterator[Path]:
    for path in inputs:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            built = _BUILT_FOLDERS & set(file.relative_to(root).parts)
            if file.is_file() and not built and file.suffix != _BUILT_SUFFIX:
                yield file
