"""What can stop the local cloud. Every message is one sentence that says what to do.

LocalCloudFailed
├── IncompatibleEmulator   the installed ministack is another one
├── EnvironmentFailed      uv could not make a virtual environment
├── FunctionCannotRun      a function that no local environment can run
├── ResourceStillNeeded    a resource that stays needs one that the emulator refuses
├── DeployFailed           the stack could not be created or updated
├── FolderTaken            another emulator keeps its state there
├── PortTaken              something else listens there
├── ToolMissing            node, npm or uv is not installed
├── DiskFull               too little room for what a demo builds
├── StepFailed             a step of the demo did not reach its goal
└── StackMisbehaves        a deployed stack answered what it should not, or nothing
"""

from __future__ import annotations


class LocalCloudFailed(Exception):
    """The local cloud cannot go on."""


class IncompatibleEmulator(LocalCloudFailed):
    """The installed ministack is not the one this project was written for."""


class EnvironmentFailed(LocalCloudFailed):
    """An environment could not be made."""


class FunctionCannotRun(LocalCloudFailed):
    """A function that no local environment can run."""


class ResourceStillNeeded(LocalCloudFailed):
    """A resource that stays refers to one that the emulator refuses."""

    def __init__(self, *, name: str, needed: str, kind: str) -> None:
        super().__init__(f"{name} refers to {needed} ({kind}), which the local cloud refuses.")


class DeployFailed(LocalCloudFailed):
    """The stack could not be created or updated; the message names the resource."""


class FolderTaken(LocalCloudFailed):
    def __init__(self, folder: str) -> None:
        super().__init__(f"{folder} is used by another local cloud: end that one first.")


class PortTaken(LocalCloudFailed):
    def __init__(self, port: int, *, option: str) -> None:
        super().__init__(f"Port {port} is taken: choose another one with {option}.")


class ToolMissing(LocalCloudFailed):
    def __init__(self, tool: str, *, advice: str) -> None:
        super().__init__(f"{tool} was not found: {advice}.")


class DiskFull(LocalCloudFailed):
    def __init__(self, *, folder: str, free: int, needed: int) -> None:
        super().__init__(
            f"{folder} has {free / 1e9:.1f} GB left and {needed / 1e9:.1f} GB are needed: "
            "free some space or choose another folder."
        )


class StepFailed(LocalCloudFailed):
    """A step of the demo did not reach its goal."""

    def __init__(self, step: str, why: str) -> None:
        super().__init__(f"{step} failed: {why}.")


class StackMisbehaves(LocalCloudFailed):
    """A deployed stack answered what it should not, or nothing in time."""
