"""A stand-in for the whole service behind the page: static files, login, API and storage.

It serves frontend/dist (or PAGE_HOME, another build) with the security headers of the real website.
The API is the real handler (see service.py); only what files become, and what a healthy service
does not answer, is composed.
`python -m tests.browser.stand_in` runs it by itself, to work on the page without the stack. A few
names steer it:

user "new.advisor" : must choose a password first      user "short.session" : its token ends at once
user "must.enrol" : must tie an authenticator app first; whoever did is asked for its code
users of other roles : see service.GROUPS     "real.office" : whose files are really scored
applicant 422422 : problem with fields     503503 : fails once, then answers as another
file "broken*.csv" : the batch fails     file "refused*.csv" : the storage refuses it
batch "*endless*" : never ends     "*rejects*" : repairs another     "*unknown*" : not found
branch "foreign" : somebody else's

With LATE_MS each answer of the API comes by up to so many milliseconds later, so that they overtake
each other as they do on a busy machine: a test that then fails, or a page that then errs, races.
"""

import argparse
import json
import mimetypes
import os
import time
from base64 import b32encode
from collections import Counter
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import randbytes, uniform
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit

from tests.browser.real_files import OWNER, RealFiles
from tests.browser.service import start_service, token_of
from tests.repository import ROOT
from tests.srp_server import Asked, NotProved, Verifier
from tests.totp import is_code

PAGE = Path(os.environ.get("PAGE_HOME") or ROOT / "frontend" / "dist").resolve()
FIXTURES = Path(__file__).with_name("fixtures")
LATE_SECONDS = float(os.environ.get("LATE_MS", "0")) / 1000
PASSWORD = "Correct-Horse-9"

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; frame-src http://127.0.0.1:*; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
CONFIG = {
    "region": "eu-west-3",
    "userPoolId": "eu-west-3_standin",
    "userPoolClientId": "standin",
    "cognitoEndpoint": "/cognito",
    "apiBase": "/api",
}
TYPES = {
    ".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml",
    ".gz": "application/gzip", ".zip": "application/zip",
}  # fmt: skip
#: word in a batch's name -> how it ended
KINDS = {"broken": "failed", "rejects": "repairing"}
RUNNING = {
    "status": "running", "rows": 250_000, "branch": "paris-01",
    "received_at": "2026-11-21T09:05:00+00:00",
}  # fmt: skip
FAILURES = 2
REQUEST_ID = "a3f1c2d4-0000-4000-8000-5b2e9c7d1f60"


def fixture(name: str):
    return json.loads((FIXTURES / name).read_text(encoding="utf-8"))


class Answer:
    """A status, a body (bytes, or what becomes JSON) and a content type."""

    def __init__(self, status: int, body=b"", content_type: str = "application/json", headers=()):
        self.status, self.content_type, self.headers = status, content_type, dict(headers)
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()


def problem(status: int, title: str, detail: str, errors=()) -> Answer:
    body = {
        "type": "about:blank", "title": title, "status": status, "detail": detail,
        "request_id": REQUEST_ID, "errors": list(errors),
    }  # fmt: skip
    return Answer(status, body, "application/problem+json")


