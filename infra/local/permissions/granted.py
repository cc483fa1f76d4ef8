"""What the template lets each role do, one permission at a time.

A permission is one action on one place. A resource and its qualified twin (a function and its
versions, `arn` and `arn:*`) are one place: AWS asks for the one or the other by how it is called.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

Document = dict[str, Any]
_KINDS: Final = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
# What CDK puts behind a logical id, so that two never collide.
_HASH: Final = re.compile(r"[0-9A-F]{8}$")
_SCHEDULER: Final = "SchedulerRoleForTarget"


@dataclass(frozen=True)
class Permission:
    """policy : logical id of the policy that grants it
    statement : its number there; resources : numbers of the place's resources in that statement
    role, action, place : as people name them, which is all that tells two permissions apart
    """

    policy: str
    statement: int
    resources: tuple[int, ...]
    role: str
    action: str
    place: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.role, self.action, self.place

    def __str__(self) -> str:
        return f"{self.role} {self.action} on {self.place}"


def list_permissions(template: Mapping[str, Any]) -> list[Permission]:
    """Of every policy, by role, in the template's order."""
    found = [
        Permission(name, number, numbers, role, action, place)
        for name, policy in template["Resources"].items()
        if policy["Type"] in _KINDS
        for role in [name_role(name, policy["Properties"])]
        for number, statement in enumerate(policy["Properties"]["PolicyDocument"]["Statement"])
        for place, numbers in _places(as_list(statement["Resource"]))
        for action in as_list(statement["Action"])
    ]
    # A sort that keeps the template's order within a role.
    return sorted(found, key=lambda permission: permission.role)


def without(document: Document, permission: Permission) -> Document:
    """The same policy less this one permission."""
    left = copy.deepcopy(document)
    statement = left["Statement"].pop(permission.statement)
    actions, resources = as_list(statement["Action"]), as_list(statement["Resource"])
    kept = [one for number, one in enumerate(resources) if number not in permission.resources]
    others = [action for action in actions if action != permission.action]
    if others:
        left["Statement"].append({**statement, "Action": others})
    if kept:
        left["Statement"].append({**statement, "Action": permission.action, "Resource": kept})
    return left


def name_role(policy: str, properties: Mapping[str, Any]) -> str:
    """As the stack's parts are called: Api, Batch; a schedule's by what it calls."""
    if policy.startswith(_SCHEDULER):
        called = properties["PolicyDocument"]["Statement"][0]["Resource"]["Ref"]
        return f"Schedule of {re.findall('[A-Z][a-z]+', called)[0]}"
    return re.split("Role|Policy", policy, maxsplit=1)[0]


def name_resource(resource: object) -> str:
    """Without what is the same everywhere: account, region, and the hashes of logical ids."""
    text = _write(resource)
    if text.startswith("arn:"):
        text = text.split(":", 5)[5]
    return re.sub(r"-+(?=/|$)", "", text)


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _places(resources: list[object]) -> Iterator[tuple[str, tuple[int, ...]]]:
    names = [name_resource(resource) for resource in resources]
    for number, name in enumerate(names):
        plain = name.removesuffix(":*")
        if plain != name and plain in names:
            continue
        twin = (names.index(f"{name}:*"),) if f"{name}:*" in names else ()
        yield name, (number, *twin)


def _write(value: object) -> str:
    if isinstance(value, str):
        return value
    assert isinstance(value, dict)
    [(intrinsic, content)] = value.items()
    if intrinsic == "Fn::Join":
        return str(content[0]).join(_write(part) for part in content[1])
    if intrinsic == "Fn::GetAtt":
        return _plain(content[0])
    if intrinsic == "Ref":
        if content == "AWS::StackName":
            return "stack"
        return "" if content.startswith("AWS::") else _plain(content)
    return ""


def _plain(logical_id: str) -> str:
    return _HASH.sub("", logical_id)
