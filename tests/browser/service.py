"""The real handler of the API behind the stand-in, with a small real model and drawn applicants.

AWS is played by moto in this process. Nothing here is composed: what the page shows was scored.
"""

import importlib
import json
import logging
import os
import sys
import threading
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
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
from tests.functions.score_api.conftest import BUCKETS, ENVIRONMENT
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
QUIET = {"POWERTOOLS_LOG_LEVEL": "CRITICAL", "POWERTOOLS_METRICS_DISABLED": "true"}
SENT = "2026-11-20T08:{:02}:00+00:00"
# Who is in which groups; anybody else is an advisor of paris-01.
GROUPS = {
    "carol.office": ["back-office", "branch-paris-01"],
    "otto.operator": ["operator", "all-branches"],
    "dana.data": ["data-scientist"],
    "anna.all": ["advisor", "all-branches"],
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
    """What the gateway would read in it."""
    user = token.rpartition("token-of-")[2]
    return {
        "client_id": "page", "sub": user, "token_use": "access", "username": user,
        "scope": PERSON_SCOPE, "cognito:groups": f"[{' '.join(GROUPS.get(user, ADVISOR))}]",
    }  # fmt: skip


@dataclass
class Service:
    """module : the handler's"""

    module: ModuleType
    model: SmallModel
    card: bytes
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, method: str, target: str, headers: Any, body: bytes, token: str) -> Any:
        """target : path and query; what the gateway would hand back."""
        event = event_of(method, target, headers, body)
        event["requestContext"]["authorizer"] = {"jwt": {"claims": claims_of(token)}}
        with self._turn:  # one request at a time, as one Lambda environment does
            return self.module.handler(event, context())

    def promote_another(self, cutoff: float) -> None:
        """Another model serves from now on."""
        with self._turn:
            self.model.publish(
                open_store(ENVIRONMENT["MODELS_URL"]), cutoff=cutoff, extra={CARD: self.card}
            )
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
    champion = model.publish(models, extra={CARD: card})
    lists = ApplicantLists(open_store(ENVIRONMENT["LISTS_URL"]))
    served = load_model(models, champion.version)
    put_listed(ProfileTable("profiles"), lists, served, _draw_profiles())
    return Service(_import_handler(), model, card)


def _import_handler() -> ModuleType:
    """Anew, in the environment as it is now."""
    for name in [name for name in sys.modules if name.startswith("functions.score_api")]:
        del sys.modules[name]
    return importlib.import_module("functions.score_api.handler")


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
