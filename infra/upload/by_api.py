"""Through the API, as the page does: log in, ask for an address, send, ask how it stands."""

import getpass
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from urllib.parse import quote, urljoin, urlsplit

from infra.upload import web
from infra.upload.errors import LoginRefused, ServiceRefused, ServiceUnreachable
from infra.upload.transports import RESULTS, BatchStanding, Parcel

DEMO = "http://127.0.0.1:8080"
# The password is never an argument: arguments show in the list of processes and in histories.
USER_VARIABLE, PASSWORD_VARIABLE = "UPLOAD_USER", "UPLOAD_PASSWORD"
# Worth half a minute: of an authenticator app, for an account that asks for one.
CODE_VARIABLE = "UPLOAD_CODE"
HEADERS = {
    "Content-Type": "application/x-amz-json-1.1",
    "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
}
RESPOND = "AWSCognitoIdentityProviderService.RespondToAuthChallenge"
CODE_CHALLENGE = "SOFTWARE_TOKEN_MFA"
RECORD = ("status", "rows", "scored", "rejected", "detail")

type Account = tuple[str, str]


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
        config = self._read_config()
        username, password = self.account()
        content = {
            "ClientId": config["userPoolClientId"],
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": username, "PASSWORD": password},
        }
        url = urljoin(self.site, config["cognitoEndpoint"])
        answer = web.call("POST", url, headers=HEADERS, body=json.dumps(content).encode())
        if answer.json().get("ChallengeName") == CODE_CHALLENGE:
            answer = self._send_code(url, answer.json())
        result = answer.json().get("AuthenticationResult")
        if answer.status == 200 and result:
            return str(result["AccessToken"])
        raise LoginRefused(_why_refused(username, answer))

    def _send_code(self, url: str, challenge: dict[str, Any]) -> web.WebResponse:
        """Go on with a login that asks for the code of an authenticator app."""
        name = challenge["ChallengeParameters"]["USER_ID_FOR_SRP"]
        code = os.environ.get(CODE_VARIABLE) or _ask_code()
        content = {
            "ClientId": self._read_config()["userPoolClientId"],
            "ChallengeName": CODE_CHALLENGE,
            "Session": challenge["Session"],
            "ChallengeResponses": {"USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": code},
        }
        headers = HEADERS | {"X-Amz-Target": RESPOND}
        return web.call("POST", url, headers=headers, body=json.dumps(content).encode())

    def _read_config(self) -> dict[str, Any]:
        """What the page reads first: where to log in and where the API is."""
        if not self._config:
            answer = web.call("GET", urljoin(self.site, "/config.json"))
            if "apiBase" not in answer.json():
                raise ServiceUnreachable(self.site, why="this is not the address of the page")
            self._config = answer.json()
        return self._config


def _why_refused(username: str, answer: web.WebResponse) -> str:
    challenge = answer.json().get("ChallengeName")
    if challenge:
        return f"{username} must first log in on the page ({challenge})."
    return f"{username} was not let in: check user name and password, and the code if one is asked."


def find_account(site: str) -> Account:
    """From the environment; the demo's own on this machine; else asked for."""
    if user := os.environ.get(USER_VARIABLE):
        return user, os.environ.get(PASSWORD_VARIABLE) or _ask_password(user)
    if urlsplit(site).hostname in ("127.0.0.1", "localhost"):
        from infra.local.demo.running import PASSWORD, USERNAME  # noqa: PLC0415  (the whole demo)

        return USERNAME, PASSWORD
    user = _ask(input, "User name: ").strip()
    return user, _ask_password(user)


def _ask_password(user: str) -> str:
    return _ask(getpass.getpass, f"Password of {user}: ")


def _ask_code() -> str:
    return _ask(input, "Code of your authenticator app: ", CODE_VARIABLE).strip()


def _ask(
    ask: Callable[[str], str],
    question: str,
    instead: str = f"{USER_VARIABLE} and {PASSWORD_VARIABLE}",
) -> str:
    if not sys.stdin.isatty():
        raise LoginRefused(f"Nobody is here to be asked: set {instead}.")
    return ask(question)
