"""The dependency layer: which packages, and what is left of them."""

from pathlib import Path

import pytest

from layers.build import ROOT
from layers.errors import UvFailed, UvMissing
from layers.packages import IN_RUNTIME, export_requirements, run_uv, trim
from layers.sources import copy_image


def names_in(requirements: str) -> set[str]:
    lines = [line for line in requirements.splitlines() if "==" in line]
    return {line.partition("==")[0] for line in lines}


def test_the_layer_holds_numpy_and_powertools_and_leaves_boto3_to_the_runtime() -> None:
    names = names_in(export_requirements(ROOT, group="layer", without=IN_RUNTIME))
    assert {"numpy", "aws-lambda-powertools", "aws-xray-sdk"} <= names
    assert not names & {*IN_RUNTIME, "lightgbm", "scikit-learn", "pandas", "scipy", "shap"}


def test_every_requirement_is_pinned_with_a_hash() -> None:
    requirements = export_requirements(ROOT, group="drift")
    pins = requirements.count("==")
    assert pins > 50
    assert requirements.count("--hash=sha256:") >= pins


def test_a_lock_file_that_uv_cannot_read_is_said_in_uvs_words(tmp_path: Path) -> None:
    with pytest.raises(UvFailed, match="`uv export --frozen` ended with"):
        run_uv("export", "--frozen", folder=tmp_path)


def test_without_uv_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV", "/nowhere/uv")
    with pytest.raises(UvMissing, match="install it or set UV"):
        run_uv("--version", folder=ROOT)


def test_trimming_keeps_code_libraries_and_licences(tmp_path: Path) -> None:
    kept = ["numpy/__init__.py", "numpy/_core/x.so", "numpy.libs/openblas.so",
            "numpy/typing/__init__.py", "numpy-2.dist-info/METADATA",
            "numpy-2.dist-info/licenses/LICENSE.txt"]  # fmt: skip
    removed = ["numpy/tests/test_a.py", "numpy/_core/include/a.h", "numpy/__init__.pyi",
               "numpy/_core/lib/libnpymath.a", "bin/f2py", "numpy/f2py/__init__.py",
               "numpy-2.dist-info/RECORD", "numpy-2.dist-info/INSTALLER"]  # fmt: skip
    for name in kept + removed:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    trim(tmp_path)
    left = [str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()]
    assert sorted(left) == sorted(kept)


def test_the_images_context_holds_everything_that_its_dockerfile_copies(tmp_path: Path) -> None:
    copy_image(ROOT, tmp_path)
    lines = (tmp_path / "Dockerfile").read_text().splitlines()
    sources = [line.split()[1] for line in lines if line.startswith("COPY")]
    assert sources
    for source in sources:
        assert (tmp_path / source).exists(), source
    assert "evidently" in names_in((tmp_path / "requirements.txt").read_text())
