"""HTTP to AWS: connections that are kept, and tries that are repeated within a time limit.

Repeats wait for a random time ("full jitter"), so that many who were refused together do not come
back together. Source: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
"""

import os
import random
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from importlib.util import find_spec
from math import inf
from typing import Any
from urllib.parse import SplitResult

ATTEMPTS = 4
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0  # seconds, before chance shortens them
# Between two tries of what a busy table left over, likewise: many write to it, and go on doing so.
FIRST_WAIT, LONGEST_WAIT = 0.2, 20.0
# A connection that rested longer may be gone: the other side closed it, or Lambda was frozen.
SECONDS_KEPT = 10.0
BUSY = {
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "SlowDown",
    "ThrottlingException",
    "Throttling",
}
TRANSIENT = BUSY | {
    # Another write of the same key is under way: nothing is known yet of what will be there.
    "ConditionalRequestConflict",
    "InternalError",
    "InternalFailure",
    "InternalServerError",
    "RequestTimeout",
    "ServiceUnavailable",
}

# SnapStart starts many processes with one state of `random`; the system's is each one's own.
_chance = random.SystemRandom()
_end: ContextVar[float] = ContextVar("end", default=inf)


class CallFailed(Exception):
    """AWS said no, or nothing.

    code : in AWS's words, or the kind of interruption; status : 0 when there was no answer
    """

    def __init__(self, code: str, status: int = 0) -> None:
        self.code, self.status = code, status
        super().__init__(code)

    @property
    def is_transient(self) -> bool:
        return is_transient(self.code, self.status) or not self.status


def is_transient(code: str, status: int) -> bool:
    return code in TRANSIENT or status >= 500 or status == 429


@dataclass(frozen=True)
class Timeouts:
    """Seconds: to connect, between two signs of life, and until no further try begins."""

    connect: float
    read: float
    total: float


@dataclass(frozen=True)
class HttpResponse:
    """headers : by their names in lower case"""

    status: int
    headers: Mapping[str, str]
    body: bytes


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """All calls of this thread inside together: past the limit none is tried again, or waits."""
    token = _end.set(min(_end.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _end.reset(token)


def within_limit[Given, Found](
    function: Callable[[Given], Found],
) -> Callable[[Given], Found]:
    """The same for another thread, which would not know of this one's limit."""

    def call(given: Given) -> Found:
        return context.copy().run(function, given)

    context = copy_context()
    return call


class Patience:
    """How long a busy table is asked again: `seconds`, or as long as the limit lasts.

    Each pause may be twice as long as the one before, and chance shortens it.
    """

    def __init__(self, seconds: float) -> None:
        self._end = min(_end.get(), time.monotonic() + seconds)
        self._longest = FIRST_WAIT

    def rest(self, *, progress: bool) -> bool:
        """Wait; False, at once, when there is no time left. After progress, not for long."""
        self._longest = FIRST_WAIT if progress else min(LONGEST_WAIT, self._longest * 2)
        pause = _chance.uniform(0, self._longest)
        if time.monotonic() + pause >= self._end:
            return False
        time.sleep(pause)
        return True


def call_with_retries(
    attempt: Callable[[Timeouts], HttpResponse], timeouts: Timeouts
) -> HttpResponse:
    """The first answer; raises CallFailed for the last try, or for one that no other can mend."""
    end = min(_end.get(), time.monotonic() + timeouts.total)
    for number in range(1, ATTEMPTS):
        try:
            return attempt(_rest(timeouts, end))
        except CallFailed as failure:
            pause = _chance.uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2**number))
            if not failure.is_transient or time.monotonic() + pause >= end:
                raise
        time.sleep(pause)
    return attempt(_rest(timeouts, end))


def _rest(timeouts: Timeouts, end: float) -> Timeouts:
    left = max(0.01, end - time.monotonic())
    return Timeouts(min(timeouts.connect, left), min(timeouts.read, left), left)


# Method, target, body, headers: as http.client takes them.
type Sent = tuple[str, str, bytes, Mapping[str, str]]


class Connections:
    """Connections by address, each for one thread at a time.

    around_call : what to do around each exchange with a service, such as tracing it
    """

    def __init__(self) -> None:
        self._idle: dict[str, list[tuple[float, HTTPConnection]]] = {}
        self.around_call: Callable[[str], AbstractContextManager[Any]] = nullcontext

    def exchange(
        self, base: SplitResult, service: str, sent: Sent, timeouts: Timeouts
    ) -> HttpResponse:
        """Any status is an answer. Raises CallFailed when the connection fails or breaks off."""
        try:
            with self.around_call(service):
                if kept := self._take(base):
                    with suppress(ConnectionError):  # it was gone, and those that rested with it
                        return self._round_trip(kept, base, sent, timeouts)
                    self._idle.pop(base.geturl(), None)
                return self._round_trip(_connect(base, timeouts), base, sent, timeouts)
        except (OSError, HTTPException) as interruption:
            raise CallFailed(type(interruption).__name__) from interruption

    def _take(self, base: SplitResult) -> HTTPConnection | None:
        resting = self._idle.get(base.geturl(), [])
        with suppress(IndexError):  # none is left
            while True:
                since, connection = resting.pop()
                # By the wall clock: the other may stand still while Lambda is frozen.
                if 0 <= time.time() - since < SECONDS_KEPT:
                    return connection
                connection.close()
        return None

    def _round_trip(
        self, connection: HTTPConnection, base: SplitResult, sent: Sent, timeouts: Timeouts
    ) -> HttpResponse:
        keep = False
        try:
            connection.sock.settimeout(timeouts.read)
            connection.request(*sent)
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            # Shorter than it announced itself, it is an IncompleteRead.
            answer = HttpResponse(response.status, headers, response.read())
            keep = not response.will_close
        finally:
            if not keep:
                connection.close()
        if keep:
            self._idle.setdefault(base.geturl(), []).append((time.time(), connection))
        return answer


def _connect(base: SplitResult, timeouts: Timeouts) -> HTTPConnection:
    host, limit = base.hostname or "", timeouts.connect
    connection = (
        HTTPSConnection(host, base.port, timeout=limit, context=_tls())
        if base.scheme == "https"
        else HTTPConnection(host, base.port, timeout=limit)
    )
    connection.connect()
    return connection


@cache
def _tls() -> ssl.SSLContext:
    """Trusts whom botocore's client trusts."""
    botocore = find_spec("botocore")
    [folder] = (botocore and botocore.submodule_search_locations) or [""]
    return ssl.create_default_context(
        cafile=os.environ.get("AWS_CA_BUNDLE") or f"{folder}/cacert.pem"
    )
