"""Shared by all tests."""

import logging
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.models import SmallModel

with suppress(ImportError):  # the drift monitor's environment has no Hypothesis
    from hypothesis import settings

    # How long an example takes is the machine's affair, and others may be using it.
    settings.register_profile("no deadline", settings.default, deadline=None)
    settings.load_profile("no deadline")


@pytest.fixture(scope="session")
def small_model() -> "SmallModel":
    """A model trained here; `small_model.publish(store)` makes it that store's champion."""
    # Here, not above: the drift monitor's environment has no LightGBM.
    from tests.models import train_small_model

    return train_small_model()


@pytest.fixture(scope="session")
def aws_address() -> Iterator[str]:
    """Where AWS answers, as moto plays it: one server in this process for all tests."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # else each call is a line on stderr
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def aws_account(aws_address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An account with nothing in it, for whoever follows the environment."""
    from moto.moto_api._internal.models import moto_api_backend

    moto_api_backend.reset()
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws_address)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")


# What may be left out where everything should run: real rows are nobody's to ship, the drift
# monitor's tests run in an environment of their own (make test-drift), and a running stack does not
# give the rare answers for which the browser's stand-in exists (BASE_URL). On a deployed stack
# (STACK_OUTPUTS) some tests have nothing to do.
EXPECTED_SKIPS = re.compile(
    r"HOME_CREDIT_DIR|runs in the drift environment|BASE_URL|only on the local cloud"
)


def unexpected_skip(reason: str) -> bool:
    """Whether a machine that should run everything left a test out for a reason of its own."""
    return os.environ.get("CI") == "true" and not EXPECTED_SKIPS.search(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that is left out without a known reason fails in CI."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2]
        if unexpected_skip(reason):
            report.outcome, report.longrepr = "failed", f"left out in CI: {reason}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """Likewise for a module that is left out as a whole."""
    report = yield
    if report.skipped and unexpected_skip(str(report.longrepr)):
        report.outcome, report.longrepr = "failed", f"left out in CI: {report.longrepr}"
    return report
