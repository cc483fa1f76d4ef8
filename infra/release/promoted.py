"""Versions that a promotion published: a release finds the alias where the stack left it.

CloudFormation and CodeDeploy move an alias from the version that the template named before. After a
promotion it is on a newer one, of the same code (functions/snapshot_renewer): it goes back before a
deployment, and forward again after one that brought no other code.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

from infra.access import Access
from infra.release.emptying import ALIAS, versions_in_use


@contextmanager
def as_the_stack_left_it(stack: str, access: Access) -> Iterator[None]:
    """For the time of a deployment, whether it succeeds or not."""
    versions, lambda_ = named_versions(stack, access), access.client("lambda")
    promoted: dict[str, str] = {}
    for function, version in versions.items():
        used = versions_in_use(function, lambda_)
        if len(used) == 1 and version not in used:
            [promoted[function]] = used
            _move(lambda_, function, version)
    try:
        yield
    finally:
        for function, version in promoted.items():
            if versions_in_use(function, lambda_) == {versions[function]}:
                _move(lambda_, function, version)


def named_versions(stack: str, access: Access) -> dict[str, str]:
    """The version of each function that the stack's template names; none before a first one."""
    pages = access.client("cloudformation").get_paginator("list_stack_resources")
    try:
        found = [each for page in pages.paginate(StackName=stack) for each in _versions(page)]
    except ClientError as error:
        if "does not exist" in str(error):
            return {}
        raise
    return dict(found)


def _versions(page: Any) -> Iterator[tuple[str, str]]:
    for resource in page["StackResourceSummaries"]:
        if resource["ResourceType"] == "AWS::Lambda::Version":
            *_, function, version = resource["PhysicalResourceId"].split(":")
            yield function, version


def _move(lambda_: Any, function: str, version: str) -> None:
    lambda_.update_alias(FunctionName=function, Name=ALIAS, FunctionVersion=version)
