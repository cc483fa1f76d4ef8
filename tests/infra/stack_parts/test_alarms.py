"""The alarms: one for everything that can go wrong, each to the topic of its urgency."""

import json

import pytest
from credit_scoring.metrics import DRIFT_MONITOR, EMITTED, NAMESPACE, Metric

from tests.infra.conftest import synthesise


def alarms_on(template, **wanted) -> list[dict]:
    alarms = template.all("AWS::CloudWatch::Alarm").values()
    return [alarm for alarm in alarms if wanted.items() <= alarm.items()]


def name_of(alarm) -> str:
    """Without the stack's, which is before it."""
    return json.dumps(alarm["AlarmName"]).rpartition('"-')[2].rstrip('"]}')


def urgency(template, alarm) -> str:
    """Of the only topic that the alarm tells."""
    [topic] = alarm["AlarmActions"]
    return topic["Ref"].removeprefix("Topics").rstrip("0123456789ABCDEF")


@pytest.mark.parametrize("metric", ["Errors", "Throttles", "AsyncEventsDropped"])
def test_every_function_has_its_alarm(template, metric) -> None:
    watched = {
        dimension["Value"]["Ref"]
        for alarm in alarms_on(template, Namespace="AWS/Lambda", MetricName=metric)
        for dimension in alarm["Dimensions"]
    }
    assert watched == set(template.ids("AWS::Lambda::Function"))


def test_every_dead_letter_queue_has_its_alarm(template) -> None:
    for metric in ("ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"):
        watched = {
            alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0]
            for alarm in alarms_on(template, Namespace="AWS/SQS", MetricName=metric)
        }
        assert watched == set(template.ids("AWS::SQS::Queue"))


def test_what_was_given_up_rings_half_way_to_its_deletion(template) -> None:
    queues = template.all("AWS::SQS::Queue")
    for alarm in alarms_on(template, MetricName="ApproximateAgeOfOldestMessage"):
        queue = queues[alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0]]
        assert alarm["Threshold"] * 2 == queue["MessageRetentionPeriod"]


def test_every_table_and_index_has_its_alarms_on_throttling(template) -> None:
    wanted = set()
    for name, table in template.all("AWS::DynamoDB::Table").items():
        indexes = [index["IndexName"] for index in table.get("GlobalSecondaryIndexes", [])]
        wanted |= {
            (name, index, f"{kind}ThrottleEvents")
            for index in (None, *indexes)
            for kind in ("Read", "Write")
        }
    found = set()
    for alarm in alarms_on(template, Namespace="AWS/DynamoDB"):
        dimensions = {each["Name"]: each["Value"] for each in alarm["Dimensions"]}
        index = dimensions.get("GlobalSecondaryIndexName")
        found.add((dimensions["TableName"]["Ref"], index, alarm["MetricName"]))
    assert found == wanted


def test_a_call_that_comes_near_its_time_limit_rings_before_it_is_cut_off(template) -> None:
    functions, watched = template.all("AWS::Lambda::Function"), {}
    for alarm in alarms_on(template, Namespace="AWS/Lambda", MetricName="Duration"):
        watched[alarm["Dimensions"][0]["Value"]["Ref"]] = alarm["Threshold"]
    keep_their_own_limit = ("Canary", "Renewer")
    assert watched == {
        name: 800 * function["Timeout"]
        for name, function in functions.items()
        if not name.startswith(keep_their_own_limit)
    }


def test_every_schedule_is_in_the_group_whose_failures_ring(template) -> None:
    [(logical_id, properties)] = template.all("AWS::Scheduler::ScheduleGroup").items()
    group = properties["Name"]
    for name, schedule in template.all("AWS::Scheduler::Schedule").items():
        assert schedule["GroupName"] == group
        assert logical_id in template.body["Resources"][name]["DependsOn"]
    alarms = alarms_on(template, Namespace="AWS/Scheduler")
    watched = {alarm["MetricName"]: alarm["Dimensions"] for alarm in alarms}
    dimension = [{"Name": "ScheduleGroup", "Value": group}]
    assert watched == {"TargetErrorCount": dimension, "InvocationDroppedCount": dimension}


def test_callers_without_a_right_are_counted_as_the_access_log_writes_them(template) -> None:
    counted = template.one("AWS::Logs::MetricFilter")
    stage = template.one("AWS::ApiGatewayV2::Stage")["AccessLogSettings"]
    assert json.loads(stage["Format"])["status"] == "$context.status"  # written as text
    assert counted["FilterPattern"] == '{ ($.status = "401") || ($.status = "403") }'
    assert stage["DestinationArn"]["Fn::GetAtt"][0] == counted["LogGroupName"]["Ref"]
    [change] = counted["MetricTransformations"]
    alarm = alarms_on(template, MetricName=change["MetricName"])[0]
    assert alarm["Namespace"] == change["MetricNamespace"]


