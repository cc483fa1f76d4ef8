"""What each role may do: named actions on named things."""

import json
from collections.abc import Iterator

import pytest
from credit_scoring.audit_trail.decision_log import BY_APPLICANT
from credit_scoring.stored.cases import CHANGED

from tests.infra.conftest import as_list

SECRET = "AWS::SecretsManager::Secret"
XRAY = {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}
# What AWS wants of a state machine that logs and traces.
LOG_DELIVERY = {
    "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies", "logs:GetLogDelivery", "logs:ListLogDeliveries",
    "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
    "xray:GetSamplingRules", "xray:GetSamplingTargets",
}  # fmt: skip


def actions_of(template, role: str) -> dict[str, list[str]]:
    """resource as text -> actions, for the role whose policy begins so."""
    found: dict[str, list[str]] = {}
    for name, statement in template.statements("AWS::IAM::Policy"):
        if name.startswith(role):
            for resource in as_list(statement["Resource"]):
                found.setdefault(json.dumps(resource), []).extend(as_list(statement["Action"]))
    return found


def objects(template, role: str, action: str) -> list[str]:
    """Endings of the object resources on which the role may do this."""
    granted = [key for key, actions in actions_of(template, role).items() if action in actions]
    return sorted(key.rsplit('"/', 1)[-1].rstrip(']}"').rsplit("/", 2)[-2] for key in granted)


def test_no_policy_has_a_wildcard_action(template) -> None:
    for name, statement in template.statements("AWS::IAM::Policy"):
        for action in as_list(statement["Action"]):
            assert "*" not in action, name


def test_only_what_takes_no_resource_is_granted_on_everything(template) -> None:
    granted = {
        "BatchBigFilesRole": LOG_DELIVERY,
        "CanaryRole": {"cloudwatch:GetMetricStatistics"},
        "OperatorsRole": {"cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData"},
        "ReleasesRole": {"cloudwatch:DescribeAlarms"},
    }
    for name, statement in template.statements("AWS::IAM::Policy"):
        if "*" in as_list(statement["Resource"]):
            more = [granted[role] for role in granted if name.startswith(role)]
            assert set(as_list(statement["Action"])) <= XRAY.union(*more), name


def test_no_role_carries_a_policy_that_aws_may_widen(template) -> None:
    for role in template.all("AWS::IAM::Role").values():
        assert "ManagedPolicyArns" not in role


def test_nobody_may_delete_anything_but_what_was_merged_or_write_models(template) -> None:
    """Parts of lists, and records that are compacted."""
    assert objects(template, "BatchRole", "s3:DeleteObject") == ["lists"]
    passing = ["damaged", "incoming", "undelivered"]
    assert objects(template, "DriftRole", "s3:DeleteObject") == passing
    for name, statement in template.statements("AWS::IAM::Policy"):
        for action in as_list(statement["Action"]):
            merges = action == "s3:DeleteObject" and name.startswith(("BatchRole", "DriftRole"))
            redrives = action == "sqs:DeleteMessage" and name.startswith("OperatorsRole")
            assert "Delete" not in action or action in LOG_DELIVERY or merges or redrives, name
            if action == "s3:PutObject" and not name.startswith("PromoterRole"):
                assert "Models" not in json.dumps(statement["Resource"]), name


def allowing(template) -> Iterator[tuple[str, dict]]:
    """Every statement of the template that lets somebody do something, whatever kind holds it."""
    for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::S3::BucketPolicy"):
        yield from template.statements(kind)
    for name, role in template.all("AWS::IAM::Role").items():
        for policy in role.get("Policies", []):
            yield from ((name, each) for each in policy["PolicyDocument"]["Statement"])


def may_change_models(template, statement) -> bool:
    """Write, delete, or change who may, somewhere in the bucket of models, or everywhere."""
    if statement["Effect"] != "Allow" or "NotAction" in statement:
        return statement["Effect"] == "Allow"
    reading = ("s3:Get", "s3:List")
    of_s3 = [each for each in as_list(statement["Action"]) if each == "*" or each[:3] == "s3:"]
    changing = [action for action in of_s3 if not action.startswith(reading)]
    places = json.dumps(statement.get("Resource", "*"))
    bucket = template.id_of("AWS::S3::Bucket", "StorageModels")
    return bool(changing) and (bucket in places or '"*"' in places)


