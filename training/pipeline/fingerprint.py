"""What a module's behaviour depends on: its source, and all that it imports from this project."""

import ast
import hashlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

OURS = ("training", "credit_scoring")
DATA_FILES = ("*.csv", "*.sql", "*.j2")


def digest_code(module: str) -> str:
    """SHA-256 over a module, our modules that it imports, directly or not, and their data files."""
    digest = hashlib.sha256()
    for path in sorted(_sources(module)):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _sources(module: str) -> set[Path]:
    found: set[Path] = set()
    waiting = [module]
    while waiting:
        path = _file_of(waiting.pop())
        if path is None or path in found:
            continue
        found |= {path, *(data for pattern in DATA_FILES for data in path.parent.glob(pattern))}
        waiting += [name for name in _imports(path) if name.split(".")[0] in OURS]
    return found


def _file_of(module: str) -> Path | None:
    try:
        spec = find_spec(module)
    except ModuleNotFoundError:  # `from training.fitting.fit import fit` may name no module
        return None
    return Path(spec.origin) if spec and spec.origin else None


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
