"""What a branch's own system may do: write its uploads, read its results, and no one else's.

One policy for all of them: the branch is a tag of whoever calls. Without that tag nothing matches.
"""

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.stack_parts.rules import accept_wildcards
from infra.stack_parts.storage import Storage

TAG = "branch"
OWN = f"${{aws:PrincipalTag/{TAG}}}"
WHY = "A branch names its files; the tag in front of the wildcard says whose they are."


class BranchAccess(Construct):
    """policy : for any role or user with the tag `branch`; role : for systems that assume one.

    principals : ARNs that may assume the role; none: there is no role, the policy alone.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, storage: Storage, principals: Sequence[str]
    ) -> None:
        super().__init__(scope, construct_id)
        self.policy = self._make_policy(storage)
        self.role = self._make_role(principals) if principals else None

    def _make_policy(self, storage: Storage) -> iam.ManagedPolicy:
        uploads, results = storage.uploads_by_name, storage.results
        policy = iam.ManagedPolicy(
            self,
            "Policy",
            description="Put files under the own branch's uploads, get its results",
            statements=[
                iam.PolicyStatement(
                    actions=["s3:PutObject", "s3:AbortMultipartUpload"],
                    resources=[uploads.arn_for_objects(f"uploads/{OWN}/*")],
                ),
                iam.PolicyStatement(
                    actions=["s3:GetObject"],
                    resources=[results.arn_for_objects(f"scored/{OWN}/*")],
                ),
                list_own(uploads.bucket_arn, "uploads"),
                list_own(results.bucket_arn, "scored"),
            ],
        )
        accept_wildcards(policy, [uploads.arn_for_objects(f"uploads/{OWN}/*")], why=WHY)
        accept_wildcards(policy, [results.arn_for_objects(f"scored/{OWN}/*")], why=WHY)
        return policy

    def _make_role(self, principals: Sequence[str]) -> iam.Role:
        """Assumed with a tag that must be the caller's own: no branch can name another."""
        trusted = iam.CompositePrincipal(*(iam.ArnPrincipal(arn) for arn in principals))
        return iam.Role(
            self,
            "System",
            assumed_by=iam.SessionTagsPrincipal(
                trusted.with_conditions({"StringEquals": {f"aws:RequestTag/{TAG}": OWN}})
            ),
            managed_policies=[self.policy],
            max_session_duration=Duration.hours(1),
        )


def list_own(bucket_arn: str, folder: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        actions=["s3:ListBucket"],
        resources=[bucket_arn],
        conditions={"StringLike": {"s3:prefix": f"{folder}/{OWN}/*"}},
    )
