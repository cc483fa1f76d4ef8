"""Where in ministack the functions are that are patched here."""

from importlib import import_module
from typing import Any, Final

LAMBDA: Final = "ministack.services.lambda_svc"
S3: Final = "ministack.services.s3"
ACTIONS: Final = "ministack.core.iam_actions"
STATES: Final = "ministack.services.stepfunctions"


def load(name: str) -> Any:
    """Untyped: what is patched there is nobody's public interface."""
    return import_module(name)
