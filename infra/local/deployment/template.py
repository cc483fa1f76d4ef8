"""The synthesised template, less what the emulator refuses: an explicit list, and nothing else."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from infra.local.errors import ResourceStillNeeded

# ministack 1.5.33 fails a stack that holds one of these.
REFUSED_TYPES: Final = frozenset(
    {
        "AWS::Budgets::Budget",
        "AWS::CloudWatch::CompositeAlarm",
        "AWS::CodeDeploy::Application",
        "AWS::CodeDeploy::DeploymentGroup",
    }
)
Template = dict[str, Any]


@dataclass(frozen=True)
class LocalTemplate:
    """`body` : what is deployed here; `left_out` : "LogicalId (Type)" of each thing that is not."""

    body: Template
    left_out: list[str] = field(default_factory=list)


def read_template(path: Path) -> Template:
    template: Template = json.loads(path.read_text())
    return template


def leave_out_refused(template: Template) -> LocalTemplate:
    """Drop the refused resources, what only names them, and aliases' CodeDeploy update policies."""
    body = copy.deepcopy(template)
    refused = {
        name: resource["Type"]
        for name, resource in body["Resources"].items()
        if resource["Type"] in REFUSED_TYPES
    }
    left_out = [f"{name} ({kind})" for name, kind in refused.items()]
    for name in refused:
        del body["Resources"][name]
    for name, resource in body["Resources"].items():
        left_out += _drop_update_policy(name, resource)
        _drop_dependencies(resource, refused)
    left_out += _drop_outputs(body, refused)
    _check_references(body["Resources"], refused)
    return LocalTemplate(body, left_out)


def references(value: object) -> Iterator[str]:
    """The logical ids that a part of a template refers to."""
    if isinstance(value, list):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _reference(key, item)
            yield from references(item)


def _reference(key: str, item: object) -> Iterator[str]:
    if key == "Ref":
        yield str(item)
    elif key == "Fn::GetAtt":
        yield item[0] if isinstance(item, list) else str(item).split(".")[0]
    elif key == "Fn::Sub":
        text = item[0] if isinstance(item, list) else str(item)
        yield from re.findall(r"\$\{(\w+)", text)


def _drop_update_policy(name: str, resource: dict[str, Any]) -> list[str]:
    if resource["Type"] == "AWS::Lambda::Alias" and resource.pop("UpdatePolicy", None):
        return [f"{name} (its UpdatePolicy: the alias switches at once)"]
    return []


def _drop_dependencies(resource: dict[str, Any], refused: dict[str, str]) -> None:
    named = resource.get("DependsOn", [])
    kept = [name for name in ([named] if isinstance(named, str) else named) if name not in refused]
    if kept:
        resource["DependsOn"] = kept
    else:
        resource.pop("DependsOn", None)


def _drop_outputs(body: Template, refused: dict[str, str]) -> list[str]:
    outputs = body.get("Outputs", {})
    gone = [name for name, output in outputs.items() if refused.keys() & set(references(output))]
    for name in gone:
        del outputs[name]
    return [f"{name} (an output)" for name in gone]


def _check_references(resources: dict[str, Any], refused: dict[str, str]) -> None:
    for name, resource in resources.items():
        for needed in refused.keys() & set(references(resource)):
            raise ResourceStillNeeded(name=name, needed=needed, kind=refused[needed])
