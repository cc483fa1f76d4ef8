"""An operator who is woken finds the alarm on the page."""

import json
import re

from tests.repository import ROOT

PAGE = ROOT / "docs/operations.md"


def test_every_alarm_has_its_row_and_no_row_speaks_of_another(template) -> None:
    alarms = template.all("AWS::CloudWatch::Alarm").values()
    names = {re.findall(r"-(\w+)", json.dumps(alarm["AlarmName"]))[-1] for alarm in alarms}
    table = PAGE.read_text(encoding="utf-8").partition("## Alarms")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert set(re.findall(r"`(\w+)`", " ".join(rows))) == names
