"""Reads of people's tables past the API: a trail where it is asked for, and none else."""

import json

import pytest

from infra.stack_parts.settings import SettingInvalid
from tests.infra.conftest import Template, synthesise

TRAIL = "AWS::CloudTrail::Trail"


@pytest.fixture
def trailed(make) -> Template:
    return synthesise(make(readTrail="yes"))


def test_reads_of_people_and_nothing_else_are_told(trailed) -> None:
    trail = trailed.one(TRAIL)
    [selector] = trail["AdvancedEventSelectors"]
    fields = {each["Field"]: each["Equals"] for each in selector["FieldSelectors"]}
    tables = ("Profiles", "Cases", "Decisions")
    ids = [trailed.id_of("AWS::DynamoDB::Table", f"Storage{name}") for name in tables]
    assert fields == {
        "eventCategory": ["Data"],
        "resources.type": ["AWS::DynamoDB::Table"],
        "resources.ARN": [{"Fn::GetAtt": [name, "Arn"]} for name in ids],
        "readOnly": ["true"],
    }
    assert (trail["IsLogging"], trail["EnableLogFileValidation"]) == (True, True)


def test_only_this_trail_may_write_where_its_events_lie(trailed) -> None:
    bucket = trailed.id_of("AWS::S3::Bucket", "Reads")
    [policy] = [
        each["PolicyDocument"]["Statement"]
        for each in trailed.all("AWS::S3::BucketPolicy").values()
        if each["Bucket"] == {"Ref": bucket}
    ]
    allowed = [each for each in policy if each["Effect"] == "Allow"]
    assert [each["Action"] for each in allowed] == ["s3:GetBucketAcl", "s3:PutObject"]
    for each in allowed:
        assert each["Principal"] == {"Service": "cloudtrail.amazonaws.com"}
        assert "-reads" in json.dumps(each["Condition"]["StringEquals"]["aws:SourceArn"])


def test_nobody_pays_for_what_was_not_asked_for(template) -> None:
    assert template.ids(TRAIL) == []


def test_a_word_that_means_nothing_stops_the_synthesis(make) -> None:
    with pytest.raises(SettingInvalid, match="readTrail"):
        make(readTrail="perhaps")
