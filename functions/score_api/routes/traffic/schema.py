"""GET /traffic."""

from functions.score_api.openapi.operations import Content, in_query, operation
from functions.score_api.openapi.shapes import (
    COUNT,
    Schema,
    list_of,
    nullable,
    number,
    object_of,
    one_of,
    text,
)
from functions.score_api.routes.traffic.handlers import PERIODS, SERIES, USUAL_HOURS


def get_traffic() -> Content:
    schema = {"type": "integer", "enum": list(PERIODS), "default": USUAL_HOURS}
    described = operation("getTraffic", "Traffic, verdicts, latency", "Traffic", 400, 503)
    return described | {"parameters": [in_query("hours", "How far back.", schema)]}


SCHEMAS: dict[str, Schema] = {
    "Traffic": object_of(
        {
            "start": text("Of the first value, in UTC."),
            "period_seconds": COUNT,
            "series": list_of(
                object_of(
                    {
                        "name": one_of(series.name for series in SERIES),
                        "values": list_of(nullable(number("Null: nothing was counted."))),
                    }
                )
            ),
            "dashboard_url": nullable(text("Null on an emulator.")),
        }
    )
}
