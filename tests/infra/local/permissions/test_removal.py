"""What is taken from a role of a running stack is missed at once, and there again afterwards."""

import pytest
from botocore.exceptions import ClientError

from infra.local.permissions.granted import as_list
from infra.local.permissions.removal import Policies, read_policy
from infra.local.permissions.workers import end_workers
from tests.infra.local.assembly import policy
from tests.infra.local.permissions.conftest import PLACES, of_role

ADDRESS = "http://127.0.0.1:9"


def may(s3):
    """What of the four it may."""
    calls = {"put_object": {"Body": b""}, "get_object": {}}
    return {
        (operation, place)
        for place in ("one", "two")
        for operation, more in calls.items()
        if is_allowed(getattr(s3, operation), Bucket="removal", Key=f"{place}/a", **more)
    }


def is_allowed(call, **asked):
    try:
        call(**asked)
    except ClientError as error:
        if error.response["Error"]["Code"] == "AccessDenied":
            return False
        raise
    return True


def test_one_permission_is_missed_and_no_other(cloud, reader):
    s3, stack, template = reader
    policies, everything = Policies(cloud, stack, template), may(s3)
    assert len(everything) == 4
    lost = []
    for permission in of_role(template, "Reader"):
        with policies.less(permission):
            lost.append(everything - may(s3))
        assert may(s3) == everything
    assert sorted(lost, key=str) == sorted(({one} for one in everything), key=str)


def test_a_permission_comes_back_also_after_an_error(cloud, reader):
    s3, stack, template = reader
    with (
        pytest.raises(ZeroDivisionError),
        Policies(cloud, stack, template).less(of_role(template, "Reader")[0]),
    ):
        raise ZeroDivisionError
    assert len(may(s3)) == 4


def test_the_only_permission_of_a_role_goes_and_comes_back_as_well(cloud, reader):
    _, stack, template = reader
    [only], iam = of_role(template, "Writer"), cloud.client("iam")
    with Policies(cloud, stack, template).less(only):
        assert iam.list_role_policies(RoleName="writer")["PolicyNames"] == []
    kept = iam.get_role_policy(RoleName="writer", PolicyName="own")["PolicyDocument"]
    assert kept["Statement"] == [policy("s3:PutObject", PLACES[0])]


def test_a_policy_that_others_attach_has_another_version_meanwhile(cloud, reader):
    _, stack, template = reader
    [policy_arn] = [
        found["Arn"]
        for found in cloud.client("iam").list_policies(Scope="Local")["Policies"]
        if found["PolicyName"] == "of-others"
    ]

    def places():
        [statement] = read_policy(cloud.client("iam"), policy_arn)["Statement"]
        return as_list(statement["Resource"])

    for permission, left in zip(of_role(template, "Others"), reversed(PLACES), strict=True):
        with Policies(cloud, stack, template).less(permission):
            assert places() == [left]
        assert places() == PLACES


def test_processes_that_know_things_are_ended_and_no_others(make_pool, invoke):
    settings = {"environment": {"AWS_ENDPOINT_URL": ADDRESS}}
    own, neighbour = make_pool(name="own", **settings), make_pool(name="other", **settings)
    elsewhere = make_pool(name="own", environment={"AWS_ENDPOINT_URL": f"{ADDRESS}0"})
    pools = own, neighbour, elsewhere
    before = [invoke(pool, do="describe")[1]["pid"] for pool in pools]
    assert end_workers(ADDRESS, ["own"]) == 1
    after = [invoke(pool, do="describe")[1]["pid"] for pool in pools]
    assert [a == b for a, b in zip(before, after, strict=True)] == [False, True, True]
    assert end_workers(ADDRESS, []) == 0
