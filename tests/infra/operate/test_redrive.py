"""What redrive leaves alone; that it finishes what failed is tried on the emulator."""

import json

import pytest
from moto import mock_aws

from functions.score_api.routes.given_up.failed_events import read_failed_events, release
from functions.score_api.routes.given_up.failed_executions import list_failed_executions
from infra.access import Access
from infra.operate import redrive

ACCESS = Access(region="us-east-1", access_key="testing", secret_key="testing")
DEFINITION = json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}})
ROLE = "arn:aws:iam::123456789012:role/states"


@pytest.fixture
def aws(monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield


@pytest.fixture
def queue(aws):
    return ACCESS.client("sqs").create_queue(QueueName="failures")["QueueUrl"]


@pytest.fixture
def machine(aws):
    client = ACCESS.client("stepfunctions")
    made = client.create_state_machine(name="m", definition=DEFINITION, roleArn=ROLE)
    return made["stateMachineArn"]


@pytest.mark.parametrize("body", ["no JSON", "[]", '"text"', "{}", '{"Records": []}'])
def test_a_message_that_lambda_did_not_leave_stays_and_is_told(queue, body, capsys) -> None:
    ACCESS.client("sqs").send_message(QueueUrl=queue, MessageBody=body)
    outputs = {"BatchFailuresQueueUrl": queue, "BatchScorerFunction": "batch"}
    assert redrive.redrive_events(outputs, ACCESS, dry_run=False) == 1
    assert "left in the queue: it holds no event of the function" in capsys.readouterr().out
    assert len(list(read_failed_events(queue, ACCESS))) == 1


def test_every_message_is_read_once_though_they_come_in_tens(queue) -> None:
    body = {"requestPayload": {"Records": []}, "responsePayload": {"errorType": "OutOfTime"}}
    for number in range(23):
        message = json.dumps(body | {"number": number})
        ACCESS.client("sqs").send_message(QueueUrl=queue, MessageBody=message)
    events = list(read_failed_events(queue, ACCESS))
    assert len({event.message_id for event in events}) == len(events) == 23
    release(events, queue=queue, clients=ACCESS)
    assert len(list(read_failed_events(queue, ACCESS))) == 23


def test_an_upload_whose_newest_attempt_runs_is_left_alone(machine) -> None:
    client = ACCESS.client("stepfunctions")

    def start(name):
        return client.start_execution(stateMachineArn=machine, name=name)["executionArn"]

    client.stop_execution(executionArn=start("abc"))
    client.stop_execution(executionArn=start("other"))
    [first, second] = list_failed_executions(machine, ACCESS)
    assert (first.digest, first.next_name, second.digest) == ("abc", "abc-r1", "other")
    start("abc-r1")
    assert [item.digest for item in list_failed_executions(machine, ACCESS)] == ["other"]


def test_the_tenth_attempt_follows_the_ninth(machine) -> None:
    client = ACCESS.client("stepfunctions")
    for name in ("abc", "abc-r9", "abc-r10"):
        arn = client.start_execution(stateMachineArn=machine, name=name)["executionArn"]
        client.stop_execution(executionArn=arn)
    [newest] = list_failed_executions(machine, ACCESS)
    assert newest.next_name == "abc-r11"


def test_outputs_that_are_not_there_are_one_sentence(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setattr("sys.argv", ["redrive", "--outputs", str(tmp_path / "gone.json")])
    assert redrive.main() == 1
    assert capsys.readouterr().err.startswith("infra.operate.redrive: ")
