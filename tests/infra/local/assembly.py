"""A small cloud assembly, written by hand as the CDK would write it."""

import json

HANDLER = """
import json, os, boto3

s3 = boto3.client("s3")

def handler(event, context):
    if "Records" in event:
        place = event["Records"][0]["s3"]
        body = s3.get_object(Bucket=place["bucket"]["name"], Key=place["object"]["key"])["Body"]
        s3.put_object(Bucket=os.environ["RESULTS"], Key="scored", Body=body.read())
        return None
    return {"version": context.function_version, "buckets": s3.list_buckets()["Buckets"]}
"""


def policy(action, resource):
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def bucket_policy(name):
    """What the CDK's enforce_ssl writes."""
    arn = {"Fn::GetAtt": [name, "Arn"]}
    deny = {
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "s3:*",
        "Resource": [arn, {"Fn::Join": ["", [arn, "/*"]]}],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {
            "Bucket": {"Ref": name},
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [deny]},
        },
    }


def template():
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"},
             "Action": "sts:AssumeRole"}  # fmt: skip
    allowed = [
        policy(["logs:CreateLogStream", "logs:PutLogEvents"], "arn:aws:logs:*:*:log-group:*"),
        policy("s3:GetObject", "arn:aws:s3:::local-uploads/*"),
        policy("s3:PutObject", {"Fn::Join": ["", [{"Fn::GetAtt": ["Results", "Arn"]}, "/*"]]}),
    ]
    notification = {"Event": "s3:ObjectCreated:*", "Function": {"Ref": "Alias"}}
    return {
        "Resources": {
            "Role": {"Type": "AWS::IAM::Role", "Properties": {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
                "Policies": [{"PolicyName": "own", "PolicyDocument": {
                    "Version": "2012-10-17", "Statement": allowed}}]}},
            "Function": {"Type": "AWS::Lambda::Function", "Properties": {
                "Runtime": "python3.13", "Handler": "app.handler", "Timeout": 10,
                "MemorySize": 256, "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "SnapStart": {"ApplyOn": "PublishedVersions"},
                "Environment": {"Variables": {"RESULTS": {"Ref": "Results"}}},
                "Code": {"S3Key": "code.zip", "S3Bucket": {
                    "Fn::Sub": "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"}}}},
            "Version": {"Type": "AWS::Lambda::Version",
                        "Properties": {"FunctionName": {"Ref": "Function"}}},
            "Alias": {"Type": "AWS::Lambda::Alias", "Properties": {
                "Name": "live", "FunctionName": {"Ref": "Function"},
                "FunctionVersion": {"Fn::GetAtt": ["Version", "Version"]}}},
            "Permission": {"Type": "AWS::Lambda::Permission", "Properties": {
                "Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com",
                "FunctionName": {"Ref": "Alias"}}},
            "Results": {"Type": "AWS::S3::Bucket"},
            "ResultsPolicy": bucket_policy("Results"),
            "Uploads": {"Type": "AWS::S3::Bucket", "DependsOn": ["Permission"], "Properties": {
                "BucketName": "local-uploads",
                "NotificationConfiguration": {"LambdaConfigurations": [notification]}}},
            "UploadsPolicy": bucket_policy("Uploads"),
            "Budget": {"Type": "AWS::Budgets::Budget", "Properties": {}},
        },
        "Outputs": {
            "Function": {"Value": {"Ref": "Function"}},
            "Results": {"Value": {"Ref": "Results"}},
        },
    }  # fmt: skip


def write_assembly(folder, *, stack="Small", change=None, handler=HANDLER):
    code = folder / "asset.code"
    code.mkdir(parents=True, exist_ok=True)
    (code / "app.py").write_text(handler)
    body = template()
    if change:
        change(body)
    (folder / f"{stack}.template.json").write_text(json.dumps(body))
    destination = {
        "bucketName": "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}",
        "objectKey": "code.zip",
    }
    files = {"code": {"source": {"path": "asset.code", "packaging": "zip"},
                      "destinations": {"here": destination}}}  # fmt: skip
    (folder / f"{stack}.assets.json").write_text(json.dumps({"files": files}))
    return folder
