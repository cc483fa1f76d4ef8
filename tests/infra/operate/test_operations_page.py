"""An operator who is woken finds the entry that the alarm's words lead to."""

import json
import re

import pytest

from tests.repository import ROOT

PAGE = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
ALARMS = PAGE.partition("## Alarms")[2].partition("\n## ")[0]
_ENTRY = re.compile(r"^#### (\w+)\n(.*?)(?=^#|\Z)", re.DOTALL | re.MULTILINE)
ENTRIES = {heading.lower(): body for heading, body in _ENTRY.findall(ALARMS)}
# Its alarms are many and named by a rule.
BY_RULE = "tablethrottles"


@pytest.fixture
def told(template) -> dict[str, str]:
    """The entry that each alarm's words end with."""
    alarms = template.all("AWS::CloudWatch::Alarm").values()
    return {
        re.findall(r"-(\w+)", json.dumps(alarm["AlarmName"]))[-1]: alarm[
            "AlarmDescription"
        ].rpartition("docs/operations.md#")[2]
        for alarm in alarms
    }


def test_every_alarm_leads_to_an_entry_and_every_entry_is_led_to(told) -> None:
    assert set(told.values()) == set(ENTRIES)


def test_an_entry_that_several_alarms_share_names_each_of_them(told) -> None:
    for alarm, entry in told.items():
        if entry not in (alarm.lower(), BY_RULE):
            assert f"`{alarm}`" in ENTRIES[entry], alarm
    tables = {re.sub("(Read|Write)Throttles", "", a) for a, e in told.items() if e == BY_RULE}
    assert [stem for stem in tables if f"`{stem}" not in ENTRIES[BY_RULE]] == []


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_says_who_and_what_three_things_to_do(entry) -> None:
    meaning, *actions = re.split(r"^\d\. ", ENTRIES[entry], flags=re.MULTILINE)
    assert re.search(r"Who:\s+the\s+\w+", meaning)
    assert len(actions) == 3
