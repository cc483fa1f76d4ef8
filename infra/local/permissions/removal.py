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
        properties = self._resources[permission.policy]["Properties"]
        [role] = properties["Roles"]
        place = {
            "RoleName": self._physical_id(role["Ref"]),
            "PolicyName": properties["PolicyName"],
        }
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
