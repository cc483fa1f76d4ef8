"""Permissions and the reasons for what cdk-nag finds, side by side with what they explain."""

import json
import re
from collections.abc import Sequence

from aws_cdk import Acknowledgment, Aws, Stack, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import IConstruct


def acknowledge(construct: IConstruct, rule: str, reason: str) -> None:
    """Accept one AwsSolutions finding on one construct, for a reason."""
    accepted = Acknowledgment(id=f"AwsSolutions-{rule}", reason=reason)
    Validations.of(construct).acknowledge(accepted)


def allow(role: iam.Role, actions: Sequence[str], resources: Sequence[str], *, why: str) -> None:
    """Grant exactly these actions. `why` also explains a resource that ends in a wildcard."""
    role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=list(resources)))
    accept_wildcards(role, resources, why=why)


def accept_wildcards(construct: IConstruct, resources: Sequence[str], *, why: str) -> None:
    """Explain resources that end in a wildcard, as their policy names them."""
    for resource in resources:
        finding = name_resource(construct, resource)
        if finding.endswith("*"):
            acknowledge(construct, f"IAM5[Resource::{finding}]", why)


def let_write(topic: sns.Topic, service: str, source: str) -> None:
    """Let a service of AWS write to a topic for one source, and of this account only.

    source : ARN of what may make it write, which may end in a wildcard
    """
    topic.add_to_resource_policy(
        iam.PolicyStatement(
            actions=["sns:Publish"],
            principals=[iam.ServicePrincipal(service)],
            resources=[topic.topic_arn],
            conditions={
                "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                "ArnLike": {"aws:SourceArn": source},
            },
        )
    )


def name_resource(scope: IConstruct, resource: str) -> str:
    """Write a resource as cdk-nag does: tokens as <LogicalId.Attribute>, ${variables} likewise."""
    return re.sub(r"\$\{(.+?)\}", r"<\1>", flatten(Stack.of(scope).resolve(resource)))


def flatten(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(flatten(part) for part in value)
    assert isinstance(value, dict)
    [(intrinsic, content)] = value.items()
    if intrinsic == "Fn::Join":
        return flatten(content[1])
    if intrinsic == "Fn::GetAtt":
        return f"<{'.'.join(content)}>"
    if intrinsic == "Ref":
        return f"<{content}>"
    return json.dumps(value, separators=(",", ":"))
