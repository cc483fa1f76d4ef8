"""Where the system runs: in dev all goes with the stack, in prod what is kept outlives it."""

from typing import Final

ENVIRONMENTS: Final = ("dev", "prod")
APPLICATION: Final = "CreditScoring"
# What the stack before it tells: the ARN of its web ACL.
WEB_ACL_OUTPUT: Final = "WebAclArn"


def name_stack(environment: str) -> str:
    """Both may stand in one account."""
    return f"{APPLICATION}-{environment}"


def name_edge_stack(environment: str) -> str:
    """What stands before it, in a region of its own."""
    return f"{name_stack(environment)}-edge"
