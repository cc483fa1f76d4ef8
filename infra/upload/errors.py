"""What can stop an upload. Every message is one sentence that says what to do.

UploadFailed
├── FileUnfit          it cannot be sent: missing, empty, too large, no file of applications
├── ServiceUnreachable nothing answers there
├── LoginRefused       name or password are wrong, or the account may not log in like this
├── ServiceRefused     the service or the storage said no
└── StillRunning       it takes longer than somebody wants to wait
"""


class UploadFailed(Exception):
    """The file was not scored, or nobody knows yet."""


class FileUnfit(UploadFailed):
    """It cannot be sent as it is."""


class ServiceUnreachable(UploadFailed):
    def __init__(self, address: str, *, why: str = "nothing answers there") -> None:
        super().__init__(
            f"{address}: {why}. Is the service running? `make demo` starts one on this machine."
        )


class LoginRefused(UploadFailed):
    """The account was not let in."""


class ServiceRefused(UploadFailed):
    """An answer that is not what was asked for; its own words are in the message."""


class StillRunning(UploadFailed):
    def __init__(self, batch: str, *, minutes: float) -> None:
        super().__init__(
            f"{batch} made no progress for {minutes:.0f} minutes. The service keeps the file and "
            "goes on by itself: look at its result later."
        )
