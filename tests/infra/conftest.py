"""One synthesis for all tests of the stack: staged by the real build, without network or Docker."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App

from infra.app import make_app
from layers.build import ROOT, build
from layers.targets import find_target

Properties = dict[str, Any]


@dataclass(frozen=True)
class Template:
    """The synthesised template, asked by type, by logical id's beginning, and by reference."""

    body: dict[str, Any]

    def ids(self, kind: str) -> list[str]:
        return [name for name, part in self.body["Resources"].items() if part["Type"] == kind]

    def all(self, kind: str) -> dict[str, Properties]:
        return {name: self.body["Resources"][name].get("Properties", {}) for name in self.ids(kind)}

    def one(self, kind: str, prefix: str = "") -> Properties:
        [found] = [part for name, part in self.all(kind).items() if name.startswith(prefix)]
        return found

    def id_of(self, kind: str, prefix: str = "") -> str:
        [found] = [name for name in self.ids(kind) if name.startswith(prefix)]
        return found

    def statements(self, kind: str) -> Iterator[tuple[str, Properties]]:
        for name, part in self.all(kind).items():
            for statement in part["PolicyDocument"]["Statement"]:
                yield name, statement


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """build/ with our own code; the wheels are not what these tests look at."""
    out = tmp_path_factory.mktemp("build")
    (out / "layers/arm64/dependencies/python").mkdir(parents=True)
    build(out, find_target("arm64"), root=ROOT, dependencies=False)
    return out


@pytest.fixture
def make(built: Path, tmp_path: Path) -> Callable[..., App]:
    """An app over the staged code, with whatever context a test adds."""

    def make_with(**context: object) -> App:
        return make_app(context={"build": str(built), **context}, out=tmp_path / "cdk.out")

    return make_with


def synthesise(app: App) -> Template:
    assembly = app.synth()
    path = Path(assembly.directory) / "CreditScoring.template.json"
    return Template(json.loads(path.read_text()))


@pytest.fixture(scope="session")
def template(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Synthesised with every check on: a finding without a reason fails all of these tests."""
    out = tmp_path_factory.mktemp("cdk.out")
    return synthesise(make_app(context={"build": str(built)}, out=out))
