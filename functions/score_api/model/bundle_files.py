"""Further files of the model in use, loaded when somebody first asks and kept while it serves."""

from collections.abc import Callable
from http import HTTPStatus

from credit_scoring.aws.storage import Store
from credit_scoring.errors import ArtifactMissing
from credit_scoring.registry.bundle import load_file

from functions.score_api.http.problems import RequestRefused
from functions.score_api.model.serving_model import Served


class BundleFile[Parsed]:
    """One file, of one version at a time; `what` names it in a refusal."""

    def __init__(self, name: str, what: str) -> None:
        self._name, self._what = name, what
        self._kept: tuple[str, Parsed] | None = None

    def of(self, models: Store, served: Served, parse: Callable[[bytes], Parsed]) -> Parsed:
        """Verified like the model itself. Raises RequestRefused (404) when the bundle has none."""
        version = served.model.version
        if self._kept is None or self._kept[0] != version:
            self._kept = (version, parse(self._read(models, served)))
        return self._kept[1]

    def _read(self, models: Store, served: Served) -> bytes:
        try:
            return load_file(models, served.model.version, self._name, sha256=served.model.sha256)
        except ArtifactMissing:
            raise RequestRefused(
                HTTPStatus.NOT_FOUND,
                f"The model in use was published without {self._what}: train and promote it anew.",
                title=f"No {self._what}",
            ) from None
