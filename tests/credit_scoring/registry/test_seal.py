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

A, B = "a" * 64, "b" * 64
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
