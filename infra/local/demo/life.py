"""What a lender's first days leave behind, so that no view of the demo is empty.

Everything goes the way that its users would go: files through the uploads bucket, decisions and a
promotion through the API, findings through the drift monitor, whose alarm then rings. Only the days
on which files came are set afterwards, for the emulator knows no clock but this machine's.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final

from credit_scoring.aws.storage import FolderStore
from credit_scoring.contract.columns import all_with_role, with_role
from credit_scoring.registry.champion import read_champion

from infra.local.demo.running import BRANCH, PASSWORD, USERNAME, Runner
from infra.local.demo.target import DeployedStack, Reply
from infra.local.demo.uploads import Rows, read_shares, write_table
from infra.local.errors import StepFailed
from infra.operate.publish import publish_version

SOUND: Final = ("nantes-01", "nantes-02")
BROKEN: Final = "nantes-03"
REJECTED: Final = "mistakes.csv"
# One that the model leans on, so that its loss is seen.
LOST: Final = all_with_role("external_score")[1]
MISTAKEN_ROWS: Final = 60
# A branch -> how many days ago its file came.
DAYS_AGO: Final = {BRANCH: 4, SOUND[0]: 3, SOUND[1]: 1}
_DECISIONS: Final = 6
_LONGEST_WAIT: Final = 120.0  # seconds


class Life:
    """Every method is a step and returns its outcome in a few words."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    @property
    def _target(self) -> DeployedStack:
        return self._runner.target

    def promote(self) -> str:
        """As from the page: an operator asks, and where it needs two, a colleague approves."""
        models, outputs = self._runner.plan.models, self._runner.outputs
        newer = read_champion(FolderStore(models))
        publish_version(models, newer.version, outputs=outputs, access=self._runner.access)
        asked = {
            "version": newer.version,
            "kind": "promotion",
            "reason": "Trained on four times as many applicants",
            "over": newer.replaced,
        }
        reply = self._call("POST", "/promotions", "operator", asked)
        if reply.status == HTTPStatus.CREATED:
            return f"model {newer.version}"
        place = f"/promotions/{reply.json()['proposal']['id']}/approval"
        self._call("POST", place, "colleague", {"reason": "Agreed in the committee"})
        return f"model {newer.version}, approved by a second person"

    def send_files(self) -> str:
        """Of sound branches, and one with mistakes."""
        own, *others = read_shares(self._runner.plan.upload)
        for branch, table in zip(SOUND, others, strict=False):
            self._score(branch, "week.csv", write_table(table))
        mistaken = own[:MISTAKEN_ROWS]
        make_mistakes(mistaken)
        counts = self._score(BRANCH, REJECTED, write_table(mistaken))
        self._set_days()
        return f"{len(SOUND) + 1} files, {counts['rejected']} rows rejected"

    def send_broken_file(self) -> str:
        """Of a branch whose export lost a column."""
        *_, table = read_shares(self._runner.plan.upload)
        for row in table:
            row[LOST] = ""
        counts = self._score(BROKEN, "week.csv", write_table(table))
        return f"{counts['scored']} scored without {LOST}"

    def take_decisions(self) -> str:
        """As the model advises, so that nobody has to be asked."""
        listed = self._call("GET", f"/applicants?state=open&branch={BRANCH}", USERNAME)
        decided = 0
        for item in listed.json()["items"]:
            verdict = item["score"]["decision"]
            if verdict == "review" or decided == _DECISIONS:
                continue
            id_ = item["applicant_id"]
            score = self._call("GET", f"/applicants/{id_}/score", USERNAME).json()
            body = {
                "applicant_id": id_,
                "decision": verdict,
                "model_version": score["model"]["version"],
            }
            self._call("POST", "/decisions", USERNAME, body)
            decided += 1
        return f"{decided} decisions"

    def _call(self, method: str, path: str, username: str, body: object = None) -> Reply:
        token = self._target.log_in(username, PASSWORD)
        reply = self._target.call(method, path, token=token, body=body)
        if not HTTPStatus(reply.status).is_success:
            raise StepFailed(f"{method} {path}", f"the API answered {reply.status}")
        return reply

    def _score(self, branch: str, name: str, body: bytes) -> dict[str, int]:
        self._target.put_upload(f"uploads/{branch}/{name}", body)
        key = self._target.wait_for_result(f"scored/{branch}/{name}/", timeout=_LONGEST_WAIT)
        counts: dict[str, int] = json.loads(self._target.read_result(key))
        return counts

    def _set_days(self) -> None:
        """The history shows these files as of days ago."""
        dynamodb = self._runner.access.client("dynamodb")
        table = self._runner.outputs["BatchesTable"]
        for item in dynamodb.scan(TableName=table)["Items"]:
            branch = item["branch"]["S"]
            if branch in DAYS_AGO and not item["batch"]["S"].startswith(REJECTED):
                received = datetime.now(UTC) - timedelta(days=DAYS_AGO[branch])
                dynamodb.update_item(
                    TableName=table,
                    Key={name: item[name] for name in ("branch", "batch")},
                    UpdateExpression="SET received_at = :then",
                    ExpressionAttributeValues={
                        ":then": {"S": received.isoformat(timespec="milliseconds")}
                    },
                )


def make_mistakes(table: Rows) -> None:
    """As people make them: a word of their own, a sign that is lost, a unit in the number."""
    income_type, birth, credit = map(with_role, ("income_type", "birth", "credit"))
    for row in table[:12]:
        row[income_type] = "Employee"
    for row in table[12:20]:
        row[birth] = row[birth].lstrip("-")
    for row in table[20:26]:
        row[credit] = f"{row[credit]} approx."
