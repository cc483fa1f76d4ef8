"""The real handler of the API behind the stand-in, with a small real model and drawn applicants.

AWS is played by moto in this process. Nothing here is composed: what the page shows was scored.
"""

import importlib
import json
import logging
import os
import sys
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from credit_scoring.aws.clients import client
from credit_scoring.aws.storage import open_store
from credit_scoring.contract.columns import HISTORY
from credit_scoring.registry.bundle import load_model
from credit_scoring.stored.applicant_lists import ApplicantLists
from credit_scoring.stored.profiles import Profile, ProfileTable
from moto.server import ThreadedMotoServer

from functions.score_api.access import PERSON_SCOPE
from tests.batch_table import create_batch_table
from tests.browser import operators_life
from tests.functions.promoter_in_process import Invoker, clients_with
from tests.functions.score_api.conftest import BUCKETS, ENVIRONMENT, is_for_operators
from tests.functions.score_api.http_server import context, event_of
from tests.models import SmallModel, draw_record, train_small_model
from tests.profile_table import (
    make_case_table,
    make_decision_table,
    make_profile_table,
    put_listed,
)

PARIS, LYON = 60, 5
CARD = "model_card.html"
FIXTURES = Path(__file__).with_name("fixtures")
QUIET = {"POWERTOOLS_LOG_LEVEL": "CRITICAL"}
SENT = "2026-11-20T08:{:02}:00+00:00"
# Applicants whose verdict tests rely on: `start_service` looks whether they have it.
ACCEPTED, CONTRADICTORY = "100019", "100012"
OFFERED = "100004"  # refused as asked, accepted as a smaller loan
NOTHING_PASSES = "100042"  # refused whatever the loan; four items of the file are not known
VERDICTS = {
    ACCEPTED: "accept",
    CONTRADICTORY: "review",
    OFFERED: "refuse",
    NOTHING_PASSES: "refuse",
}
# Who is in which groups; anybody else, like bob.leroy, is an advisor of paris-01.
GROUPS = {
    "carol.office": ["back-office", "branch-paris-01"],
    "otto.operator": ["operator", "all-branches"],
    "olga.operator": ["operator", "all-branches"],
    "dana.data": ["data-scientist"],
    "anna.all": ["advisor", "all-branches"],
    "lea.lyon": ["advisor", "branch-lyon-02"],
    # Whose files are scored: see real_files.py.
    "real.office": ["back-office", "branch-paris-01"],
}
ADVISOR = ["advisor", "branch-paris-01"]
# Of several families one cannot both have no job and a time in it.
CONTRADICTS = {"NAME_INCOME_TYPE": "Working", "DAYS_BIRTH": -9000, "DAYS_EMPLOYED": -8999}


def token_of(user: str) -> str:
    """As a user pool's: three parts, of which the middle one names the groups; signed by nobody."""
    claims = {"username": user, "cognito:groups": GROUPS.get(user, ADVISOR)}
    payload = urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"unsigned.{payload}.token-of-{user}"


def claims_of(token: str) -> dict[str, str]:
    """What the gateway would read in it: it writes a list as text, [advisor branch-paris-01]."""
    payload = token.split(".")[1]
    told = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return {
        "client_id": "page", "sub": told["username"], "token_use": "access",
        "username": told["username"], "scope": PERSON_SCOPE,
        "cognito:groups": f"[{' '.join(told['cognito:groups'])}]",
    }  # fmt: skip


@dataclass
class Service:
    """module : the handler's, operators : that of the operators' routes; aws : where AWS is played
    spares : verdict -> applicants whom no test knows by their id
    """

    module: ModuleType
    operators: ModuleType
    model: SmallModel
    card: bytes
    aws: str = ""
    spares: dict[str, list[str]] = field(default_factory=dict)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes,
               token: str) -> Any:  # fmt: skip
        """target : path and query; what the gateway would hand back."""
        event = event_of(method, target, headers, body)
        event["requestContext"]["authorizer"] = {"jwt": {"claims": claims_of(token)}}
        with self.turn:  # one request at a time, as one Lambda environment does
            path = event["rawPath"]
            module = self.operators if is_for_operators(method, path) else self.module
            return module.handler(event, context())

    def ask(self, method: str, path: str, body: object = None, *, user: str = "anna.all") -> Any:
        """What the API itself says, past the page: JSON. Raises AssertionError for a refusal."""
        sent = b"" if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        found = self.answer(method, f"/api{path}", headers, sent, token_of(user))
        assert found["statusCode"] < 300, found["body"]
        return json.loads(found["body"])

    def spare(self, verdict: str) -> str:
        """An applicant of paris-01 of whom nothing was decided; each call gives another one."""
        return self.spares[verdict].pop(0)

    @contextmanager
    def promoted(self, cutoff: float) -> Iterator[None]:
        """Another model serves meanwhile."""
        self._serve(cutoff)
        try:
            yield
        finally:
            self._serve(None)

    def _serve(self, cutoff: float | None) -> None:
        models = open_store(ENVIRONMENT["MODELS_URL"])
        with self.turn:
            report = (FIXTURES / "model_report.json").read_bytes()
            extra = {CARD: self.card, "report.json": report}
            self.model.publish(models, cutoff=cutoff, extra=extra)
            self.module.service.model.load()


