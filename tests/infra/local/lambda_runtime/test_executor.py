"""Functions as the emulator knows them, run in real workers."""

import hashlib
import io
import json
import re
import zipfile

import pytest

from infra.local.lambda_runtime.executor import REQUEST_LIMIT, Cloud, Executor, Folders

HANDLER = """
import json, os
from shipped import answer
print("one line")
print(json.dumps({"_aws": {"CloudWatchMetrics": [{"Namespace": "CreditScoring",
      "Dimensions": [["service"]], "Metrics": [{"Name": "Scored", "Unit": "Count"}]}]},
      "service": "api", "Scored": 2}))
def handler(event, context):
    if event.get("fail"):
        raise ValueError("no")
    return {"answer": answer, "key": os.environ.get("AWS_ACCESS_KEY_ID"),
            "endpoint": os.environ["AWS_ENDPOINT_URL"], "table": os.environ.get("TABLE"),
            "private": os.environ.get("DO_NOT_TRACK"),
            "trace": os.environ.get("_X_AMZN_TRACE_ID"), "arn": context.invoked_function_arn}
"""
TRACE = "Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0"
ARN = "arn:aws:lambda:eu-west-3:000000000000:function:score"


def zipped(**files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name.replace("__", "/") + ".py"), text)  # undated
    return buffer.getvalue()


LAYER = zipped(python__shipped="answer = 42")


@pytest.fixture
def published():
    return []


@pytest.fixture
def executor(tmp_path, runtime_python, group, published):
    cloud = Cloud(
        endpoint="http://127.0.0.1:4566",
        account="000000000000",
        region="eu-west-3",
        credentials=lambda config: {"AWS_ACCESS_KEY_ID": f"key-of-{config['Role']}"},
        layer=lambda layer: LAYER,
        publish=published.append,
    )
    folders = Folders(
        code=tmp_path / "code",
        images=tmp_path / "images",
        runtime_python=runtime_python,
        image_python=runtime_python,
    )
    return Executor(cloud=cloud, folders=folders, group=group, concurrency=1)


def record(source=HANDLER, **changes):
    archive = zipped(app=source)
    config = {
        "FunctionName": "score",
        "FunctionArn": f"{ARN}:live",
        "Version": "1",
        "Runtime": "python3.13",
        "Handler": "app.handler",
        "Role": "reader",
        "Timeout": 5,
        "MemorySize": 256,
        "Layers": [{"Arn": "layer"}],
        "CodeSha256": hashlib.sha256(archive).hexdigest(),
        "Environment": {"Variables": {"TABLE": "profiles"}},
        **changes,
    }
    return {"config": config, "code_zip": archive}


def test_a_zip_function_runs_with_its_layers_role_and_variables(executor):
    body = executor.execute(record(), {}, "1")["body"]
    assert body["answer"] == 42
    assert body["key"] == "key-of-reader"
    assert body["table"] == "profiles"
    assert body["endpoint"] == "http://127.0.0.1:4566"
    assert body["arn"] == f"{ARN}:live"


def test_each_event_has_a_trace_of_its_own_that_nobody_follows(executor):
    traces = [executor.execute(record(), {}, f"r-{n}")["body"]["trace"] for n in range(2)]
    assert all(re.fullmatch(TRACE, trace) for trace in traces)
    assert traces[0] != traces[1]


def test_its_log_reads_as_lambdas_does(executor):
    lines = executor.execute(record(), {}, "id-1")["log"].splitlines()
    assert lines[0] == "START RequestId: id-1 Version: 1"
    assert "one line" in lines
    assert lines[-2] == "END RequestId: id-1"
    assert lines[-1].startswith("REPORT RequestId: id-1\tDuration:")
    assert "Init Duration" in lines[-1]


def test_metrics_in_the_log_and_lambdas_own_are_published(executor, published):
    executor.execute(record(), {}, "1")
    executor.execute(record(), {"fail": 1}, "2")
    scored = [item for item in published if item.namespace == "CreditScoring"]
    assert [(m.name, m.value, m.dimensions) for m in scored] == [("Scored", 2, {"service": "api"})]
    errors = [item.value for item in published if item.name == "Errors"]
    assert errors == [0, 1]
    assert all(i.dimensions for i in published)


def test_an_error_is_marked_as_the_emulator_expects(executor):
    result = executor.execute(record(), {"fail": 1}, "1")
    assert result["error"]
    assert result["function_error"] == "Unhandled"
    assert result["body"]["errorType"] == "ValueError"


def test_new_code_or_configuration_replaces_the_workers(executor):
    executor.execute(record(), {}, "1")
    changed = record(Environment={"Variables": {"TABLE": "other"}})
    assert executor.execute(changed, {}, "2")["body"]["table"] == "other"
    newer = record(HANDLER.replace("answer, ", "0, "))
    assert executor.execute(newer, {}, "3")["body"]["answer"] == 0


def test_a_snapshot_imports_before_the_first_event(executor):
    executor.warm(record())
    log = executor.execute(record(), {}, "1")["log"]
    assert "Init Duration" not in log


def test_an_image_function_runs_from_its_build_context(executor, tmp_path):
    context = tmp_path / "images" / "abc"
    context.mkdir(parents=True)
    (context / "shipped.py").write_text("answer = 7")
    (context / "app.py").write_text(HANDLER)
    (context / "Dockerfile").write_text('FROM x\nENV DO_NOT_TRACK=1\nCMD ["app.handler"]\n')
    image = record(PackageType="Image", ImageUri="registry/repo:abc", Handler="", Runtime="")
    body = executor.execute({**image, "code_zip": None}, {}, "1")["body"]
    assert (body["answer"], body["private"]) == (7, "1")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"Runtime": "nodejs22.x"}, "only Python 3.13 functions run"),
        ({"PackageType": "Image", "ImageUri": "registry/repo:gone"}, "container image of score"),
    ],
)
def test_a_function_that_cannot_run_here_says_why(executor, changes, words):
    result = executor.execute(record(**changes), {}, "1")
    assert result["error"]
    assert words in result["body"]["errorMessage"]


def test_an_event_above_lambdas_limit_is_never_run(executor):
    body = "x" * REQUEST_LIMIT
    answer = executor.execute(record(), {"requestContext": {}, "body": body}, "1")
    assert answer["body"]["statusCode"] == 413
    assert json.loads(answer["body"]["body"]) == {"message": "Request Too Long"}
    assert executor.execute(record(), {"body": body}, "2")["error"]
