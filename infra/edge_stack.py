"""The web ACL before CloudFront: a stack of its own, as AWS keeps it in us-east-1 for all regions.

    -c edgeFilter=yes

`make deploy` brings it first and hands its ARN to the other stack as `webAclArn`.
"""

from typing import Any

from aws_cdk import CfnOutput, Environment, Stack
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from infra.environments import WEB_ACL_OUTPUT, name_edge_stack
from infra.stack_parts.settings import EdgeSettings

REGION = "us-east-1"
# What AWS looks for. A body above 8 KiB is no attack here: many applications are 3 MiB; the API has
# bounds of its own, told in words.
MANAGED = {
    "AWSManagedRulesCommonRuleSet": ["SizeRestrictions_BODY"],
    "AWSManagedRulesKnownBadInputsRuleSet": [],
    "AWSManagedRulesAmazonIpReputationList": [],
}
LONGEST_QUERY = 2_048

Rule = waf.CfnWebACL.RuleProperty
Statement = waf.CfnWebACL.StatementProperty


class EdgeStack(Stack):
    """Limits an address, bounds queries, and what AWS's managed rules know."""

    def __init__(
        self, scope: Construct, construct_id: str, *, environment: str, edge: EdgeSettings
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            stack_name=name_edge_stack(environment),
            env=Environment(region=REGION),
            description=f"Serverless credit scoring, {environment}: what filters requests",
            tags={"application": "credit-scoring", "environment": environment},
        )
        acl = waf.CfnWebACL(
            self,
            "Filter",
            scope="CLOUDFRONT",
            default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=watch("Filter"),
            rules=list_rules(edge.calls_of_address),
            custom_response_bodies={
                "TooMany": waf.CfnWebACL.CustomResponseBodyProperty(
                    content_type="APPLICATION_JSON",
                    content='{"title": "Too Many Requests", "status": 429}',
                )
            },
        )
        CfnOutput(self, WEB_ACL_OUTPUT, value=acl.attr_arn)


def list_rules(calls_of_address: int) -> list[Any]:
    """The cheapest first: what a rule refuses no later one looks at."""
    own = [limit_addresses(calls_of_address), bound_queries()]
    managed = [use_managed(name, counted) for name, counted in MANAGED.items()]
    return [
        Rule(
            name=name,
            priority=place,
            statement=statement,
            visibility_config=watch(name),
            **decision,
        )
        for place, (name, statement, decision) in enumerate([*own, *managed])
    ]


def limit_addresses(calls: int) -> tuple[str, Any, dict[str, Any]]:
    """In five minutes; a branch behind one address is many people."""
    rate = waf.CfnWebACL.RateBasedStatementProperty(
        limit=calls, aggregate_key_type="IP", evaluation_window_sec=300
    )
    wait = waf.CfnWebACL.CustomHTTPHeaderProperty(name="Retry-After", value="300")
    response = waf.CfnWebACL.CustomResponseProperty(
        response_code=429, custom_response_body_key="TooMany", response_headers=[wait]
    )
    block = waf.CfnWebACL.BlockActionProperty(custom_response=response)
    action = waf.CfnWebACL.RuleActionProperty(block=block)
    return "CallsOfAnAddress", Statement(rate_based_statement=rate), {"action": action}


def bound_queries() -> tuple[str, Any, dict[str, Any]]:
    size = waf.CfnWebACL.SizeConstraintStatementProperty(
        field_to_match=waf.CfnWebACL.FieldToMatchProperty(query_string={}),
        comparison_operator="GT",
        size=LONGEST_QUERY,
        text_transformations=[waf.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
    )
    action = waf.CfnWebACL.RuleActionProperty(block={})
    return "LongQueries", Statement(size_constraint_statement=size), {"action": action}


def use_managed(name: str, counted: list[str]) -> tuple[str, Any, dict[str, Any]]:
    """counted : rules of the group that only count"""
    counts = waf.CfnWebACL.RuleActionProperty(count={})
    overrides = [
        waf.CfnWebACL.RuleActionOverrideProperty(name=rule, action_to_use=counts)
        for rule in counted
    ]
    group = waf.CfnWebACL.ManagedRuleGroupStatementProperty(
        vendor_name="AWS", name=name, rule_action_overrides=overrides or None
    )
    action = waf.CfnWebACL.OverrideActionProperty(none={})
    return name, Statement(managed_rule_group_statement=group), {"override_action": action}


def watch(name: str) -> Any:
    """Sampled requests would show headers and addresses of people: none are kept."""
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