class StandIn(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """The tests' output is no place for an access log."""

    def do_GET(self):
        self._answer("GET")

    def do_POST(self):
        self._answer("POST")

    def do_PUT(self):
        self._answer("PUT")

    def do_DELETE(self):
        self._answer("DELETE")

    def _answer(self, method: str) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        path, query = unquote(parts.path), parse_qs(parts.query)
        self._send(self._route(method, path, query))

    def _route(self, method: str, path: str, query: dict) -> Answer:
        if path == "/config.json":
            return Answer(200, CONFIG)
        if path == "/cognito":
            return self._log_in()
        if path.startswith("/storage/"):
            return self._store(method, path)
        if path.startswith("/api/"):
            return self._call(method, path.removeprefix("/api"), query)
        return static(path)

    def _log_in(self) -> Answer:
        action = self.headers["X-Amz-Target"].rsplit(".", 1)[-1]
        request = json.loads(self.body)
        if action in ("AssociateSoftwareToken", "VerifySoftwareToken", "SetUserMFAPreference",
                      "GetUser"):  # fmt: skip
            return self._second_factor(action, request)
        answers = request.get("AuthParameters") or request["ChallengeResponses"]
        user = answers.get("USERNAME", "")
        if action == "RespondToAuthChallenge" and request["ChallengeName"] != "PASSWORD_VERIFIER":
            return self._answer_challenge(user, request["ChallengeName"], answers)
        if request.get("AuthFlow") == "USER_SRP_AUTH":
            return self._ask_for_proof(user, answers["SRP_A"])
        if not self._is_proved(answers):
            return Answer(400, {"__type": "NotAuthorizedException", "message": "Incorrect."})
        if user == "new.advisor":
            return challenge("NEW_PASSWORD_REQUIRED", user)
        if user in self.server.enrolled:
            return challenge("SOFTWARE_TOKEN_MFA", user)
        if user == "must.enrol":
            return challenge("MFA_SETUP", user)
        return tokens(user)

    def _ask_for_proof(self, user: str, public: str) -> Answer:
        """Of anybody alike: nobody is told who exists."""
        asked = Verifier(CONFIG["userPoolId"], user, PASSWORD).challenge(public)
        self.server.attempts[asked.parameters["SECRET_BLOCK"]] = asked
        content = {"ChallengeName": "PASSWORD_VERIFIER", "ChallengeParameters": asked.parameters}
        return Answer(200, content)

    def _is_proved(self, answers: dict) -> bool:
        """Any other way in, with the password itself, there is none; each attempt counts once."""
        asked = self.server.attempts.pop(answers.get("PASSWORD_CLAIM_SECRET_BLOCK", ""), None)
        with suppress(NotProved):
            if asked:
                asked.verify(answers)
                return True
        return False

    def _answer_challenge(self, user: str, name: str, answers: dict) -> Answer:
        if name == "NEW_PASSWORD_REQUIRED":
            return new_password(user, answers["NEW_PASSWORD"])
        code = answers.get("SOFTWARE_TOKEN_MFA_CODE")
        if name == "SOFTWARE_TOKEN_MFA" and not is_code(self.server.enrolled[user], code):
            return Answer(400, {"__type": "CodeMismatchException", "message": "Wrong."})
        return tokens(user)

    def _second_factor(self, action: str, request: dict) -> Answer:
        """As Cognito does: a secret counts once a code of it came, and the user asked for it."""
        user = request.get("AccessToken", "token-of-must.enrol").rpartition("token-of-")[2]
        if action == "GetUser":
            on = ["SOFTWARE_TOKEN_MFA"] if user in self.server.enrolled else []
            return Answer(200, {"Username": user, "UserMFASettingList": on})
        if action == "AssociateSoftwareToken":
            secret = b32encode(randbytes(20)).decode()
            self.server.secrets[user] = secret
            return Answer(200, {"SecretCode": secret, "Session": "associated"})
        secret = self.server.secrets[user]
        if action == "VerifySoftwareToken" and not is_code(secret, request["UserCode"]):
            return Answer(400, {"__type": "EnableSoftwareTokenMFAException", "message": "Wrong."})
        if action == "SetUserMFAPreference" or "Session" in request:
            self.server.enrolled[user] = secret
        return Answer(200, {"Status": "SUCCESS", "Session": "verified"})

    def _call(self, method: str, path: str, query: dict) -> Answer:
        time.sleep(uniform(0, LATE_SECONDS))
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        if (path != "/health" and "token-of-" not in token) or token.endswith("token-of-ended"):
            return Answer(401, {"message": "Unauthorized"})
        if token.endswith(f"token-of-{OWNER}") and path.startswith(("/uploads", "/batches")):
            self.server.files.score_what_came()
            return self._score(method, self.path, token)
        if path == "/uploads" and method == "POST":
            return self._upload(json.loads(self.body))
        if path == "/batches":
            return list_batches(query)
        if path.startswith("/batches/"):
            return self._batch(path.removeprefix("/batches/"))
        if path.startswith("/applicants/422422"):
            return unprocessable()
        target = self.path
        if path.startswith("/applicants/503503"):
            self.server.seen[path] += 1
            # Once, and when the page tries again by itself.
            if self.server.seen[path] <= FAILURES:
                return problem(503, "Storage unavailable", "The profiles cannot be read.")
            target = target.replace("503503", "100000")
        return self._score(method, target, token)

    def _score(self, method: str, target: str, token: str) -> Answer:
        found = self.server.service.answer(method, target, self.headers, self.body, token)
        headers = dict(found["headers"])
        type_ = headers.pop("Content-Type", "application/json")
        return Answer(found["statusCode"], found["body"].encode(), type_, headers)

    def _upload(self, request: dict) -> Answer:
        stem, dot, ending = request["filename"].partition(".")
        batch = f"{request['branch']}/{stem}-20261121T101530-1a2b{dot}{ending}"
        type_ = TYPES.get(Path(request["filename"]).suffix, "text/csv")
        spoken = {"x-amz-meta-language": request["language"]} if "language" in request else {}
        headers = {"Content-Type": type_, "If-None-Match": "*"} | spoken
        url = f"/storage/uploads/{batch}"
        # Content-Length is signed as well, but a browser alone may set it.
        self.server.signed[url] = headers | {"Content-Length": str(request["bytes"])}
        answer = {"url": url, "method": "PUT", "headers": headers, "key": url, "batch": batch}
        return Answer(200, answer)

    def _batch(self, batch: str) -> Answer:
        self.server.seen[batch] += 1
        if "unknown" in batch:
            return problem(404, "Batch not found", f"No batch {batch}.")
        if self.server.seen[batch] < 2:
            return Answer(200, {"batch": batch, "status": "waiting"})
        if "endless" in batch:
            done = min(5_000 * self.server.seen[batch], 200_000)
            return Answer(200, RUNNING | named(batch) | {"rows_done": done})
        kind = next((kind for word, kind in KINDS.items() if word in batch), "finished")
        return Answer(200, fixture(f"batch-{kind}.json") | named(batch))

    def _store(self, method: str, path: str) -> Answer:
        if method == "GET":
            return Answer(200, b"applicant_id,probability_of_default\n100002,0.1423\n", "text/csv")
        names = ("Content-Type", "Content-Length", "If-None-Match", "x-amz-meta-language")
        signed = {name: self.headers[name] for name in names if name in self.headers}
        if "refused" in path or signed != self.server.signed.get(path):
            return Answer(403, b"<Error/>", "application/xml")
        if path in self.server.stored:
            return Answer(412, b"<Error/>", "application/xml")
        self.server.stored[path] = self.body
        return Answer(200)

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in (self.server.headers | answer.headers).items():
            self.send_header(name, value)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)


