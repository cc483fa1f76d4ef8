"""The alarms: one for everything that can go wrong, all to one topic."""

import pytest

from infra.drift import RUNS


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
    [alarm] = alarms_on(template, Namespace="CreditScoring", MetricName="ModelLoadFailures")
    function = template.one("AWS::Lambda::Function", "ApiScoreApi")
    service = function["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
    assert alarm["Dimensions"] == [{"Name": "service", "Value": service}]
    assert (alarm["Statistic"], alarm["Threshold"], alarm["EvaluationPeriods"]) == ("Sum", 0, 1)


def test_silence_of_the_drift_monitor_is_itself_an_alarm(template) -> None:
    [alarm] = alarms_on(template, Namespace="CreditScoring", MetricName=RUNS)
    assert alarm["TreatMissingData"] == "breaching"
    assert alarm["Period"] * alarm["EvaluationPeriods"] == 26 * 3600
    assert alarm["ComparisonOperator"] == "LessThanThreshold"


def test_everything_else_is_quiet_when_nothing_happens(template) -> None:
    breaching = alarms_on(template, TreatMissingData="breaching")
    quiet = alarms_on(template, TreatMissingData="notBreaching")
    assert (len(breaching), len(quiet) + 1) == (1, len(template.ids("AWS::CloudWatch::Alarm")))


def test_every_alarm_tells_the_topic_when_it_starts_and_ends(template) -> None:
    topic = [{"Ref": template.id_of("AWS::SNS::Topic")}]
    for alarm in template.all("AWS::CloudWatch::Alarm").values():
        assert (alarm["AlarmActions"], alarm["OKActions"]) == (topic, topic)
        assert alarm["AlarmDescription"].endswith(".")


def test_the_topic_is_tls_only_and_cloudwatch_may_publish(template) -> None:
    statements = [statement for _, statement in template.statements("AWS::SNS::TopicPolicy")]
    assert any(statement["Effect"] == "Deny" for statement in statements)


def test_an_alarm_is_one_metric_and_never_a_formula(template) -> None:
    for alarm in template.all("AWS::CloudWatch::Alarm").values():
        assert "Metrics" not in alarm
        assert alarm["MetricName"]


def test_all_alarm_names_fit_into_one_output(template) -> None:
    limit_of_an_output = 1024
    longest_stack_name = 30
    ids = template.ids("AWS::CloudWatch::Alarm")
    assert sum(len(name) + longest_stack_name for name in ids) < limit_of_an_output
