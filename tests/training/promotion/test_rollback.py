"""`python -m training rollback`: one command back, verified and kept."""

import json

import pytest
from credit_scoring.aws.storage import open_store
from credit_scoring.registry.bundle import FOREST
from credit_scoring.registry.champion import promote, read_champion, read_history

from training.__main__ import main

REASON = "It refuses half of Paris."


@pytest.fixture
def store(tmp_path):
    return open_store(tmp_path)


@pytest.fixture
def versions(store, small_model):
    """Three champions, one after the other."""
    return [small_model.publish(store, cutoff=cutoff).version for cutoff in (0.1, 0.2, 0.3)]


@pytest.fixture
def command(store, capsys):
    def command(*options):
        status = main(["rollback", "--models", str(store.folder), "--reason", REASON, *options])
        printed = capsys.readouterr()
        return status, json.loads(printed.out) if printed.out else None, printed.err

    return command


def test_one_command_goes_back_and_the_history_tells_it(store, versions, command):
    status, champion, told = command("--by", "j.martin")
    assert status == 0
    assert told == f"{versions[1]} serves now, instead of {versions[2]}.\n"
    assert champion == vars(read_champion(store))
    newest = read_history(store)[-1]
    assert (newest.kind, newest.promoted_by, newest.reason) == ("rollback", "j.martin", REASON)
    assert (newest.replaced, newest.version, newest.number) == (versions[2], versions[1], 4)


def test_a_second_rollback_goes_further_back_and_not_forth_again(store, versions, command):
    command()
    command()
    assert read_champion(store).version == versions[0]
    status, _, told = command()
    assert status == 1
    assert told == "error: no earlier champion to go back to: name a version with --to\n"
    assert read_champion(store).version == versions[0]


def test_any_published_version_can_be_named(store, versions, command):
    assert command("--to", versions[0])[0] == 0
    assert read_champion(store).version == versions[0]


@pytest.mark.parametrize("damage", ["changed", "removed"])
def test_a_damaged_bundle_is_never_pointed_to(store, versions, command, damage):
    path = store.folder / versions[1] / FOREST
    path.unlink() if damage == "removed" else path.write_bytes(path.read_bytes()[:-1])
    status, _, told = command()
    assert status == 1
    assert versions[1] in told
    assert len(told.splitlines()) == 1
    assert read_champion(store).version == versions[2]


def test_a_damaged_pointer_is_repaired_by_naming_a_version(store, versions, command):
    store.write("champion.json", b"damaged")
    assert command()[0] == 1
    assert command("--to", versions[2])[0] == 0
    assert [entry.version for entry in read_history(store)] == versions


def test_without_a_reason_nothing_happens(store, versions, capsys):
    with pytest.raises(SystemExit):
        main(["rollback", "--models", str(store.folder)])
    assert "--reason" in capsys.readouterr().err
    assert read_champion(store).version == versions[2]


def test_where_nothing_was_promoted_there_is_nothing_to_go_back_to(command):
    assert command()[0] == 1


def test_a_promotion_after_a_rollback_goes_on_from_there(store, versions, command):
    command()
    new = promote(store, version="f" * 12, sha256="f" * 64, by="a", reason="better")
    assert new.replaced == versions[1]
    command()
    assert read_champion(store).version == versions[1]
