"""The functions: published, traced, logged for a while, and called through their alias."""

import json

import pytest

from infra import score_process

FUNCTION = "AWS::Lambda::Function"
FUNCTIONS = {
    "Api": "score-api", "Batch": "batch-scorer", "Drift": "drift-monitor", "Canary": "canary",
    "Operators": "operator-api", "Promoter": "model-promoter", "Renewer": "snapshot-renewer",
}  # fmt: skip


@pytest.mark.parametrize("part", FUNCTIONS)
def test_every_function_runs_on_arm64_and_is_traced(template, part) -> None:
    function = template.one("AWS::Lambda::Function", part)
    assert function["Architectures"] == ["arm64"]
    assert function["TracingConfig"] == {"Mode": "Active"}


@pytest.mark.parametrize(("part", "service"), FUNCTIONS.items())
def test_every_function_knows_its_places_and_its_name(template, part, service) -> None:
    variables = template.one("AWS::Lambda::Function", part)["Environment"]["Variables"]
    assert variables["POWERTOOLS_SERVICE_NAME"] == service
    if part == "Renewer":  # it reads nothing that is kept
        assert variables["SCORING_FUNCTION"] == {"Ref": template.id_of(FUNCTION, "ApiScoreApi")}
        return
    assert {"MODELS_URL", "PROFILES_TABLE", "BATCHES_TABLE", "UPLOADS_BUCKET", "RESULTS_BUCKET",
            "RESULTS_URL", "WORK_URL", "RECORDS_URL", "REPORTS_URL", "LISTS_URL", "CASES_TABLE",
            "DECISIONS_TABLE"} <= set(variables)  # fmt: skip


def test_the_scoring_function_is_told_what_its_cold_start_was_measured_with(template) -> None:
    variables = template.one(FUNCTION, "Api")["Environment"]["Variables"]
    assert variables.items() >= score_process.ENVIRONMENT.items()


@pytest.mark.parametrize("part", FUNCTIONS)
def test_every_function_writes_to_its_own_group_kept_for_three_months(template, part) -> None:
    function = template.one("AWS::Lambda::Function", part)
    group = function["LoggingConfig"]["LogGroup"]["Ref"]
    assert template.all("AWS::Logs::LogGroup")[group]["RetentionInDays"] == 90


def test_every_log_group_forgets(template) -> None:
    for name, group in template.all("AWS::Logs::LogGroup").items():
        assert group["RetentionInDays"] <= 90, name


def test_what_a_service_delivers_is_logged_where_one_line_of_a_policy_is_enough(template) -> None:
    """A policy of the account that names each group is full after some dozens of stacks."""
    stage = template.one("AWS::ApiGatewayV2::Stage")["AccessLogSettings"]
    machine = template.one("AWS::StepFunctions::StateMachine")["LoggingConfiguration"]
    [destination] = machine["Destinations"]
    for arn in (
        stage["DestinationArn"],
        destination["CloudWatchLogsLogGroup"]["LogGroupArn"],
    ):
        group = template.all("AWS::Logs::LogGroup")[arn["Fn::GetAtt"][0]]
        beginning, stack, _ = group["LogGroupName"]["Fn::Join"][1]
        assert (beginning, stack) == ("/aws/vendedlogs/", {"Ref": "AWS::StackName"})


@pytest.mark.parametrize("part", FUNCTIONS)
def test_every_function_has_one_alias_on_a_published_version(template, part) -> None:
    alias = template.one("AWS::Lambda::Alias", part)
    version, attribute = alias["FunctionVersion"]["Fn::GetAtt"]
    assert alias["Name"] == "live"
    assert (version in template.ids("AWS::Lambda::Version"), attribute) == (True, "Version")


