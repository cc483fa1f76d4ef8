"""The policies of a running stack, of which one permission at a time is taken away.

The emulator reads a policy at every request, so a change counts at once. What a process remembers
from before does not go away with it: see workers.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from infra.access import Access
from infra.local.permissions.granted import Document, Permission, without


class Policies:
    """Of the roles of one stack, as they were deployed."""

    def __init__(self, access: Access, stack: str, template: Mapping[str, Any]) -> None:
        self._iam = access.client("iam")
        self._cloudformation = access.client("cloudformation")
        self._stack = stack
        self._resources = template["Resources"]

    @contextmanager
    def less(self, permission: Permission) -> Iterator[None]:
        """The role has all its permissions but this one meanwhile."""
        resource = self._resources[permission.policy]
        if "Roles" in resource["Properties"]:
            [role] = resource["Properties"]["Roles"]
            place = {
                "RoleName": self._physical_id(role["Ref"]),
                "PolicyName": resource["Properties"]["PolicyName"],
            }
            with self._of_role(place, permission):
                yield
        else:
            policy = self._physical_id(permission.policy)
            before = read_policy(self._iam, policy)
            with another_version(self._iam, policy, without(before, permission)):
                yield

    @contextmanager
    def _of_role(self, place: Mapping[str, str], permission: Permission) -> Iterator[None]:
        before: Document = self._iam.get_role_policy(**place)["PolicyDocument"]
        self._write(place, without(before, permission))
        try:
            yield
        finally:
            self._write(place, before)

    def _write(self, place: Mapping[str, str], document: Document) -> None:
        """A policy that allows nothing is none."""
        if document["Statement"]:
            self._iam.put_role_policy(**place, PolicyDocument=json.dumps(document))
        else:
            self._iam.delete_role_policy(**place)

    def _physical_id(self, logical_id: str) -> str:
        found = self._cloudformation.describe_stack_resource(
            StackName=self._stack, LogicalResourceId=logical_id
        )
        name: str = found["StackResourceDetail"]["PhysicalResourceId"]
        return name


def read_policy(iam: Any, policy: str) -> Document:
    """policy : ARN of a managed one, whose version in force is read"""
    version = iam.get_policy(PolicyArn=policy)["Policy"]["DefaultVersionId"]
    found = iam.get_policy_version(PolicyArn=policy, VersionId=version)["PolicyVersion"]
    document: Document = found["Document"]
    return document


@contextmanager
def another_version(iam: Any, policy: str, document: Document) -> Iterator[None]:
    """A managed policy says this meanwhile."""
    before = read_policy(iam, policy)
    _put_in_force(iam, policy, document)
    try:
        yield
    finally:
        _put_in_force(iam, policy, before)


def _put_in_force(iam: Any, policy: str, document: Document) -> None:
    """As its only version: there may be five, and the emulator goes back to none of them."""
    iam.create_policy_version(
        PolicyArn=policy, PolicyDocument=json.dumps(document), SetAsDefault=True
    )
    for version in iam.list_policy_versions(PolicyArn=policy)["Versions"]:
        if not version["IsDefaultVersion"]:
            iam.delete_policy_version(PolicyArn=policy, VersionId=version["VersionId"])
