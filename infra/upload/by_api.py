"""Through the API, as the page does: log in, ask for an address, send, ask how it stands."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from urllib.parse import quote, urljoin

from infra.upload import web
from infra.upload.errors import ServiceRefused
from infra.upload.login import Account, LoginService, read_config
from infra.upload.transports import RESULTS, BatchStanding, Parcel

RECORD = ("status", "rows", "scored", "rejected", "detail")


@dataclass
class ApiCarrier:
    """site : the page's address; account : name and password, asked for when they are needed"""

    site: str
    account: Callable[[], Account]
    _config: dict[str, Any] = field(default_factory=dict)
    _token: str = ""

    def prepare(self) -> None:
        self._token = self._log_in()

    def send(self, parcel: Parcel, body: BinaryIO) -> str:
        wanted = {"branch": parcel.branch, "filename": parcel.path.name, "bytes": parcel.size}
        wanted |= {"language": parcel.language} if parcel.language else {}
        target = self._ask("POST", "/uploads", wanted)
        url = urljoin(self.site, target["url"])
        web.put(url, target["headers"], body, size=parcel.size)
        return str(target["batch"])

    def look(self, batch: str) -> BatchStanding:
        content = self._ask("GET", f"/batches/{quote(batch, safe='')}")
        links = {name: content[f"{name}_url"] for name in RESULTS if f"{name}_url" in content}
        counts = {name: content.get(name, 0) for name in ("rows", "rows_done")}
        # The receipt says more, for as long as it is kept.
        told = {name: content[name] for name in RECORD if name in content}
        manifest = {**told, **content.get("manifest", {})}
        return BatchStanding(content["status"], **counts, manifest=manifest, links=links)

    def fetch(self, link: str, into: BinaryIO) -> None:
        web.fetch(urljoin(self.site, link), into)

    def _ask(self, method: str, path: str, content: object = None) -> dict[str, Any]:
        answer = self._call(method, path, content)
        if answer.status == 401:  # an access token lives an hour, a large file may take longer
            self._token = self._log_in()
            answer = self._call(method, path, content)
        if answer.status != 200:
            raise ServiceRefused(f"The service refused: {answer.words}")
        return answer.json()

    def _call(self, method: str, path: str, content: object) -> web.WebResponse:
        headers = {"Authorization": f"Bearer {self._token}"}
        headers |= {"Content-Type": "application/json"} if content else {}
        body = json.dumps(content).encode() if content else None
        base = self._read_config()["apiBase"]
        return web.call(method, f"{urljoin(self.site, base)}{path}", headers=headers, body=body)

    def _log_in(self) -> str:
        """An access token. Raises LoginRefused."""
        return LoginService(self.site, self._read_config()).token(self.account())

    def _read_config(self) -> dict[str, Any]:
        if not self._config:
            self._config = read_config(self.site)
        return self._config
