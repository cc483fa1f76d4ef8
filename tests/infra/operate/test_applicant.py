"""An applicant with something everywhere is found before, and after where the rule says so."""

import boto3
import numpy as np
import pytest
from credit_scoring.aws.storage import S3Store
from credit_scoring.errors import StorageUnavailable
from credit_scoring.stored.applicant_lists import ApplicantLists
from credit_scoring.stored.cases import Case, CaseTable
from credit_scoring.stored.profiles import Profile, ProfileTable
from credit_scoring.stored.pseudonyms import Pseudonyms

from infra.access import Access
from infra.operate.applicant import Dossier
from tests.models import draw_record
from tests.profile_table import (
    make_case_table,
    make_decision_table,
    make_profile_table,
    put_listed,
)

OUTPUTS = {
    "ResultsBucket": "results", "ProfilesTable": "profiles", "CasesTable": "cases",
    "DecisionsTable": "decisions",
}  # fmt: skip
WHO, SOMEBODY_ELSE = "4711007", "815"
PSEUDONYMS = Pseudonyms("key")
AT = "2026-11-20T08:00:00+00:00"


def profile_of(applicant_id, branch):
    record = draw_record(np.random.default_rng(int(applicant_id)), applicant_id)
    application = {n: v for n, v in record.items() if not n.startswith(("BUREAU", "PREVIOUS"))}
    return Profile(applicant_id, branch, application, {}, AT, "a.csv")


@pytest.fixture
def access(aws_account, aws_address, small_model):
    own = Access(
        region="eu-west-3", endpoint=aws_address, access_key="testing", secret_key="testing"
    )
    place = {"LocationConstraint": own.region}
    own.client("s3").create_bucket(Bucket="results", CreateBucketConfiguration=place)
    make_profile_table("profiles")
    make_case_table("cases")
    make_decision_table("decisions")
    return own


@pytest.fixture
def lists(access):
    return ApplicantLists(S3Store("results", "lists/", access.client("s3")))


@pytest.fixture
def planted(access, lists, small_model, decide):
    """In two branches' lists, in a base and in parts, with a case of each, and a decision."""
    table, model = ProfileTable("profiles"), small_model.model
    for branch in ("lyon-02", "paris-01"):
        given = [profile_of(WHO, branch), profile_of(SOMEBODY_ELSE, branch)]
        put_listed(table, lists, model, given)
        lists.merge(branch, most_parts=0)
        put_listed(table, lists, model, given)
        for applicant_id in (WHO, SOMEBODY_ELSE):
            CaseTable("cases").decide(Case(branch, applicant_id, decision="accept", status="final"))
    decide(WHO)


@pytest.fixture
def decide():
    def put(applicant_id):
        item = {
            "decision_id": "d1", "applicant_id": applicant_id, "created_at": AT,
            "content": f'{{"applicant_id": "{applicant_id}", "decision": "accept"}}',
        }  # fmt: skip
        boto3.client("dynamodb").put_item(
            TableName="decisions", Item={name: {"S": value} for name, value in item.items()}
        )

    return put


def traces(access, lists, applicant_id):
    """Every place that names an applicant, found without the code that is tested."""
    found = []
    dynamodb = boto3.client("dynamodb")
    for table in ("profiles", "cases", "decisions"):
        items = dynamodb.scan(TableName=table)["Items"]
        found += [table for item in items if applicant_id in str(item)]
    for item in boto3.client("s3").list_objects_v2(Bucket="results")["Contents"]:
        [rows] = lists.read([item["Key"].removeprefix("lists/")])
        if applicant_id.encode() in rows.ids.tolist():
            found.append(item["Key"])
    return sorted(found)


def test_an_applicant_is_found_everywhere_before_and_where_the_rule_says_so_after(
    access, lists, planted
) -> None:
    dossier, asked = Dossier(WHO, OUTPUTS, access), []
    before, others = traces(access, lists, WHO), traces(access, lists, SOMEBODY_ELSE)
    assert [place for place in before if not place.startswith("lists/")] == [
        "cases", "cases", "decisions", "profiles",
    ]  # fmt: skip
    assert len([place for place in before if place.startswith("lists/")]) == 4

    def forget_scores(pseudonym):
        asked.append(pseudonym)
        return {"scores": 3, "set_aside": 1}

    gone = dossier.forget(PSEUDONYMS, forget_scores)
    assert gone == {"scores": 3, "set_aside": 1, "cases": 2, "lists": 2, "profiles": 1}
    assert traces(access, lists, WHO) == ["decisions"]
    assert traces(access, lists, SOMEBODY_ELSE) == others
    [pseudonym] = PSEUDONYMS.of([WHO])
    assert np.array(asked, np.int64).view(np.uint64).tolist() == [pseudonym]
    # A second time there is nothing left, and nothing breaks.
    nothing = {"scores": 0, "set_aside": 0}
    assert dossier.forget(PSEUDONYMS, lambda _: nothing) == dict.fromkeys(gone, 0)


def test_what_is_kept_is_shown_to_whoever_asks_for_their_data(access, planted) -> None:
    shown = Dossier(WHO, OUTPUTS, access).show()
    assert shown["profile"]["application"]["AMT_CREDIT"] > 0
    assert shown["listed_in"] == ["lyon-02", "paris-01"]
    assert [case["branch"] for case in shown["cases"]] == ["lyon-02", "paris-01"]
    assert [decision["decision"] for decision in shown["decisions"]] == ["accept"]


def test_records_that_do_not_answer_stop_everything_before_the_id_is_gone(
    access, lists, planted
) -> None:
    before = traces(access, lists, WHO)

    def fail(_):
        raise StorageUnavailable("forget", "TooManyRequestsException")

    with pytest.raises(StorageUnavailable):
        Dossier(WHO, OUTPUTS, access).forget(PSEUDONYMS, fail)
    assert traces(access, lists, WHO) == before
