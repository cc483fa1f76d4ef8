"""One rule completes an application, whichever way it comes: the same PD to the last bit."""

import tempfile
from pathlib import Path

import boto3
import numpy as np
import pytest
from credit_scoring.contract.columns import ID, TARGET
from credit_scoring.decision import default_probabilities
from credit_scoring.features import build_features
from credit_scoring.registry.bundle import load_champion
from credit_scoring.stored.profiles import Profile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.functions.batch_scorer.branch import SERVICE, Branch, start_function, to_csv
from tests.functions.score_api.callers import ask, person
from tests.models import HISTORY, draw_record
from tests.training.histories import write_tables
from training.data.dataset import load_dataset
from training.data.load import history_features

ADVISOR = person("advisor", "branch-paris-01")
APPLICANT, OTHER = "7", "8"


@pytest.fixture(scope="module")
def tables(tmp_path_factory) -> Path:
    """Secondary tables that tell of the applicant's past credits."""
    folder = tmp_path_factory.mktemp("tables")
    write_tables(folder)
    return folder


@pytest.fixture
def stored(tables, profiles) -> Profile:
    """The applicant as the table knows them."""
    record = draw_record(np.random.default_rng(3), APPLICANT)
    application = {name: value for name, value in record.items() if name not in HISTORY}
    ids, features = history_features(tables)
    row = ids.index(APPLICANT)
    history = {name: v[row].item() for name, v in features.items() if not np.isnan(v[row])}
    profile = Profile(APPLICANT, "paris-01", application, history, "2020-01-01T00:00:00+00:00")
    profiles.put_many([profile])
    return profile


@pytest.fixture
def application(stored) -> dict:
    """What the applicant sends of the form, without history."""
    return stored.application


@pytest.fixture
def branch(aws, monkeypatch) -> Branch:
    service = {"POWERTOOLS_SERVICE_NAME": SERVICE}
    for name, value in (service | {"WORK_URL": "s3://results/work", "EVENT_BUS": ""}).items():
        monkeypatch.setenv(name, value)
    for bucket in ("uploads", "results"):
        boto3.client("s3").put_bucket_versioning(
            Bucket=bucket, VersioningConfiguration={"Status": "Enabled"}
        )
    return Branch(start_function())


VALUES = {
    "BUREAU_ACTIVE_CREDIT_COUNT": st.integers(0, 9) | st.none(),
    "PREVIOUS_REFUSED_SHARE": st.floats(0, 1) | st.none(),
}


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(sent=st.fixed_dictionaries({}, optional=VALUES))
def test_one_applicant_gets_one_pd_by_every_way(
    api, branch, stored, tables, models, profiles, sent
):
    profiles.put_many([stored])  # the file of the example before has changed it
    application = stored.application
    record = application | sent
    pds = {
        "predict": _pd(api, "POST /predict", record),
        "explain": _pd(api, "POST /predict/explain", record),
        "alone": _in_company(api, [record], 0),
        "in company": _in_company(api, [_other(), record, application | {ID: OTHER}], 1),
        "file": branch.send(to_csv([record])).pds[APPLICANT],
        "training": _trained(record, tables, load_champion(models)),
    }
    assert set(pds.values()) == {pds["predict"]}, pds
    # The file left what is now looked up by the id.
    assert _pd(api, "GET /applicants/{id}/score", None) == pds["predict"]


def test_what_the_profile_filled_in_is_named_everywhere(api, application):
    sent = application | {"PREVIOUS_REFUSED_SHARE": 0.25}
    named = ["BUREAU_ACTIVE_CREDIT_COUNT"]
    assert ask(api, "POST /predict", ADVISOR, body=sent).body["completed_from_profile"] == named
    explained = ask(api, "POST /predict/explain", ADVISOR, body=sent).body
    assert (explained["completed_from_profile"], explained["history"]) == (named, "profile")
    body = {"applications": [{**sent, ID: OTHER}, sent, {}]}
    items = ask(api, "POST /predict/batch", ADVISOR, body=body).body["items"]
    assert [item["completed_from_profile"] for item in items] == [[], named, []]


def test_nobody_is_completed_by_the_profile_of_another_branch(api, application, profiles):
    stored = profiles.get(APPLICANT)
    profiles.put_many([Profile(**vars(stored) | {"branch": "lyon-02"})])
    body = ask(api, "POST /predict", ADVISOR, body=application).body
    assert body["completed_from_profile"] == []
    values = {item["feature"]: item["value"] for item in body["contributions"]}
    assert [values[name] for name in HISTORY] == [None, None]


def _pd(api, route, record):
    reply = ask(api, route, ADVISOR, id=APPLICANT, body=record)
    assert reply.status == 200, reply.body
    return reply.body["probability_of_default"]


def _in_company(api, records, place):
    items = ask(api, "POST /predict/batch", ADVISOR, body={"applications": records}).body["items"]
    return items[place]["score"]["probability_of_default"]


def _other():
    return draw_record(np.random.default_rng(4), OTHER)


def _trained(record, tables, model):
    """As `evaluate` reads and scores a folder with this applicant in it."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for table in tables.iterdir():
            (folder / table.name).symlink_to(table)
        labelled = [{TARGET: target} | record for target in (0, 1)]
        labelled[1] |= {ID: OTHER}
        (folder / "application_train.csv").write_bytes(to_csv(labelled))
        applicants = load_dataset(folder).applicants
        features = build_features(applicants, model.schema)
        return float(default_probabilities(model.explainer.margins(features))[0])
