"""Writing to the bucket of models is not enough to say which version serves."""

import json

import pytest
from credit_scoring.aws.clients import client
from credit_scoring.aws.storage import FolderStore, S3Store, open_store
from credit_scoring.errors import ArtifactMismatch, StorageError
from credit_scoring.registry.champion import (
    CHAMPION,
    SEAL,
    promote,
    read_champion,
    read_history,
    read_pointer,
)
from credit_scoring.registry.seal import VARIABLE, Seal, seal_of
from credit_scoring.registry.superseded import SUPERSEDED

A, B, C = "a" * 64, "b" * 64, "c" * 64
LONG = "é" * 1_000


def make_key() -> str:
    made = client("kms").create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    return made["KeyMetadata"]["Arn"]


@pytest.fixture
def sealed(bucket, monkeypatch):
    """The bucket of models, as a function with a key finds it."""
    monkeypatch.setenv(VARIABLE, make_key())
    return open_store(f"s3://{bucket}/models")


def put(store, sha256: str, **more):
    return promote(store, version=sha256[:12], sha256=sha256, by="a", reason=LONG, **more)


def forge(store, **changes) -> None:
    """Written by somebody who may write to the bucket, and has no key."""
    there = json.loads(store.read(CHAMPION))
    changed = {name: value for name, value in (there | changes).items() if value is not None}
    store.write(CHAMPION, json.dumps(changed).encode())


def test_what_the_promoter_sealed_serves(sealed) -> None:
    put(sealed, A)
    champion = put(sealed, B)
    assert read_champion(sealed) == champion
    assert len(json.loads(sealed.read(CHAMPION))[SEAL]) == 44
    assert [entry.version for entry in read_history(sealed)] == [A[:12], B[:12]]


@pytest.mark.parametrize(
    "changes",
    [
        {"version": B[:12], "sha256": B},
        {"promoted_by": "somebody else"},
        {"number": 7},
        {"forced": True},
        {SEAL: None},
        {SEAL: ""},
        {SEAL: 1},
        {SEAL: "no base64"},
        {SEAL: "A" * 44},
    ],
)
def test_a_pointer_that_was_changed_by_hand_never_serves(sealed, changes) -> None:
    put(sealed, A)
    read_champion(sealed)
    forge(sealed, **changes)
    with pytest.raises(ArtifactMismatch) as told:
        read_champion(sealed)
    assert "seal" in str(told.value)
    assert read_pointer(sealed).champion is None


def test_the_seal_of_another_key_is_none(sealed, bucket, monkeypatch) -> None:
    put(sealed, A)
    monkeypatch.setenv(VARIABLE, make_key())
    with pytest.raises(ArtifactMismatch):
        read_champion(open_store(f"s3://{bucket}/models"))


def test_a_forged_pointer_is_repaired_by_a_promotion(sealed) -> None:
    put(sealed, A)
    forge(sealed, version=B[:12], sha256=B)
    put(sealed, B, over=read_pointer(sealed))
    assert read_champion(sealed).version == B[:12]


def test_without_an_answer_nothing_is_trusted_and_nothing_is_called_forged(
    sealed, monkeypatch
) -> None:
    put(sealed, A)
    monkeypatch.setenv(VARIABLE, "arn:aws:kms:eu-west-3:123456789012:key/none")
    with pytest.raises(StorageError):
        read_champion(sealed)


def test_one_pointer_is_checked_once_a_process(sealed, monkeypatch) -> None:
    from credit_scoring.registry import seal as module

    put(sealed, A)
    asked, ask = [], module.is_mac
    monkeypatch.setattr(module, "is_mac", lambda *given: asked.append(given) or ask(*given))
    for _ in range(5):
        read_champion(sealed)
    assert len(asked) == 1


def test_through_a_client_of_its_own_it_is_the_same_seal(sealed, bucket) -> None:
    """As a command makes it for a stack that is not the process's."""
    key = seal_of(sealed).key
    own = Seal(key, client("kms"))
    there = S3Store(bucket, "models/", client("s3"))
    put(there, A, seal=own)
    assert read_champion(sealed).version == A[:12]
    forge(sealed, number=9)
    assert read_pointer(there, seal=own).champion is None


