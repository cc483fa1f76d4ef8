"""Where the system runs: in dev all goes with the stack, in prod what is kept outlives it."""

from typing import Final

ENVIRONMENTS: Final = ("dev", "prod")
APPLICATION: Final = "CreditScoring"


def name_stack(environment: str) -> str:
    """Both may stand in one account."""
    return f"{APPLICATION}-{environment}"
