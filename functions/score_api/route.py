"""A route as it is declared: who may call it, what answers, and how it is described.

From the routes are made the dispatch in `app`, the gateway's routes in the stack, and the OpenAPI
document; nothing else names them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from functions.score_api.access import Rule
from functions.score_api.http.responses import Response
from functions.score_api.request import Request

# The second is what its function works with: Service, or OperatorService.
Handler = Callable[[Request, Any], Response]
Content = dict[str, Any]

_PART = re.compile(r"\{(\w+)(\+?)\}")
# What a part may hold: what RFC 3986 lets stand there, and of the rest what the gateway decodes.
_CHARACTERS = r"[\w\-._~()'!*:@,;=+&$%<> \[\]{}|^]+"


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
    def is_open(self) -> bool:
        """Whether its path has parts that vary."""
        return "{" in self.path

    def read(self, path: str) -> dict[str, str] | None:
        """The parts of a path by name, but for one that may hold slashes; None: another route's."""
        found = _shape(self.path, part=_CHARACTERS).fullmatch(path)
        return found and found.groupdict()

    def matches(self, path: str) -> bool:
        return _shape(self.path, part="[^/]+").fullmatch(path) is not None


@cache
def _shape(path: str, *, part: str) -> re.Pattern[str]:
    """Of the paths of one route; compiled when first looked at: a score's has no parts."""
    first, *rest = _PART.split(path)
    text = re.escape(first)
    for name, plus, after in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        text += (".+" if plus else f"(?P<{name}>{part})") + re.escape(after)
    return re.compile(text)


def deferred(module: str, name: str) -> Callable[..., Any]:
    """A function of a module that no single score needs, imported when it is first called.

    Every module costs each cold start its time.
    """

    def call(*given: Any) -> Any:
        return getattr(import_module(module), name)(*given)

    return call
