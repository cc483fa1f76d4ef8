"""Who writes the pointer starts one function, which may move one alias and change no code."""

import json

from tests.infra.conftest import as_list

FUNCTION = "AWS::Lambda::Function"


def test_the_pointer_and_nothing_else_starts_it(template) -> None:
    rule = template.one("AWS::Events::Rule", "Renewer")
    models = template.id_of("AWS::S3::Bucket", "StorageModels")
    assert rule["EventPattern"] == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {
            "bucket": {"name": [{"Ref": models}]},
            "object": {"key": ["models/champion.json"]},
        },
    }
    told = template.all("AWS::S3::Bucket")[models]["NotificationConfiguration"]
    assert told == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    [permission] = [
        each
        for name, each in template.all("AWS::Lambda::Permission").items()
        if name.startswith("Renewer")
    ]
    assert permission["SourceArn"]["Fn::GetAtt"][0].startswith("RenewerPromoted")


def test_it_may_describe_publish_and_move_one_function(template) -> None:
    scoring = template.id_of(FUNCTION, "ApiScoreApi")
    granted: dict[str, set[str]] = {}
    for name, statement in template.statements("AWS::IAM::Policy"):
        if name.startswith("RenewerRole"):
            for resource in as_list(statement["Resource"]):
                granted.setdefault(json.dumps(resource), set()).update(as_list(statement["Action"]))
    at_name = {"Fn::GetAtt": [scoring, "Arn"]}
    behind = {"Fn::Join": ["", [at_name, ":*"]]}
    moves = {"lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetFunctionConfiguration"}
    changes = {"lambda:UpdateFunctionConfiguration", "lambda:PublishVersion"}
    assert granted.pop(json.dumps(at_name)) == moves | changes
    assert granted.pop(json.dumps(behind)) == moves
    rest = set().union(*granted.values())
    assert rest <= {
        "s3:GetObject", "s3:ListBucket", "kms:VerifyMac",  # whether the pointer is one, and counts
        "logs:CreateLogStream", "logs:PutLogEvents",
        "xray:PutTraceSegments", "xray:PutTelemetryRecords",
    }  # fmt: skip


def test_nobody_hands_a_role_to_a_function(template) -> None:
    """With it, whoever changes a function's settings could take any right."""
    for name, statement in template.statements("AWS::IAM::Policy"):
        assert "iam:PassRole" not in as_list(statement["Action"]), name


def test_a_function_that_runs_once_a_promotion_pays_for_no_snapshot(template) -> None:
    assert "SnapStart" not in template.one(FUNCTION, "Renewer")
