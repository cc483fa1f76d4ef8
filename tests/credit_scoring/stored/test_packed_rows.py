"""What is packed comes back to the bit, whatever the contract is by then."""

import hashlib
import json
import struct

import numpy as np
import pytest
from credit_scoring.contract.applicants import Applicants
from credit_scoring.contract.columns import APPLICATION, HISTORY, ID, INPUTS
from credit_scoring.lender import packing_text
from credit_scoring.stored import packed_rows
from credit_scoring.stored.packed_rows import (
    PackedValues,
    pack_applicants,
    pack_numbers,
    pack_values,
    unpack,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.credit_scoring.examples import many_applicants

# One row, as it was written on the day that packing began.
OLD = (
    "510078f9477ec9878b8e46dbb98567db15daf616bc2b8f31f6813802a57c427dfd400bd9fc7d5cc00d378c2658"
    "2ca63aa0784ca98141aa25d0b93a4a4999992949194940f30c0c0c0d0c4c0c9462017297357900603d080071d6"
    "0300555555555555d53f02f70000"
)
MEANT = {
    "CODE_GENDER": "F", "AMT_CREDIT": 540000, "AMT_ANNUITY": 25150.5, "EXT_SOURCE_2": 1 / 3,
    "BUREAU_ACTIVE_CREDIT_COUNT": 2, "APARTMENTS_AVG": 0.0247, "A_COLUMN_OF_OLD": "é",
}  # fmt: skip


def bits(values):
    return [struct.pack("d", value) for value in values]


@pytest.mark.parametrize("columns", [APPLICATION, HISTORY, INPUTS, ()])
def test_every_row_comes_back_as_its_record_cut_to_the_columns(columns):
    applicants = many_applicants(40, seed=5)
    applicants.columns["AMT_CREDIT"][:3] = [2.0**63, 1e300, 2.0**31]
    expected = [
        {
            name: value
            for name, value in applicants.record(row).items()
            if name in columns and name != ID
        }
        for row in range(len(applicants))
    ]
    found = [dict(packed) for packed in pack_applicants(applicants, columns)]
    # As JSON: a whole number is no float.
    assert json.dumps(found) == json.dumps(expected)


@given(st.lists(st.floats(allow_infinity=False), min_size=1, max_size=8))
def test_any_column_of_numbers_comes_back_to_the_bit(values):
    column = np.array(values)
    packed = pack_numbers({"X": column}, len(values))
    found = [row.get("X", np.nan) for row in packed]
    present = ~np.isnan(column)
    assert bits(np.array(found, np.float64)[present]) == bits(column[present])
    assert [value is not np.nan for value in found] == present.tolist()


def test_a_zero_below_zero_of_an_application_is_zero():
    below = Applicants(["1"], {"AMT_ANNUITY": np.array([-0.0])})
    [packed] = pack_applicants(below, APPLICATION)
    assert json.dumps(dict(packed)) == '{"AMT_ANNUITY": 0}'


@given(
    st.lists(st.decimals(-(10**6), 10**6, places=3), min_size=1, max_size=8),
    st.integers(0, 3),
)
def test_decimals_take_the_room_of_whole_numbers(values, places):
    # A zero below zero is no whole number.
    column = np.array([float(round(value, places)) for value in values]) + 0.0
    [packed, *_] = pack_numbers({"X": np.append(column, np.nan)}, len(values) + 1)
    assert bits([packed["X"]]) == bits(column[:1])
    head = int.from_bytes(packed.packed[:2], "little")
    assert len(packed.packed) - 2 - head <= 4


def test_the_limits_of_each_width_are_no_missing_values():
    edges = [edge for power in (7, 15, 31) for edge in (-(2.0**power), 2.0**power - 1)]
    for edge in edges:
        [packed, missing] = pack_numbers({"X": np.array([edge, np.nan])}, 2)
        assert (dict(packed), dict(missing)) == ({"X": edge}, {})


def test_a_row_knows_nothing_of_columns_without_a_value():
    none = Applicants(["1"], {"AMT_CREDIT": np.array([np.nan]), "CODE_GENDER": np.array([-1])})
    [packed] = pack_applicants(none, APPLICATION)
    assert packed == {}
    assert not packed
    assert packed.packed == b""
    assert unpack(b"") == {}


def test_a_row_without_a_value_is_empty_whatever_its_neighbours_have():
    """Else who has no past credits pays for the columns of a neighbour who has many."""
    columns = {f"X{n}": np.array([np.nan, n, np.nan]) for n in range(300)}
    first, second, last = pack_numbers(columns, 3)
    assert (first.packed, last.packed) == (b"", b"")
    assert not first
    assert len(second) == 300


def test_a_usual_application_fits_one_write_of_a_table():
    sizes = [len(row.packed) for row in pack_applicants(many_applicants(500, seed=2), APPLICATION)]
    assert max(sizes) < 800


def test_what_is_packed_alone_and_packed_again_stays_the_same():
    packed = pack_values(MEANT)
    assert packed == MEANT
    assert pack_values(packed) is packed


def test_what_was_stored_years_ago_is_read():
    assert PackedValues(bytes.fromhex(OLD)) == MEANT


def test_what_heads_are_deflated_against_never_changes():
    assert hashlib.sha256(packing_text()).hexdigest()[:32] == "5b1b43cdf368d03247edf35b5b1c53c9"


def test_more_words_than_a_byte_counts():
    words = tuple(f"word {number}" for number in range(300))
    column = packed_rows._pack_words("X", np.array([299, -1, 0]), words)
    assert [dict(row) for row in packed_rows._pack([column], 3)] == [
        {"X": "word 299"}, {}, {"X": "word 0"},
    ]  # fmt: skip


def test_applicants_of_many_files_are_read_in_no_order_and_each_head_once():
    files = [pack_numbers({f"X{n}": np.arange(1.0, 4.0)}, 3) for n in range(300)]
    packed_rows._read_head.cache_clear()
    for row in range(3):
        assert [unpack(file[row].packed) for file in files] == [
            {f"X{n}": row + 1} for n in range(300)
        ]
    assert packed_rows._read_head.cache_info().misses == 300
