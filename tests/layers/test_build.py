"""The build of what Lambda receives: layout, byte code, reproducibility, limits."""

import hashlib
import importlib.util
import marshal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from layers.build import ROOT, Piece, build, build_piece, check_sizes
from layers.bytecode import FIXED_TIME
from layers.errors import BuildFailed, TooBig
from layers.sources import DOMAIN
from layers.targets import find_target

ARM64 = find_target("arm64")
DOMAIN_LAYER = Path("layers/arm64/credit_scoring/python/credit_scoring")


def build_sources(root: Path, out: Path) -> Path:
    build(out, ARM64, root=root, dependencies=False)
    return out


def list_bytes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
    }


def byte_code_of(source: Path) -> Path:
    return Path(importlib.util.cache_from_source(str(source)))


def test_layers_and_functions_land_where_lambda_looks(source_tree: Path, tmp_path: Path) -> None:
    out = build_sources(source_tree, tmp_path / "build")
    assert (out / DOMAIN_LAYER / "columns.csv").is_file()
    package = out / "functions" / "score_api" / "functions"
    assert (package / "__init__.py").is_file()
    assert (package / "score_api" / "handler.py").is_file()


def test_a_folder_without_a_handler_is_not_a_function(source_tree: Path, tmp_path: Path) -> None:
    out = build_sources(source_tree, tmp_path / "build")
    assert [path.name for path in (out / "functions").iterdir()] == ["score_api"]


def test_the_built_handler_imports_from_its_own_folder_alone(
    source_tree: Path, tmp_path: Path
) -> None:
    asset = build_sources(source_tree, tmp_path / "build") / "functions" / "score_api"
    code = "import functions.score_api.handler as h; print(h.handler(1, None), h.__file__)"
    printed = subprocess.check_output(
        [sys.executable, "-S", "-c", code],
        env={"PYTHONPATH": str(asset)},
        cwd=tmp_path,
        text=True,
    )
    assert printed.split() == ["1", str(asset / "functions/score_api/handler.py")]


def test_two_builds_of_our_layer_are_identical_byte_for_byte(tmp_path: Path) -> None:
    folders = [tmp_path / name / DOMAIN_LAYER for name in ("first", "second")]
    for name in ("first", "second"):
        build_sources(ROOT, tmp_path / name)
    assert list_bytes(folders[0]) == list_bytes(folders[1])
    assert len(list_bytes(folders[0])) > 10


def test_byte_code_is_unchecked_and_names_the_place_where_lambda_mounts_it(
    source_tree: Path, tmp_path: Path
) -> None:
    out = build_sources(source_tree, tmp_path / "build")
    compiled = byte_code_of(out / DOMAIN_LAYER / "__init__.py").read_bytes()
    hash_based_but_unchecked = 0b01
    assert int.from_bytes(compiled[4:8], "little") == hash_based_but_unchecked
    code = marshal.loads(compiled[16:])
    assert code.co_filename == "/opt/python/credit_scoring/__init__.py"
    handler = out / "functions/score_api/functions/score_api/handler.py"
    code = marshal.loads(byte_code_of(handler).read_bytes()[16:])
    assert code.co_filename == "/var/task/functions/score_api/handler.py"


def test_every_file_has_one_time_and_one_mode(source_tree: Path, tmp_path: Path) -> None:
    (source_tree / DOMAIN / "credit_scoring" / "columns.csv").chmod(0o777)
    out = build_sources(source_tree, tmp_path / "build")
    stats = [path.stat() for path in (out / DOMAIN_LAYER).rglob("*") if path.is_file()]
    assert {int(stat.st_mtime) for stat in stats} == {FIXED_TIME}
    assert {stat.st_mode & 0o777 for stat in stats} == {0o644}


def test_a_second_build_changes_nothing_and_takes_less_than_a_second(
    source_tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = build_sources(source_tree, tmp_path / "build")
    inode = (out / DOMAIN_LAYER).stat().st_ino
    capsys.readouterr()
    started = time.monotonic()
    build_sources(source_tree, out)
    assert time.monotonic() - started < 1
    assert (out / DOMAIN_LAYER).stat().st_ino == inode
    assert capsys.readouterr().err.count("unchanged") == 2


def test_a_changed_source_rebuilds_its_own_piece_only(
    source_tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = build_sources(source_tree, tmp_path / "build")
    (source_tree / "functions/score_api/handler.py").write_text("def handler(e, c): ...\n")
    capsys.readouterr()
    build_sources(source_tree, out)
    lines = capsys.readouterr().err.splitlines()
    assert [("functions/score_api" in line, "unchanged" in line) for line in lines] == [
        (False, True),
        (True, False),
    ]


def test_a_deleted_source_leaves_the_build(source_tree: Path, tmp_path: Path) -> None:
    extra = source_tree / DOMAIN / "credit_scoring" / "extra.py"
    extra.write_text("")
    out = build_sources(source_tree, tmp_path / "build")
    extra.unlink()
    build_sources(source_tree, out)
    assert not (out / DOMAIN_LAYER / "extra.py").exists()


def test_a_build_that_fails_leaves_the_last_good_one(source_tree: Path, tmp_path: Path) -> None:
    out = build_sources(source_tree, tmp_path / "build")
    before = list_bytes(out / "functions")
    (source_tree / "functions/score_api/handler.py").write_text("def handler(:\n")
    with pytest.raises(BuildFailed, match=r"handler\.py"):
        build_sources(source_tree, out)
    assert list_bytes(out / "functions") == before


def test_an_interrupted_piece_is_built_again(source_tree: Path, tmp_path: Path) -> None:
    def fail(root: Path, folder: Path) -> None:
        (folder / "half").touch()
        raise KeyboardInterrupt

    def succeed(root: Path, folder: Path) -> None:
        (folder / "whole").touch()

    for fill, interrupted in ((fail, True), (succeed, False)):
        piece = Piece("functions/x", (source_tree / "functions",), fill, "/var/task")
        try:
            build_piece(source_tree, tmp_path / "build", piece)
        except KeyboardInterrupt:
            assert interrupted
    left = (tmp_path / "build/functions/x").iterdir()
    assert [path.name for path in left] == ["whole"]


def test_a_function_above_lambdas_limit_is_refused_with_every_size(
    source_tree: Path, tmp_path: Path
) -> None:
    out = build_sources(source_tree, tmp_path / "build")
    with pytest.raises(TooBig, match=r"score_api needs .* Lambda allows 100 \(credit_scoring \d+"):
        check_sizes(out, ARM64, limit=100)


def test_the_drift_image_is_not_held_to_the_zip_limit(tmp_path: Path) -> None:
    image_function = tmp_path / "functions" / "drift_monitor"
    image_function.mkdir(parents=True)
    (image_function / "big").write_bytes(b"0" * 1000)
    (tmp_path / "layers" / "arm64").mkdir(parents=True)
    check_sizes(tmp_path, ARM64, limit=100)


def test_the_host_is_one_of_lambdas_machines_or_a_folder_of_its_own() -> None:
    target = find_target("host")
    assert target.name in {"arm64", "x86_64", "host"}
    assert (target.uv_platform is None) == (target.name == "host")


def test_an_unknown_platform_is_refused_by_name() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "layers.build", "--platform", "sparc"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 2
    assert "invalid choice: 'sparc'" in done.stderr
