"""The champion in memory: loaded once, replaced by the next one, never by a damaged one."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from zipfile import BadZipFile

from credit_scoring.applicants import Applicants
from credit_scoring.artifact import Champion, load_model, read_champion
from credit_scoring.errors import ArtifactMismatch, CreditScoringError, StorageUnavailable
from credit_scoring.scoring import Model, score_applicants
from credit_scoring.storage import Store

# A promotion shows within a minute; a pointer is 200 bytes, read this often at most.
SECONDS_BETWEEN_LOOKS = 30.0
# Lambda gives an import 10 seconds and a request 15; a storage that hangs must not use them up.
SECONDS_TO_LOAD = 8.0
# What a bundle can do wrong although every byte is the published one: it speaks of features or
# arrays that this version of the code does not know.
FOREIGN = (KeyError, IndexError, TypeError, ValueError, BadZipFile)


@dataclass(frozen=True)
class Served:
    """The pointer that was followed and the model that it led to."""

    champion: Champion
    model: Model


class ServingModel:
    """on_failure : told of every champion that could not be loaded."""

    def __init__(self, store: Store, *, on_failure: Callable[[CreditScoringError], None]) -> None:
        self._store, self._on_failure = store, on_failure
        self._served: Served | None = None
        self._failure: CreditScoringError | None = None
        self._looked_at = 0.0
        self._pool = ThreadPoolExecutor(1, "load-model")
        self._loading: Future[Served] | None = None

    @property
    def failure(self) -> CreditScoringError | None:
        """Why the newest look did not end with the champion in memory."""
        return self._failure

    def current(self) -> Served:
        """The model to use for the whole of one request.

        Raises what went wrong when no model was ever loaded; the next request tries again.
        """
        if self._served is None or time.monotonic() - self._looked_at >= SECONDS_BETWEEN_LOOKS:
            self.load()
        if self._served is None:
            assert self._failure is not None
            raise self._failure
        return self._served

    def load(self) -> None:
        """Follow the pointer; on failure what served before goes on serving."""
        self._looked_at = time.monotonic()
        try:
            self._served, self._failure = self._wait(), None
        except CreditScoringError as error:
            self._failure = error
            self._on_failure(error)

    def _wait(self) -> Served:
        """A load that takes too long goes on, and a later look takes what it brings."""
        self._loading = self._loading or self._pool.submit(self._follow_pointer)
        wait([self._loading], SECONDS_TO_LOAD)
        if not self._loading.done():
            raise StorageUnavailable("load_model", "slow")
        loaded, self._loading = self._loading, None
        return loaded.result()

    def _follow_pointer(self) -> Served:
        champion = read_champion(self._store)
        if self._served is not None and self._served.model.version == champion.version:
            return Served(champion, self._served.model)
        return Served(champion, load_working(self._store, champion))


def load_working(store: Store, champion: Champion) -> Model:
    """Load a verified bundle and score nobody with it: what is computed once is then computed."""
    try:
        model = load_model(store, champion.version, sha256=champion.sha256)
        score_applicants(model, Applicants([""], {}))
    except FOREIGN as error:
        found = type(error).__name__
        raise ArtifactMismatch(champion.version, "a bundle of this software", found) from error
    return model