def test_calls_at_the_same_time_ring_near_the_accounts_limit(template) -> None:
    [alarm] = alarms_on(template, MetricName="ConcurrentExecutions")
    assert (alarm["Namespace"], alarm.get("Dimensions")) == ("AWS/Lambda", None)
    assert (alarm["Threshold"], alarm["Statistic"]) == (800, "Maximum")


def test_the_api_is_watched_for_errors_and_slowness(template) -> None:
    errors = alarms_on(template, Namespace="AWS/ApiGateway", MetricName="5xx", Statistic="Sum")
    assert {alarm["Threshold"]: urgency(template, alarm) for alarm in errors} == {
        0: "Ticket", 10: "Page",
    }  # fmt: skip
    [latency] = alarms_on(template, Namespace="AWS/ApiGateway", MetricName="Latency")
    assert latency["ExtendedStatistic"] == "p95"


def test_a_champion_that_cannot_be_loaded_rings_under_the_name_that_the_api_counts_it_by(
    template,
) -> None:
    [alarm] = alarms_on(template, Namespace=NAMESPACE, MetricName=Metric.MODEL_LOAD_FAILURES)
    function = template.one("AWS::Lambda::Function", "ApiScoreApi")
    service = function["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
    assert alarm["Dimensions"] == [{"Name": "service", "Value": service}]
    assert (alarm["Statistic"], alarm["Threshold"], alarm["EvaluationPeriods"]) == ("Sum", 0, 1)


def test_records_that_wait_ring_after_three_of_the_streams_intervals(template) -> None:
    [(stream, properties)] = template.all("AWS::KinesisFirehose::DeliveryStream").items()
    [alarm] = alarms_on(template, Namespace="AWS/Firehose")
    assert alarm["MetricName"] == "DeliveryToS3.DataFreshness"
    assert alarm["Dimensions"] == [{"Name": "DeliveryStreamName", "Value": {"Ref": stream}}]
    target = properties["ExtendedS3DestinationConfiguration"]
    assert alarm["Threshold"] == 3 * target["BufferingHints"]["IntervalInSeconds"]
    assert alarm["TreatMissingData"] == "notBreaching"
    assert urgency(template, alarm) == "Ticket"


def test_every_own_metric_that_an_alarm_watches_is_emitted_by_that_service(template) -> None:
    for alarm in alarms_on(template, Namespace=NAMESPACE):
        [dimension] = alarm["Dimensions"]
        assert dimension["Name"] == "service"
        assert alarm["MetricName"] in EMITTED[dimension["Value"]]


def test_silence_of_the_drift_monitor_is_itself_an_alarm(template) -> None:
    [alarm] = alarms_on(template, Namespace=NAMESPACE, MetricName=Metric.DRIFT_RUNS)
    assert alarm["TreatMissingData"] == "breaching"
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 26 * 3600
    assert alarm["ComparisonOperator"] == "LessThanThreshold"


def test_silence_of_the_canary_rings_within_two_of_its_periods(template) -> None:
    [alarm] = alarms_on(template, Namespace=NAMESPACE, MetricName=Metric.CANARY_RUNS)
    schedule = template.one("AWS::Scheduler::Schedule", "Canary")
    assert schedule["ScheduleExpression"] == "rate(1 hour)"
    assert alarm["TreatMissingData"] == "breaching"
    # CloudWatch looks back some periods further before it believes that data is missing.
    longest = alarm["Period"] * (alarm["EvaluationPeriods"] + 2)
    assert 3600 < alarm["Period"] * alarm["EvaluationPeriods"] < longest <= 2 * 3600


VERDICTS = {
    Metric.UNIT_CHANGES: "Page", Metric.MISSING_COLUMNS: "Page", Metric.SWAPPED_COLUMNS: "Page",
    Metric.CONSTANT_COLUMNS: "Page", Metric.NEW_CATEGORIES: "Page", Metric.REFUSED_ROWS: "Page",
    Metric.COST_RISES: "Page", Metric.POPULATION_SHIFTS: "Ticket",
    Metric.DAYS_WITHOUT_VERDICT: "Ticket", Metric.MODEL_AGE_DAYS: "Ticket",
    Metric.REPORT_FAILURES: "Ticket",
}  # fmt: skip


@pytest.mark.parametrize("metric", VERDICTS)
def test_a_nights_verdict_stands_until_the_next_one(template, metric) -> None:
    [alarm] = alarms_on(template, Namespace=NAMESPACE, MetricName=metric)
    assert alarm["Dimensions"] == [{"Name": "service", "Value": DRIFT_MONITOR}]
    assert (alarm["Period"], alarm["EvaluationPeriods"]) == (86_400, 1)
    assert (alarm["Statistic"], alarm["TreatMissingData"]) == ("Maximum", "ignore")
    assert urgency(template, alarm) == VERDICTS[metric]


PAGES = {metric.value for metric, topic in VERDICTS.items() if topic == "Page"} | {
    "CanaryFailures", "CanaryMissing", "HoursWithoutScores", "ApiDown",
}  # fmt: skip


def test_who_is_woken_is_woken_for_wrong_scores_or_none(template) -> None:
    alarms = template.all("AWS::CloudWatch::Alarm").values()
    pages = {name_of(alarm) for alarm in alarms if urgency(template, alarm) == "Page"}
    assert pages == PAGES


def test_everything_else_is_quiet_when_nothing_happens(template) -> None:
    breaching = {name_of(alarm) for alarm in alarms_on(template, TreatMissingData="breaching")}
    ignoring = {name_of(alarm) for alarm in alarms_on(template, TreatMissingData="ignore")}
    assert breaching == {"DriftMissing", "CanaryMissing"}
    assert ignoring == {*VERDICTS, "CanaryFailures", "HoursWithoutScores"}
    quiet = alarms_on(template, TreatMissingData="notBreaching")
    total = len(template.ids("AWS::CloudWatch::Alarm"))
    assert len(quiet) + len(breaching) + len(ignoring) == total


def test_every_alarm_tells_one_topic_when_it_starts_and_ends(template) -> None:
    for alarm in template.all("AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmActions"] == alarm["OKActions"]
        assert urgency(template, alarm) in ("Page", "Ticket")


def test_every_alarms_words_end_with_the_address_of_its_entry(make) -> None:
    template = synthesise(make(runbookUrl="https://example.org/runbook"))
    for alarm in template.all("AWS::CloudWatch::Alarm").values():
        sentence, _, address = alarm["AlarmDescription"].rpartition(" ")
        assert sentence.endswith(".")
        assert address.startswith("https://example.org/runbook#")


def test_every_topic_is_tls_only(template) -> None:
    denied = [s for _, s in template.statements("AWS::SNS::TopicPolicy") if s["Effect"] == "Deny"]
    assert len(denied) == len(template.ids("AWS::SNS::Topic"))


def test_every_topic_names_who_may_write_and_from_where(template) -> None:
    """Else any rule of any account might write to it in the service's name."""
    allowed = [s for _, s in template.statements("AWS::SNS::TopicPolicy") if s["Effect"] == "Allow"]
    services = sorted(statement["Principal"]["Service"] for statement in allowed)
    assert services == ["cloudwatch.amazonaws.com"] * 2 + ["events.amazonaws.com"] * 2
    rules = [{"Fn::GetAtt": [name, "Arn"]} for name in template.ids("AWS::Events::Rule")]
    for statement in allowed:
        condition = statement["Condition"]
        assert condition["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        source = condition["ArnLike"]["aws:SourceArn"]
        assert source in rules or ":alarm:" in json.dumps(source)


@pytest.mark.parametrize("topic", ["Page", "Ticket"])
def test_only_this_stacks_alarms_may_publish(template, topic) -> None:
    """A topic's own policy replaces the one that lets the account's alarms in."""
    [allowed] = [
        statement
        for name, statement in template.statements("AWS::SNS::TopicPolicy")
        if name.startswith(f"Topics{topic}")
        and statement.get("Principal") == {"Service": "cloudwatch.amazonaws.com"}
    ]
    condition = allowed["Condition"]
    assert condition["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    source = json.dumps(condition["ArnLike"]["aws:SourceArn"])
    assert ":alarm:" in source
    assert '{"Ref": "AWS::StackName"}, "-*"' in source


def test_a_big_file_that_was_given_up_rings_and_its_execution_is_named(template) -> None:
    machine = {"Ref": template.id_of("AWS::StepFunctions::StateMachine")}
    [alarm] = alarms_on(template, Namespace="AWS/States", MetricName="ExecutionsFailed")
    assert alarm["Dimensions"] == [{"Name": "StateMachineArn", "Value": machine}]
    rule = template.one("AWS::Events::Rule", "BigFileFailures")
    assert rule["EventPattern"]["detail"] == {
        "stateMachineArn": [machine],
        "status": ["FAILED", "TIMED_OUT", "ABORTED"],
    }
    [target] = rule["Targets"]
    assert target["Arn"] == {"Ref": template.id_of("AWS::SNS::Topic", "TopicsTicket")}
    told = set(target["InputTransformer"]["InputPathsMap"].values())
    assert told == {"$.detail.name", "$.detail.status"}


def test_one_unusable_file_wakes_nobody_and_several_in_an_hour_do(template) -> None:
    [alarm] = alarms_on(template, Namespace=NAMESPACE, MetricName="FailedBatches")
    function = template.one("AWS::Lambda::Function", "BatchBatchScorer")
    service = function["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
    assert alarm["Dimensions"] == [{"Name": "service", "Value": service}]
    assert (alarm["Threshold"], alarm["Period"]) == (3, 3600)


def test_scores_that_were_not_recorded_ring(template) -> None:
    [alarm] = alarms_on(template, Namespace=NAMESPACE, MetricName="RecordFailures")
    assert (alarm["Dimensions"][0]["Value"], alarm["Threshold"]) == ("score-api", 0)


def test_an_alarm_is_one_metric_and_never_a_formula(template) -> None:
    for alarm in template.all("AWS::CloudWatch::Alarm").values():
        assert "Metrics" not in alarm
        assert alarm["MetricName"]
