"""Who learns how a batch ended: the back office, and an operator when a big file fails."""

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.stack_parts.rules import let_write

# What the batch function puts on the bus.
SOURCE = "credit-scoring"
ENDED = ["Batch finished", "Batch failed"]
UNFINISHED = ["FAILED", "TIMED_OUT", "ABORTED"]


class BatchNotices(Construct):
    """topic : one message a batch. It names the branch, the file and counts, never an applicant."""

    def __init__(self, scope: Construct, construct_id: str, *, email: str | None) -> None:
        super().__init__(scope, construct_id)
        # As with the alarms' topic: EventBridge cannot write under the AWS-managed key.
        self.topic = sns.Topic(self, "Topic", enforce_ssl=True)
        if email is not None:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))
        rule = events.Rule(
            self,
            "Ended",
            description="A batch finished or failed",
            event_pattern=events.EventPattern(source=[SOURCE], detail_type=ENDED),
        )
        write_to(self.topic, rule, word_batch())


class BigFileFailures(Construct):
    """Tells an operator which execution failed; its input, which names a file, is left out."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        state_machine: sfn.StateMachine,
        topic: sns.Topic,
    ) -> None:
        super().__init__(scope, construct_id)
        rule = events.Rule(
            self,
            "Failed",
            description="The execution of a big file ended without a result",
            event_pattern=events.EventPattern(
                source=["aws.states"],
                detail_type=["Step Functions Execution Status Change"],
                detail={
                    "stateMachineArn": [state_machine.state_machine_arn],
                    "status": UNFINISHED,
                },
            ),
        )
        write_to(topic, rule, word_failure())


def write_to(topic: sns.Topic, rule: events.Rule, message: events.RuleTargetInput) -> None:
    """Without CDK's own permission, by which any rule of any account might write."""
    named = sns.Topic.from_topic_arn(rule, "Topic", topic.topic_arn)
    rule.add_target(targets.SnsTopic(named, message=message))
    let_write(topic, "events.amazonaws.com", rule.rule_arn)


def word_batch() -> events.RuleTargetInput:
    def detail(name: str) -> str:
        return events.EventField.from_path(f"$.detail.{name}")

    return events.RuleTargetInput.from_text(
        f"{events.EventField.detail_type}: {detail('file')} of {detail('branch')}. "
        f"Rows: {detail('rows')}, scored: {detail('scored')}, rejected: {detail('rejected')}. "
        f"Results: scored/{detail('branch')}/{detail('batch')}/"
    )


def word_failure() -> events.RuleTargetInput:
    name = events.EventField.from_path("$.detail.name")
    status = events.EventField.from_path("$.detail.status")
    return events.RuleTargetInput.from_text(
        f"Big file {name} ended as {status}. Repair the cause, then: make redrive"
    )
