"""The stack keeps what its description says, for every role (emulated gateway, real function).

With `COVERAGE=1` also every boundary of every field, by the role that sends them: 29,000 calls.
"""

import os

import pytest

from functions.score_api.access import ROLES
from infra.local.demo.running import BRANCH, PASSWORD
from tests.schemathesis_run import PHASES, run_schemathesis

EXAMPLES = 5


@pytest.mark.parametrize("role", ROLES)
def test_the_stack_keeps_what_it_describes(target, batch, role, tmp_path):
    assert batch.default_probabilities  # there are applicants to find
    target.create_user(f"every-{role}", PASSWORD, groups=(role, f"branch-{BRANCH}"))
    token = target.log_in(f"every-{role}", PASSWORD)
    is_full = role == "advisor" and os.environ.get("COVERAGE") == "1"
    phases = ("coverage", *PHASES) if is_full else PHASES
    url = f"{target.page}/api"
    done = run_schemathesis(url, token, folder=tmp_path, examples=EXAMPLES, phases=phases)
    assert done.returncode == 0, done.stdout[-6000:]
