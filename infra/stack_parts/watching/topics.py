"""The two urgencies: who is woken at night, and who reads it in the morning."""

from aws_cdk import ArnFormat, Aws, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.stack_parts.grants import role_of
from infra.stack_parts.rules import allow, let_write


class Topics(Construct):
    """page : wrong scores or none, now; ticket : what can wait for working hours."""

    def __init__(
        self, scope: Construct, construct_id: str, *, email: str | None, page_email: str | None
    ) -> None:
        super().__init__(scope, construct_id)
        self.page = self._make_topic("Page", {email, page_email})
        self.ticket = self._make_topic("Ticket", {email})

    def _make_topic(self, construct_id: str, emails: set[str | None]) -> sns.Topic:
        # CloudWatch cannot write to a topic under the AWS-managed key; messages hold no person.
        topic = sns.Topic(self, construct_id, enforce_ssl=True)
        let_alarms_publish(topic)
        for email in sorted(filter(None, emails)):
            topic.add_subscription(subscriptions.EmailSubscription(email))
        return topic

    def let_publish(self, function: lambda_.Function) -> None:
        """Tell a function both topics, and let it write to them."""
        function.add_environment("PAGE_TOPIC", self.page.topic_arn)
        function.add_environment("TICKET_TOPIC", self.ticket.topic_arn)
        arns = [self.page.topic_arn, self.ticket.topic_arn]
        allow(role_of(function), ["sns:Publish"], arns, why="Two topics.")


def let_alarms_publish(topic: sns.Topic) -> None:
    """A topic with a policy of its own, here that of TLS, no longer has the one that allows it.

    Of this account's alarms only this stack's, whose names begin with its own.
    """
    stack = Stack.of(topic)
    alarms = stack.format_arn(
        service="cloudwatch",
        resource="alarm",
        resource_name=f"{Aws.STACK_NAME}-*",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
    let_write(topic, "cloudwatch.amazonaws.com", alarms)
