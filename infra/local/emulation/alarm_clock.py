"""Evaluates the alarms as CloudWatch does.

The emulator's own evaluation ignores dimensions, periods and missing data, so that one function's
error would ring another one's alarm; this one goes through AWS's public calls only. Windows slide
by the minute (`sliding_windows.py`), missing data count as published (`alarm_states.py`).
Rules: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from infra.access import Access
from infra.local.emulation.alarm_states import judge
from infra.local.emulation.sliding_windows import read_datapoints

# Seconds. CloudWatch takes a minute, and an hour where the window is longer than a day.
EVERY: Final = 2.0
logger = logging.getLogger("alarms")


class AlarmClock:
    """Looks at every metric alarm again and again, from a thread that ends with the process.

    measures : called before each look, to publish what nobody else counts
    """

    def __init__(self, access: Access, *measures: Callable[[], None]) -> None:
        self._access = access
        self._measures = measures

    def start(self) -> None:
        threading.Thread(target=self._run, daemon=True, name="alarm-clock").start()

    def _run(self) -> None:
        cloudwatch = self._access.client("cloudwatch")
        while True:
            time.sleep(EVERY)
            try:
                for measure in self._measures:
                    measure()
                evaluate_all(cloudwatch, now=time.time())
            except EndpointConnectionError:
                continue  # the emulator is still starting
            except (BotoCoreError, ClientError) as error:
                logger.warning("alarms were not evaluated: %s", error)


def evaluate_all(cloudwatch: Any, *, now: float) -> None:
    """Set the state of every alarm whose state has changed."""
    pages = cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm"])
    alarms = [alarm for page in pages for alarm in page["MetricAlarms"] if "MetricName" in alarm]
    if not alarms:
        return
    for alarm, datapoints in zip(alarms, read_datapoints(cloudwatch, alarms, now), strict=True):
        state = judge(alarm, datapoints)
        if state != alarm["StateValue"]:
            reason = f"the newest periods, the oldest first: {datapoints}"
            cloudwatch.set_alarm_state(
                AlarmName=alarm["AlarmName"], StateValue=state, StateReason=reason[:1000]
            )
