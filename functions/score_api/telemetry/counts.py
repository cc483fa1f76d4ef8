"""Metrics as a line of the log, from which CloudWatch takes them (embedded metric format).

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Counts:
    """What was counted since the last line; without a namespace nothing would come of it."""

    namespace: str
    service: str
    _counted: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, count: float) -> None:
        self._counted.setdefault(name, []).append(float(count))

    def write(self) -> None:
        """One line, of the service alone: a count is then one metric, and costs what one costs."""
        if self._counted:
            self._write(self._counted, {})
            self.clear()

    def write_one(self, name: str, count: float, **dimensions: str) -> None:
        """A line of its own, for a count by further dimensions."""
        self._write({name: [float(count)]}, dimensions)

    def clear(self) -> None:
        self._counted.clear()

    def _write(self, counted: Mapping[str, list[float]], further: Mapping[str, str]) -> None:
        dimensions = {"service": self.service, **further}
        directive = {
            "Namespace": self.namespace,
            "Dimensions": [list(dimensions)],
            "Metrics": [{"Name": name, "Unit": "Count"} for name in counted],
        }
        aws = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]}
        text = json.dumps({"_aws": aws, **dimensions, **counted}, separators=(",", ":"))
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
