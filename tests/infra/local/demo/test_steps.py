"""Steps that are told, timed, and not run twice for the same inputs."""

import pytest

from infra.local.demo.steps import DemoStep, python, run_command, run_steps
from infra.local.errors import PortTaken, StepFailed
from infra.local.ports import find_free_ports, require_free_port


def test_every_step_is_told_and_timed(capsys):
    run_steps([DemoStep("Boil water", lambda: "hot"), DemoStep("Make tea", lambda: "ready")])
    told = capsys.readouterr().err
    assert "[ 1/2] Boil water ..." in told
    assert "0.0 s  ready" in told


def test_a_command_that_fails_names_the_step(group):
    with pytest.raises(StepFailed, match=r"Reading failed: `.* ended with 1; its own words"):
        run_command(group, "Reading", python("json.tool", "no-such-file"))


def test_free_ports_are_free_and_different():
    ports = find_free_ports(3)
    assert len(set(ports)) == 3
    for port in ports:
        require_free_port(port, option="--port")


def test_a_taken_port_names_the_option():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortTaken, match="choose another one with --cloud-port"):
            require_free_port(taken.getsockname()[1], option="--cloud-port")
