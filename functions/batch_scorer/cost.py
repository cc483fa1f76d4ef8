"""What a batch costs, estimated from what it did.

Prices in dollars, on demand, us-east-1, November 2025; other regions ask up to a sixth more.
Sources: aws.amazon.com/lambda/pricing, /s3/pricing, /dynamodb/pricing/on-demand,
/step-functions/pricing.
"""

from dataclasses import dataclass

LAMBDA_GB_SECOND = 0.0000133334  # arm64
LAMBDA_REQUEST = 0.20 / 1e6
S3_PUT, S3_GET = 0.005 / 1e3, 0.0004 / 1e3
DYNAMODB_WRITE_UNIT, DYNAMODB_READ_UNIT = 0.625 / 1e6, 0.125 / 1e6
STATE_TRANSITION = 0.025 / 1e3

# A chunk is read once, and looked for, kept and read again as a part; its record is kept.
_PUTS_A_CHUNK, _GETS_A_CHUNK = 2, 3
_PUTS_A_FILE, _GETS_A_FILE = 6, 8
_TRANSITIONS_A_CHUNK = 3


@dataclass(frozen=True)
class BatchWork:
    """What a batch did.

    seconds : of invocations of `memory_mb`; profiles : read; write_units : of DynamoDB
    by_machine : whether a state machine drove it
    """

    seconds: float
    memory_mb: int
    chunks: int
    profiles: int
    write_units: int
    by_machine: bool


def estimate(work: BatchWork) -> dict[str, float]:
    """Dollars by service, and their sum."""
    calls = work.chunks + 2 if work.by_machine else 1
    gb_seconds = work.seconds * work.memory_mb / 1024
    transitions = _TRANSITIONS_A_CHUNK * work.chunks if work.by_machine else 0
    dollars = {
        "lambda": gb_seconds * LAMBDA_GB_SECOND + calls * LAMBDA_REQUEST,
        "s3": (_PUTS_A_FILE + _PUTS_A_CHUNK * work.chunks) * S3_PUT
        + (_GETS_A_FILE + _GETS_A_CHUNK * work.chunks) * S3_GET,
        # Eventually consistent, half a unit for up to 4 KB.
        "dynamodb": work.write_units * DYNAMODB_WRITE_UNIT + work.profiles / 2 * DYNAMODB_READ_UNIT,
        "step_functions": transitions * STATE_TRANSITION,
    }
    named = {name: round(value, 9) for name, value in dollars.items()}
    return {"dollars": round(sum(dollars.values()), 9), **named}
