"""Knowing whether a piece was already built from the same inputs."""

import hashlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path


def list_files(inputs: Iterable[Path]) -> Iterator[Path]:
    """What is built in place, byte code and libraries, is no input."""
    for path in inputs:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in files if file.is_file() and not is_built(file))


def is_built(file: Path) -> bool:
    return "__pycache__" in file.parts or file.suffix == ".so"


def digest_inputs(root: Path, inputs: Iterable[Path], *, name: str) -> str:
    """SHA-256 over names and bytes of every input, and the Python that compiles them."""
    digest = hashlib.sha256(f"{name} {sys.version}".encode())
    for file in list_files(inputs):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(root)} {content}\n".encode())
    return digest.hexdigest()


def stamp_path(out: Path, name: str) -> Path:
    return out / "stamps" / f"{name.replace('/', '-')}.sha256"


def is_current(out: Path, name: str, digest: str) -> bool:
    stamp = stamp_path(out, name)
    return (out / name).is_dir() and stamp.is_file() and stamp.read_text() == digest


def write_stamp(out: Path, name: str, digest: str) -> None:
    stamp = stamp_path(out, name)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)
