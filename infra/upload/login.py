"""Log in as the page does, without sending the password; or print the token of a person.

    python -m infra.upload.login --url https://PAGE

Without --url it is the demo on this machine, with the demo's own account. With --url the account
comes from UPLOAD_USER and UPLOAD_PASSWORD, or is asked for.
"""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from infra import srp
from infra.upload import web
from infra.upload.errors import LoginRefused, ServiceUnreachable, UploadFailed

DEMO = "http://127.0.0.1:8080"
# The password is never an argument: arguments show in the list of processes and in histories.
USER_VARIABLE, PASSWORD_VARIABLE = "UPLOAD_USER", "UPLOAD_PASSWORD"
# Worth half a minute: of an authenticator app, for an account that asks for one.
CODE_VARIABLE = "UPLOAD_CODE"
CODE_CHALLENGE = "SOFTWARE_TOKEN_MFA"

type Account = tuple[str, str]


def read_config(site: str) -> dict[str, Any]:
    """What the page reads first: where to log in and where the API is."""
    config = web.call("GET", urljoin(site, "/config.json")).json()
    if "apiBase" not in config:
        raise ServiceUnreachable(site, why="this is not the address of the page")
    return config


@dataclass(frozen=True)
class LoginService:
    """Cognito, as the page at `site` finds it by its `config`."""

    site: str
    config: dict[str, Any]

    def token(self, account: Account) -> str:
        """An access token, worth an hour. Raises LoginRefused."""
        username, password = account
        pool, client = self.config["userPoolId"], self.config["userPoolClientId"]
        try:
            answer = srp.log_in(
                self._ask, pool=pool, client=client, username=username, password=password
            )
            if answer.get("ChallengeName") == CODE_CHALLENGE:
                answer = self._send_code(answer)
        except (_Refused, srp.NoProof):
            raise LoginRefused(
                f"{username} was not let in: check user name and password, and the code if one is "
                "asked."
            ) from None
        result = answer.get("AuthenticationResult")
        if not result:
            challenge = answer.get("ChallengeName")
            raise LoginRefused(f"{username} must first log in on the page ({challenge}).")
        return str(result["AccessToken"])

    def _send_code(self, challenge: dict[str, Any]) -> dict[str, Any]:
        """Go on with a login that asks for the code of an authenticator app."""
        name = challenge["ChallengeParameters"]["USER_ID_FOR_SRP"]
        code = os.environ.get(CODE_VARIABLE) or _ask_code()
        content = {
            "ClientId": self.config["userPoolClientId"],
            "ChallengeName": CODE_CHALLENGE,
            "Session": challenge["Session"],
            "ChallengeResponses": {"USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": code},
        }
        return self._ask("RespondToAuthChallenge", content)

    def _ask(self, action: str, content: dict[str, Any]) -> dict[str, Any]:
        url = urljoin(self.site, self.config["cognitoEndpoint"])
        answer = web.call(
            "POST", url, headers=srp.headers_of(action), body=json.dumps(content).encode()
        )
        if answer.status != 200:
            raise _Refused
        return answer.json()


class _Refused(Exception):
    """By Cognito, which tells nobody whether it was the name or the password."""


def find_account(site: str) -> Account:
    """From the environment; the demo's own on this machine; else asked for."""
    if user := os.environ.get(USER_VARIABLE):
        return user, os.environ.get(PASSWORD_VARIABLE) or _ask_password(user)
    if urlsplit(site).hostname in ("127.0.0.1", "localhost"):
        from infra.local.demo.running import PASSWORD, USERNAME  # noqa: PLC0415  (the whole demo)

        return USERNAME, PASSWORD
    user = _ask(_read, "User name: ").strip()
    return user, _ask_password(user)


def _ask_password(user: str) -> str:
    return _ask(getpass.getpass, f"Password of {user}: ")


def _ask_code() -> str:
    return _ask(_read, "Code of your authenticator app: ", CODE_VARIABLE).strip()


def _read(question: str) -> str:
    """The question is no part of the output, which may go on into a variable."""
    print(question, end="", file=sys.stderr, flush=True)
    return input()


def _ask(
    ask: Callable[[str], str],
    question: str,
    instead: str = f"{USER_VARIABLE} and {PASSWORD_VARIABLE}",
) -> str:
    if not sys.stdin.isatty():
        raise LoginRefused(f"Nobody is here to be asked: set {instead}.")
    return ask(question)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m infra.upload.login",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--url", default=DEMO, help=f"the page's address (default: {DEMO})")
    site = parser.parse_args(arguments).url
    try:
        print(LoginService(site, read_config(site)).token(find_account(site)))
    except UploadFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
