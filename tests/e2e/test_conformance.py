"""What this machine shows of the template, and what it cannot."""

import pytest

from infra.local.deployment.conformance import compare
from infra.local.deployment.template import leave_out_refused, read_template

pytestmark = pytest.mark.local_cloud("it compares the emulator with the template")

# A new entry here is a decision: the property is then true on AWS only.
KNOWN_ONLY_ON_AWS = {
    ("AWS::S3::Bucket", "LifecycleConfiguration.Rules"),
    ("AWS::S3::Bucket", "LoggingConfiguration.LogFilePrefix"),
    ("AWS::DynamoDB::Table", "SSESpecification.SSEEnabled"),
    ("AWS::DynamoDB::Table", "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled"),
    ("AWS::DynamoDB::Table", "TimeToLiveSpecification.Enabled"),
    ("AWS::StepFunctions::StateMachine", "LoggingConfiguration.Level"),
    ("AWS::StepFunctions::StateMachine", "LoggingConfiguration.IncludeExecutionData"),
    ("AWS::StepFunctions::StateMachine", "TracingConfiguration.Enabled"),
    ("AWS::Scheduler::Schedule", "ScheduleExpressionTimezone"),
}


def test_only_known_properties_differ_from_the_template(runner, plan):
    stack = runner.deployment.stack
    template = read_template(plan.assembly / f"{stack}.template.json")
    findings = compare(template, stack=stack, access=runner.access)
    missing = {(f.kind, f.property) for f in findings if f.verdict == "only on AWS"}
    assert missing <= KNOWN_ONLY_ON_AWS
    assert sum(finding.verdict == "held" for finding in findings) > 100


def test_nothing_of_the_template_is_left_out_unnamed(runner, plan):
    stack = runner.deployment.stack
    template = read_template(plan.assembly / f"{stack}.template.json")
    assert runner.deployment.left_out == leave_out_refused(template).left_out
