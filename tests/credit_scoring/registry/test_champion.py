"""The pointer is changed by one at a time, and nothing that served is forgotten."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from credit_scoring.aws.storage import FolderStore, open_store
from credit_scoring.errors import (
    ArtifactMismatch,
    ArtifactMissing,
    NoEarlierChampion,
    PromotionConflict,
    StorageUnavailable,
)
from credit_scoring.registry.bundle import load_champion, save_bundle
from credit_scoring.registry.champion import (
    CHAMPION,
    Champion,
    previous_champion,
    promote,
    read_champion,
    read_history,
    read_pointer,
)

from tests.credit_scoring.examples import small_model, small_reference

A, B, C, D = (letter * 64 for letter in "abcd")


def set_champion(store, sha256, **changes):
    """Without a bundle: nothing but the pointer is looked at here."""
    facts = {"by": "tests", "reason": "a test"} | changes
    return promote(store, version=sha256[:12], sha256=sha256, **facts)


def served(store):
    return [entry.version[0] for entry in read_history(store)]


@pytest.fixture
def folder(tmp_path):
    return open_store(tmp_path)


def test_the_champion_is_what_was_promoted_last(store):
    set_champion(store, A, by="a", reason="first")
    first = read_champion(store)
    set_champion(store, B, by="b", reason="better", forced=True)
    champion = read_champion(store)
    assert (champion.version, champion.sha256, champion.replaced) == (B[:12], B, A[:12])
    assert (champion.promoted_by, champion.reason, champion.forced) == ("b", "better", True)
    assert champion.promoted_at.endswith("+00:00")
    assert (first.replaced, first.forced, first.number) == (None, False, 1)


def test_the_champion_is_loaded_by_its_whole_hash(store):
    model = small_model()[0]
    version, sha256 = save_bundle(store, model, reference=small_reference(), extra={})
    promote(store, version=version, sha256=sha256, by="tests", reason="good")
    assert load_champion(store).sha256 == sha256
    foreign = version + "0" * 52
    promote(store, version=version, sha256=foreign, by="tests", reason="foreign")
    with pytest.raises(ArtifactMismatch) as caught:
        load_champion(store)
    assert (caught.value.expected, caught.value.found) == (foreign, sha256)


def test_the_history_tells_who_when_why_from_and_to(store):
    assert read_history(store) == []
    set_champion(store, A, by="a", reason="first")
    set_champion(store, B, by="b", reason="better")
    set_champion(store, A, by="c", reason="B refuses everybody", kind="rollback")
    history = read_history(store)
    told = [(e.number, e.kind, e.promoted_by, e.reason, e.replaced, e.version) for e in history]
    assert told == [
        (1, "promotion", "a", "first", None, A[:12]),
        (2, "promotion", "b", "better", A[:12], B[:12]),
        (3, "rollback", "c", "B refuses everybody", B[:12], A[:12]),
    ]
    assert history[-1] == read_champion(store)


def test_more_than_nine_promotions_stay_in_their_order(folder):
    for number in range(12):
        set_champion(folder, f"{number:064x}"[::-1])
    assert [entry.number for entry in read_history(folder)] == list(range(1, 13))


def test_nothing_in_the_history_is_ever_rewritten(folder):
    set_champion(folder, A)
    set_champion(folder, B)
    [path] = (folder.folder / "champions").iterdir()
    before = (path.stat().st_ino, path.stat().st_mtime_ns)
    set_champion(folder, C)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == before


# Two operators


def test_who_decided_on_an_older_champion_is_told_who_was_first(store):
    set_champion(store, A)
    seen = read_pointer(store)
    set_champion(store, B, by="alice")
    with pytest.raises(PromotionConflict) as caught:
        set_champion(store, C, by="bob", over=seen)
    assert str(caught.value).startswith(
        "cccccccccccc was not promoted: meanwhile the champion became bbbbbbbbbbbb, set by alice at"
    )
    assert not caught.value.retryable
    assert served(store) == ["a", "b"]


def test_the_first_champion_is_one_too(store):
    nothing = read_pointer(store)
    set_champion(store, A, over=nothing)
    with pytest.raises(PromotionConflict):
        set_champion(store, B, over=nothing)
    assert served(store) == ["a"]


def test_of_many_who_promote_at_once_one_wins_and_the_history_has_it_once(folder):
    set_champion(folder, A)
    seen = read_pointer(folder)

    def attempt(number):
        try:
            return set_champion(FolderStore(folder.folder), f"{number:x}" * 64, over=seen)
        except PromotionConflict:
            return None

    with ThreadPoolExecutor(8) as pool:
        won = [champion for champion in pool.map(attempt, range(8)) if champion]
    assert won == [read_champion(folder)]
    assert read_history(folder)[1:] == won


class Breaking(FolderStore):
    """A folder whose writes of the pointer end badly: before, or after they were done."""

    done: bool

    def write(self, key, data, **conditions):
        if key != CHAMPION or self.done:
            super().write(key, data, **conditions)
        if key == CHAMPION:
            raise StorageUnavailable("write", "slow")


@pytest.mark.parametrize("done", [True, False], ids=["after the pointer", "before the pointer"])
def test_a_crash_between_the_two_writes_leaves_the_truth(folder, done):
    set_champion(folder, A)
    breaking = type("Crash", (Breaking,), {"done": done})(folder.folder)
    with pytest.raises(StorageUnavailable):
        set_champion(breaking, B)
    assert served(folder) == (["a", "b"] if done else ["a"])
    set_champion(folder, C)
    assert served(folder) == (["a", "b", "c"] if done else ["a", "c"])


class Repeating(FolderStore):
    """A network that loses the answer, so that the client sends the write again."""

    def write(self, key, data, **conditions):
        super().write(key, data, **conditions)
        if key == CHAMPION:
            super().write(key, data, **conditions)


def test_a_write_that_is_sent_twice_does_not_lose_to_itself(folder):
    set_champion(folder, A)
    assert set_champion(Repeating(folder.folder), B) == read_champion(folder)
    assert served(folder) == ["a", "b"]


# Going back


def history_of(*steps):
    """Entries from "A" (promotion of A) and "back to A"."""
    entries = []
    for number, step in enumerate(steps, start=1):
        sha256 = step[-1].lower() * 64
        kind = "rollback" if step.startswith("back") else "promotion"
        entries.append(Champion(sha256[:12], sha256, "", "", "", kind=kind, number=number))
    return entries


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (["A", "B"], "a"),
        (["A", "B", "A"], "b"),
        (["A", "B", "C", "back to B"], "a"),
        (["A", "B", "C", "back to A", "D"], "a"),
        (["A", "B", "B"], "a"),
        (["A", "B", "back to D"], "b"),
    ],
    ids=lambda value: " ".join(value),
)
def test_a_rollback_takes_back_the_newest_promotion_that_still_stands(steps, expected):
    assert previous_champion(history_of(*steps)).version[0] == expected


@pytest.mark.parametrize("steps", [[], ["A"], ["A", "A"], ["A", "B", "back to A"]], ids=str)
def test_before_the_first_champion_there_is_none(steps):
    with pytest.raises(NoEarlierChampion, match="--to"):
        previous_champion(history_of(*steps))


# Damage


def test_without_a_pointer_there_is_no_champion(folder):
    with pytest.raises(ArtifactMissing, match=CHAMPION):
        load_champion(folder)
    set_champion(folder, A)
    with pytest.raises(ArtifactMissing, match=A[:12]):
        load_champion(folder)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff", b"[]", b"{}", b"null", b'{"version": "x"}', b'{"version": 1, "more": 2}'],
)
def test_a_pointer_that_is_no_pointer_is_a_mismatch(folder, content):
    folder.write(CHAMPION, content)
    with pytest.raises(ArtifactMismatch) as caught:
        read_champion(folder)
    assert caught.value.log_fields == {"error": "ArtifactMismatch", "artifact": CHAMPION}


@pytest.mark.parametrize("name", ["version", "sha256", "number"])
@pytest.mark.parametrize("value", [None, "", ["x"], 0.5])
def test_a_pointer_whose_fields_are_of_another_kind_is_a_mismatch(folder, name, value):
    pointer = vars(set_champion(folder, A))
    folder.write(CHAMPION, json.dumps(pointer | {name: value}).encode())
    with pytest.raises(ArtifactMismatch):
        read_champion(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: whole[:-1],  # a hash that is not whole would fit another bundle, too
        lambda whole: whole + "0",
        lambda whole: whole.upper().replace("0", "A", 1),
        lambda whole: "g" + whole[1:],
        lambda whole: whole[:-1] + "\n",
    ],
)
def test_a_hash_of_another_form_is_no_pointer(folder, change):
    pointer = vars(set_champion(folder, A))
    wrong = change(pointer["sha256"])
    content = pointer | {"sha256": wrong, "version": wrong[: len(pointer["version"])]}
    folder.write(CHAMPION, json.dumps(content).encode())
    with pytest.raises(ArtifactMismatch):
        read_champion(folder)


def test_a_version_that_is_not_the_beginning_of_the_hash_is_no_pointer(folder):
    pointer = vars(set_champion(folder, A))
    other = "f" * len(pointer["version"])
    folder.write(CHAMPION, json.dumps(pointer | {"version": other}).encode())
    with pytest.raises(ArtifactMismatch):
        read_champion(folder)


def test_a_promotion_repairs_a_damaged_pointer_and_keeps_the_history(folder):
    for sha256 in (A, B):
        set_champion(folder, sha256)
    folder.write(CHAMPION, b"damaged")
    assert served(folder) == ["a"]
    assert set_champion(folder, C).number == 3, "no number is given twice"
    assert served(folder) == ["a", "c"]


def test_a_pointer_of_before_there_was_a_history_is_its_first_entry(folder):
    old = {"version": A[:12], "sha256": A, "promoted_at": "2026-01-31T08:00:00+00:00",
           "promoted_by": "j.martin", "reason": "trained"}  # fmt: skip
    folder.write(CHAMPION, json.dumps(old).encode())
    set_champion(folder, B)
    assert [(e.number, e.version[0], e.reason) for e in read_history(folder)] == [
        (1, "a", "trained"),
        (2, "b", "a test"),
    ]


def test_serving_reads_the_pointer_and_nothing_of_the_history(folder):
    for sha256 in (A, B, C):
        set_champion(folder, sha256)
    for path in (folder.folder / "champions").iterdir():
        path.write_bytes(b"damaged")
    assert read_champion(folder).version == C[:12]