def test_no_statement_of_the_template_lets_anybody_else_change_what_serves(template) -> None:
    changers = {
        name.partition("Role")[0]
        for name, statement in allowing(template)
        if may_change_models(template, statement)
    }
    assert changers == {"Promoter"}


@pytest.mark.parametrize("action", ["*", "s3:*", "s3:PutObject", "s3:DeleteObject", "s3:Put*"])
@pytest.mark.parametrize("place", ["bucket", "*"])
def test_a_statement_that_does_is_noticed(template, action, place) -> None:
    bucket = {"Fn::GetAtt": [template.id_of("AWS::S3::Bucket", "StorageModels"), "Arn"]}
    resource = "*" if place == "*" else {"Fn::Join": ["", [bucket, "/models/champion.json"]]}
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    assert may_change_models(template, statement)
    assert not may_change_models(template, statement | {"Action": "s3:GetObject"})


def test_the_promoter_alone_writes_the_pointer_and_only_operators_ask_it(template) -> None:
    [written] = [
        statement["Resource"]
        for name, statement in template.statements("AWS::IAM::Policy")
        if name.startswith("PromoterRole") and "s3:PutObject" in as_list(statement["Action"])
    ]
    ends = sorted(json.dumps(place).rpartition('"/models')[2].rstrip(']}"') for place in written)
    assert ends == ["/champion.json", "/champions/*", "/proposals/*", "/superseded/*"]
    alias = {"Ref": template.id_of("AWS::Lambda::Alias", "Promoter")}
    askers = {
        name.partition("Role")[0]
        for name, statement in template.statements("AWS::IAM::Policy")
        if "lambda:InvokeFunction" in as_list(statement["Action"])
        and alias in as_list(statement["Resource"])
    }
    assert askers == {"Operators"}


def test_the_api_signs_uploads_reads_results_and_records_scores(template) -> None:
    assert objects(template, "ApiRole", "s3:PutObject") == ["uploads"]
    assert "firehose:PutRecord" in json.dumps(actions_of(template, "ApiRole"))
    assert objects(template, "ApiRole", "s3:GetObject") == ["lists", "models", "scored"]


def test_operators_see_reports_and_write_down_what_they_know_of_and_nobody_else_is_seen(
    template,
) -> None:
    assert objects(template, "OperatorsRole", "s3:GetObject") == ["acknowledged", "drift", "models"]
    assert objects(template, "OperatorsRole", "s3:PutObject") == ["acknowledged"]
    granted = {a for actions in actions_of(template, "OperatorsRole").values() for a in actions}
    # Of calls that are counted: see test_calls_are_counted_by_what_answers_them.
    assert {each for each in granted if each.startswith("dynamodb:")} == {"dynamodb:UpdateItem"}


def test_the_batch_function_reads_versions_of_uploads_and_writes_results(template) -> None:
    assert objects(template, "BatchRole", "s3:GetObjectVersion") == ["uploads"]
    assert objects(template, "BatchRole", "s3:PutObject") == ["incoming", "lists", "scored", "work"]
    assert objects(template, "BatchRole", "s3:GetObject") == [
        "lists", "models", "scored", "work",
    ]  # fmt: skip


def test_the_batch_function_starts_its_own_state_machine_and_tells_one_bus(template) -> None:
    granted = actions_of(template, "BatchRole")
    for action, resource in (("states:StartExecution", "-BigFiles"), ("events:PutEvents", "bus")):
        [place] = [json.loads(key) for key, actions in granted.items() if action in actions]
        assert resource in json.dumps(place["Fn::Join"][1][-1])


def test_the_state_machine_calls_one_alias_and_rules_its_own_children_only(template) -> None:
    granted = actions_of(template, "BatchBigFilesRole")
    called = [json.loads(key) for key, own in granted.items() if "lambda:InvokeFunction" in own]
    assert called == [{"Ref": template.id_of("AWS::Lambda::Alias", "Batch")}]
    executions = [key for key, own in granted.items() if any("Execution" in name for name in own)]
    assert len(executions) == 3
    assert all("-BigFiles" in json.loads(key)["Fn::Join"][1][-1] for key in executions)


