"""What the planted faults are graded by: a run that rings for something else is no success."""

from dataclasses import replace

import pytest

from functions.drift_monitor.finding import Finding, Kind
from tests.bench.planted.faults import (
    AMOUNTS,
    BROKEN,
    Told,
    branch_name,
    file_name,
    grade,
    named_faults,
)

COLUMNS = (*AMOUNTS, "EXT_SOURCE_2", "DAYS_BIRTH")
FAULTS = {fault.name: fault for fault in named_faults()}
RIGHT = Finding(Kind.MISSING, ("EXT_SOURCE_2",), branch_name(BROKEN), 500, 0.2,
                files=(file_name(BROKEN),))  # fmt: skip
OTHER = Finding(Kind.POPULATION, ("DAYS_BIRTH",), "", 5000, 0.1)


def graded(*found, name="EXT_SOURCE_2 missing in one branch of 10"):
    return grade(FAULTS[name], found, COLUMNS)


def test_the_right_column_from_the_right_file_is_right():
    assert graded(RIGHT).is_right


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        ((), Told(rang=False, column_first=False, source_named=False, nothing_else=True)),
        ((RIGHT, OTHER), Told(rang=True, column_first=True, source_named=True, nothing_else=False)),
        ((OTHER, RIGHT), Told(rang=True, column_first=False, source_named=False,
                              nothing_else=False)),
        ((replace(RIGHT, source=""),), Told(rang=True, column_first=True, source_named=False,
                                            nothing_else=True)),
        ((replace(RIGHT, files=("file-001",)),), Told(rang=True, column_first=True,
                                                      source_named=False, nothing_else=True)),
        ((replace(RIGHT, kind=Kind.CONSTANT),), Told(rang=True, column_first=False,
                                                     source_named=True, nothing_else=True)),
        ((replace(RIGHT, kind=Kind.POPULATION),), Told(rang=False, column_first=False,
                                                       source_named=True, nothing_else=True)),
    ],
    ids=["nothing", "more", "another first", "everywhere", "another file", "kind", "a ticket"],
)  # fmt: skip
def test_each_part_of_what_is_told_is_graded_by_itself(found, wrong):
    assert graded(*found) == wrong


def test_every_amount_must_be_named_where_every_amount_is_wrong():
    units = [Finding(Kind.UNIT, (name,), "", 5000, 0.3) for name in AMOUNTS]
    assert graded(*units, name="amounts x 100").is_right
    assert not graded(*units[1:], name="amounts x 100").column_first


def test_what_harms_nothing_may_be_a_ticket_and_no_page():
    assert graded(OTHER, name="income + 0.50").is_right
    assert not graded(replace(OTHER, kind=Kind.UNIT), name="income + 0.50").rang
