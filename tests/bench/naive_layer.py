"""The naive handler's environment: a folder built as our layers are, and its trained artifact."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from layers.bytecode import compile_folder, folder_size
from layers.packages import export_requirements, run_uv
from layers.targets import find_target
from tests.bench.reference_model import FOLDER, ROOT, recipe

SOURCE = Path(__file__).with_name("naive_handler")


@dataclass(frozen=True)
class Naive:
    """code, layer : as Lambda mounts them; artifact : the joblib file that goes to S3"""

    code: Path
    layer: Path
    artifact: Path

    @property
    def megabytes(self) -> float:
        return folder_size(self.layer) / 1e6


def make_naive() -> Naive:
    """Install, compile and train once; later runs find what they made."""
    made = Naive(FOLDER / "naive" / "code", _layer_folder(), _artifact_path())
    if not made.layer.is_dir():
        _install(made.layer)
    if not made.artifact.is_file():
        _train(made.artifact)
    _copy_code(made.code)
    return made


def _layer_folder() -> Path:
    inputs = [ROOT / "uv.lock", SOURCE / "requirements.txt"]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in inputs)).hexdigest()
    return FOLDER / "naive" / f"layer-{digest[:8]}"


def _artifact_path() -> Path:
    source = (SOURCE / "train.py").read_bytes() + (SOURCE / "features.py").read_bytes()
    digest = hashlib.sha256(source + recipe().encode()).hexdigest()
    return FOLDER / "naive" / f"model-{digest[:8]}.joblib"


def _install(layer: Path) -> None:
    """The versions of uv.lock, with .pyc as in our layers."""
    print("building the naive handler's environment ...", file=sys.stderr, flush=True)
    for older in layer.parent.glob("layer-*"):
        shutil.rmtree(older)
    unfinished = layer.with_suffix(".unfinished")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as pins:
        pins.write(_without_hashes(export_requirements(ROOT, group="training")))
        pins.flush()
        target = find_target("host").uv_platform
        platform = ["--python-platform", target] if target else []
        run_uv("pip", "install", "--only-binary", ":all:", "--no-compile-bytecode",
               "--link-mode", "copy", "--python-version", "3.13", *platform,
               "--target", str(unfinished / "python"), "-c", pins.name,
               "-r", str(SOURCE / "requirements.txt"), folder=ROOT)  # fmt: skip
    compile_folder(unfinished, mounted_at="/opt")
    unfinished.rename(layer)


def _without_hashes(requirements: str) -> str:
    """A constraint needs none: the lock's hashes were checked when its own packages came."""
    lines = requirements.splitlines()
    return "\n".join(line.rstrip(" \\") for line in lines if not line.lstrip().startswith("--"))


def _train(artifact: Path) -> None:
    print("training the naive pipeline ...", file=sys.stderr, flush=True)
    artifact.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(SOURCE / "train.py"), str(artifact)]
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)


def _copy_code(code: Path) -> None:
    shutil.rmtree(code, ignore_errors=True)
    code.mkdir(parents=True)
    for name in ("handler.py", "features.py"):
        shutil.copyfile(SOURCE / name, code / name)
    compile_folder(code, mounted_at="/var/task")
