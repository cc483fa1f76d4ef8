"""Subsegments for X-Ray: one datagram each to the daemon that Lambda runs beside a function.

https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
Its SDK sends the same; that one, what it patches libraries with, and asyncio, which that imports,
took a twelfth of a cold start's time.
"""

import json
import os
import secrets
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

HEADER = b'{"format":"json","version":1}\n'
# The subsegment that this thread is in.
_inside: ContextVar[str] = ContextVar("inside", default="")


def trace_header() -> dict[str, str]:
    """What Lambda says of this invocation's trace: Root, Parent, Sampled."""
    parts = os.environ.get("_X_AMZN_TRACE_ID", "").split(";")
    return {name: value for name, _, value in (part.partition("=") for part in parts)}


@contextmanager
def subsegment(name: str, **facts: Any) -> Iterator[None]:
    """Times what is done inside, where this invocation is traced.

    facts : further fields of the document, such as namespace
    """
    trace, address = trace_header(), os.environ.get("AWS_XRAY_DAEMON_ADDRESS", "")
    if trace.get("Sampled") != "1" or "Root" not in trace or not address:
        yield
        return
    own, began, fault = secrets.token_hex(8), time.time(), True
    parent = _inside.get() or trace.get("Parent", "")
    token = _inside.set(own)
    try:
        yield
        fault = False
    finally:
        _inside.reset(token)
        document = {
            "name": name,
            "id": own,
            "trace_id": trace["Root"],
            "parent_id": parent,
            "type": "subsegment",
            "start_time": began,
            "end_time": time.time(),
            **({"fault": True} if fault else {}),
            **facts,
        }
        _send(address, document)


def call_to_aws(service: str) -> Any:
    """Around one call to a service of AWS."""
    return subsegment(service, namespace="aws")


def _send(address: str, document: Mapping[str, Any]) -> None:
    host, _, port = address.rpartition(":")
    # A trace may be lost; a request must not.
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        sender.sendto(HEADER + json.dumps(document).encode(), (host, int(port)))
