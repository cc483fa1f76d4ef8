"""What only AWS itself asks of a role, so that nothing here can miss it: by name, each with why.

As few as possible. Whatever stands here is not proven.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from infra.local.permissions.granted import Permission


@dataclass(frozen=True)
class Unasked:
    """role : "" for all; actions : beginnings; place : its beginning, "" for any"""

    role: str
    actions: tuple[str, ...]
    why: str
    place: str = ""

    def names(self, permission: Permission) -> bool:
        return (
            self.role in ("", permission.role)
            and permission.action.startswith(self.actions)
            and permission.place.startswith(self.place)
        )


UNASKED: Final = (
    Unasked("", ("xray:",), "nothing here takes traces"),
    Unasked(
        "BatchBigFiles",
        ("logs:",),
        "Step Functions sets up the delivery of its own log with them; the emulator writes none",
    ),
    Unasked(
        "BatchBigFiles",
        ("states:DescribeExecution", "states:StopExecution", "states:RedriveExecution"),
        "Step Functions follows, stops and redrives a map's children with them; "
        "the emulator's are threads of the map's own",
    ),
    Unasked(
        "Records",
        ("s3:AbortMultipartUpload", "logs:"),
        "the emulator's stream writes each record whole, and no log",
    ),
    Unasked(
        "Records",
        ("s3:PutObject",),
        "the emulator's stream has no records that it gives up on",
        place="StorageResults/records/undelivered/",
    ),
    Unasked("Releases", ("",), "CodeDeploy, whose role it is, is refused by the emulator"),
)


def why_unasked(permission: Permission) -> str:
    """Empty for what is asked."""
    return next((each.why for each in UNASKED if each.names(permission)), "")