def start_service(card: bytes) -> Service:
    """card : of the model, HTML"""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # else each call is a line on stderr
    aws = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    aws.start()
    host, port = aws.get_host_and_port()
    os.environ.update({**ENVIRONMENT, **QUIET, "AWS_ENDPOINT_URL": f"http://{host}:{port}"})
    where = {"LocationConstraint": "eu-west-3"}
    for bucket in BUCKETS:
        client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
    make_decision_table("decisions")
    make_case_table("cases")
    make_profile_table("profiles")
    create_batch_table()
    models = open_store(ENVIRONMENT["MODELS_URL"])
    model = train_small_model()
    report = {"report.json": (FIXTURES / "model_report.json").read_bytes()}
    model.save(models, cutoff=0.15, extra={CARD: card, **report})  # a challenger
    champion = model.publish(models, extra={CARD: card, **report})
    lists = ApplicantLists(open_store(ENVIRONMENT["LISTS_URL"]))
    served = load_model(models, champion.version)
    put_listed(ProfileTable("profiles"), lists, served, _draw_profiles())
    os.environ.update(operators_life.live())
    return _look_at_verdicts(Service(*_import_handlers(), model, card, f"http://{host}:{port}"))


def _import_handlers() -> tuple[ModuleType, ModuleType]:
    """Anew, in the environment as it is now."""
    for name in [name for name in sys.modules if name.startswith("functions.score_api")]:
        del sys.modules[name]
    importlib.import_module("functions.model_promoter.handler")
    handlers = importlib.import_module("functions.score_api.routes.promotions.handlers")
    handlers.client = clients_with(Invoker(ENVIRONMENT["PROMOTER"]))
    module, operators = (
        importlib.import_module(f"functions.score_api.{name}")
        for name in ("handler", "operator_handler")
    )
    # What is counted for operators goes to stdout, which here is somebody's terminal.
    counts = importlib.import_module("functions.score_api.telemetry.counts")
    counts.Counts._write = lambda *_: None
    return module, operators


def _look_at_verdicts(service: Service) -> Service:
    items = service.ask("GET", "/applicants?branch=paris-01&limit=100")["items"]
    verdicts = {item["applicant_id"]: item["score"]["decision"] for item in items}
    wrong = {id_ for id_, verdict in VERDICTS.items() if verdicts[id_] != verdict}
    assert not wrong, f"The drawn applicants are others: choose new ids for {wrong}"
    passing = {id_: _passes(service, id_) for id_ in (ACCEPTED, OFFERED, NOTHING_PASSES)}
    assert passing == {ACCEPTED: True, OFFERED: True, NOTHING_PASSES: False}
    for id_ in sorted(verdicts.keys() - VERDICTS.keys()):
        service.spares.setdefault(verdicts[id_], []).append(id_)
    return service


def _passes(service: Service, id_: str) -> bool:
    """Whether the model accepts one of the loans that the map of offers shows."""
    return service.ask("POST", "/counter-offer", {"applicant_id": id_})["largest"] is not None


def _draw_profiles() -> list[Profile]:
    rng = np.random.default_rng(3)
    branches = ["paris-01"] * PARIS + ["lyon-02"] * LYON
    return [_draw(rng, 100_000 + n, branch, n) for n, branch in enumerate(branches)]


def _draw(rng: np.random.Generator, number: int, branch: str, place: int) -> Profile:
    record = draw_record(rng, str(number))
    if place % 20 == 7:
        record |= CONTRADICTS
    history = {name: float(value) for name, value in record.items() if name in HISTORY}  # type: ignore[arg-type]
    application = {name: value for name, value in record.items() if name not in HISTORY}
    return Profile(str(number), branch, application, history, SENT.format(place % 60), "a.csv")
