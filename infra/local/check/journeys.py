"""What each role does in its first ten minutes, and what it is refused, through the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from credit_scoring.contract.columns import with_role

from infra.local.check.observations import follow_batch, score_file, unexpected
from infra.local.demo.life import make_mistakes
from infra.local.demo.running import BRANCH, PASSWORD
from infra.local.demo.target import DeployedStack, Reply, request
from infra.local.demo.uploads import Rows, write_table
from infra.local.errors import StackMisbehaves

# What a role must be refused, one call a kind of thing that is not its own.
FORBIDDEN: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    "advisor": (("GET", "/alarms"), ("GET", "/drift"), ("GET", "/promotions")),
    "office": (("POST", "/decisions"), ("POST", "/simulate"), ("GET", "/given-up")),
    "operator": (("GET", "/applicants"), ("POST", "/predict"), ("POST", "/uploads")),
    "scientist": (("GET", "/applicants"), ("POST", "/uploads"), ("POST", "/given-up/redrive")),
}
_MISTAKEN: Final = 40  # rows, of which make_mistakes spoils 26


@dataclass(frozen=True)
class Visit:
    """Somebody who is logged in. What is not answered as expected raises StackMisbehaves."""

    target: DeployedStack
    username: str
    token: str

    def ask(
        self, method: str, path: str, body: object = None, *, status: int = HTTPStatus.OK
    ) -> Any:
        return self._reply(method, path, body, status).json()

    def read(self, path: str, body: object = None) -> bytes:
        """With a body it is posted."""
        method = "GET" if body is None else "POST"
        return self._reply(method, path, body, HTTPStatus.OK).body

    def is_refused(self, method: str, path: str) -> bool:
        body: object = {} if method == "POST" else None
        reply = self.target.call(method, path, token=self.token, body=body)
        return reply.status == HTTPStatus.FORBIDDEN

    def _reply(self, method: str, path: str, body: object, status: int) -> Reply:
        reply = self.target.call(method, path, token=self.token, body=body)
        if reply.status != status:
            raise unexpected(f"{method} {path} for {self.username}", reply)
        return reply


def enter(target: DeployedStack, username: str) -> Visit:
    return Visit(target, username, target.log_in(username, PASSWORD))


def advise(visit: Visit) -> str:
    """Find who is refused, say why, look for an offer, decide, read the letter, prove it."""
    refused = visit.ask("GET", f"/applicants?state=open&decision=refuse&branch={BRANCH}")["items"]
    id_ = _first(refused, "refused applicant")["applicant_id"]
    score = visit.ask("GET", f"/applicants/{id_}/score")
    reasons = score["reasons"]["raises"]
    told = _first(reasons, "reason")["texts"]["applicant"]["fr"]
    credit = with_role("credit")
    asked = visit.ask("GET", f"/applicants/{id_}")["application"][credit]
    halved = {"applicant_id": id_, "changes": [{credit: asked / 2}]}
    after = visit.ask("POST", "/simulate", halved)["items"][0]["after"]["probability_of_default"]
    offers = visit.ask("POST", "/counter-offer", {"applicant_id": id_})["decisions"]
    passing = sum(row.count("accept") for row in offers)
    body = {
        "applicant_id": id_,
        "decision": "refuse",
        "model_version": score["model"]["version"],
    }
    draft = visit.read("/decisions/preview?language=fr", body)
    decision = visit.ask("POST", "/decisions", body, status=HTTPStatus.CREATED)["decision_id"]
    letter = visit.read(f"/decisions/{decision}/letter?language=fr").decode()
    replay = visit.ask("POST", f"/decisions/{decision}/replay")
    _require(replay["identical"], "the decision is not computed anew to the same bits")
    _require(bool(told) and bool(draft) and len(letter) > 0, "a text is empty")
    pd = score["probability_of_default"]
    return f"PD {pd:.3f}, {after:.3f} for half the amount, {passing} offers pass; refused, replayed"


def keep_files(visit: Visit, table: Rows) -> str:
    """Send a file with mistakes, correct its rejects, see the first file completed."""
    mistaken = [dict(row) for row in table[:_MISTAKEN]]
    sound = {row[with_role("id")]: row for row in table}
    make_mistakes(mistaken)
    sent = score_file(
        visit.target, visit.token, branch=BRANCH, filename="journey.csv",
        body=write_table(mistaken), timeout=120,
    )  # fmt: skip
    corrected = [_corrected(reject, sound) for reject in sent.rejects]
    again = score_file(
        visit.target, visit.token, branch=BRANCH, filename="journey-corrected.csv",
        body=write_table(corrected), timeout=120,
    )  # fmt: skip
    left = follow_batch(visit.target, visit.token, sent.name, timeout=30)["open_rejects"]
    _require(left == 0, f"{left} rejects of the first file are left open")
    return f"{len(sent.rejects)} rejected, {len(again.default_probabilities)} corrected, 0 left"


def watch(visit: Visit) -> str:
    """What rings and what to do then, what goes on, what was given up, what drifted."""
    alarms = visit.ask("GET", "/alarms")["items"]
    runbook = request("GET", f"{visit.target.page}/runbook/fr.json", b"", {}).json()
    silent = [a["name"] for a in alarms if a["runbook"].split("#")[-1] not in runbook]
    _require(alarms and not silent, f"the page has no runbook for {', '.join(silent)}")
    visit.ask("GET", f"/alarms/{alarms[0]['name']}/history")
    series = {s["name"]: s["values"] for s in visit.ask("GET", "/traffic?hours=3")["series"]}
    given_up = visit.ask("GET", "/given-up")["waiting"]
    runs = visit.ask("GET", "/drift")["items"]
    run = visit.ask("GET", f"/drift/{_first(runs, 'drift run')['run']}")
    visit.ask("GET", "/drift/trend")
    _require("requests" in series and run["summary"]["status"], "traffic or a run is missing")
    return f"{len(alarms)} alarms with their runbook, {sum(given_up.values())} given up"


def study(visit: Visit) -> str:
    """Read the model's card and its versions, and what served when."""
    versions = visit.ask("GET", "/models")["items"]
    serving = visit.ask("GET", "/model")["version"]
    report = visit.ask("GET", f"/models/{serving}")
    _require(serving in [v["version"] for v in versions], "what serves is in no list")
    card = visit.read("/model/card?format=html")
    history = visit.ask("GET", "/promotions")["history"]
    _require(bool(report) and bool(card) and bool(history), "card, report or history are empty")
    return f"{len(versions)} versions, {len(history)} promotions, a card of {len(card) // 1000} kB"


def journeys(target: DeployedStack, table: Rows) -> Mapping[str, Callable[[], str]]:
    """A journey an account of the demo; each answers what was seen in a few words.

    table : applicants as their branch has them, with an id each
    """
    ways: dict[str, Callable[[Visit], str]] = {
        "advisor": advise,
        "office": lambda visit: keep_files(visit, table),
        "operator": watch,
        "scientist": study,
    }
    return {name: partial(_go, target, name, way) for name, way in ways.items()}


def _go(target: DeployedStack, username: str, way: Callable[[Visit], str]) -> str:
    visit = enter(target, username)
    open_ = [f"{m} {path}" for m, path in FORBIDDEN[username] if not visit.is_refused(m, path)]
    _require(not open_, f"{username} is not refused {', '.join(open_)}")
    return way(visit)


def _corrected(reject: Mapping[str, str], sound: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The columns that tell of the reject stay where they are: by them it is found again."""
    return {name: sound[reject[with_role("id")]].get(name, value) for name, value in reject.items()}


def _first(items: Sequence[Any], what: str) -> Any:
    _require(bool(items), f"there is no {what}")
    return items[0]


def _require(is_right: object, what: str) -> None:
    if not is_right:
        raise StackMisbehaves(f"In a journey {what}.")
