"""How often one caller may call in a minute, whoever else calls: counted for all processes.

    caller       a hash of the user or program, and the minute
    calls        taken so far

The gateway's limit is for everybody together. Ten calls are taken at once, by one conditional
write: a write a call would cost more than the score's own reads. So a process that ends may leave
some calls of a minute unused, and nobody gets more than are given.
"""

import hashlib
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from credit_scoring.aws.clients import translated
from credit_scoring.aws.signed_calls import dynamodb
from credit_scoring.errors import AlreadyExists, StorageError

from functions.score_api.access import Caller
from functions.score_api.http.outcomes import note_uncounted_calls
from functions.score_api.http.problems import RequestRefused

AT_ONCE, SECONDS = 10, 60
# Rows outlive their minute for whoever looks for the cause of a refusal.
SECONDS_KEPT = 3600
# While the table does not answer, asking it anew for every call would slow them all.
UNCOUNTED = 100


@dataclass
class CallLimits:
    """table : of what was taken; of_person, of_machine : calls a minute, multiples of AT_ONCE"""

    table: str
    of_person: int
    of_machine: int
    _minute: int = 0
    # Calls that may still be made in this minute without asking, by caller.
    _left: dict[str, int] = field(default_factory=dict)

    def require(self, caller: Caller) -> None:
        """Raises RequestRefused (429) with the seconds until the next minute."""
        now = time.time()
        if now // SECONDS != self._minute:
            self._minute = int(now // SECONDS)
            self._left.clear()
        name = hashlib.sha256(caller.name.encode()).hexdigest()[:32]
        left = self._left.get(name)
        if left is None or left == 0:
            most = self.of_person if caller.is_person else self.of_machine
            left = self._take(f"{name}/{self._minute}", most)
        # A caller who was refused once stays refused: below zero nobody asks again.
        self._left[name] = left - 1 if left > 0 else -1
        if left <= 0:
            self._refuse(now)

    def _take(self, key: str, most: int) -> int:
        """How many calls were given: none when the minute's are gone."""
        try:
            with translated("count_calls", self.table):
                dynamodb(
                    "update_item",
                    TableName=self.table,
                    Key={"caller": {"S": key}},
                    UpdateExpression="ADD calls :taken SET expires_at = :end",
                    ConditionExpression="attribute_not_exists(calls) OR calls < :most",
                    ExpressionAttributeValues={
                        ":taken": {"N": str(AT_ONCE)},
                        ":most": {"N": str(most)},
                        ":end": {"N": str((self._minute + 1) * SECONDS + SECONDS_KEPT)},
                    },
                )
        except AlreadyExists:
            return 0
        except StorageError as error:  # no limit is better than no service
            note_uncounted_calls(error)
            return UNCOUNTED
        return AT_ONCE

    def _refuse(self, now: float) -> None:
        wait = max(1, math.ceil((self._minute + 1) * SECONDS - now))
        raise RequestRefused(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"You have made all calls that one caller may make in a minute: wait {wait} s.",
            headers={"Retry-After": str(wait)},
        )


def open_call_limits(environment: Mapping[str, str]) -> CallLimits:
    """Raises KeyError when the deployment forgot to name a limit."""
    return CallLimits(
        environment["CALLS_TABLE"],
        of_person=int(environment["CALLS_OF_PERSON"]),
        of_machine=int(environment["CALLS_OF_MACHINE"]),
    )
