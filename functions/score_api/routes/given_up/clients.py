"""What both the function and the command line hand over: something that makes clients of AWS."""

from typing import Any, Protocol


class Clients(Protocol):
    def client(self, service: str) -> Any:
        """Of one service, by botocore's name of it."""
