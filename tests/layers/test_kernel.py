"""The compiled kernel: built the same twice for every machine, refused by none that it is for."""

import shutil
import struct
from pathlib import Path

import pytest
from credit_scoring.native import library as kernel

from layers.build import ROOT, build
from layers.errors import KernelFailed
from layers.kernel import build_kernel, find_compiler
from layers.targets import Target, find_target
from tests.layers.test_build import DOMAIN_LAYER

HOST = find_target("host")
# What ELF calls these machines.
ELF_MACHINES = {"arm64": 183, "x86_64": 62}

needs_compiler = pytest.mark.skipif(find_compiler() is None, reason="ziglang is not installed")


@needs_compiler
@pytest.mark.parametrize("name", ["arm64", "x86_64"])
def test_two_builds_from_two_places_are_identical(name: str, tmp_path: Path) -> None:
    elsewhere = tmp_path / "another place"
    elsewhere.mkdir()
    shutil.copytree(kernel.PACKAGE, elsewhere, dirs_exist_ok=True)
    libraries = []
    for package, folder in ((kernel.PACKAGE, tmp_path), (elsewhere, elsewhere)):
        library = build_kernel(package, find_target(name), folder)
        assert library is not None
        libraries.append(library.read_bytes())
    assert libraries[0] == libraries[1]
    assert str(tmp_path).encode() not in libraries[0]
    assert libraries[0][:4] == b"\x7fELF"
    assert struct.unpack_from("<H", libraries[0], 18) == (ELF_MACHINES[name],)


@needs_compiler
@pytest.mark.skipif(HOST.uv_platform is None, reason="no kernel for this system")
def test_the_library_for_this_machine_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = build_kernel(kernel.PACKAGE, HOST, tmp_path)
    monkeypatch.setattr(kernel, "library_path", lambda machine: library)
    kernel.library.cache_clear()
    assert kernel.library() is not None
    kernel.library.cache_clear()


@needs_compiler
def test_the_layer_holds_the_kernel_of_its_machine_alone(tmp_path: Path) -> None:
    build(tmp_path, find_target("arm64"), root=ROOT, dependencies=False)
    folder = tmp_path / DOMAIN_LAYER / "native"
    assert [path.name for path in folder.glob("*.so")] == ["kernel-arm64.so"]
    assert not list(folder.glob("*.c"))
    data = (folder / "kernel-arm64.so").read_bytes()
    assert data == kernel.sealed(data[: -kernel.SEAL], kernel.read_sources())


@needs_compiler
def test_what_does_not_compile_stops_the_build_with_the_compilers_words(tmp_path: Path) -> None:
    for source in kernel.SOURCES:
        broken = tmp_path / source.relative_to(kernel.PACKAGE)
        broken.parent.mkdir(parents=True, exist_ok=True)
        broken.write_text("int broken(void) { return nothing; }\n")
    with pytest.raises(KernelFailed, match="nothing"):
        build_kernel(tmp_path, find_target("arm64"), tmp_path)
    assert not list(tmp_path.glob("*.so"))


def test_without_a_compiler_there_is_no_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layers.kernel.find_compiler", lambda: None)
    assert build_kernel(kernel.PACKAGE, find_target("arm64"), tmp_path) is None


def test_another_system_has_no_kernel(tmp_path: Path) -> None:
    assert build_kernel(kernel.PACKAGE, Target("host", None), tmp_path) is None
