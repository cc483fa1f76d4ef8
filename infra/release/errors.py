"""What stops a release; each message says what to do."""


class ReleaseStopped(Exception):
    """Nothing more is done; what was done before stays."""


class NotConfirmed(ReleaseStopped):
    def __init__(self, environment: str) -> None:
        super().__init__(f"Nothing was changed in {environment}.")


class CommandFailed(ReleaseStopped):
    def __init__(self, command: str, code: int) -> None:
        super().__init__(f"`{command}` ended with {code}; its own words are above.")


class NotReady(ReleaseStopped):
    """Something on this machine or in the settings is missing."""


class SmokeFailed(ReleaseStopped):
    def __init__(self, wrong: list[str]) -> None:
        super().__init__(
            "The stack is deployed but does not answer as it must: " + "; ".join(wrong)
        )


class DataKept(ReleaseStopped):
    def __init__(self, environment: str) -> None:
        super().__init__(
            f"{environment} keeps its data: only dev is destroyed by a command. "
            "docs/deployment.md tells how prod is taken down by hand."
        )
