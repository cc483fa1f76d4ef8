"""The description keeps its word: what it calls right is taken, what it calls wrong is refused."""

import pytest

from tests.functions.score_api.callers import EVERY_ROLE, person
from tests.functions.score_api.http_server import serve
from tests.schemathesis_run import run_schemathesis

EXAMPLES = 5


@pytest.mark.parametrize("role", EVERY_ROLE)
def test_the_api_keeps_what_it_describes(api, profile, role, tmp_path):
    with serve(api.module, {role: person(role, "branch-paris-01")}) as url:
        done = run_schemathesis(url, role, folder=tmp_path, examples=EXAMPLES)
    assert done.returncode == 0, done.stdout[-6000:]