@pytest.mark.parametrize("part", ["Api", "Batch", "Canary"])
def test_zip_functions_start_from_a_snapshot_with_both_layers(template, part) -> None:
    function = template.one("AWS::Lambda::Function", part)
    assert function["SnapStart"] == {"ApplyOn": "PublishedVersions"}
    layers = [layer["Ref"] for layer in function["Layers"]]
    assert [name.startswith(("LayersDependencies", "LayersCreditScoring")) for name in layers] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("part", "folder"), [("Api", "score_api"), ("Batch", "batch_scorer"), ("Canary", "canary")]
)
def test_the_handler_is_where_the_build_puts_it(template, built, part, folder) -> None:
    handler = template.one("AWS::Lambda::Function", part)["Handler"]
    module, _, name = handler.rpartition(".")
    source = built / "functions" / folder / f"{module.replace('.', '/')}.py"
    assert (name, source.is_file()) == ("handler", True)


def test_the_drift_monitor_is_an_image(template) -> None:
    function = template.one("AWS::Lambda::Function", "Drift")
    assert function["PackageType"] == "Image"
    assert "SnapStart" not in function


@pytest.mark.parametrize("part", ["Batch", "Drift"])
def test_an_event_that_fails_three_times_is_kept(template, part) -> None:
    configuration = template.one("AWS::Lambda::EventInvokeConfig", part)
    assert configuration["MaximumRetryAttempts"] == 2
    queue, _ = configuration["DestinationConfig"]["OnFailure"]["Destination"]["Fn::GetAtt"]
    assert template.all("AWS::SQS::Queue")[queue]["MessageRetentionPeriod"] == 14 * 86400


def test_every_queue_is_encrypted_and_tls_only(template) -> None:
    for queue in template.all("AWS::SQS::Queue").values():
        assert queue["SqsManagedSseEnabled"] is True
    denied = [s for _, s in template.statements("AWS::SQS::QueuePolicy") if s["Effect"] == "Deny"]
    assert len(denied) == len(template.ids("AWS::SQS::Queue"))


def test_every_trigger_calls_the_alias(template) -> None:
    bucket = template.one("AWS::S3::Bucket", "StorageUploads")
    [notified] = bucket["NotificationConfiguration"]["LambdaConfigurations"]
    assert notified["Function"] == {"Ref": template.id_of("AWS::Lambda::Alias", "Batch")}
    integrations = template.all("AWS::ApiGatewayV2::Integration").values()
    called = [part["IntegrationUri"] for part in integrations]
    aliases = [template.id_of("AWS::Lambda::Alias", name) for name in ("Api", "Operators")]
    assert sorted(map(str, called)) == sorted(str({"Ref": alias}) for alias in aliases)
    for part in ("Drift", "Canary"):
        target = template.one("AWS::Scheduler::Schedule", part)["Target"]
        assert target["Arn"] == {"Ref": template.id_of("AWS::Lambda::Alias", part)}


def test_only_files_under_uploads_start_the_batch_function(template) -> None:
    bucket = template.one("AWS::S3::Bucket", "StorageUploads")
    [notified] = bucket["NotificationConfiguration"]["LambdaConfigurations"]
    assert notified["Event"] == "s3:ObjectCreated:*"
    assert notified["Filter"]["S3Key"]["Rules"] == [{"Name": "prefix", "Value": "uploads/"}]


def test_the_bucket_waits_for_the_permission_that_it_is_checked_for(template) -> None:
    bucket = template.body["Resources"][template.id_of("AWS::S3::Bucket", "StorageUploads")]
    assert template.id_of("AWS::Lambda::Permission", "Batch") in bucket["DependsOn"]


def test_drift_is_measured_every_night_and_a_lost_start_is_kept(template) -> None:
    schedule = template.one("AWS::Scheduler::Schedule", "Drift")
    assert schedule["ScheduleExpression"] == "cron(0 3 * * ? *)"
    assert schedule["ScheduleExpressionTimezone"] == "Europe/Paris"
    assert "DriftFailures" in json.dumps(schedule["Target"]["DeadLetterConfig"])


def test_no_function_is_there_that_we_did_not_write(template) -> None:
    assert len(template.ids("AWS::Lambda::Function")) == len(FUNCTIONS)
    assert not [kind for kind in template.body["Resources"] if kind.startswith("Custom")]
