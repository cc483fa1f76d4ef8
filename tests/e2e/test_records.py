"""Records of what was scored: they wait where they cannot be delivered, and somebody is told."""

import pytest
from credit_scoring.stored.score_records import LINES

from tests.e2e.mailboxes import of_a_minute, open_mailbox, wait_for_state
from tests.infra.local.conftest import wait_for

pytestmark = pytest.mark.local_cloud("it takes the bucket from the stream of records")

PREFIX = f"records/{LINES}"


@pytest.fixture
def stream(target):
    """Redirects the stream of records to another bucket."""
    firehose = target.access.client("firehose")
    [name] = firehose.list_delivery_streams()["DeliveryStreamNames"]

    def redirect(bucket):
        asked = firehose.describe_delivery_stream(DeliveryStreamName=name)
        told = asked["DeliveryStreamDescription"]
        firehose.update_destination(
            DeliveryStreamName=name,
            CurrentDeliveryStreamVersionId=told["VersionId"],
            DestinationId=told["Destinations"][0]["DestinationId"],
            ExtendedS3DestinationUpdate={"BucketARN": f"arn:aws:s3:::{bucket}"},
        )

    yield redirect
    redirect(target.outputs["ResultsBucket"])


def test_records_that_do_not_arrive_while_the_api_scores_ring(target, token, record, stream):
    tickets = open_mailbox(target, "TicketTopicArn")
    known = set(target.result_keys(PREFIX))
    with of_a_minute(target, "RecordsLate", Threshold=3) as alarm:
        stream("a-bucket-that-is-gone")
        assert target.call("POST", "/predict", body=record, token=token).status == 200
        assert wait_for_state(tickets, alarm, "ALARM")
        assert set(target.result_keys(PREFIX)) <= known
        stream(target.outputs["ResultsBucket"])
        assert wait_for(lambda: set(target.result_keys(PREFIX)) - known, seconds=30)
        assert wait_for_state(tickets, alarm, "OK", seconds=240)
