"""GET /traffic: the series of a page that shows whether all is well, in one call of CloudWatch."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from credit_scoring.aws.clients import client, translated
from credit_scoring.metrics import BATCH_SCORER, CANARY, NAMESPACE, SCORE_API, Metric

from functions.score_api.http.parameters import Parameters, refused
from functions.score_api.http.responses import Response, json_response
from functions.score_api.operator_service import OperatorService, cloudwatch_address
from functions.score_api.request import Request

# Hours shown -> seconds of one point: some hundred points, which CloudWatch still keeps then.
PERIODS = {3: 60, 24: 900, 168: 7_200, 720: 21_600}
USUAL_HOURS = 24


@dataclass(frozen=True)
class Series:
    """name : in the answer; metric, statistic : in CloudWatch

    service : who counts it; "" for the gateway
    """

    name: str
    metric: str
    service: str = ""
    statistic: str = "Sum"


SERIES = (
    Series("requests", Metric.REQUESTS, SCORE_API),
    Series("scores", Metric.SCORES, SCORE_API),
    Series("refusals", Metric.REFUSALS, SCORE_API),
    Series("reviews", Metric.REVIEWS, SCORE_API),
    Series("errors", Metric.ERRORS, SCORE_API),
    Series("invalid_applications", Metric.INVALID_APPLICANTS, SCORE_API),
    Series("latency_p50", "Latency", statistic="p50"),
    Series("latency_p95", "Latency", statistic="p95"),
    Series("latency_p99", "Latency", statistic="p99"),
    Series("files", Metric.BATCHES, BATCH_SCORER),
    Series("failed_files", Metric.FAILED_BATCHES, BATCH_SCORER),
    Series("scored_rows", Metric.SCORED_ROWS, BATCH_SCORER),
    Series("rejected_rows", Metric.REJECTED_ROWS, BATCH_SCORER),
    Series("canary_failures", Metric.CANARY_FAILURES, CANARY, "Maximum"),
    Series("canary_seconds", Metric.CANARY_SECONDS, CANARY, "Maximum"),
)


def get_traffic(request: Request, service: OperatorService) -> Response:
    hours = Parameters(request.query).whole("hours", USUAL_HOURS, least=1, most=max(PERIODS))
    if hours not in PERIODS:
        raise refused("hours", f"one of: {', '.join(map(str, PERIODS))}")
    period = PERIODS[hours]
    # Whole periods, the newest one included: it grows while one looks.
    end = (int(time.time()) // period + 1) * period
    moments = range(end - hours * 3600, end, period)
    found = _read(service.api_id, moments, period)
    return json_response(
        {
            "start": _time(moments[0]),
            "period_seconds": period,
            "series": [
                {"name": series.name, "values": values}
                for series, values in zip(SERIES, found, strict=True)
            ],
            "dashboard_url": cloudwatch_address(f"dashboards:name={service.dashboard}"),
        }
    )


def _read(api_id: str, moments: Sequence[int], period: int) -> list[list[float | None]]:
    """One value a moment and series, None where nothing was counted."""
    places = {moment: place for place, moment in enumerate(moments)}
    values: list[list[float | None]] = [[None] * len(moments) for _ in SERIES]
    pages = client("cloudwatch").get_paginator("get_metric_data")
    asked = {
        "MetricDataQueries": [
            _query(f"s{number}", series, api_id, period) for number, series in enumerate(SERIES)
        ],
        "StartTime": moments[0],
        "EndTime": moments[-1] + period,
    }
    with translated("get_metric_data", ""):
        for page in pages.paginate(**asked):
            for result in page["MetricDataResults"]:
                row = values[int(result["Id"].removeprefix("s"))]
                for moment, value in zip(result["Timestamps"], result["Values"], strict=True):
                    place = places.get(int(moment.timestamp()) // period * period)
                    if place is not None:
                        row[place] = value
    return values


def _query(id_: str, series: Series, api_id: str, period: int) -> dict[str, Any]:
    own = bool(series.service)
    dimension = ("service", series.service) if own else ("ApiId", api_id)
    metric = {
        "Namespace": NAMESPACE if own else "AWS/ApiGateway",
        "MetricName": str(series.metric),
        "Dimensions": [{"Name": dimension[0], "Value": dimension[1]}],
    }
    stat = {"Metric": metric, "Period": period, "Stat": series.statistic}
    return {"Id": id_, "MetricStat": stat, "ReturnData": True}


def _time(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")
