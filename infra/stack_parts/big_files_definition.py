"""What the state machine of big files does, in the Amazon States Language.

{digest, upload, chunks} -> score_chunk for each number in `chunks`, side by side -> finish.

Items are chunk numbers and every output is thrown away: what a chunk made lies under work/, and
inputs and outputs may have 262,144 bytes each, a map's collected outputs included. No failure is
tolerated, and none is caught: only an execution that failed can be redriven.
"""

from typing import Any, Final

CHUNKS: Final = "ScoreChunks"
# Lambda did not run the call, or broke off: nothing is known against the chunk.
TRANSIENT: Final = (
    "Lambda.TooManyRequestsException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.ClientExecutionTimeoutException",
)
State = dict[str, Any]


def define_big_files(function_arn: str, *, concurrency: int) -> State:
    return {
        "Comment": "Score a big file: every chunk, then put the results together",
        "TimeoutSeconds": 7 * 24 * 3600,
        "StartAt": CHUNKS,
        "States": {
            CHUNKS: score_chunks(function_arn, concurrency) | {"Next": "Finish"},
            "Finish": call(function_arn, step("finish")) | {"End": True},
        },
    }


def score_chunks(function_arn: str, concurrency: int) -> State:
    return {
        "Type": "Map",
        "Label": CHUNKS,
        "ItemsPath": "$.chunks",
        "ItemSelector": {**step("score_chunk"), "chunk.$": "$$.Map.Item.Value"},
        "MaxConcurrency": concurrency,
        "ToleratedFailurePercentage": 0,
        "ItemProcessor": {
            # An express child ends after five minutes, a chunk need not.
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "ScoreChunk",
            "States": {"ScoreChunk": call(function_arn, "$") | {"End": True}},
        },
        "ResultPath": None,
    }


def step(name: str) -> State:
    """What the batch function is told: which step, of which upload."""
    return {"step": name, "digest.$": "$.digest", "upload.$": "$.upload"}


def call(function_arn: str, payload: State | str) -> State:
    """Call the batch function, again while that may help; the output is {}."""
    given = {"Payload.$": payload} if isinstance(payload, str) else {"Payload": payload}
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": function_arn, **given},
        # Longer than the function's own 15 minutes, so that its time-out is what is reported.
        "TimeoutSeconds": 960,
        "Retry": [
            retry(TRANSIENT, attempts=10, first=2, longest=300),
            # Storage without an answer, a time-out, a killed process: what was written stays.
            retry(("States.ALL",), attempts=4, first=5, longest=120),
        ],
        "ResultPath": None,
        "OutputPath": None,
    }


def retry(errors: tuple[str, ...], *, attempts: int, first: int, longest: int) -> State:
    """Twice as long from one attempt to the next, in seconds; chance keeps chunks apart."""
    return {
        "ErrorEquals": list(errors),
        "MaxAttempts": attempts,
        "IntervalSeconds": first,
        "BackoffRate": 2,
        "MaxDelaySeconds": longest,
        "JitterStrategy": "FULL",
    }
