"""Build the compiled kernel of the domain package, for any machine, without Docker.

python -m layers.kernel            for this machine, beside its sources: what the package then loads

The wheel `ziglang` (PyPI) brings clang, and the headers of every glibc: the same bytes for arm64
and x86_64 wherever it runs. Without it, or on another system than Linux, the package does the same
in numpy, only slower.
"""

import importlib.metadata
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from credit_scoring.native.library import PACKAGE, SOURCES, sealed

from layers.errors import BuildFailed, KernelFailed
from layers.sources import DOMAIN
from layers.targets import Target, find_target

ROOT = Path(__file__).resolve().parent.parent
# Amazon Linux 2023 has glibc 2.34, and this is the baseline of all other wheels in the layers.
# x86_64: what every Lambda processor has (the package looks before it loads).
ZIG_TARGETS = {
    "arm64": ("-target", "aarch64-linux-gnu.2.28", "-mcpu=generic"),
    "x86_64": ("-target", "x86_64-linux-gnu.2.28", "-mcpu=x86_64_v3"),
}
# No contraction into fused operations: numpy must get the same bits. Stripped: no paths inside.
FLAGS = ("-std=c17", "-O3", "-ffp-contract=off", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC",
         "-s")  # fmt: skip


def find_compiler() -> str | None:
    """The version of the compiler, None where it is not installed."""
    try:
        return importlib.metadata.version("ziglang")
    except importlib.metadata.PackageNotFoundError:
        return None


def build_kernel(package: Path, target: Target, folder: Path) -> Path | None:
    """Write kernel-<machine>.so into `folder`, from the sources of the package.

    None where there is no compiler or no such target.

    Raises KernelFailed with what the compiler said.
    """
    if find_compiler() is None or target.name not in ZIG_TARGETS:
        return None
    sources = [package.resolve() / path.relative_to(PACKAGE) for path in SOURCES]
    content = b"".join(path.read_bytes() for path in sources)
    library = folder / f"kernel-{target.name}.so"
    with tempfile.TemporaryDirectory() as place:
        command = [sys.executable, "-m", "ziglang", "cc", *ZIG_TARGETS[target.name], *FLAGS,
                   "-o", "kernel.so", *map(str, sources)]  # fmt: skip
        environment = {**os.environ, "ZIG_LOCAL_CACHE_DIR": f"{place}/cache"}
        done = subprocess.run(
            command, cwd=place, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise KernelFailed(target=target.name, output=done.stdout + done.stderr)
        # In place at once: a process that has the old library loaded keeps it.
        fresh = library.with_suffix(".new")
        fresh.write_bytes(sealed(Path(place, "kernel.so").read_bytes(), content))
        fresh.replace(library)
    return library


def main() -> int:
    package = ROOT / DOMAIN / "credit_scoring"
    try:
        library = build_kernel(package, find_target("host"), package / "native")
    except BuildFailed as error:
        print(f"layers.kernel: {error}", file=sys.stderr)
        return 1
    said = library or "none for this machine: the package does the same in numpy"
    print(f"compiled kernel: {said}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