def test_a_folder_has_no_seal(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv(VARIABLE, "a key")
    put(FolderStore(tmp_path), A)
    assert read_champion(FolderStore(tmp_path)).version == A[:12]


def test_an_older_pointer_that_is_put_back_never_serves(sealed) -> None:
    kept = {}
    for sha256 in (A, B, C):
        put(sealed, sha256)
        kept[sha256] = sealed.read(CHAMPION)
    assert read_champion(sealed).version == C[:12]
    for sha256 in (A, B):
        sealed.write(CHAMPION, kept[sha256])
        with pytest.raises(ArtifactMismatch, match="newest"):
            read_champion(sealed)
    sealed.write(CHAMPION, kept[C])
    assert read_champion(sealed).version == C[:12]


def test_whoever_overwrites_what_was_superseded_brings_nothing_back(sealed) -> None:
    """All that somebody with the right to write can do to those files."""
    put(sealed, A)
    old = sealed.read(CHAMPION)
    put(sealed, B)
    for key in sealed.list(SUPERSEDED):
        sealed.write(key, b"0")
    sealed.write(f"{SUPERSEDED}no-number", b"")
    sealed.write(CHAMPION, old)
    assert read_pointer(sealed).champion is None


def test_going_back_is_a_new_promotion(sealed) -> None:
    put(sealed, A)
    put(sealed, B)
    again = put(sealed, A, kind="rollback")
    assert (again.number, read_champion(sealed)) == (3, again)


def test_a_pointer_put_back_is_repaired_under_a_number_that_was_never_given(sealed) -> None:
    """Not the destroyed one's: that one would count again."""
    kept = []
    for sha256 in (A, B):
        put(sealed, sha256)
        kept.append(sealed.read(CHAMPION))
    sealed.write(CHAMPION, kept[0])
    assert put(sealed, C).number == 3
    for content in kept:
        sealed.write(CHAMPION, content)
        assert read_pointer(sealed).champion is None


def test_the_very_first_pointer_is_not_given_out_twice_either(sealed) -> None:
    put(sealed, A)
    first = sealed.read(CHAMPION)
    sealed.write(CHAMPION, b"{}")
    put(sealed, B)
    sealed.write(CHAMPION, first)
    assert read_pointer(sealed).champion is None


def test_who_reads_while_somebody_promotes_sees_the_new_one(sealed, monkeypatch) -> None:
    from credit_scoring.registry import champion as module

    put(sealed, A)
    ask, seen = module.is_superseded, read_pointer(sealed)

    def promoted_meanwhile(store, number):
        if number == 1:
            put(sealed, B, over=seen)
        return ask(store, number)

    monkeypatch.setattr(module, "is_superseded", promoted_meanwhile)
    assert read_champion(sealed).version == B[:12]


def test_a_promotion_stopped_after_the_pointer_is_made_good_by_the_next(sealed, monkeypatch):
    from credit_scoring.registry import champion as module

    kept = []
    put(sealed, A)
    kept.append(sealed.read(CHAMPION))
    with monkeypatch.context() as stopped:
        stopped.setattr(module, "supersede", lambda *_: None)
        put(sealed, B)
        kept.append(sealed.read(CHAMPION))
    put(sealed, C)
    for content in kept:
        sealed.write(CHAMPION, content)
        assert read_pointer(sealed).champion is None


def test_promotions_from_before_there_was_such_a_list_are_on_it_after_the_next(sealed) -> None:
    kept = []
    for sha256 in (A, B, C):
        put(sealed, sha256)
        kept.append(sealed.read(CHAMPION))
    for key in list(sealed.list(SUPERSEDED)):
        sealed.delete(key)
    put(sealed, A)
    for content in kept:
        sealed.write(CHAMPION, content)
        assert read_pointer(sealed).champion is None