def tokens(user: str) -> Answer:
    token = token_of("ended" if user == "short.session" else user)
    result = {"AccessToken": token, "RefreshToken": "r", "ExpiresIn": 3600, "TokenType": "Bearer"}
    return Answer(200, {"AuthenticationResult": result})


def challenge(name: str, user: str) -> Answer:
    parameters = {"USER_ID_FOR_SRP": user}
    content = {"ChallengeName": name, "Session": "s", "ChallengeParameters": parameters}
    return Answer(200, content)


def new_password(user: str, chosen: str) -> Answer:
    if len(chosen) < 12:
        return Answer(400, {"__type": "InvalidPasswordException", "message": "Too short."})
    return tokens(user)


def list_batches(query: dict) -> Answer:
    """Newest first, as the real one; so many as asked for."""
    branch, status = (query.get(name, [""])[0] for name in ("branch", "status"))
    if branch == "foreign":
        return problem(403, "Forbidden", "Your account belongs to another branch: name your own.")
    wanted = {"branch": branch, "status": status}
    items = [
        item
        for item in fixture("batches.json")
        if all(item[name] == value for name, value in wanted.items() if value)
    ]
    limit = int(query["limit"][0])
    return Answer(200, {"items": items[:limit], "cursor": "next" if len(items) > limit else None})


def named(batch: str) -> dict[str, str]:
    """What the name of a batch says of it; a short one says nothing."""
    branch, _, rest = batch.partition("/")
    names = {"branch": branch, "file": rest.split("/")[0]} if rest else {}
    return {"batch": batch, **names}


def unprocessable() -> Answer:
    errors = [
        {"field": "AMT_CREDIT", "value": -5, "allowed": "a number from 1 to 1000000000"},
        {"field": "NAME_INCOME_TYPE", "value": "Pirate", "allowed": "Working, Pensioner, Student"},
    ]
    return problem(422, "Invalid applicant", "Two fields have values that are not allowed.", errors)


def static(path: str) -> Answer:
    file = (PAGE / path.lstrip("/")).resolve()
    if path == "/":
        file = PAGE / "index.html"
    if not file.is_relative_to(PAGE) or not file.is_file():
        return Answer(404, b"Not found", "text/plain")
    guessed = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
    return Answer(200, file.read_bytes(), guessed or "application/octet-stream")


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), StandIn)
        self.service = start_service((FIXTURES / "model_card.html").read_bytes())
        self.files = RealFiles(self.service)
        policy = HEADERS["Content-Security-Policy"].replace(
            "connect-src 'self'", f"connect-src 'self' {self.service.aws}"
        )
        self.headers = HEADERS | {"Content-Security-Policy": policy}
        self.seen: Counter[str] = Counter()  # how often a steered name was asked for
        self.stored: dict[str, bytes] = {}
        self.attempts: dict[str, Asked] = {}  # logins by what their challenge was
        # user -> secret of an authenticator app: offered, and counting
        self.secrets: dict[str, str] = {}
        self.enrolled: dict[str, str] = {}
        self.signed: dict[str, dict[str, str]] = {}  # address -> the headers that go with it
        self.url = f"http://127.0.0.1:{self.server_port}/"


def start() -> Server:
    """Serve on a free port of this machine until `shutdown()`."""
    server = Server(port=0)
    Thread(target=server.serve_forever, daemon=True).start()
    return server


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve the page with composed answers.")
    parser.add_argument("--port", type=int, default=8765)
    server = Server(parser.parse_args().port)
    print(f"{server.url}  any user, password {PASSWORD}  (Ctrl-C ends it)")
    with suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    main()
