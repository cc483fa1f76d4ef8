"""Branch systems: one policy, in which the branch is the caller's tag."""

import json

import pytest

from tests.infra.conftest import as_list, synthesise

OWN = "${aws:PrincipalTag/branch}"


@pytest.fixture
def statements(template):
    return template.one("AWS::IAM::ManagedPolicy")["PolicyDocument"]["Statement"]


def test_every_statement_is_bound_to_the_callers_own_branch(statements) -> None:
    for statement in statements:
        prefixes = statement.get("Condition", {}).get("StringLike", {}).get("s3:prefix")
        objects = [json.dumps(resource) for resource in as_list(statement["Resource"])]
        assert OWN in (prefixes or "") or all(f"/{OWN}/*" in place for place in objects)


def test_a_branch_puts_uploads_gets_results_lists_both_and_does_nothing_else(statements) -> None:
    granted = {
        action: json.dumps(statement)
        for statement in statements
        for action in as_list(statement["Action"])
    }
    assert set(granted) == {
        "s3:PutObject",
        "s3:AbortMultipartUpload",
        "s3:GetObject",
        "s3:ListBucket",
    }
    assert f"uploads/{OWN}/*" in granted["s3:PutObject"]
    assert f"scored/{OWN}/*" in granted["s3:GetObject"]


def test_without_principals_nobody_assumes_anything(template) -> None:
    for role in template.all("AWS::IAM::Role").values():
        [statement] = role["AssumeRolePolicyDocument"]["Statement"]
        assert set(statement["Principal"]) == {"Service"}


def test_a_system_may_only_bring_its_own_tag(make) -> None:
    arn = "arn:aws:iam::111122223333:role/branches"
    role = synthesise(make(branchPrincipals=arn)).one("AWS::IAM::Role", "BranchesSystem")
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": arn}
    assert statement["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert statement["Condition"] == {"StringEquals": {"aws:RequestTag/branch": OWN}}
