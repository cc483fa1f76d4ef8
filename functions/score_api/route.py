"""A route as it is declared: who may call it, what answers, and how it is described.

From the routes are made the dispatch in `app`, the gateway's routes in the stack, and the OpenAPI
document; nothing else names them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any

from aws_lambda_powertools.event_handler import Response

from functions.score_api.access import Rule
from functions.score_api.request import Request

# The second is what its function works with: Service, or OperatorService.
Handler = Callable[[Request, Any], Response[str]]
Content = dict[str, Any]

_PART = re.compile(r"\{(\w+)(\+?)\}")


@dataclass(frozen=True)
class Route:
    """One route.

    key : method and path as the gateway names it, such as GET /applicants/{id}; a part that ends
        in + may hold slashes
    rule : who may call it, None where anybody may
    handler : answers a request
    operation : its OpenAPI operation
    part : describes the variable part of its path, where it has one
    """

    key: str
    rule: Rule | None
    handler: Handler
    operation: Callable[[], Content]
    part: Callable[[], Content] | None = None

    @property
    def method(self) -> str:
        return self.key.split()[0]

    @property
    def path(self) -> str:
        return self.key.split()[1]

    @property
    def names_applicant(self) -> bool:
        """Whether who asks is kept, with whom they asked for."""
        return self.path.startswith("/applicants/{id}")

    @property
    def described_path(self) -> str:
        """The path as OpenAPI writes it."""
        return self.path.replace("+}", "}")

    @property
    def pattern(self) -> str:
        """The path as the resolver reads it; its own patterns hold no slash."""
        return _PART.sub(lambda part: ".+" if part[2] else f"<{part[1]}>", self.path)

    @cached_property
    def _shape(self) -> re.Pattern[str]:
        pieces = _PART.split(self.path)
        text = re.escape(pieces[0])
        for plus, after in zip(pieces[2::3], pieces[3::3], strict=True):
            text += (".+" if plus else "[^/]+") + re.escape(after)
        return re.compile(text)

    def matches(self, path: str) -> bool:
        return self._shape.fullmatch(path) is not None


def deferred(module: str, name: str) -> Callable[..., Any]:
    """A function of a module that no single score needs, imported when it is first called.

    Every module costs each cold start its time.
    """

    def call(*given: Any) -> Any:
        return getattr(import_module(module), name)(*given)

    return call
