"""What a list shows of applicants: parts from any worker, merged by any worker, read by many."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace

import numpy as np
import pytest
from credit_scoring.aws.storage import FolderStore
from credit_scoring.errors import StorageUnavailable
from credit_scoring.stored.applicant_lists import (
    LOOKS,
    MOST_PARTS,
    ApplicantLists,
    ApplicantRows,
    CachedLists,
    merged,
    no_rows,
)
from hypothesis import given
from hypothesis import strategies as st

from tests.credit_scoring.examples import same_bits

PARIS, LYON = "paris-01", "lyon-02"
BASE = f"{PARIS}/base.npz"


def rows(*ids, updated=1, scored=1, amount=1000.0, branch=PARIS, version="a"):
    """Applicants of whom the same is told, in the order of their ids."""
    count = len(ids)
    texts = np.array([one.encode() for one in sorted(ids)] or [b""])[:count]
    return replace(
        no_rows(),
        ids=texts,
        branches=np.full(count, branch.encode()),
        updated=np.full(count, updated),
        scored=np.full(count, scored),
        amounts=np.full(count, amount),
        incomes=np.full(count, np.nan),
        ages=np.full(count, 41.0),
        income_types=np.full(count, b"Working"),
        missing_scores=np.ones(count, np.int8),
        pds=np.full(count, 0.1),
        verdicts=np.zeros(count, np.int8),
        bands=np.ones(count, np.int8),
        causes=np.full(count, 3, np.uint8),
        versions=np.full(count, version.encode()),
    )


def told(found: ApplicantRows) -> dict[str, tuple[int, int, float]]:
    """By id, what of several rows decides and what it decides on."""
    values = (found.updated.tolist(), found.scored.tolist(), found.amounts.tolist())
    ids = [one.decode() for one in found.ids.tolist()]
    assert ids == sorted(set(ids))
    return dict(zip(ids, zip(*values, strict=True), strict=True))


def same(one: ApplicantRows, other: ApplicantRows) -> bool:
    return all(same_bits(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))


def seen(lists: ApplicantLists, *branches: str) -> dict[str, tuple[int, int, float]]:
    """What a process that never looked before finds."""
    return told(CachedLists(lists).rows(branches or None))


@pytest.fixture
def lists(store):
    return ApplicantLists(store)


def test_rows_come_back_to_the_last_bit():
    kept = rows("1", "é", "z" * 32, amount=0.1 + 0.2)
    assert same(ApplicantRows.from_bytes(kept.to_bytes()), kept)
    assert len(ApplicantRows.from_bytes(no_rows().to_bytes())) == 0


def test_the_same_rows_are_the_same_bytes():
    assert rows("1", "2").to_bytes() == rows("2", "1").to_bytes()


# An application may be sent again, and scored again by a later model.
SENT = st.tuples(st.sampled_from("abcd"), st.integers(1, 3), st.integers(1, 3))


@given(st.lists(st.sets(SENT, max_size=5), min_size=1, max_size=6), st.randoms())
def test_the_newest_row_counts_in_any_order_of_merging_and_twice(parts, chance):
    made = [merged([no_rows(), *(one_row(*sent) for sent in part)]) for part in parts]
    expected = {}
    for sent in sorted(sent for part in parts for sent in part):
        expected[sent[0]] = (*sent[1:], amount_of(*sent))
    pieces = made + chance.choices(made, k=2)
    while len(pieces) > 1:
        chance.shuffle(pieces)
        cut = chance.randint(2, len(pieces))
        pieces = [merged(pieces[:cut]), *pieces[cut:]]
    assert told(merged(pieces)) == expected


def one_row(id_, updated, scored):
    amount = amount_of(id_, updated, scored)
    return rows(id_, updated=updated, scored=scored, amount=amount)


def amount_of(id_, updated, scored):
    return float(f"{ord(id_)}{updated}{scored}")


def test_what_is_added_is_found_by_its_branch(lists):
    lists.add(PARIS, "one", rows("1", "2"))
    lists.add(PARIS, "two", rows("3"))
    lists.add(LYON, "one", rows("4", branch=LYON))
    lists.add("paris-010", "one", rows("5", branch="paris-010"))
    lists.add(PARIS, "nobody", rows())
    assert sorted(lists.files(PARIS)[PARIS]) == [f"{PARIS}/parts/{n}.npz" for n in ("one", "two")]
    assert sorted(seen(lists, PARIS)) == ["1", "2", "3"]
    assert sorted(seen(lists, PARIS, LYON)) == ["1", "2", "3", "4"]
    assert sorted(seen(lists)) == ["1", "2", "3", "4", "5"]
    assert seen(lists, "nowhere") == {}


def test_merging_leaves_one_file_that_says_the_same(lists):
    for number in range(4):
        lists.add(PARIS, f"{number}", rows("1", f"{number}", updated=number, amount=number))
    lists.add(LYON, "0", rows("9", branch=LYON))
    before = seen(lists)
    assert before["1"] == (3, 1, 3.0)
    assert lists.merge(PARIS, most_parts=3)
    assert list(lists.files(PARIS)[PARIS]) == [BASE]
    assert list(lists.files(LYON)[LYON]) == [f"{LYON}/parts/0.npz"]
    lists.add(PARIS, "4", rows("1", updated=0, amount=9.0))  # an old event, delivered late
    assert seen(lists) == before
    assert lists.merge(PARIS, most_parts=0)
    assert seen(lists) == before


def test_a_few_parts_are_left_for_later(lists):
    for number in range(MOST_PARTS):
        lists.add(PARIS, f"{number}", rows(f"{number}"))
    assert not lists.merge(PARIS)
    lists.add(PARIS, "last", rows("last"))
    assert lists.merge(PARIS)
    assert not lists.merge(PARIS, most_parts=0)  # nothing is beside the base
    assert not lists.merge("nowhere")


@pytest.mark.parametrize("left", [1, 2, 3])
def test_a_worker_killed_between_a_base_and_its_deletes_leaves_nothing_wrong(lists, left):
    """`left` of three parts lie beside the base that holds them."""
    for number in range(3):
        lists.add(PARIS, f"{number}", rows("1", f"1{number}", updated=number))
    parts = {key: lists.store.read(key) for key in lists.files(PARIS)[PARIS]}
    before = seen(lists)
    lists.merge(PARIS, most_parts=0)
    for key in sorted(parts)[-left:]:
        lists.store.write(key, parts[key])
    assert seen(lists) == before
    assert lists.merge(PARIS, most_parts=0)
    assert list(lists.files(PARIS)[PARIS]) == [BASE]
    assert seen(lists) == before


@dataclass(frozen=True)
class Busy(FolderStore):
    """A folder where others do something just before a part is read or a base is written."""

    before_parts: list[Callable[[], object]] = field(default_factory=list)
    before_bases: list[Callable[[], object]] = field(default_factory=list)
    keys_read: list[str] = field(default_factory=list)

    def read(self, key):
        if self.before_parts and "/parts/" in key:
            self.before_parts.pop()()
        self.keys_read.append(key)
        return super().read(key)

    def write(self, key, data, **how):
        if key.endswith("base.npz") and self.before_bases:
            self.before_bases.pop()()
        super().write(key, data, **how)


@pytest.fixture
def busy(tmp_path):
    return Busy(tmp_path)


@pytest.fixture
def others(tmp_path):
    """The same lists, to another process."""
    return ApplicantLists(FolderStore(tmp_path))


@pytest.mark.parametrize("has_base", [False, True])
def test_of_two_mergers_at_once_one_wins_and_nothing_is_lost(busy, others, has_base):
    if has_base:
        others.add(PARIS, "before", rows("0"))
        others.merge(PARIS, most_parts=0)
    others.add(PARIS, "one", rows("1"))
    others.add(PARIS, "two", rows("2"))

    def overtake():
        assert others.merge(PARIS, most_parts=0)
        others.add(PARIS, "three", rows("3"))

    busy.before_bases.append(overtake)
    assert not ApplicantLists(busy).merge(PARIS, most_parts=0)
    assert sorted(seen(others)) == ["0", "1", "2", "3"][not has_base :]
    assert sorted(others.files(PARIS)[PARIS]) == [BASE, f"{PARIS}/parts/three.npz"]


def test_a_merger_whose_parts_are_merged_away_lets_go(busy, others):
    for name in "123":
        others.add(PARIS, name, rows(name))
    busy.before_parts.append(lambda: others.merge(PARIS, most_parts=0))
    assert not ApplicantLists(busy).merge(PARIS, most_parts=0)
    assert sorted(seen(others)) == ["1", "2", "3"]


def test_what_is_added_while_somebody_merges_stays_a_part(busy, others):
    others.add(PARIS, "1", rows("1"))
    busy.before_bases.append(lambda: others.add(PARIS, "2", rows("2")))
    assert ApplicantLists(busy).merge(PARIS, most_parts=0)
    assert sorted(others.files(PARIS)[PARIS]) == [BASE, f"{PARIS}/parts/2.npz"]
    assert sorted(seen(others)) == ["1", "2"]


def test_many_who_add_merge_and_read_at_once_lose_nobody(tmp_path):
    def work(worker):
        own, reader = ApplicantLists(FolderStore(tmp_path)), None
        for step in range(12):
            id_ = f"{worker}-{step:02}"
            own.add(PARIS, id_, rows(id_, "shared", updated=step, amount=float(step)))
            if (worker + step) % 2:
                own.merge(PARIS, most_parts=2)
            reader = reader or CachedLists(own)
            assert told(patiently(reader))[id_] == (step, 1, float(step))

    def patiently(reader):
        """Six who merge at once leave a slow reader no list that stands still: it asks again."""
        while True:
            with suppress(StorageUnavailable):
                return reader.rows([PARIS])

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    found = seen(ApplicantLists(FolderStore(tmp_path)))
    assert found.pop("shared") == (11, 1, 11.0)
    assert len(found) == 6 * 12


def test_a_reader_who_meets_a_merge_looks_again(busy, others):
    for name in "12":
        others.add(PARIS, name, rows(name))
    reader = CachedLists(ApplicantLists(busy))
    busy.before_parts.append(lambda: others.merge(PARIS, most_parts=0))
    assert sorted(told(reader.rows([PARIS]))) == ["1", "2"]
    others.add(PARIS, "3", rows("3"))
    busy.before_parts.append(lambda: others.merge(PARIS, most_parts=0))
    assert sorted(told(reader.rows(None))) == ["1", "2", "3"]


@pytest.mark.parametrize("merges", [LOOKS - 1, LOOKS])
def test_a_reader_who_meets_nothing_but_merges_asks_to_be_asked_again(busy, others, merges):
    def merge():
        others.merge(PARIS, most_parts=0)
        others.add(PARIS, f"{len(busy.before_parts)}", rows("1"))

    others.add(PARIS, "first", rows("1"))
    reader = CachedLists(ApplicantLists(busy))
    busy.before_parts.extend([merge] * merges)
    if merges < LOOKS:
        assert sorted(told(reader.rows([PARIS]))) == ["1"]
    else:
        with pytest.raises(StorageUnavailable):
            reader.rows([PARIS])


@pytest.fixture
def reader(busy):
    return CachedLists(ApplicantLists(busy))


class TestAReaderReadsOnlyWhatIsNew:
    def look(self, reader, busy, *branches):
        """Ids that are told, and the files that this took."""
        busy.keys_read.clear()
        found = sorted(told(reader.rows(branches or None)))
        return "".join(found), sorted(busy.keys_read)

    def test_of_a_branch(self, reader, busy, others):
        others.add(PARIS, "a", rows("1"))
        others.add(PARIS, "b", rows("2"))
        files = [f"{PARIS}/parts/{name}.npz" for name in "abc"]
        assert self.look(reader, busy, PARIS) == ("12", files[:2])
        assert self.look(reader, busy, PARIS) == ("12", [])
        others.add(PARIS, "c", rows("3"))
        assert self.look(reader, busy, PARIS) == ("123", files[2:])
        others.merge(PARIS, most_parts=0)
        assert self.look(reader, busy, PARIS) == ("123", [BASE])
        others.add(PARIS, "a", rows("4"))
        assert self.look(reader, busy, PARIS) == ("1234", files[:1])

    def test_of_several(self, reader, busy, others):
        others.add(PARIS, "a", rows("1"))
        others.add(LYON, "a", rows("2", branch=LYON))
        paris, lyon = f"{PARIS}/parts/a.npz", f"{LYON}/parts/a.npz"
        assert self.look(reader, busy, LYON) == ("2", [lyon])
        assert self.look(reader, busy) == ("12", [paris])
        assert self.look(reader, busy, PARIS, LYON) == ("12", [])
        others.add(LYON, "b", rows("3", branch=LYON))
        assert self.look(reader, busy) == ("123", [f"{LYON}/parts/b.npz"])
        assert self.look(reader, busy, PARIS) == ("1", [])

    def test_of_a_part_that_was_written_again(self, reader, busy, others):
        others.add(PARIS, "a", rows("1", amount=1.0))
        others.add(PARIS, "b", rows("2"))
        self.look(reader, busy, PARIS)
        others.add(PARIS, "a", rows("1", scored=2, amount=5.0))
        self.look(reader, busy, PARIS)
        assert told(reader.rows([PARIS]))["1"] == (1, 2, 5.0)


@pytest.mark.parametrize("branches", [None, (PARIS,), (PARIS, LYON)])
def test_what_a_reader_sorted_is_sorted_until_something_is_new(reader, others, branches):
    """The orders are kept with the rows: the same rows again are the same object."""
    others.add(PARIS, "a", rows("1"))
    others.add(LYON, "a", rows("2", branch=LYON))
    first = reader.rows(branches)
    assert reader.rows(branches) is first
    others.add(PARIS, "b", rows("3"))
    assert reader.rows(branches) is not first


def test_a_branch_without_any_list_is_empty(reader):
    assert len(reader.rows(None)) == len(reader.rows([PARIS])) == len(reader.rows([])) == 0
