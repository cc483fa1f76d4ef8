"""What the policy of branches' own systems is for.

The emulator fills no variable into a policy: the branch is written where AWS would put the caller's
tag, and nothing else is changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from infra.local.demo.running import BRANCH
from infra.local.permissions.removal import another_version, read_policy
from infra.local.permissions.stage import Exercise, Stage, require

USER: Final = "a-branchs-system"
# As infra/stack_parts/branches.py writes it.
OWN: Final = "${aws:PrincipalTag/branch}"


class Branch:
    """`s3` : as its system calls S3, while it is prepared"""

    s3: Any = None

    @contextmanager
    def prepared(self, stage: Stage) -> Iterator[None]:
        iam, policy = stage.access.client("iam"), stage.outputs["BranchPolicyArn"]
        text = json.dumps(read_policy(iam, policy))
        require(OWN in text, "the policy names no tag of the caller")
        with another_version(iam, policy, json.loads(text.replace(OWN, BRANCH))):
            iam.create_user(UserName=USER, Tags=[{"Key": "branch", "Value": BRANCH}])
            iam.attach_user_policy(UserName=USER, PolicyArn=policy)
            keys = iam.create_access_key(UserName=USER)["AccessKey"]
            own = {"access_key": keys["AccessKeyId"], "secret_key": keys["SecretAccessKey"]}
            self.s3 = replace(stage.access, **own).client("s3")
            yield

    def send(self, stage: Stage) -> None:
        place = {"Bucket": stage.outputs["UploadsBucket"], "Prefix": f"uploads/{BRANCH}/"}
        # An empty one, whose receipt says so.
        self.s3.put_object(Bucket=place["Bucket"], Key=f"{place['Prefix']}empty.csv", Body=b"")
        require(self.s3.list_objects_v2(**place)["KeyCount"], "what was sent is not listed")

    def break_off(self, stage: Stage) -> None:
        place = {"Bucket": stage.outputs["UploadsBucket"], "Key": f"uploads/{BRANCH}/long.csv"}
        begun = self.s3.create_multipart_upload(**place)["UploadId"]
        self.s3.abort_multipart_upload(**place, UploadId=begun)

    def fetch(self, stage: Stage) -> None:
        place = {"Bucket": stage.outputs["ResultsBucket"], "Prefix": f"scored/{BRANCH}/"}
        listed = self.s3.list_objects_v2(**place).get("Contents", [])
        require(listed, "no result is listed")
        self.s3.get_object(Bucket=place["Bucket"], Key=listed[0]["Key"])


_BRANCH: Final = Branch()
prepared = _BRANCH.prepared
BRANCHES: Final = (
    Exercise("a branch's system sends a file", _BRANCH.send),
    Exercise("it breaks off a long one", _BRANCH.break_off),
    Exercise("it fetches a result", _BRANCH.fetch),
)
