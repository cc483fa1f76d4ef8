"""The log as lines of JSON, with the keys that Powertools gives those of the other functions."""

import json
import logging
import os
import sys
import time

from functions.score_api.telemetry.traces import trace_header


class JsonLines(logging.Handler):
    """To stdout, which Lambda takes to CloudWatch. `facts` of a record are keys of its line."""

    def emit(self, record: logging.LogRecord) -> None:
        moment = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(record.created))
        zone = time.strftime("%z", time.localtime(record.created))
        line = {
            "level": record.levelname,
            "message": record.getMessage(),
            "timestamp": f"{moment},{int(record.msecs):03}{zone}",
            "service": record.name,
            **record.__dict__.get("facts", {}),
        }
        if root := trace_header().get("Root"):
            line["xray_trace_id"] = root
        text = json.dumps(line, default=str, separators=(",", ":"), ensure_ascii=False)
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


def open_log(service: str) -> logging.Logger:
    """Its lines go no further: the runtime's own handler would write each once more."""
    log = logging.getLogger(service)
    log.handlers, log.propagate = [JsonLines()], False
    log.setLevel(os.environ.get("POWERTOOLS_LOG_LEVEL", "INFO"))
    return log
