"""A small stack with all that batches lean on: state machine, rule, topic, queue, index."""

import json

from infra.stack_parts.big_files_definition import define_big_files
from tests.infra.local.assembly import policy

ALIAS = "${Alias}"
MACHINE = "arn:aws:states:${AWS::Region}:${AWS::AccountId}:stateMachine:${AWS::StackName}-BigFiles"
# What a step did lies in the bucket; the first try of every chunk in `broken` raises.
HANDLER = """
import json, os, boto3

s3, events = boto3.client("s3"), boto3.client("events")
PLACE = os.environ["RESULTS"]

class StorageUnavailable(Exception):
    pass

def handler(event, context):
    if "Records" in event:
        raise StorageUnavailable("not now")
    digest = event["digest"]
    if event["step"] == "score_chunk":
        return score(digest, event["chunk"], event["upload"])
    keys = s3.list_objects_v2(Bucket=PLACE, Prefix=f"{digest}/parts/")["Contents"]
    detail = {"branch": "paris-01", "file": "a.csv", "batch": "a.csv/1", "rows": len(keys),
              "scored": len(keys), "rejected": 0}
    put(f"{digest}/manifest", json.dumps(detail))
    events.put_events(Entries=[{"Source": "credit-scoring", "DetailType": "Batch finished",
                                "Detail": json.dumps(detail), "EventBusName": "default"}])

def score(digest, chunk, upload):
    tries = upload.get("broken", {}).get(str(chunk), 0)
    tried = s3.list_objects_v2(Bucket=PLACE, Prefix=f"{digest}/tries/{chunk}/")["KeyCount"]
    put(f"{digest}/tries/{chunk}/{tried}", "")
    if tried < tries:
        raise StorageUnavailable("not now")
    put(f"{digest}/parts/{chunk:05}", context_of(upload))
    return "x" * 1000

def context_of(upload):
    return json.dumps(upload)

def put(key, body):
    s3.put_object(Bucket=PLACE, Key=key, Body=body.encode())
"""


def arn(name):
    return {"Fn::GetAtt": [name, "Arn"]}


def trust(service):
    principal = {"Service": f"{service}.amazonaws.com"}
    return {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]}  # fmt: skip


def add_batches(body):
    """Change the small stack of `assembly` into one of batches."""
    resources = body["Resources"]
    resources.pop("Budget")
    body["Outputs"] |= {
        name: {"Value": {"Ref": name}} for name in ("Machine", "Failures", "Heard", "Batches")
    }
    statements = resources["Role"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    statements += [
        policy(["s3:ListBucket"], arn("Results")),
        policy("events:PutEvents", "*"),
        policy("sqs:SendMessage", arn("Failures")),
    ]
    resources["Uploads"]["Properties"]["BucketName"] = "batch-uploads"
    definition = json.dumps(define_big_files(ALIAS, concurrency=3))
    resources |= {
        "Failures": {"Type": "AWS::SQS::Queue"},
        "Retries": {"Type": "AWS::Lambda::EventInvokeConfig", "Properties": {
            "FunctionName": {"Ref": "Function"}, "Qualifier": "live", "MaximumRetryAttempts": 1,
            "DestinationConfig": {"OnFailure": {"Destination": arn("Failures")}}},
            "DependsOn": ["Alias"]},
        "MachineRole": {"Type": "AWS::IAM::Role", "Properties": {
            "AssumeRolePolicyDocument": trust("states"),
            "Policies": [{"PolicyName": "own", "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    policy("lambda:InvokeFunction", {"Ref": "Alias"}),
                    policy("states:StartExecution", {"Fn::Sub": MACHINE})]}}]}},
        "Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
            "StateMachineName": {"Fn::Sub": "${AWS::StackName}-BigFiles"},
            "DefinitionString": {"Fn::Sub": definition}, "RoleArn": arn("MachineRole")}},
        "GivenUp": alarm("AWS/States", "ExecutionsFailed", "StateMachineArn", {"Ref": "Machine"}),
        "Waiting": alarm("AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", {
            "Fn::GetAtt": ["Failures", "QueueName"]}),
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Heard": {"Type": "AWS::SQS::Queue"},
        "Subscription": {"Type": "AWS::SNS::Subscription", "Properties": {
            "Protocol": "sqs", "TopicArn": {"Ref": "Topic"}, "Endpoint": arn("Heard"),
            "RawMessageDelivery": True}},
        "HeardPolicy": {"Type": "AWS::SQS::QueuePolicy", "Properties": {
            "Queues": [{"Ref": "Heard"}], "PolicyDocument": {"Statement": [
                {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"},
                 "Action": "sqs:SendMessage", "Resource": arn("Heard")}]}}},
        "TopicPolicy": {"Type": "AWS::SNS::TopicPolicy", "Properties": {
            "Topics": [{"Ref": "Topic"}], "PolicyDocument": {"Statement": [
                {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"},
                 "Action": "sns:Publish", "Resource": {"Ref": "Topic"}}]}}},
        "Ended": rule({"source": ["credit-scoring"], "detail-type": ["Batch finished"]},
                      {"file": "$.detail.file", "rows": "$.detail.rows"}, '"<file>: <rows>"'),
        "Failed": rule({"source": ["aws.states"], "detail": {"status": ["FAILED"]}},
                       {"name": "$.detail.name", "how": "$.detail.status"}, '"<name> <how>"'),
        "Batches": {"Type": "AWS::DynamoDB::Table", "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [
                {"AttributeName": name, "AttributeType": "S"}
                for name in ("branch", "batch", "kind", "received_at")],
            "KeySchema": keys("branch", "batch"),
            "GlobalSecondaryIndexes": [{"IndexName": "recent", "KeySchema": keys(
                "kind", "received_at"), "Projection": {"ProjectionType": "ALL"}}],
            "TimeToLiveSpecification": {"AttributeName": "expires_at", "Enabled": True}}},
    }  # fmt: skip


def alarm(namespace, metric, dimension, value):
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": {
        "AlarmName": f"Batch-{metric}", "Namespace": namespace, "MetricName": metric,
        "Dimensions": [{"Name": dimension, "Value": value}], "Statistic": "Maximum",
        "Period": 300, "EvaluationPeriods": 1, "Threshold": 0,
        "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "notBreaching",
        "AlarmActions": [{"Ref": "Topic"}]}}  # fmt: skip


def rule(pattern, paths, template):
    target = {"Arn": {"Ref": "Topic"}, "Id": "T",
              "InputTransformer": {"InputPathsMap": paths, "InputTemplate": template}}  # fmt: skip
    return {"Type": "AWS::Events::Rule", "Properties": {
        "EventPattern": pattern, "State": "ENABLED", "Targets": [target]}}  # fmt: skip


def keys(first, second):
    return [
        {"AttributeName": first, "KeyType": "HASH"},
        {"AttributeName": second, "KeyType": "RANGE"},
    ]