def test_the_drift_monitor_sees_no_profile_and_writes_reports_only(template) -> None:
    granted = actions_of(template, "DriftRole")
    assert not any(action.startswith("dynamodb:") for own in granted.values() for action in own)
    assert objects(template, "DriftRole", "s3:PutObject") == ["drift", "records"]
    assert objects(template, "DriftRole", "s3:GetObject") == [
        "acknowledged", "drift", "models", "records",
    ]  # fmt: skip


def test_the_stream_of_records_may_write_its_own_objects_and_its_log(template) -> None:
    granted = actions_of(template, "RecordsRole")
    assert objects(template, "RecordsRole", "s3:PutObject") == ["lines", "undelivered"]
    assert {action for own in granted.values() for action in own} == {
        "s3:PutObject", "s3:AbortMultipartUpload", "logs:PutLogEvents",
    }  # fmt: skip


def test_only_the_function_of_files_writes_profiles(template) -> None:
    writing = {"dynamodb:PutItem", "dynamodb:BatchWriteItem", "dynamodb:UpdateItem"}
    writers = {
        name
        for name, statement in template.statements("AWS::IAM::Policy")
        if writing & set(as_list(statement["Action"])) and "Profiles" in json.dumps(statement)
    }
    assert [name.startswith("BatchRole") for name in writers] == [True]


def test_profiles_are_read_and_written_many_at_once_only(template) -> None:
    assert granted_on(template, "Profiles")["Batch", ""] == {
        "dynamodb:BatchGetItem", "dynamodb:BatchWriteItem",
    }  # fmt: skip


def granted_on(template, table: str) -> dict[tuple[str, str], set[str]]:
    """Beginning of a role and the index ("" for the table itself) -> what it may do there."""
    found: dict[tuple[str, str], set[str]] = {}
    for name, statement in template.statements("AWS::IAM::Policy"):
        for resource in map(json.dumps, as_list(statement["Resource"])):
            if f'"Storage{table}' in resource:
                index = resource.partition("/index/")[2].rstrip('"]}')
                place = found.setdefault((name.partition("Role")[0], index), set())
                place |= set(as_list(statement["Action"]))
    return found


def test_nobody_may_change_or_delete_a_decision(template) -> None:
    assert granted_on(template, "Decisions") == {
        ("Api", ""): {"dynamodb:GetItem", "dynamodb:PutItem"},
        ("Api", BY_APPLICANT): {"dynamodb:Query"},
    }


def test_the_table_itself_refuses_that_a_decision_is_changed_or_deleted(template) -> None:
    """Whatever a role of this account is granted one day."""
    table = template.one("AWS::DynamoDB::Table", "StorageDecisions")
    [refusal] = table["ResourcePolicy"]["PolicyDocument"]["Statement"]
    assert (refusal["Effect"], refusal["Principal"]) == ("Deny", "*")
    assert {"dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"} <= set(
        refusal["Action"]
    )
    assert "Condition" not in refusal


def test_only_the_api_knows_of_cases(template) -> None:
    assert granted_on(template, "Cases") == {
        ("Api", ""): {"dynamodb:GetItem", "dynamodb:UpdateItem"},
        ("Api", CHANGED): {"dynamodb:Query"},
    }


def test_an_index_is_queried_and_nothing_else(template) -> None:
    for name, statement in template.statements("AWS::IAM::Policy"):
        if any("/index/" in json.dumps(place) for place in as_list(statement["Resource"])):
            assert as_list(statement["Action"]) == ["dynamodb:Query"], name


def test_s3_may_invoke_the_batch_function_for_this_bucket_of_this_account_only(template) -> None:
    permission = template.one("AWS::Lambda::Permission", "Batch")
    assert permission["Principal"] == "s3.amazonaws.com"
    assert permission["SourceAccount"] == {"Ref": "AWS::AccountId"}
    assert "credit-uploads-" in json.dumps(permission["SourceArn"])


