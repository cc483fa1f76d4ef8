"""GET /batches/{batch}: what became of a file."""

import json
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from credit_scoring.storage import S3Store

from functions.score_api.file_names import is_batch
from functions.score_api.problems import RequestRefused
from functions.score_api.responses import json_response
from functions.score_api.service import Service

SECONDS_TO_DOWNLOAD = 15 * 60
MANIFEST = "manifest.json"


def add_routes(app: APIGatewayHttpResolver, service: Service) -> None:
    # A batch's name has slashes, as it stands or escaped; the resolver's own patterns have none.
    @app.get("/batches/.+")
    def get_batch() -> Response[str]:
        batch = unquote(app.current_event.path.partition("/batches/")[2])
        if not is_batch(batch):
            raise RequestRefused(
                HTTPStatus.NOT_FOUND,
                "A batch is called <branch>/<file>, as the answer to the upload said.",
                title="Batch not found",
            )
        return json_response(batch_content(batch, service.results))


def batch_content(batch: str, results: S3Store) -> dict[str, Any]:
    """The newest result of the file, or that none is there yet."""
    found = _newest_manifest(batch, results)
    if found is None:
        return {"batch": batch, "status": "waiting"}
    folder, manifest = found
    counts = {name: manifest.get(name, 0) for name in ("rows", "scored", "rejected")}
    urls = _urls(folder, manifest, results)
    return {"batch": batch, "status": manifest["status"], **counts, **urls, "manifest": manifest}


def _newest_manifest(batch: str, results: S3Store) -> tuple[str, dict[str, Any]] | None:
    """The folder of one version's results, and its manifest, which is written last."""
    keys = [key for key in results.list(f"{batch}/") if key.endswith(f"/{MANIFEST}")]
    manifests = [(key.removesuffix(MANIFEST), json.loads(results.read(key))) for key in keys]
    return max(manifests, key=lambda found: found[1].get("received_at", ""), default=None)


def _urls(folder: str, manifest: dict[str, Any], results: S3Store) -> dict[str, str]:
    """Where to download each file, under a name that still tells whose result it is."""
    stem = manifest.get("filename", "file.csv").rpartition(".")[0]
    return {
        f"{kind}_url": results.presigned_get(
            folder + name, filename=f"{stem}-{name}", seconds=SECONDS_TO_DOWNLOAD
        )
        for kind, name in manifest.get("files", {}).items()
        if manifest["status"] == "finished"
    }
