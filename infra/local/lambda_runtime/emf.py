"""Metrics that functions write as log lines (CloudWatch embedded metric format).

AWS extracts them from the log; the emulator does not, so the local executor does it.
Format: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Measurement:
    namespace: str
    name: str
    value: float
    unit: str
    dimensions: dict[str, str]


def read_measurements(lines: Iterable[str]) -> Iterator[Measurement]:
    """Every value of every metric and dimension set; lines that are not EMF are skipped."""
    for line in lines:
        if '"CloudWatchMetrics"' in line:
            yield from _measurements(_parse(line))


def _parse(line: str) -> dict[str, Any]:
    try:
        document = json.loads(line)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _measurements(document: dict[str, Any]) -> Iterator[Measurement]:
    for directive in document.get("_aws", {}).get("CloudWatchMetrics", []):
        for keys in directive.get("Dimensions") or [[]]:
            dimensions = {key: str(document[key]) for key in keys if key in document}
            for metric in directive.get("Metrics", []):
                for value in _values(document.get(metric["Name"])):
                    yield Measurement(
                        namespace=directive["Namespace"],
                        name=metric["Name"],
                        value=value,
                        unit=metric.get("Unit", "None"),
                        dimensions=dimensions,
                    )


def _values(value: object) -> list[float]:
    values = value if isinstance(value, list) else [value]
    return [float(item) for item in values if isinstance(item, int | float)]
