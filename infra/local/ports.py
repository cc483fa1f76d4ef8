"""Ports on this machine: everything of the local cloud listens on the loopback address only."""

from __future__ import annotations

import socket
from typing import Final

from infra.local.errors import PortTaken

HOST: Final = "127.0.0.1"


def require_free_port(port: int, *, option: str) -> None:
    """Raise PortTaken, naming the option that chooses another one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise PortTaken(port, option=option) from None


def find_free_ports(count: int) -> list[int]:
    """Ports that nothing listens on now, all different."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((HOST, 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
