"""The applicants of a branch, by id: an index of the profile table.

The index holds keys only. So an upload that brings a known applicant again writes nothing to it,
and a branch's file of a million lines adds a hundred bytes a line to the branch's partition, not
the whole application.
"""

from dataclasses import dataclass

from credit_scoring.aws.clients import translated
from credit_scoring.aws.signed_calls import dynamodb

BY_BRANCH = "by_branch"
# In the order of DynamoDB's bytes: below and above everything that an id is made of.
_BELOW, _ABOVE = " ", "~"


@dataclass(frozen=True)
class ApplicantIndex:
    """table : of the profiles"""

    table: str

    def ids(self, branch: str, *, prefix: str = "", after: str = "", limit: int) -> list[str]:
        """At most `limit` ids of a branch that begin with `prefix`, in their order.

        after : an id, of the page before; one that does not begin with `prefix` finds nothing
        Fewer than `limit` are all that there are. An upload is found about a second later.
        """
        low = f"{after}{_BELOW}" if after else prefix or _BELOW
        high = f"{prefix}{_ABOVE}"
        if low > high or not low.startswith(prefix):
            return []
        with translated("query", self.table):
            answer = dynamodb(
                "query",
                TableName=self.table,
                IndexName=BY_BRANCH,
                KeyConditionExpression="branch = :branch AND applicant_id BETWEEN :low AND :high",
                ExpressionAttributeValues={
                    ":branch": {"S": branch},
                    ":low": {"S": low},
                    ":high": {"S": high},
                },
                Limit=limit,
            )
        return [item["applicant_id"]["S"] for item in answer["Items"]]
