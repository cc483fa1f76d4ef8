"""What moto leaves out of CloudWatch: the history of an alarm, from the states that moto keeps."""

import json
from itertools import pairwise

from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult


def describe_alarm_history(self: CloudWatchResponse) -> ActionResult:
    """Newest first, all on one page, with the parts of an item that a reader needs."""
    name = self._get_param("AlarmName")
    [alarm] = self.cloudwatch_backend.get_alarms_by_alarm_names([name])
    earlier = [(state, at) for _, _, _, state, at in alarm.history]
    states = [*earlier, (alarm.state_value, alarm.state_updated_timestamp)]
    items = [
        {
            "AlarmName": name,
            "Timestamp": at,
            "HistoryItemType": "StateUpdate",
            "HistorySummary": f"Alarm updated from {before} to {after}",
            "HistoryData": json.dumps(
                {"oldState": {"stateValue": before}, "newState": {"stateValue": after}}
            ),
        }
        for (before, _), (after, at) in pairwise(states)
    ]
    return ActionResult({"AlarmHistoryItems": items[::-1]})


def install() -> None:
    CloudWatchResponse.describe_alarm_history = describe_alarm_history  # type: ignore[attr-defined]
