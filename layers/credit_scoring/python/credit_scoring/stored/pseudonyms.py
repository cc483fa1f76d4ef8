"""Numbers that stand for applicants in score records: the same applicant, the same number.

Whoever reads the records cannot tell who it is without the key, which lies elsewhere (GDPR,
article 4(5)); 64 bits keep ten million applicants of a window apart but for a chance of 3e-6.
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from credit_scoring.aws.clients import translated
from credit_scoring.aws.signed_calls import secret_text

NOBODY = 0


@dataclass(frozen=True)
class Pseudonyms:
    """key : the secret itself, or "" where `secret_id` names the secret that holds it"""

    key: str = field(default="", repr=False)
    secret_id: str = ""

    def of(self, applicant_ids: Sequence[str]) -> NDArray[np.uint64]:
        """uint64 (n,); NOBODY for an empty id. Raises StorageError when the key cannot be read."""
        numbers = (self._number(one) if one else NOBODY for one in applicant_ids)
        return np.fromiter(numbers, np.uint64, len(applicant_ids))

    def word(self, kind: str, name: str) -> str:
        """What stands for a name in logs: another one than in records, so that the two do not meet.

        kind : such as "reader", so that an employee and an applicant of one name differ; "content",
            and the name is the digest of a file, for which it stands in records
        """
        return hmac.digest(self._key, f"{kind}/{name}".encode(), "sha256")[:8].hex()

    def _number(self, applicant_id: str) -> int:
        digest = hmac.digest(self._key, applicant_id.encode(), "sha256")
        return int.from_bytes(digest[:8]) or 1

    @cached_property
    def _key(self) -> bytes:
        if self.key:
            return self.key.encode()
        with translated("get_secret_value", "pseudonyms"):
            return secret_text(self.secret_id).encode()


def open_pseudonyms(environment: Mapping[str, str]) -> Pseudonyms:
    """PSEUDONYM_SECRET names the secret; PSEUDONYM_KEY is it. Raises KeyError without either."""
    key = environment.get("PSEUDONYM_KEY", "")
    return Pseudonyms(key, "" if key else environment["PSEUDONYM_SECRET"])
