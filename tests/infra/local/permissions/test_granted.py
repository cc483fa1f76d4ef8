"""Each permission of the template by itself, and a policy without one of them."""

from collections import Counter

import pytest

from infra.local.permissions.granted import list_permissions, name_resource, without
from tests.infra.conftest import as_list


def pairs(document):
    """Every action with every resource, as often as it is granted."""
    return Counter(
        (action, str(resource))
        for statement in document["Statement"]
        for action in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    )


def test_every_action_on_every_place_is_a_permission_of_its_own(template):
    found = list_permissions(template.body)
    assert len({permission.key for permission in found}) == len(found) > 150
    roles = {permission.role for permission in found}
    assert {"Api", "Batch", "Promoter", "Schedule of Drift", "Schedule of Canary"} <= roles
    api = {each.place for each in found if (each.role, each.action) == ("Api", "s3:GetObject")}
    assert api == {"StorageModels/models/*", "StorageResults/lists/*", "StorageResults/scored/*"}


def test_nothing_but_the_permission_is_taken_away(template):
    """All of the template's, so every kind of statement that there is."""
    for permission in list_permissions(template.body):
        document = template.body["Resources"][permission.policy]["Properties"]["PolicyDocument"]
        before, after = pairs(document), pairs(without(document, permission))
        resources = as_list(document["Statement"][permission.statement]["Resource"])
        gone = [(permission.action, str(resources[number])) for number in permission.resources]
        assert before - after == Counter(gone), permission
        assert not after - before, permission


def test_a_condition_stays_with_what_is_left():
    condition = {"StringEquals": {"aws:RequestTag/a": "b"}}
    statement = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"],
                 "Resource": ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"],
                 "Condition": condition}  # fmt: skip
    policy = {"Type": "AWS::IAM::Policy", "Properties": {"Roles": [{"Ref": "RoleAAAAAAAA"}],
              "PolicyDocument": {"Statement": [statement]}}}  # fmt: skip
    first, *_ = list_permissions({"Resources": {"OneRoleDefaultPolicy": policy}})
    left = without(policy["Properties"]["PolicyDocument"], first)
    assert len(left["Statement"]) == 2
    assert all(each["Condition"] == condition for each in left["Statement"])


def test_a_function_and_its_versions_are_one_place(template):
    [moves] = [
        each
        for each in list_permissions(template.body)
        if (each.role, each.action) == ("Renewer", "lambda:UpdateAlias")
    ]
    assert moves.place == "ApiScoreApi"
    assert len(moves.resources) == 2


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        ("*", "*"),
        ({"Fn::GetAtt": ["StorageModels44005BB0", "Arn"]}, "StorageModels"),
        (
            {"Fn::Join": ["", [{"Fn::GetAtt": ["StorageModels44005BB0", "Arn"]}, "/models/*"]]},
            "StorageModels/models/*",
        ),
        (
            {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":states:",
             {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}, ":stateMachine:",
             {"Ref": "AWS::StackName"}, "-BigFiles"]]},
            "stateMachine:stack-BigFiles",
        ),
    ],
)  # fmt: skip
def test_a_resource_is_named_without_hashes_account_and_region(resource, name):
    assert name_resource(resource) == name
