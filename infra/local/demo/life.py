"""What a lender's first days leave behind, so that no view of the demo is empty.

Everything goes the way that its users would go: files through the uploads bucket, decisions through
the API, findings through the drift monitor, whose alarm then rings.
"""

from __future__ import annotations

import json
from typing import Final

from credit_scoring.contract.columns import all_with_role, with_role

from infra.local.demo.running import BRANCH, PASSWORD, USERNAME, Runner
from infra.local.demo.target import DeployedStack
from infra.local.demo.uploads import Rows, read_shares, write_table
from infra.local.errors import StepFailed

SOUND: Final = ("nantes-01", "nantes-02")
BROKEN: Final = "nantes-03"
REJECTED: Final = "mistakes.csv"
# One that the model leans on, so that its loss is seen.
LOST: Final = all_with_role("external_score")[1]
MISTAKEN_ROWS: Final = 60
_DECISIONS: Final = 6
_LONGEST_WAIT: Final = 120.0  # seconds


class Life:
    """Every method is a step and returns its outcome in a few words."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    @property
    def _target(self) -> DeployedStack:
        return self._runner.target

    def send_files(self) -> str:
        """Of branches: two sound ones, one whose export lost a column, one with mistakes."""
        own, *others = read_shares(self._runner.plan.upload)
        for branch, table in zip((*SOUND, BROKEN), others, strict=True):
            if branch == BROKEN:
                for row in table:
                    row[LOST] = ""
            self._score(branch, "week.csv", write_table(table))
        mistaken = own[:MISTAKEN_ROWS]
        make_mistakes(mistaken)
        counts = self._score(BRANCH, REJECTED, write_table(mistaken))
        return f"{len(SOUND) + 2} files, {counts['rejected']} rows rejected"

    def take_decisions(self) -> str:
        """As the model advises, so that nobody has to be asked."""
        token = self._target.log_in(USERNAME, PASSWORD)
        listed = self._target.call("GET", f"/applicants?state=open&branch={BRANCH}", token=token)
        decided = 0
        for item in listed.json()["items"]:
            verdict = item["score"]["decision"]
            if verdict == "review" or decided == _DECISIONS:
                continue
            id_ = item["applicant_id"]
            score = self._target.call("GET", f"/applicants/{id_}/score", token=token).json()
            body = {
                "applicant_id": id_,
                "decision": verdict,
                "model_version": score["model"]["version"],
            }
            answer = self._target.call("POST", "/decisions", token=token, body=body)
            if answer.status != 201:
                raise StepFailed("Deciding", f"the API answered {answer.status}")
            decided += 1
        return f"{decided} decisions"

    def _score(self, branch: str, name: str, body: bytes) -> dict[str, int]:
        self._target.put_upload(f"uploads/{branch}/{name}", body)
        key = self._target.wait_for_result(f"scored/{branch}/{name}/", timeout=_LONGEST_WAIT)
        counts: dict[str, int] = json.loads(self._target.read_result(key))
        return counts


def make_mistakes(table: Rows) -> None:
    """As people make them: a word of their own, a sign that is lost, a unit in the number."""
    income_type, birth, credit = map(with_role, ("income_type", "birth", "credit"))
    for row in table[:12]:
        row[income_type] = "Employee"
    for row in table[12:20]:
        row[birth] = row[birth].lstrip("-")
    for row in table[20:26]:
        row[credit] = f"{row[credit]} approx."
