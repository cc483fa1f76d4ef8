"""Build what Lambda receives: two layers, one folder per zip function, the drift image's context.

python -m layers.build --platform arm64

build/layers/<platform>/dependencies/python/...      pinned wheels, trimmed, with .pyc
build/layers/<platform>/credit_scoring/python/...    the domain package, its kernel compiled
build/functions/<name>/functions/<name>/handler.py   one asset per function
build/images/drift_monitor/Dockerfile                built by Docker when deploying only
"""

import argparse
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from layers.build_cache import BuildCache, digest_inputs
from layers.bytecode import compile_folder, fix_attributes, folder_size
from layers.errors import BuildFailed, TooBig, WrongPython
from layers.kernel import build_kernel, find_compiler
from layers.packages import PYTHON, install_packages
from layers.sources import (
    DOMAIN,
    IMAGE_FUNCTION,
    copy_domain,
    copy_function,
    copy_image,
    find_functions,
)
from layers.targets import Target, find_target

ROOT = Path(__file__).resolve().parent.parent
# Lambda's limit for a function with all its layers, unpacked.
UNZIPPED_LIMIT = 262_144_000


@dataclass(frozen=True)
class Piece:
    """One folder of build/, what it is made of, with which tool, and where Lambda will mount it."""

    name: str
    inputs: tuple[Path, ...]
    fill: Callable[[Path, Path], None]
    mounted_at: str | None
    tool: str = ""


def list_pieces(root: Path, target: Target, *, dependencies: bool = True) -> Iterator[Piece]:
    recipe = tuple(sorted((root / "layers").glob("*.py")))
    lock, domain, functions = root / "uv.lock", root / DOMAIN, root / "functions"
    layers = f"layers/{target.name}"
    if dependencies:
        install = partial(install_packages, target=target)
        yield Piece(f"{layers}/dependencies", (*recipe, lock), install, "/opt")
    fill, compiler = partial(fill_domain, target=target), f"ziglang {find_compiler()}"
    yield Piece(f"{layers}/credit_scoring", (*recipe, domain), fill, "/opt", compiler)
    for name in find_functions(root):
        inputs = (*recipe, functions / "__init__.py", functions / name)
        copy = partial(copy_function, name=name)
        yield Piece(f"functions/{name}", inputs, copy, "/var/task")
    if (functions / IMAGE_FUNCTION / "handler.py").is_file():
        inputs = (*recipe, lock, domain, functions / "__init__.py", functions / IMAGE_FUNCTION)
        yield Piece(f"images/{IMAGE_FUNCTION}", inputs, copy_image, None)


def fill_domain(root: Path, folder: Path, *, target: Target) -> None:
    """The domain package, and its kernel for the target."""
    copy_domain(root, folder)
    package = root / DOMAIN / "credit_scoring"
    if (package / "native").is_dir():
        build_kernel(package, target, folder / "python" / "credit_scoring" / "native")


def build_piece(root: Path, out: Path, piece: Piece) -> None:
    """Fill a new folder and put it in place whole, unless its inputs are those of last time."""
    cache = BuildCache(out / "stamps")
    digest = digest_inputs(root, piece.inputs, piece.name, piece.tool, sys.version)
    if cache.is_current(piece.name, digest, result=out / piece.name):
        return report(out, piece, took=None)
    started, fresh = time.monotonic(), out / "unfinished" / piece.name
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    piece.fill(root, fresh)
    if piece.mounted_at is not None:
        compile_folder(fresh, mounted_at=piece.mounted_at)
    fix_attributes(fresh)
    replace_folder(fresh, out / piece.name)
    cache.write(piece.name, digest)
    return report(out, piece, took=time.monotonic() - started)


def replace_folder(fresh: Path, place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh.rename(place)


def report(out: Path, piece: Piece, *, took: float | None) -> None:
    size = folder_size(out / piece.name) / 1e6
    outcome = "unchanged" if took is None else f"built in {took:.1f} s"
    print(f"  {piece.name:<34} {size:7.1f} MB  {outcome}", file=sys.stderr, flush=True)


def check_sizes(out: Path, target: Target, *, limit: int = UNZIPPED_LIMIT) -> None:
    """Raise TooBig when a zip function and its layers exceed what Lambda unpacks."""
    layers = {path.name: folder_size(path) for path in (out / "layers" / target.name).iterdir()}
    for folder in sorted((out / "functions").glob("*")):
        parts = {**layers, folder.name: folder_size(folder)}
        if folder.name != IMAGE_FUNCTION and sum(parts.values()) > limit:
            raise TooBig(function=folder.name, parts=parts, limit=limit)


def build(out: Path, target: Target, *, root: Path = ROOT, dependencies: bool = True) -> None:
    """Bring build/ up to date. Without `dependencies` it needs neither network nor minutes."""
    if sys.version_info[:2] != tuple(map(int, PYTHON.split("."))):
        raise WrongPython(expected=PYTHON, found=sys.version.split()[0])
    for piece in list_pieces(root, target, dependencies=dependencies):
        build_piece(root, out, piece)
    shutil.rmtree(out / "unfinished", ignore_errors=True)
    check_sizes(out, target)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m layers.build",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--platform",
        choices=["arm64", "x86_64", "host"],
        default="arm64",
        help="arm64 is what AWS runs; host is this machine (default: arm64)",
    )
    parser.add_argument("--out", type=Path, default=ROOT / "build", help="default: build/")
    return parser.parse_args()


def main() -> int:
    options = read_options()
    target = find_target(options.platform)
    print(f"building for {target.name} into {options.out}", file=sys.stderr)
    try:
        build(options.out.resolve(), target)
    except BuildFailed as error:
        print(f"layers.build: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