def test_the_canary_may_what_a_branch_may_for_its_own_branch_only(template) -> None:
    assert objects(template, "CanaryRole", "s3:PutObject") == ["canary"]
    assert objects(template, "CanaryRole", "s3:GetObject") == ["canary", "models"]
    granted = actions_of(template, "CanaryRole")
    told = {action for actions in granted.values() for action in actions}
    assert told - XRAY == {
        "logs:CreateLogStream", "logs:PutLogEvents", "s3:GetObject", "s3:PutObject",
        "s3:ListBucket", "secretsmanager:GetSecretValue", "cloudwatch:DescribeAlarms",
        "cloudwatch:GetMetricStatistics", "kms:VerifyMac",
    }  # fmt: skip


def test_each_secret_is_read_by_whom_it_is_for_and_cognitos_by_nobody(template) -> None:
    """Who may describe a client of the pool is told the secret of every program."""
    readers: dict[str, set[str]] = {}
    for name, statement in template.statements("AWS::IAM::Policy"):
        actions = as_list(statement["Action"])
        assert not [action for action in actions if action.startswith("cognito-idp:")], name
        if "secretsmanager:GetSecretValue" in actions:
            for secret in as_list(statement["Resource"]):
                readers.setdefault(secret["Fn::GetAtt"][0], set()).add(name.partition("Role")[0])
    ids = {part: template.id_of(SECRET, part) for part in ("StoragePseudonym", "Origin", "Canary")}
    assert readers == {
        ids["StoragePseudonym"]: {"Api", "Batch"},
        ids["Origin"]: {"Api", "Operators"},
        ids["Canary"]: {"Canary"},
    }
    assert set(template.ids(SECRET)) == set(ids.values())


def test_the_canarys_secret_is_cognitos_own_and_in_no_template(template) -> None:
    held = template.one(SECRET, "Canary")["SecretString"]
    client = template.id_of("AWS::Cognito::UserPoolClient", "IdentityUserPoolMachinecanary")
    assert held == {"Fn::GetAtt": [client, "ClientSecret"]}


def test_the_promoter_alone_seals_and_who_reads_may_check(template) -> None:
    """The key's own policy leaves it to roles, and no other key is theirs."""
    key = template.id_of("AWS::KMS::Key", "StoragePointerKey")
    granted: dict[str, set[str]] = {}
    for name, statement in template.statements("AWS::IAM::Policy"):
        actions = {each for each in as_list(statement["Action"]) if each.startswith("kms:")}
        if actions:
            assert statement["Resource"] == {"Fn::GetAtt": [key, "Arn"]}, name
            granted.setdefault(name.partition("Role")[0], set()).update(actions)
    readers = ("Api", "Operators", "Batch", "Drift", "Canary", "Renewer")
    assert granted.pop("Promoter") == {"kms:GenerateMac", "kms:VerifyMac"}
    assert granted == {part: {"kms:VerifyMac"} for part in readers}


def test_calls_are_counted_by_what_answers_them(template) -> None:
    table = template.id_of("AWS::DynamoDB::Table", "StorageCalls")
    granted = {
        name.partition("Role")[0]: as_list(statement["Action"])
        for name, statement in template.statements("AWS::IAM::Policy")
        if table in json.dumps(statement["Resource"])
    }
    assert granted == {part: ["dynamodb:UpdateItem"] for part in ("Api", "Operators")}


def test_the_drift_monitor_writes_to_both_topics_and_nobody_else_does(template) -> None:
    names = ("TopicsPage", "TopicsTicket")
    topics = [{"Ref": template.id_of("AWS::SNS::Topic", name)} for name in names]
    publishers = {
        name.partition("Role")[0]: statement["Resource"]
        for name, statement in template.statements("AWS::IAM::Policy")
        if "sns:Publish" in as_list(statement["Action"])
    }
    assert publishers == {"Drift": topics}
    variables = template.one("AWS::Lambda::Function", "Drift")["Environment"]["Variables"]
    assert [variables["PAGE_TOPIC"], variables["TICKET_TOPIC"]] == topics
