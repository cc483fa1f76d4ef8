"""Publish the same code once more and move the alias to it.

Lambda makes a snapshot when a version is published, and publishes one only if something changed
since the last: so the description of the function names the pointer that was written. Nothing but
the description ever changes here. A release that is under way is waited for: its code is not to
come past its own small doses.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

# AWS makes a snapshot in one to some minutes.
SECONDS_BETWEEN_LOOKS = 5.0
# Of a pointer's ETag, enough to tell promotions apart.
TAG_LENGTH = 12
# What makes two versions the same code: all that may differ is which champion they loaded.
SAME = ("CodeSha256", "Handler", "Layers", "Environment", "MemorySize", "Timeout", "Role")

Record = Mapping[str, Any]


class RenewalFailed(RuntimeError):
    """There is no new snapshot; the alias is where it was."""


def renew(lambda_: Any, *, function: str, alias: str, tag: str, seconds: float) -> str:
    """Returns the version that the alias is on, published after the pointer `tag` was written.

    Raises RenewalFailed when a release or a snapshot takes longer than `seconds`.
    """
    description = f"Champion {tag.strip(chr(34))[:TAG_LENGTH]}"
    with _deadline(seconds) as wait:
        before = wait(lambda: _settled(lambda_, function, alias), "a release is under way")
        if before.get("Description") == description:  # the same event once more
            return str(before["Version"])
        made = _publish(lambda_, function, description, wait)
        if not _is_same(before, made):
            raise RenewalFailed("A release began meanwhile: its version will hold the champion.")
        named = {"FunctionName": function, "Qualifier": made["Version"]}
        wait(lambda: _active(lambda_.get_function_configuration(**named)), "no snapshot yet")
    # Not over a release that began meanwhile: AWS refuses an alias that is another by now.
    lambda_.update_alias(
        FunctionName=function,
        Name=alias,
        FunctionVersion=made["Version"],
        RevisionId=before["AliasRevision"],
    )
    return str(made["Version"])


def _publish(lambda_: Any, function: str, description: str, wait: "Wait") -> Record:
    latest = lambda_.get_function_configuration(FunctionName=function)
    if latest.get("Description") != description:
        lambda_.update_function_configuration(FunctionName=function, Description=description)
    wait(
        lambda: _updated(lambda_.get_function_configuration(FunctionName=function)),
        "the description is not changed yet",
    )
    made: Record = lambda_.publish_version(FunctionName=function)
    return made


def _settled(lambda_: Any, function: str, alias: str) -> Record | None:
    """The version that the alias is on, where it is all that serves and the newest code."""
    found = lambda_.get_alias(FunctionName=function, Name=alias)
    if (found.get("RoutingConfig") or {}).get("AdditionalVersionWeights"):
        return None
    version = found["FunctionVersion"]
    serving = lambda_.get_function_configuration(FunctionName=function, Qualifier=version)
    latest = lambda_.get_function_configuration(FunctionName=function)
    if not _is_same(serving, latest) or _updated(latest) is None:
        return None
    return {**serving, "AliasRevision": found["RevisionId"]}


def _is_same(one: Record, other: Record) -> bool:
    return all(_plain(one.get(name)) == _plain(other.get(name)) for name in SAME)


def _plain(value: object) -> object:
    """Layers by their ARN: sizes are told or not."""
    return [each["Arn"] for each in value] if isinstance(value, list) else value


def _updated(configuration: Record) -> Record | None:
    return configuration if configuration.get("LastUpdateStatus") != "InProgress" else None


def _active(configuration: Record) -> Record | None:
    if configuration.get("State") == "Failed":
        raise RenewalFailed(f"No snapshot: {configuration.get('StateReason')}")
    return configuration if configuration.get("State", "Active") == "Active" else None


Wait = Callable[[Callable[[], Record | None], str], Record]


@contextmanager
def _deadline(seconds: float) -> Iterator[Wait]:
    """What asks again until something is there, with one end for all."""
    end = time.monotonic() + seconds

    def wait(look: Callable[[], Record | None], why: str) -> Record:
        while (found := look()) is None:
            if time.monotonic() + SECONDS_BETWEEN_LOOKS > end:
                raise RenewalFailed(f"Given up after {seconds:.0f} s: {why}.")
            time.sleep(SECONDS_BETWEEN_LOOKS)
        return found

    yield wait
