"""docs/security.md holds a row for every permission of today's template, as the last run saw it."""

import pytest

from infra.local.permissions.granted import list_permissions
from infra.local.permissions.page import PAGE, read_proven, renew
from infra.local.permissions.roles import ROLES
from infra.local.permissions.unasked import UNASKED, why_unasked


@pytest.fixture
def permissions(template):
    return list_permissions(template.body)


def test_each_permission_was_tried_and_something_failed_without_it(permissions):
    """A new grant, or one that is gone, needs `make permissions ARGS="--new --write"`."""
    tried = read_proven(PAGE.read_text(encoding="utf-8"))
    assert set(tried) == {each.key for each in permissions if not why_unasked(each)}
    assert all(tried.values())


def test_the_committed_page_is_the_one_that_a_run_would_write(permissions):
    committed = PAGE.read_text(encoding="utf-8")
    assert committed == renew(committed, permissions, {})


def test_every_role_has_exercises_or_a_reason_for_none(permissions):
    asked = {each.role for each in permissions if not why_unasked(each)}
    assert asked == set(ROLES)


def test_every_reason_is_still_that_of_some_permission(permissions):
    for unasked in UNASKED:
        assert any(unasked.names(permission) for permission in permissions), unasked


def test_a_run_of_some_roles_leaves_the_rows_of_the_others(permissions):
    asked = [each for each in permissions if not why_unasked(each)]
    first, second = asked[0], asked[-1]
    page = renew("# Page\n\nWords.\n", [first, second], {})
    assert read_proven(page) == {}
    once = renew(page, [first, second], {first.key: "a score"})
    both = renew(once, [first, second], {second.key: "a file"})
    assert read_proven(both) == {first.key: "a score", second.key: "a file"}
    # One that is granted no more has no row.
    assert read_proven(renew(both, [second], {})) == {second.key: "a file"}
    assert both.startswith("# Page\n\nWords.\n")
