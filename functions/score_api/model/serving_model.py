"""The champion in memory: loaded once, replaced by the next one, never by a damaged one.

What serves was the champion at most a minute ago. Half a minute after the pointer was last read it
is read again beside the requests, and a new champion is loaded beside them, too: they are answered
by the old one meanwhile, each wholly by one model. Lambda lets threads run only while a request is
answered, so after a pause nothing is known and nothing was done: then, once the minute is over, the
next request waits for the pointer, and for the new champion if there is one. Time is the wall
clock's: another one may stand still while Lambda keeps the process frozen.
"""

import math
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from credit_scoring.aws.storage import Store
from credit_scoring.errors import (
    ArtifactMismatch,
    CreditScoringError,
    NoModelYet,
    StorageUnavailable,
)
from credit_scoring.registry.bundle import load_working_model
from credit_scoring.registry.champion import CHAMPION, Champion, read_champion
from credit_scoring.scoring import Model

# A pointer is 300 bytes, read this often at most.
SECONDS_BETWEEN_LOOKS = 30.0
# From when on a request rather waits than be answered by what may have been replaced.
SECONDS_UNTIL_STALE = 60.0
# Lambda gives an import 10 seconds and a request 15; a storage that hangs must not use them up.
SECONDS_TO_LOAD = 8.0


@dataclass(frozen=True)
class Served:
    """The pointer that was followed and the model that it led to."""

    champion: Champion
    model: Model


@dataclass
class Look:
    """One reading of the pointer, with all that follows from it.

    may_wait : whether a request may still wait for it; only one does
    reported : whether a failure is told of
    """

    began: float
    result: Future[Served]
    may_wait: bool = True
    reported: bool = True


class ServingModel:
    """Asked by one request at a time, as Lambda does.

    on_failure : told of every champion that could not be loaded for a request. That there is none
        yet is the state of a new deployment: health names it, nobody is told
    """

    def __init__(self, store: Store, *, on_failure: Callable[[CreditScoringError], None]) -> None:
        self._store, self._on_failure = store, on_failure
        self._served: Served | None = None
        self._failure: CreditScoringError | None = None
        # When the newest look began, and when the newest one that succeeded did.
        self._looked_at = self._confirmed_at = -math.inf
        self._pool = ThreadPoolExecutor(1, "load-model")
        self._look: Look | None = None

    @property
    def failure(self) -> CreditScoringError | None:
        """Why the newest look did not end with the champion in memory."""
        return self._failure

    @property
    def is_loaded(self) -> bool:
        """Whether there is a model to answer with, as far as is known without a look."""
        self._collect()
        return self._served is not None

    def current(self) -> Served:
        """The model to use for the whole of one request.

        Raises what went wrong when no model was ever loaded; the next request tries again.
        """
        self._collect()
        now = time.time()
        if self._served is None or now - self._looked_at >= SECONDS_BETWEEN_LOOKS:
            self._begin_look(now)
        if now - self._confirmed_at >= SECONDS_UNTIL_STALE:
            self._wait()
        if self._served is None:
            assert self._failure is not None
            raise self._failure
        return self._served

    def load(self) -> None:
        """Follow the pointer ahead of the first request, which will look once more.

        A snapshot of this process may be started weeks later, with a clock that stood still, and as
        often as Lambda likes: a metric that waited in it would be emitted at every start. So a load
        that fails here is not reported; the first request looks again and reports what it finds.
        """
        self._begin_look(time.time(), reported=False)
        self._wait()
        self._looked_at = self._confirmed_at = -math.inf

    def _begin_look(self, now: float, *, reported: bool = True) -> None:
        """An older look that is not over would tell what was true when it began."""
        if self._look is not None:
            self._look.result.cancel()
        self._looked_at = now
        self._look = Look(now, self._pool.submit(self._follow_pointer), reported=reported)

    def _wait(self) -> None:
        """Once a look: a storage that hangs delays one request in half a minute, not all."""
        look = self._look
        if look is None or not look.may_wait:
            return
        look.may_wait = False
        if not wait([look.result], SECONDS_TO_LOAD).done:
            self._fail(StorageUnavailable("load_model", "slow"), look)
        self._collect()

    def _collect(self) -> None:
        """Take what a look brought; on failure what served before goes on serving."""
        look = self._look
        if look is None or not look.result.done():
            return
        self._look = None
        try:
            self._served, self._failure = look.result.result(), None
            self._confirmed_at = look.began
        except CreditScoringError as error:
            self._fail(error, look)

    def _fail(self, error: CreditScoringError, look: Look) -> None:
        self._failure = error
        is_new_deployment = isinstance(error, NoModelYet) and self._served is None
        if look.reported and not is_new_deployment:
            self._on_failure(error)

    def _follow_pointer(self) -> Served:
        champion = read_champion(self._store)
        if self._served is not None and champion.number < self._served.champion.number:
            raise ArtifactMismatch(CHAMPION, "a later promotion than before", "an earlier one")
        if self._served is not None and self._served.model.version == champion.version:
            return Served(champion, self._served.model)
        model = load_working_model(self._store, champion.version, sha256=champion.sha256)
        return Served(champion, model)
