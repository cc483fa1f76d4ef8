"""One request as a route sees it: what was sent, by whom, and what is noted of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from functions.score_api.access import Caller
from functions.score_api.http.outcomes import Outcome


@dataclass(frozen=True)
class Request:
    """What a route reads.

    path : as sent, without the prefix; parts : of the path, by the names in the route
    query : parameters, of which a route gets only those that it declares
    headers : by names in small letters
    body : text as the gateway hands it over; is_base64 : whether it is bytes in base64
    sender : None where the route is open to anybody
    outcome : what is told of this request to operators
    """

    path: str
    parts: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: str
    is_base64: bool
    sender: Caller | None
    outcome: Outcome

    @property
    def caller(self) -> Caller:
        """Who sent it; only routes with a rule may ask."""
        assert self.sender is not None
        return self.sender
