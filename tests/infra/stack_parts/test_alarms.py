"""The alarms: one for everything that can go wrong, all to one topic."""

import pytest
from credit_scoring.metrics import EMITTED, NAMESPACE, Metric


def alarms_on(template, **wanted) -> list[dict]:
    alarms = template.all("AWS::CloudWatch::Alarm").values()
    return [alarm for alarm in alarms if wanted.items() <= alarm.items()]


@pytest.mark.parametrize("metric", ["Errors", "Throttles"])
def test_every_function_has_its_alarm(template, metric) -> None:
    watched = {
        dimension["Value"]["Ref"]
        for alarm in alarms_on(template, Namespace="AWS/Lambda", MetricName=metric)
        for dimension in alarm["Dimensions"]
    }
    assert watched == set(template.ids("AWS::Lambda::Function"))


def test_every_dead_letter_queue_has_its_alarm(template) -> None:
    watched = {
        alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0]
        for alarm in alarms_on(template, Namespace="AWS/SQS")
    }
    assert watched == set(template.ids("AWS::SQS::Queue"))


def test_the_api_is_watched_for_errors_and_slowness(template) -> None:
    alarms = {
        alarm["MetricName"]: alarm for alarm in alarms_on(template, Namespace="AWS/ApiGateway")
    }
    assert alarms["5xx"]["Statistic"] == "Sum"
    assert alarms["Latency"]["ExtendedStatistic"] == "p95"


def test_a_champion_that_cannot_be_loaded_rings_under_the_name_that_the_api_counts_it_by(
    template,
) -> None:
    [alarm] = alarms_on(template, Namespace=NAMESPACE, MetricName=Metric.MODEL_LOAD_FAILURES)
    function = template.one("AWS::Lambda::Function", "ApiScoreApi")
    service = function["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
    assert alarm["Dimensions"] == [{"Name": "service", "Value": service}]
    assert (alarm["Statistic"], alarm["Threshold"], alarm["EvaluationPeriods"]) == ("Sum", 0, 1)


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


def test_everything_else_is_quiet_when_nothing_happens(template) -> None:
    breaching = alarms_on(template, TreatMissingData="breaching")
    quiet = alarms_on(template, TreatMissingData="notBreaching")
    assert (len(breaching), len(quiet) + 1) == (1, len(template.ids("AWS::CloudWatch::Alarm")))


def test_every_alarm_tells_the_topic_when_it_starts_and_ends(template) -> None:
    topic = [{"Ref": template.id_of("AWS::SNS::Topic", "Alarms")}]
    for alarm in template.all("AWS::CloudWatch::Alarm").values():
        assert (alarm["AlarmActions"], alarm["OKActions"]) == (topic, topic)
        assert alarm["AlarmDescription"].endswith(".")


def test_every_topic_is_tls_only(template) -> None:
    denied = [s for _, s in template.statements("AWS::SNS::TopicPolicy") if s["Effect"] == "Deny"]
    assert len(denied) == len(template.ids("AWS::SNS::Topic"))


def test_cloudwatch_may_publish_for_this_account_only(template) -> None:
    """A topic's own policy replaces the one that lets the account's alarms in."""
    allowed = [
        statement
        for name, statement in template.statements("AWS::SNS::TopicPolicy")
        if name.startswith("Alarms") and statement["Effect"] == "Allow"
    ]
    services = {statement["Principal"]["Service"]: statement for statement in allowed}
    account = {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert services["cloudwatch.amazonaws.com"]["Condition"] == {"StringEquals": account}


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
    assert target["Arn"] == {"Ref": template.id_of("AWS::SNS::Topic", "Alarms")}
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


def test_all_alarm_names_fit_into_one_output(template) -> None:
    limit_of_an_output = 1024
    longest_stack_name = 30
    ids = template.ids("AWS::CloudWatch::Alarm")
    assert sum(len(name) + longest_stack_name for name in ids) < limit_of_an_output
