"""GET /batches and /batches/{batch}: which files came, how far each is, what became of it."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote

import pytest
import requests
from credit_scoring.aws.clients import client
from credit_scoring.stored.batches import FAILED, FINISHED, RUNNING, BatchRecord, BatchTable
from jsonschema import Draft202012Validator

from tests.functions.score_api.conftest import escaped, get_event, read_event

FILE = "a-20261121T101530-1a2b.csv"
BATCH = f"paris-01/{FILE}"
RECEIVED = datetime(2026, 11, 21, 10, 15, 30, tzinfo=UTC)
RECORD = BatchRecord("paris-01", f"{FILE}/v1", RECEIVED.isoformat(), digest="d1")
COUNTS = {"rows": 3, "scored": 2, "rejected": 1, "open_rejects": 1}
MANIFEST = {
    "status": "finished", "branch": "paris-01", "filename": FILE, "version_id": "v1",
    "rows": 3, "scored": 2, "rejected": 1,
    "causes": [{"cause": "missing", "column": "AMT_CREDIT", "count": 1}],
}  # fmt: skip
WHY = "The header has no column SK_ID_CURR."


@pytest.fixture
def batches(aws) -> BatchTable:
    return BatchTable("batches")


@pytest.fixture
def results(api):
    return api.module.service.results


def finish(batches, results, record=RECORD, **changes) -> None:
    """As the batch function does: the files, the manifest, then the record."""
    folder = f"{record.branch}/{record.batch}"
    results.write(f"{folder}/scores.csv", b"scores")
    results.write(f"{folder}/rejects.csv", b"rejects")
    results.write(f"{folder}/manifest.json", json.dumps(MANIFEST | changes).encode())
    batches.put_queued(record)
    batches.finish(replace(record, status=FINISHED, **COUNTS))


def fail(batches, results) -> None:
    manifest = MANIFEST | {"status": "failed", "detail": WHY, "rows": 0, "scored": 0, "rejected": 0}
    results.write(f"paris-01/{RECORD.batch}/manifest.json", json.dumps(manifest).encode())
    batches.put_queued(RECORD)
    batches.finish(replace(RECORD, status=FAILED, detail=WHY))


def queue(batches, count: int, **changes) -> list[BatchRecord]:
    """So many files, a minute apart, the newest last."""
    records = [
        replace(
            RECORD,
            batch=f"{number:03}.csv/v1",
            received_at=(RECEIVED + timedelta(minutes=number)).isoformat(),
            **changes,
        )
        for number in range(count)
    ]
    for record in records:
        batches.put_queued(record)
    return records


def list_batches(api, groups: str = "all-branches", **query):
    event = read_event("batches") | {"queryStringParameters": query}
    return api.send(of_groups(event, groups))


def of_groups(event, groups: str):
    """The same request by a back office that belongs to these groups."""
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    claims["cognito:groups"] = f"[back-office {groups}]"
    return event


def files(reply) -> list[str]:
    return [item["file"] for item in reply.body["items"]]


class TestOne:
    def test_a_file_that_was_not_received_yet_is_waiting(self, api):
        assert api.get("batch", batch=BATCH).body == {"batch": BATCH, "status": "waiting"}

    def test_a_received_file_is_queued_and_offers_nothing(self, api, batches):
        batches.put_queued(RECORD)
        body = api.get("batch", batch=BATCH).body
        assert (body["status"], body["rows"], body["rows_done"]) == ("queued", 0, 0)
        assert (body["file"], body["version"]) == (FILE, "v1")
        assert not [name for name in body if name.endswith("_url")]

    def test_a_running_file_says_how_far_it_is(self, api, batches, results):
        batches.put_queued(RECORD)
        batches.start(replace(RECORD, rows=10, model_version="0123456789ab"))
        batches.add_done(RECORD, rows=4)
        results.write(f"{BATCH}/v1/scores.csv", b"half")
        body = api.get("batch", batch=BATCH).body
        assert (body["status"], body["rows"], body["rows_done"]) == ("running", 10, 4)
        assert body["model_version"] == "0123456789ab"
        assert "scores_url" not in body

    @pytest.mark.parametrize(
        "asked", [BATCH, escaped(BATCH), f"{BATCH}/v1", escaped(f"{BATCH}/v1")]
    )
    def test_a_finished_file_can_be_taken_away(self, api, batches, results, asked):
        finish(batches, results)
        body = api.get("batch", batch=asked).body
        assert {name: body[name] for name in COUNTS} == COUNTS
        assert (body["status"], body["rows_done"]) == ("finished", 3)
        assert body["manifest"] == MANIFEST
        assert requests.get(body["manifest_url"]).json() == MANIFEST
        for kind in ("scores", "rejects"):
            answer = requests.get(body[f"{kind}_url"])
            assert answer.content == kind.encode()
            name = f'attachment; filename="a-20261121T101530-1a2b-{kind}.csv"'
            assert answer.headers["Content-Disposition"] == name

    def test_a_packed_files_results_are_called_like_what_is_in_it(self, api, batches, results):
        finish(batches, results, replace(RECORD, batch="b.csv.gz/v1"))
        body = api.get("batch", batch="paris-01/b.csv.gz").body
        answer = requests.get(body["scores_url"])
        assert 'filename="b-scores.csv"' in answer.headers["Content-Disposition"]

    def test_a_failed_file_says_why_and_offers_its_receipt_only(self, api, batches, results):
        fail(batches, results)
        body = api.get("batch", batch=BATCH).body
        assert (body["status"], body["detail"]) == ("failed", WHY)
        assert body["manifest"]["detail"] == WHY
        assert [name for name in body if name.endswith("_url")] == ["manifest_url"]

    def test_repaired_rejects_are_no_longer_open(self, api, batches, results):
        finish(batches, results)
        batches.set_open_rejects("paris-01", RECORD.batch, 0)
        body = api.get("batch", batch=BATCH).body
        assert (body["rejected"], body["open_rejects"]) == (1, 0)

    def test_results_that_are_no_longer_kept_are_not_offered(self, api, batches, results):
        finish(batches, results)
        client("s3").delete_object(Bucket="results", Key=f"scored/{BATCH}/v1/manifest.json")
        body = api.get("batch", batch=BATCH).body
        assert body["status"] == "finished"
        assert not {"manifest", "scores_url"} & set(body)

    def test_a_file_sent_again_under_its_name_is_asked_for_by_version(self, api, batches, results):
        later = (RECEIVED + timedelta(hours=1)).isoformat()
        # The newer version's id sorts first: it is the time that counts.
        batches.put_queued(replace(RECORD, batch=f"{FILE}/a0", received_at=later))
        finish(batches, results)
        assert api.get("batch", batch=BATCH).body["version"] == "a0"
        assert api.get("batch", batch=f"{BATCH}/v1").body["status"] == "finished"

    @pytest.mark.parametrize("other", [f"{BATCH}.gz", f"{BATCH}/v2", BATCH.removesuffix(".csv")])
    def test_another_file_of_similar_name_is_another_batch(self, api, batches, results, other):
        finish(batches, results)
        assert api.get("batch", batch=other).body["status"] == "waiting"

    @pytest.mark.parametrize("name", ["juin été.csv", "a b+c.csv", "50 %.csv", ".caché.csv"])
    @pytest.mark.parametrize("version", ["v1", ".3sL4kqtJlcpXroDTDmJ-rmSpXd3", "-_~.", "null"])
    def test_names_that_people_use_and_any_version_id_of_s3_open(
        self, api, batches, results, name, version
    ):
        record = replace(RECORD, batch=f"{name}/{version}")
        finish(batches, results, record)
        for asked in (f"paris-01/{name}", f"paris-01/{name}/{version}"):
            body = api.get("batch", batch=quote(asked)).body
            assert (body["status"], body["version"]) == ("finished", version)
            disposition = unquote(body["scores_url"])
            assert 'filename="' in disposition
            assert name.removesuffix(".csv") in unquote(disposition)

    @pytest.mark.parametrize("branch", ["paris-01", "nowhere"])
    def test_another_branchs_file_is_404_whether_it_exists_or_not(
        self, api, batches, results, branch
    ):
        finish(batches, results)
        event = get_event("batch", batch=f"{branch}/{FILE}")
        assert api.send(of_groups(event, "branch-lyon")).status == 404

    @pytest.mark.parametrize(
        "batch",
        [
            "x",
            "..%2Fmodels",
            "a%2F..%2Fb",
            "a%2F%2Fb",
            "a/b/c/d",
            "a%2Fb%00",
            "a%2F..",
            "a%2Fb%2F.",
        ],
    )
    def test_what_is_not_called_like_a_batch_is_404(self, api, batch):
        assert api.get("batch", batch=batch).status == 404

    def test_a_query_of_one_batch_is_not_the_list(self, api, batches):
        queue(batches, 1)
        assert "items" not in api.send(get_event("batch", batch="paris-01/000.csv")).body


def test_every_answer_is_as_described(api, batches, results):
    schemas = api.get("openapi").body["components"]
    waiting = api.get("batch", batch=BATCH)
    finish(batches, results)
    batches.put_queued(replace(RECORD, batch="b.csv/v1"))
    one, other = api.get("batch", batch=BATCH), api.get("batch", batch="paris-01/b.csv")
    named = [("Batch", reply) for reply in (waiting, one, other)]
    named.append(("BatchList", list_batches(api)))
    for name, reply in named:
        schema = {"$ref": f"#/components/schemas/{name}", "components": schemas}
        assert not list(Draft202012Validator(schema).iter_errors(reply.body))


class TestList:
    def test_without_a_file_the_list_is_empty(self, api):
        assert list_batches(api).body == {"items": [], "cursor": None}

    def test_the_newest_file_comes_first(self, api, batches):
        queue(batches, 3)
        assert files(list_batches(api)) == ["002.csv", "001.csv", "000.csv"]

    def test_a_summary_names_what_to_ask_for(self, api, batches, results):
        finish(batches, results)
        [summary] = list_batches(api).body["items"]
        body = api.get("batch", batch=summary["batch"]).body
        assert body | summary == body
        assert summary["batch"] == f"{BATCH}/v1"

    def test_a_file_is_found_by_what_the_drift_monitor_calls_it(self, api, batches):
        queue(batches, 2, digest="8f51d3e25cd5")
        assert {item["digest"] for item in list_batches(api).body["items"]} == {"8f51d3e25cd5"}

    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
    def test_pages_hold_every_batch_once_in_order(self, api, batches, limit):
        queue(batches, 7)
        seen, cursor = [], ""
        for _ in range(9):
            reply = list_batches(api, limit=str(limit), cursor=cursor)
            assert len(reply.body["items"]) <= limit
            seen += files(reply)
            cursor = reply.body["cursor"]
            if cursor is None:
                break
        assert seen == [f"{number:03}.csv" for number in range(6, -1, -1)]

    def test_twenty_are_listed_unless_more_are_asked_for(self, api, batches):
        queue(batches, 25)
        assert len(files(list_batches(api))) == 20
        assert len(files(list_batches(api, limit="100"))) == 25

    def test_one_branch_can_be_asked_for(self, api, batches):
        queue(batches, 2)
        queue(batches, 3, branch="lyon")
        reply = list_batches(api, branch="lyon", limit="2")
        assert {item["branch"] for item in reply.body["items"]} == {"lyon"}
        rest = list_batches(api, branch="lyon", limit="2", cursor=reply.body["cursor"])
        assert files(reply) + files(rest) == ["002.csv", "001.csv", "000.csv"]
        assert files(list_batches(api, branch="nantes")) == []

    @pytest.mark.parametrize(
        ("groups", "seen"),
        [("branch-lyon", {"lyon"}), ("branch-lyon branch-paris-01", {"lyon", "paris-01"}),
         ("branch-nantes", set()), ("", set()), ("all-branches", {"lyon", "paris-01"})],
    )  # fmt: skip
    def test_nobody_sees_files_of_other_branches(self, api, batches, groups, seen):
        queue(batches, 2)
        queue(batches, 2, branch="lyon")
        reply = list_batches(api, groups)
        assert {item["branch"] for item in reply.body["items"]} == seen
        assert len(reply.body["items"]) == 2 * len(seen)

    def test_a_cursor_of_another_branch_shows_nothing_of_it(self, api, batches):
        queue(batches, 3)
        cursor = list_batches(api, limit="1").body["cursor"]
        assert files(list_batches(api, "branch-lyon", cursor=cursor)) == []

    def test_another_branch_cannot_be_asked_for(self, api, batches):
        assert list_batches(api, "branch-lyon", branch="paris-01").status == 403

    def test_a_status_lists_what_is_in_it(self, api, batches):
        first, second, _ = queue(batches, 3)
        batches.start(replace(first, rows=10))
        batches.finish(replace(second, status=FINISHED, rows=1, scored=1))
        assert files(list_batches(api, status="running")) == ["000.csv"]
        assert files(list_batches(api, status="finished", branch="paris-01")) == ["001.csv"]
        assert files(list_batches(api, status="failed")) == []

    def test_a_part_of_a_name_is_found_in_any_case_on_every_page(self, api, batches):
        queue(batches, 12)
        first = list_batches(api, name="00", limit="6")
        rest = list_batches(api, name="00", limit="6", cursor=first.body["cursor"])
        assert files(first) + files(rest) == [f"00{n}.csv" for n in range(9, -1, -1)]
        assert files(list_batches(api, name="011.CSV")) == ["011.csv"]
        assert files(list_batches(api, name="v1")) == []

    @pytest.mark.parametrize(
        ("period", "found"),
        [
            ({"since": "2026-11-21"}, 5),
            ({"before": "2026-11-21"}, 0),
            ({"since": "2026-11-21", "before": "2026-11-22"}, 5),
            ({"since": "2026-11-22", "before": "2026-11-21"}, 0),
        ],
    )
    def test_a_period_lists_what_came_in_it(self, api, batches, period, found):
        queue(batches, 5)
        assert len(files(list_batches(api, **period))) == found

    def test_a_moment_parts_what_came_before_it(self, api, batches):
        records = queue(batches, 4)
        moment = records[2].received_at[:19] + "Z"
        assert files(list_batches(api, since=moment)) == ["003.csv", "002.csv"]
        assert files(list_batches(api, before=moment)) == ["001.csv", "000.csv"]

    def test_files_with_open_rejects_can_be_asked_for(self, api, batches):
        first, second, _ = queue(batches, 3)
        batches.finish(replace(first, status=FINISHED, rows=3, scored=2, open_rejects=1))
        batches.finish(replace(second, status=FINISHED, rows=1, scored=1))
        assert files(list_batches(api, open="yes")) == ["000.csv"]

    @pytest.mark.parametrize(
        "query",
        [{"limit": value} for value in ("0", "-1", "101", "1000", "2.0", "x", "٣", "1 ", "0x1")]
        + [{"branch": value} for value in ("a/b", "..", "a b", "a,b", "a" * 33)]
        + [{"status": value} for value in ("waiting", "FINISHED", "finished,failed")]
        + [{"since": value} for value in ("june", "2026-6-1", "2026-06-01T08:00:00+00:00", "~")]
        + [{"before": "2026-06-01 08:00"}, {"name": "a" * 101}, {"open": "no"}]
        + [{"cursor": "[" * 5_000}],
    )  # fmt: skip
    def test_what_cannot_be_asked_is_400_and_says_which_parameter(self, api, query):
        reply = list_batches(api, **query)
        assert reply.status == 400
        assert f"`{next(iter(query))}`" in reply.body["detail"]

    @pytest.mark.parametrize(
        "cursor",
        ["x", "é", "bnVsbA==", "W10=", "WyJhIiwiYiIsMV0=", "WyJhIiwiYiIsIiJd",
         base64.urlsafe_b64encode(b"[" * 3_000).decode()],
    )  # fmt: skip
    def test_a_cursor_that_no_answer_gave_is_404(self, api, cursor):
        reply = list_batches(api, cursor=cursor)
        assert reply.status == 404
        assert "`cursor`" in reply.body["detail"]

    def test_no_file_name_reaches_the_log(self, api, batches, logs):
        batches.put_queued(RECORD)
        batches.start(replace(RECORD, rows=1, status=RUNNING))
        list_batches(api)
        api.get("batch", batch=BATCH)
        logs.read()
        assert FILE not in logs.text
