"""The web ACL before CloudFront: only where it is asked for, and what it lets through."""

import json
from pathlib import Path

import pytest

from infra.costs import figures
from infra.stack_parts.settings import SettingInvalid
from tests.infra.conftest import Template


@pytest.fixture
def edge(make):
    def of(**context: object) -> Template:
        folder = Path(make(edgeFilter="yes", **context).synth().directory)
        return Template(json.loads((folder / "Edge.template.json").read_text()))

    return of


def rules(template: Template) -> dict[str, dict]:
    acl = template.one("AWS::WAFv2::WebACL")
    assert acl["Scope"] == "CLOUDFRONT"
    assert acl["DefaultAction"] == {"Allow": {}}
    assert [rule["Priority"] for rule in acl["Rules"]] == list(range(len(acl["Rules"])))
    return {rule["Name"]: rule for rule in acl["Rules"]}


def test_it_is_made_in_us_east_1_and_only_where_it_is_asked_for(make) -> None:
    with_it = make(edgeFilter="yes").synth()
    stack = with_it.get_stack_by_name("CreditScoring-prod-edge")
    assert stack.environment.region == "us-east-1"
    assert [each.stack_name for each in make().synth().stacks] == ["CreditScoring-prod"]


def test_one_address_has_so_many_calls_and_is_told_when_again(edge) -> None:
    rule = rules(edge(addressCalls="700"))["CallsOfAnAddress"]
    rate = rule["Statement"]["RateBasedStatement"]
    assert (rate["AggregateKeyType"], rate["Limit"], rate["EvaluationWindowSec"]) == (
        "IP",
        700,
        300,
    )
    response = rule["Action"]["Block"]["CustomResponse"]
    assert response["ResponseCode"] == 429
    assert response["ResponseHeaders"] == [{"Name": "Retry-After", "Value": "300"}]


def test_many_applications_at_once_are_no_attack(edge) -> None:
    """The common rules refuse bodies above 8 KiB; a route of ours takes 3 MiB."""
    managed = rules(edge())["AWSManagedRulesCommonRuleSet"]
    assert managed["OverrideAction"] == {"None": {}}
    [override] = managed["Statement"]["ManagedRuleGroupStatement"]["RuleActionOverrides"]
    assert override == {"Name": "SizeRestrictions_BODY", "ActionToUse": {"Count": {}}}


def test_it_is_priced_by_the_rules_that_it_has_and_keeps_no_requests(edge) -> None:
    found = rules(edge())
    assert len(found) == figures.WEB_RULES
    for rule in found.values():
        assert not rule["VisibilityConfig"]["SampledRequestsEnabled"]


@pytest.mark.parametrize("given", [{"edgeFilter": "perhaps"}, {"addressCalls": "9"}])
def test_what_is_not_allowed_stops_the_synthesis(make, given) -> None:
    with pytest.raises(SettingInvalid, match=next(iter(given))):
        make(**given)
