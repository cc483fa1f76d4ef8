"""What is known of each applicant, in DynamoDB."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from credit_scoring.aws.clients import PARALLEL_CALLS, translated
from credit_scoring.aws.http_calls import BUSY, Patience, within_limit
from credit_scoring.aws.signed_calls import binary, dynamodb
from credit_scoring.contract.applicants import Applicants, parse_record
from credit_scoring.contract.columns import ID
from credit_scoring.contract.completion import complete
from credit_scoring.errors import ApplicantNotFound, StorageUnavailable
from credit_scoring.stored.packed_rows import PackedValues, pack_values

# DynamoDB takes so many items in one call.
ITEMS_READ_AT_ONCE, ITEMS_WRITTEN_AT_ONCE = 100, 25
# Where no limit is shorter: a new table doubles what it takes within half an hour.
SECONDS_OF_PATIENCE = 1_800.0

# What of one call is still to do, as DynamoDB writes it.
type Asked = dict[str, Any]


@dataclass(frozen=True)
class Profile:
    """What is known of one applicant.

    application, history : raw values by column name, as JSON would carry them, without the id
    """

    applicant_id: str
    branch: str = ""
    application: Mapping[str, Any] = field(default_factory=dict)
    history: Mapping[str, float] = field(default_factory=dict)
    updated_at: str = ""
    source_file: str = ""

    @property
    def record(self) -> dict[str, Any]:
        """The application, as somebody would send it."""
        return {ID: self.applicant_id, **self.application}

    def parse(self) -> Applicants:
        """The stored application, completed by the stored history."""
        return complete(parse_record(self.record), {self.applicant_id: self.history})

    def to_json(self) -> dict[str, Any]:
        return vars(self) | {"application": dict(self.application), "history": dict(self.history)}

    def to_item(self) -> dict[str, dict[str, str | bytes]]:
        # An index by branch takes no empty name: who belongs to no branch is in no branch's list.
        return {
            name: {"S": value} if isinstance(value, str) else {"B": pack_values(value).packed}
            for name, value in vars(self).items()
            if value
        }

    @classmethod
    def from_item(cls, item: Mapping[str, Mapping[str, str | bytes]]) -> "Profile":
        return cls(**{name: _read(name, stored) for name, stored in item.items()})


def _read(name: str, stored: Mapping[str, str | bytes]) -> Any:
    if "B" in stored:
        return PackedValues(binary(stored["B"]))
    # Values were JSON before they were packed.
    return json.loads(stored["S"]) if name in ("application", "history") else stored["S"]


def open_histories(
    profiles: Mapping[str, Profile], sees: Callable[[str], bool]
) -> dict[str, Mapping[str, float]]:
    """The histories, by applicant id, that may complete what somebody sends.

    sees : whether the sender sees the applicants of a branch
    Another branch's profile stays as closed as an unknown one. A history that no branch has sent
    an application for yet is nobody's: it completes anybody's new one.
    """
    return {
        applicant_id: profile.history
        for applicant_id, profile in profiles.items()
        if not profile.branch or sees(profile.branch)
    }


@dataclass(frozen=True)
class ProfileTable:
    name: str

    def get(self, applicant_id: str) -> Profile:
        """Raises ApplicantNotFound."""
        with translated("get_item", self.name):
            answer = dynamodb("get_item", TableName=self.name, Key=_key(applicant_id))
        if "Item" not in answer:
            raise ApplicantNotFound(applicant_id)
        return Profile.from_item(answer["Item"])

    def get_many(self, applicant_ids: Sequence[str]) -> dict[str, Profile]:
        """The profiles that exist, by id."""
        unique = list(dict.fromkeys(applicant_ids))
        parts = list(_cut(unique, ITEMS_READ_AT_ONCE))
        with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
            answers = pool.map(within_limit(self._get_some), parts)
            found = [profile for part in answers for profile in part]
        return {profile.applicant_id: profile for profile in found}

    def put_many(self, profiles: Sequence[Profile]) -> None:
        """Write profiles over what was there; of several for one applicant, the last counts."""
        # DynamoDB refuses a call that names a key twice.
        latest = {profile.applicant_id: profile for profile in profiles}
        parts = list(_cut(list(latest.values()), ITEMS_WRITTEN_AT_ONCE))
        with ThreadPoolExecutor(PARALLEL_CALLS) as pool:
            for _ in pool.map(within_limit(self._put_some), parts):
                pass

    def _get_some(self, ids: Sequence[str]) -> list[Profile]:
        found: list[Profile] = []

        def ask(asked: Asked) -> Asked:
            answer = dynamodb("batch_get_item", RequestItems=asked)
            found.extend(Profile.from_item(item) for item in answer["Responses"][self.name])
            return answer.get("UnprocessedKeys") or {}

        keys = {"Keys": [_key(applicant_id) for applicant_id in ids]}
        self._until_nothing_is_left("batch_get_item", {self.name: keys}, ask)
        return found

    def _put_some(self, profiles: Sequence[Profile]) -> None:
        def ask(asked: Asked) -> Asked:
            answer = dynamodb("batch_write_item", RequestItems=asked)
            return answer.get("UnprocessedItems") or {}

        puts = [{"PutRequest": {"Item": profile.to_item()}} for profile in profiles]
        self._until_nothing_is_left("batch_write_item", {self.name: puts}, ask)

    def _until_nothing_is_left(
        self, operation: str, asked: Asked, ask: Callable[[Asked], Asked]
    ) -> None:
        """Ask for what DynamoDB leaves over, or refuses as a whole, because it is busy.

        A new table takes some thousand units a second, and a file of new applicants is far more.
        Raises StorageUnavailable when patience or the time limit is over, and for other failures.
        """
        patience = Patience(SECONDS_OF_PATIENCE)
        left, reason = asked, "UnprocessedItems"
        while left:
            before = left
            try:
                with translated(operation, self.name):
                    left = ask(left)
            except StorageUnavailable as error:
                if error.reason not in BUSY:
                    raise
                reason = error.reason
            if left and not patience.rest(progress=left != before):
                raise StorageUnavailable(operation, reason)


def _key(applicant_id: str) -> dict[str, dict[str, str]]:
    return {"applicant_id": {"S": applicant_id}}


def _cut[Item](items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))
