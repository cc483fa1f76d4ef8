"""What fails without a permission and comes off with it proves it; what nobody misses is told."""

from types import SimpleNamespace

import pytest

from infra.local.errors import StackMisbehaves, StepFailed
from infra.local.permissions.__main__ import conclude
from infra.local.permissions.page import PAGE
from infra.local.permissions.proving import Proof, prove
from infra.local.permissions.removal import Policies
from infra.local.permissions.roles import Role
from infra.local.permissions.stage import Exercise
from tests.infra.local.permissions.conftest import of_role


@pytest.fixture
def run(cloud, reader):
    """Try the permissions of the role that reads, by these exercises; what fails without each."""
    _, stack, template = reader
    stage = SimpleNamespace(access=cloud, outputs={})

    def run(*exercises):
        asked = {"Reader": of_role(template, "Reader")}
        roles = {"Reader": Role((), exercises)}
        proofs = prove(stage, Policies(cloud, stack, template), asked, roles)
        return {(p.permission.action, p.permission.place): p.fails for p in proofs}

    return run


def reading(s3, place, **more):
    s3.put_object(Bucket="removal", Key=f"{place}/a", Body=b"")
    return Exercise(
        f"reading {place}", lambda _: s3.get_object(Bucket="removal", Key=f"{place}/a"), **more
    )


def test_what_no_exercise_misses_has_none(run, reader):
    s3, *_ = reader
    assert run(reading(s3, "one")) == {
        ("s3:GetObject", "removal/one/*"): "reading one",
        ("s3:PutObject", "removal/one/*"): "",
        ("s3:GetObject", "removal/two/*"): "",
        ("s3:PutObject", "removal/two/*"): "",
    }


def test_the_likeliest_exercise_is_tried_first(run):
    tried = []
    first = Exercise("the first", lambda _: tried.append(1))
    second = Exercise("the second", lambda _: tried.append(2), first_for=("two/*",))
    run(first, second)
    with_all, of_one, of_two = [1, 2], [1, 2, 1, 2], [2, 1, 2, 1]
    assert tried == with_all + of_one + of_two


def test_a_stack_that_is_broken_from_the_start_proves_nothing(run):
    def fail(_):
        raise StackMisbehaves("It is broken.")

    with pytest.raises(StepFailed, match="with all permissions"):
        run(Exercise("anything", fail))


def test_what_fails_with_the_permission_back_as_well_proves_nothing(run):
    calls = []

    def break_down(_):
        calls.append(1)
        if len(calls) > 1:
            raise StackMisbehaves("It broke meanwhile.")

    with pytest.raises(StepFailed, match="with all permissions"):
        run(Exercise("anything", break_down))


def test_a_superfluous_permission_is_an_exit_code_and_not_written(reader, capsys):
    first, *others = of_role(reader[2], "Reader")
    proofs = [Proof(first, ""), *(Proof(other, "a score") for other in others)]
    before = PAGE.read_bytes()
    assert conclude([first, *others], proofs, write=True) == 1
    assert f"superfluous: {first}" in capsys.readouterr().out
    assert PAGE.read_bytes() == before
    assert conclude(others, proofs[1:], write=False) == 0
