"""From process start to the first scored answer, against the naive handler started the same way.

Both run in the real runtime client (awslambdaric) with their folder and layers alone on the path,
byte code included, read their model from one S3 (moto's server) through the runtime's boto3, and
answer the same event. Starts alternate, after one of each that fills the disk's cache. A start from
a snapshot is measured by a fork of a process that has imported the handler.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import monotonic, sleep

import boto3
from credit_scoring.aws.storage import S3Store

from infra import score_process
from infra.local.environments import environment_python, make_environment
from infra.local.lambda_runtime.function import Function, worker_environment
from infra.local.lambda_runtime.workers import Worker
from infra.local.ports import HOST, find_free_ports
from infra.local.processes import ProcessGroup
from layers.build import build
from layers.targets import find_target
from tests.bench.measuring import Result, Settings
from tests.bench.naive_layer import Naive, make_naive
from tests.bench.reference_model import (
    ROOT,
    ReferenceModel,
    draw_applicants,
    input_columns,
    reference_model,
)
from tests.functions.score_api.conftest import ENVIRONMENT
from tests.record_stream import make_record_stream

STARTS, CALLS = 9, 100
RESTORED = Path(__file__).with_name("restored.py")
BUCKET, REGION = "bench", "eu-west-3"
# Any will do for moto, and neither side reads the developer's own.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench"}
WHERE = {"LocationConstraint": REGION}


@dataclass(frozen=True)
class Start:
    seconds: float
    megabytes: float


def run(settings: Settings) -> Iterator[Result]:
    reference, naive = reference_model(), make_naive()
    build(ROOT / "build", find_target("host"))
    make_environment("runtime")
    with ProcessGroup() as group, serve_s3(group) as endpoint:
        fill(endpoint, reference)
        s3_at(endpoint).put_object(
            Bucket=BUCKET, Key="naive/model.joblib", Body=naive.artifact.read_bytes()
        )
        functions = {"ours": our_function(endpoint), "naive": _naive_function(endpoint, naive)}
        starts = _start_in_turns(functions, group, settings.choose(STARTS, 2))
        calls = settings.choose(CALLS, 5)
        warm = {name: warm_call(one, group, calls) for name, one in functions.items()}
        restored = restore(functions["ours"], settings.choose(STARTS, 2))
    yield from _results(starts, naive)
    cold = median(one.seconds for one in starts["ours"]) * 1e3
    note = "first answer of a fork of a process that has imported the handler, as from a snapshot"
    yield Result("restored_ms", restored.seconds * 1e3, "ms", cold, f"{note}; against a cold start")
    note = "memory that such a fork has of its own after its first answer"
    yield Result("restored_megabytes", restored.megabytes, "MB", None, note)
    note = f"median of {calls} further calls of one process, the record for drift monitoring kept"
    yield Result("warm_call_vs_naive", warm["ours"] * 1e3, "ms", warm["naive"] * 1e3, note)


@contextmanager
def serve_s3(group: ProcessGroup) -> Iterator[str]:
    """An S3 in a process of its own, so that neither side waits for the bench."""
    [port] = find_free_ports(1)
    log = ROOT / "build" / "bench" / "s3.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        command = [sys.executable, "-m", "moto.server", "-H", HOST, "-p", str(port)]
        server = group.start(command, stdout=output)
        try:
            endpoint = f"http://{HOST}:{port}"
            _wait_for(endpoint)
            yield endpoint
        finally:
            server.kill()
            server.wait()


def _wait_for(endpoint: str) -> None:
    end = monotonic() + 30
    while True:
        try:
            s3_at(endpoint).list_buckets()
            return
        except Exception:  # whatever a server that is not there yet causes
            if monotonic() > end:
                raise
            sleep(0.2)


def s3_at(endpoint: str):
    return client_at("s3", endpoint)


def client_at(service: str, endpoint: str):
    return boto3.client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )


def fill(endpoint: str, reference: ReferenceModel) -> None:
    """What our function reads and writes."""
    client = s3_at(endpoint)
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=WHERE)
    make_record_stream("records", bucket=BUCKET, firehose=client_at("firehose", endpoint))
    models = S3Store(BUCKET, "models/", client)
    for path in sorted(reference.folder.rglob("*")):
        if path.is_file():
            models.write(path.relative_to(reference.folder).as_posix(), path.read_bytes())


def our_function(endpoint: str) -> Function:
    layers = ROOT / "build" / "layers" / find_target("host").name
    return _function(
        endpoint,
        handler="functions.score_api.handler.handler",
        code=ROOT / "build" / "functions" / "score_api",
        layers=(layers / "dependencies", layers / "credit_scoring"),
        environment={
            **{name: value for name, value in ENVIRONMENT.items() if not name.startswith("AWS_")},
            "MODELS_URL": f"s3://{BUCKET}/models",
            "RECORD_STREAM": "records",
            "LISTS_URL": f"s3://{BUCKET}/lists",
            "CASES_TABLE": "cases",
            "PSEUDONYM_KEY": "a key of the bench",
            **score_process.ENVIRONMENT,
        },
    )


def _naive_function(endpoint: str, naive: Naive) -> Function:
    return _function(
        endpoint,
        handler="handler.handler",
        code=naive.code,
        layers=(naive.layer,),
        environment={"MODEL_BUCKET": BUCKET, "MODEL_KEY": "naive/model.joblib"},
    )


def _function(
    endpoint: str,
    *,
    handler: str,
    code: Path,
    layers: tuple[Path, ...],
    environment: Mapping[str, str],
) -> Function:
    return Function(
        name="bench",
        handler=handler,
        python=environment_python("runtime"),
        code=code,
        layers=layers,
        timeout=120.0,
        memory=4_096,
        environment={**environment, "AWS_ENDPOINT_URL": endpoint},
        credentials=CREDENTIALS,
    )


def _start_in_turns(
    functions: Mapping[str, Function], group: ProcessGroup, count: int
) -> dict[str, list[Start]]:
    event = make_event()
    for function in functions.values():
        start(function, group, event)
    starts: dict[str, list[Start]] = {name: [] for name in functions}
    for _ in range(count):
        for name, function in functions.items():
            starts[name].append(start(function, group, event))
    return starts


def make_event() -> bytes:
    """POST /predict as API Gateway sends it, with one whole application, history included."""
    event = json.loads((ROOT / "events" / "http_predict.json").read_text())
    # What is missing is sent as such: no profile is looked for, and there is no table.
    columns = {column.name: None for column in input_columns()}
    application = columns | draw_applicants(1, seed=5).record(0)
    return json.dumps(event | {"body": json.dumps(application)}).encode()


def start(function: Function, group: ProcessGroup, event: bytes) -> Start:
    """One process from nothing to its first answer, which must be a score."""
    began = monotonic()
    worker = Worker(function, group)
    try:
        outcome = worker.invoke(event, request_id="bench", arn=function.arn, trace_id="")
        seconds = monotonic() - began
        _check(outcome.payload, outcome.log)
        return Start(seconds, outcome.memory_used)
    finally:
        worker.close()


def warm_call(function: Function, group: ProcessGroup, count: int) -> float:
    """Seconds of a call that finds the process ready, as Lambda bills them."""
    event, worker = make_event(), Worker(function, group)
    try:
        outcomes = [
            worker.invoke(event, request_id="bench", arn=function.arn, trace_id="")
            for _ in range(count + 1)
        ]
        return median(outcome.duration for outcome in outcomes[1:])
    finally:
        worker.close()


def restore(function: Function, count: int) -> Start:
    """From the snapshot of a process that has imported the handler to its first answer.

    The naive handler cannot be forked: OpenMP's threads, which LightGBM began, are not in the copy.
    """
    with tempfile.TemporaryDirectory(prefix="bench-restore-") as scratch:
        event = Path(scratch, "event.json")
        event.write_bytes(make_event())
        done = subprocess.run(
            [function.python, "-P", RESTORED, event, str(count)],
            cwd=function.code,
            env=worker_environment(function, api_address="", scratch=Path(scratch)),
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
    told = [json.loads(line) for line in done.stderr.splitlines() if line.startswith('{"status"')]
    if [one["status"] for one in told] != [200] * count:
        raise RuntimeError(done.stdout + done.stderr)
    return Start(*(median(one[name] for one in told) for name in ("seconds", "megabytes")))


def _check(payload: bytes, log: list[str]) -> None:
    answer = json.loads(payload)
    if answer.get("statusCode") != 200:
        raise RuntimeError("\n".join([str(answer), *log]))
    assert 0 < json.loads(answer["body"])["probability_of_default"] < 1


def _results(starts: Mapping[str, list[Start]], naive: Naive) -> Iterator[Result]:
    seconds = {name: median(one.seconds for one in found) for name, found in starts.items()}
    memory = {name: median(one.megabytes for one in found) for name, found in starts.items()}
    count = len(starts["ours"])
    note = (
        "process start to first scored answer in awslambdaric, built layers with .pyc, model "
        f"from S3 through boto3; median of {count} alternating starts; against joblib, pandas, "
        "LightGBM, scikit-learn and shap.TreeExplainer "
        f"({naive.megabytes:.0f} MB unpacked)"
    )
    yield Result("cold_start_vs_naive", seconds["ours"], "s", seconds["naive"], note)
    yield Result(
        "cold_memory_vs_naive", memory["ours"], "MB", memory["naive"], "peak resident; " + note
    )
