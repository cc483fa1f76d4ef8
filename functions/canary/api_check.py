"""The golden dossiers through the public API, with a token like any machine's."""

import base64
import json
from collections.abc import Mapping
from urllib.parse import urlencode

from credit_scoring.aws.clients import translated
from credit_scoring.aws.signed_calls import secret_text
from credit_scoring.contract.columns import ID

from functions.canary.expectations import Answered, Expected, Outcome
from functions.canary.http_client import post
from functions.canary.places import Places
from functions.canary.problems import Problem, call_refused, token_refused


def check_api(expected: Expected, places: Places) -> list[Outcome]:
    """What the API says of each dossier.

    Raises StorageError when the client's secret cannot be read.
    """
    token = get_token(places)
    if isinstance(token, Problem):
        return [token]
    outcomes: list[Outcome] = []
    for application in expected.applications:
        outcome = _ask(application, token, places)
        outcomes.append(outcome)
        if isinstance(outcome, Problem) and outcome.is_outage:
            break  # each further call would wait as long
    return outcomes


def get_token(places: Places) -> str | Problem:
    """The secret is asked for each time: it lies in no environment and follows a rotation."""
    with translated("get_secret_value", "canary"):
        secret = secret_text(places.client_secret)
    basic = base64.b64encode(f"{places.client_id}:{secret}".encode()).decode()
    headers = {
        "Authorization": f"Basic {basic}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    body = urlencode({"grant_type": "client_credentials"}).encode()
    answer = post(places.token_url, body, headers)
    token = answer.json().get("access_token")
    return token if answer.status == 200 and token else token_refused(answer.status)


def _ask(application: Mapping[str, object], token: str, places: Places) -> Outcome:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer = post(f"{places.api_url}/predict", json.dumps(application).encode(), headers)
    if answer.status != 200:
        return call_refused(answer.status)
    content = answer.json()
    model = content.get("model")
    version = str(model.get("version", "")) if isinstance(model, dict) else ""
    asked = str(application[ID])
    return Answered(
        "the API", version, [asked], [(asked, content.get("probability_of_default", -1.0))]
    )
