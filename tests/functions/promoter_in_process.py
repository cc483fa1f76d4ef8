"""The real promoter behind the operators' API, without Lambda in between."""

import io
import json
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from credit_scoring.aws.clients import client


@dataclass
class Context:
    function_name = "model-promoter"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:eu-west-3:123456789012:function:model-promoter:live"
    aws_request_id = "52fdfc07-2182-154f-163f-5f0f9a621d72"


class Invoker:
    """Botocore's client of Lambda, as far as the API needs it; `alias` is the only function."""

    def __init__(self, alias: str) -> None:
        self._alias = alias

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:
        assert FunctionName == self._alias
        answer = import_module("functions.model_promoter.handler").handler(
            json.loads(Payload), Context()
        )
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


def clients_with(invoker: Invoker) -> Any:
    """What stands for `client` in the API's module."""
    return lambda service: invoker if service == "lambda" else client(service)
