"""The same tests, pointed at a stack by its outputs: here the local one, as if it were AWS's."""

import json
import os
import subprocess
import sys

import pytest

from tests.e2e.guest import PREFIX, GuestStack
from tests.repository import ROOT

pytestmark = pytest.mark.local_cloud("the stack that is visited is the local one")
# What decides nothing and promotes nothing: other tests go on with this stack.
VISITED = ("tests/e2e/test_api.py", "tests/e2e/test_operators.py", "tests/e2e/test_records.py")


@pytest.fixture(scope="module")
def outputs(target, tmp_path_factory):
    """As the CDK writes them, with addresses at which this machine answers."""
    file = tmp_path_factory.mktemp("outputs") / "outputs.json"
    addresses = {"WebsiteUrl": target.page, "CognitoEndpoint": target.login}
    file.write_text(json.dumps({"CreditScoring": {**target.outputs, **addresses}}))
    return file


def users_of(target):
    cognito = target.access.client("cognito-idp")
    found = cognito.list_users(UserPoolId=target.outputs["UserPoolId"])
    return {user["Username"] for user in found["Users"]}


def run(outputs, access):
    environment = {**os.environ, **access.environment, "STACK_OUTPUTS": str(outputs)}
    command = [sys.executable, "-m", "pytest", "-q", "-rs", "-m", "e2e", *VISITED]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)


def test_a_stack_that_is_there_is_tested_by_its_outputs_and_left_without_our_users(target, outputs):
    before = users_of(target)
    done = run(outputs, target.access)
    told = done.stdout + done.stderr
    assert done.returncode == 0, told[-4000:]
    assert " passed, 1 skipped" in told
    assert "only on the local cloud: it takes the bucket from the stream of records" in told
    assert users_of(target) == before


def test_a_stack_of_prod_is_not_visited(target, outputs, tmp_path):
    file = tmp_path / "prod.json"
    file.write_text(outputs.read_text().replace("CreditScoring-", "CreditScoring-prod-"))
    done = run(file, target.access)
    assert done.returncode != 0
    assert "is of prod" in done.stdout + done.stderr


def test_users_of_ours_are_called_like_nobody_else_and_go(target):
    guest = GuestStack(target.page, target.login, target.outputs, target.access)
    guest.create_user("advisor", "", groups=("advisor",))
    assert f"{PREFIX}advisor" in users_of(target)
    assert guest.log_in("advisor", "")
    guest.leave()
    assert users_of(target) >= {"advisor"}
    assert f"{PREFIX}advisor" not in users_of(target)
