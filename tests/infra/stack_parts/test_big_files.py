"""The state machine of big files: what it calls, what it retries, what it keeps to itself."""

import json

import pytest

from infra.stack_parts.big_files_definition import define_big_files

ARN = "arn:aws:lambda:eu-west-3:000000000000:function:f:live"


@pytest.fixture
def machine(template):
    return template.one("AWS::StepFunctions::StateMachine")


@pytest.fixture
def states(machine):
    """The states as deployed, the function's alias filled in."""
    _, parts = machine["DefinitionString"]["Fn::Join"]
    text = "".join(part if isinstance(part, str) else ARN for part in parts)
    return json.loads(text)["States"]


def test_the_template_holds_the_definition_for_the_alias(machine, template) -> None:
    _, parts = machine["DefinitionString"]["Fn::Join"]
    named = [part for part in parts if not isinstance(part, str)]
    assert named == [{"Ref": template.id_of("AWS::Lambda::Alias", "Batch")}] * 2
    text = "".join(part if isinstance(part, str) else ARN for part in parts)
    assert json.loads(text) == define_big_files(ARN, concurrency=5)


def test_each_chunk_is_one_child_execution_and_none_may_fail(states) -> None:
    chunks = states["ScoreChunks"]
    assert chunks["ItemProcessor"]["ProcessorConfig"] == {
        "Mode": "DISTRIBUTED",
        "ExecutionType": "STANDARD",
    }
    assert (chunks["ItemsPath"], chunks["ToleratedFailurePercentage"]) == ("$.chunks", 0)
    assert chunks["ItemSelector"] == {
        "step": "score_chunk",
        "digest.$": "$.digest",
        "upload.$": "$.upload",
        "chunk.$": "$$.Map.Item.Value",
    }
    assert chunks["Next"] == "Finish"


def test_the_concurrency_is_a_setting() -> None:
    assert define_big_files(ARN, concurrency=7)["States"]["ScoreChunks"]["MaxConcurrency"] == 7


def test_no_output_of_a_chunk_is_collected(states) -> None:
    chunk = states["ScoreChunks"]["ItemProcessor"]["States"]["ScoreChunk"]
    for state in (chunk, states["Finish"]):
        assert state["ResultPath"] is None
        assert state["OutputPath"] is None
    assert states["ScoreChunks"]["ResultPath"] is None


def test_every_call_is_retried_with_growing_pauses_and_nothing_is_caught(states) -> None:
    chunk = states["ScoreChunks"]["ItemProcessor"]["States"]["ScoreChunk"]
    for state in (chunk, states["Finish"]):
        assert "Catch" not in state
        assert state["Retry"][-1]["ErrorEquals"] == ["States.ALL"]
        for retrier in state["Retry"]:
            assert (retrier["BackoffRate"], retrier["JitterStrategy"]) == (2, "FULL")


def test_a_call_may_take_longer_than_the_function(states, template) -> None:
    limit = template.one("AWS::Lambda::Function", "Batch")["Timeout"]
    assert states["Finish"]["TimeoutSeconds"] > limit


def test_logs_and_traces_are_on_and_hold_no_file_name(machine) -> None:
    logging = machine["LoggingConfiguration"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ALL", False)
    assert machine["TracingConfiguration"] == {"Enabled": True}


def test_the_function_knows_the_machine_by_a_name_that_needs_no_machine(machine, template) -> None:
    variables = template.one("AWS::Lambda::Function", "Batch")["Environment"]["Variables"]
    arn = variables["STATE_MACHINE_ARN"]["Fn::Join"][1]
    assert arn[-3:] == [":stateMachine:", *machine["StateMachineName"]["Fn::Join"][1]]
    assert (variables["EVENT_BUS"], variables["DEFAULT_LANGUAGE"]) == ("default", "fr")


def test_the_end_of_a_batch_is_told_with_its_counts(template) -> None:
    rule = template.one("AWS::Events::Rule", "BatchNotices")
    assert rule["EventPattern"] == {
        "source": ["credit-scoring"],
        "detail-type": ["Batch finished", "Batch failed"],
    }
    [target] = rule["Targets"]
    assert target["Arn"] == {"Ref": template.id_of("AWS::SNS::Topic", "Batch")}
    told = set(target["InputTransformer"]["InputPathsMap"].values())
    assert {f"$.detail.{name}" for name in ("branch", "rows", "scored", "rejected")} <= told
