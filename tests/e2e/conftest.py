"""The whole stack, built and run once for all tests of this folder; or one that is there already.

With STACK_OUTPUTS, a file of a stack's outputs, the same tests are pointed at that stack: see
guest.py. Those that only the local cloud can run say why.
"""

import pytest

from infra.local.check.observations import score_file
from infra.local.check.reference import compute_reference
from infra.local.demo.building import Builder, DemoPlan
from infra.local.demo.running import BRANCH, PASSWORD, USERNAME, Runner
from infra.local.demo.sequence import list_steps
from infra.local.demo.steps import ROOT, run_steps
from infra.local.demo.uploads import read_sample
from infra.local.ports import find_free_ports
from infra.local.processes import ProcessGroup
from tests.e2e.guest import GuestStack, outputs_file, visit

APPLICANTS = 4_000  # enough to train on, quick to make
ROWS = 400


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/e2e" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)
            mark = item.get_closest_marker("local_cloud")
            if mark and outputs_file():
                why = f"only on the local cloud: {mark.args[0]}"
                item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture(scope="session")
def plan():
    port, emulator_port = find_free_ports(2)
    return DemoPlan(
        home=ROOT / "build" / "e2e",
        data=None,
        applicants=APPLICANTS,
        port=port,
        emulator_port=emulator_port,
    )


@pytest.fixture(scope="session")
def runner(plan):
    """Of the local stack. What asks for it is marked `local_cloud`."""
    assert not outputs_file()
    with ProcessGroup() as group:
        builder, runner = Builder(plan, group), Runner(plan, group)
        try:
            run_steps(list_steps(builder, runner))
            yield runner
        finally:
            group.close(grace=5)


@pytest.fixture(scope="session")
def target(request, plan):
    """The stack as its users see it."""
    if file := outputs_file():
        with visit(file, plan) as guest:
            yield guest
    else:
        yield request.getfixturevalue("runner").target


@pytest.fixture(scope="session")
def called(target):
    """What somebody whom tests call so types to log in: a name and a password."""
    if isinstance(target, GuestStack):
        return target.called
    return lambda username: (username, PASSWORD)


@pytest.fixture(scope="session")
def token(target):
    return target.log_in(USERNAME, PASSWORD)


@pytest.fixture(scope="session")
def upload(plan):
    """A branch's file: the first test applicants."""
    return read_sample(plan.upload, ROWS)


@pytest.fixture(scope="session")
def reference(plan, upload):
    """What training's own bundle says of that file."""
    return compute_reference(upload, plan.models, plan.tables)


@pytest.fixture(scope="session")
def batch(target, token, upload):
    return score_file(target, token, branch=BRANCH, filename="e2e.csv", body=upload, timeout=120)


@pytest.fixture
def record(reference):
    return reference.applicants.record(0)
