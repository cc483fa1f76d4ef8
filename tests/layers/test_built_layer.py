"""The dependency layer as it was built for this machine: nothing that is needed was trimmed."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from layers.build import ROOT
from layers.targets import find_target

LAYER = ROOT / "build" / "layers" / find_target("host").name / "dependencies" / "python"
# What AWS's runtime brings; the rest of this environment stays out of sight.
RUNTIME = ("boto3", "botocore", "s3transfer", "dateutil", "six", "urllib3")
PROGRAM = """
import json, sys, time
import numpy
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
product = float((numpy.eye(3) @ numpy.linalg.inv(numpy.eye(3))).sum())
draws = numpy.random.default_rng(0).random(3).size
places = {name: sys.modules[name].__file__ for name in ("numpy", "aws_lambda_powertools")}
print(json.dumps({"product": product, "draws": draws, "places": places}))
"""

pytestmark = pytest.mark.skipif(
    not LAYER.is_dir(), reason="no layer for this machine: make layers builds it"
)


def source_of(module: str) -> Path:
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    origin = Path(spec.origin)
    return origin.parent if origin.name == "__init__.py" else origin


@pytest.fixture
def runtime(tmp_path: Path) -> Path:
    for module in RUNTIME:
        source = source_of(module)
        (tmp_path / source.name).symlink_to(source)
    return tmp_path


def test_functions_find_numpy_and_powertools_in_the_layer_alone(runtime: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-c", PROGRAM],
        env={"PYTHONPATH": f"{LAYER}:{runtime}", "POWERTOOLS_TRACE_DISABLED": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert (seen["product"], seen["draws"]) == (3.0, 3)
    assert all(place.startswith(str(LAYER)) for place in seen["places"].values())


def test_every_module_of_the_layer_has_its_byte_code() -> None:
    sources = list(LAYER.rglob("*.py"))
    missing = [s for s in sources if not Path(importlib.util.cache_from_source(str(s))).is_file()]
    assert len(sources) > 400
    assert missing == []
