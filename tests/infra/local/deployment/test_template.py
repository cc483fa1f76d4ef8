"""What is left out of a template, and nothing else."""

import copy

import pytest

from infra.local.deployment.conformance import compare_properties
from infra.local.deployment.template import leave_out_refused, references
from infra.local.errors import ResourceStillNeeded

TEMPLATE = {
    "Resources": {
        "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "t"}},
        "Budget": {"Type": "AWS::Budgets::Budget"},
        "Application": {"Type": "AWS::CodeDeploy::Application"},
        "Alias": {
            "Type": "AWS::Lambda::Alias",
            "DependsOn": ["Table", "Application"],
            "UpdatePolicy": {
                "CodeDeployLambdaAliasUpdate": {"ApplicationName": {"Ref": "Application"}}
            },
        },
    },
    "Outputs": {
        "TableName": {"Value": {"Ref": "Table"}},
        "BudgetName": {"Value": {"Fn::Sub": "budget ${Budget}"}},
    },
}


def test_refused_resources_and_what_only_names_them_go():
    local = leave_out_refused(TEMPLATE)
    assert set(local.body["Resources"]) == {"Table", "Alias"}
    assert local.body["Resources"]["Alias"] == {
        "Type": "AWS::Lambda::Alias",
        "DependsOn": ["Table"],
    }
    assert set(local.body["Outputs"]) == {"TableName"}
    assert len(local.left_out) == 4


def test_a_template_without_them_stays_as_it_is():
    plain = {"Resources": {"Table": TEMPLATE["Resources"]["Table"]}}
    assert leave_out_refused(plain).body == plain
    assert leave_out_refused(plain).left_out == []


def test_a_resource_that_needs_a_refused_one_is_an_error():
    template = copy.deepcopy(TEMPLATE)
    template["Resources"]["Table"]["Properties"]["Note"] = {"Fn::GetAtt": ["Budget", "Arn"]}
    with pytest.raises(ResourceStillNeeded, match="Table refers to Budget"):
        leave_out_refused(template)


def test_references_are_found_however_they_are_written():
    value = [{"Ref": "A"}, {"x": {"Fn::GetAtt": ["B", "Arn"]}}, {"Fn::Sub": ["${C.Arn}", {}]}]
    assert set(references(value)) == {"A", "B", "C"}


def test_conformance_tells_what_is_held_what_is_stored_and_what_is_missing():
    asked = {"Timeout": "15", "SnapStart": {"ApplyOn": "PublishedVersions"},
             "ReservedConcurrentExecutions": 5, "Handler": {"Ref": "X"}}  # fmt: skip
    held = {"Timeout": 15, "SnapStart.ApplyOn": "PublishedVersions",
            "ReservedConcurrentExecutions": None, "Handler": "h", "MemorySize": 128}  # fmt: skip
    found = compare_properties("Fn", "AWS::Lambda::Function", asked, held)
    assert {finding.property: finding.verdict for finding in found} == {
        "Timeout": "held",
        "SnapStart.ApplyOn": "stored only",
        "ReservedConcurrentExecutions": "only on AWS",
    }
