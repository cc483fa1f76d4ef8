"""What CloudFormation leaves: objects in buckets that go, old versions of functions that stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from infra.access import Access

# The one that the alias is on, and the one it can go back to.
VERSIONS_KEPT: Final = 2
ALIAS: Final = "live"


def empty_buckets(stack: str, access: Access) -> int:
    """Remove every version of every object of the stack's buckets; how many there were."""
    return sum(empty_bucket(name, access.client("s3")) for name in buckets_of(stack, access))


def buckets_of(stack: str, access: Access) -> Iterator[str]:
    pages = access.client("cloudformation").get_paginator("list_stack_resources")
    for page in pages.paginate(StackName=stack):
        for resource in page["StackResourceSummaries"]:
            if resource["ResourceType"] == "AWS::S3::Bucket":
                yield resource["PhysicalResourceId"]


def empty_bucket(name: str, s3: Any) -> int:
    removed = 0
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
        found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        keys = [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in found]
        if keys:  # at most 1,000 a page, as many as one call deletes
            s3.delete_objects(Bucket=name, Delete={"Objects": keys, "Quiet": True})
        removed += len(keys)
    return removed


def prune_versions(
    function: str, lambda_: Any, *, named: str = "", kept: int = VERSIONS_KEPT
) -> list[str]:
    """Remove all versions but the newest and those that the alias is on; which they were.

    named : the one that the stack names, which is no longer the newest after promotions

    A version with a snapshot is paid for as long as it exists.
    """
    pages = lambda_.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    numbers = [
        version["Version"]
        for page in pages
        for version in page["Versions"]
        if version["Version"] != "$LATEST"
    ]
    used = versions_in_use(function, lambda_) | {named}
    newest = sorted(numbers, key=int)[-kept:]
    gone = [number for number in numbers if number not in newest and number not in used]
    for number in gone:
        lambda_.delete_function(FunctionName=function, Qualifier=number)
    return gone


def versions_in_use(function: str, lambda_: Any) -> set[str]:
    """By the alias, those that only a share of the calls reaches included."""
    alias = lambda_.get_alias(FunctionName=function, Name=ALIAS)
    shares = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    return {alias["FunctionVersion"], *shares}
