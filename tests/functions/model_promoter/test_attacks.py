"""What would let a version in twice, late, alone, half or under another's name."""

import json
from dataclasses import dataclass, field

import pytest
from credit_scoring.aws.storage import FolderStore
from credit_scoring.registry.bundle import FOREST, MANIFEST, MODEL, load_working_model
from credit_scoring.registry.champion import promote, read_champion, read_history
from credit_scoring.registry.contests import contest_key, write_contest
from credit_scoring.registry.proposals import list_proposals
from credit_scoring.registry.superseded import SUPERSEDED

from functions.model_promoter import promotion
from functions.model_promoter.asked import read_request
from tests.functions.model_promoter.test_promotion import (
    COLLEAGUE,
    PERSON,
    ask,
    compared,
    store,
    versions,
)

__all__ = ["compared", "store", "versions"]  # fixtures


def title(answer):
    return answer["error"]["title"]


def roll_back(version, over, **given):
    return ask("roll_back", version=version, over=over, **{"key": "back"} | given)


def test_a_late_repetition_does_not_undo_a_rollback(store, compared):
    old, new, _ = compared
    first = ask("promote", version=new, over=old)
    roll_back(old, new, by=COLLEAGUE)
    assert ask("promote", version=new, over=old) == first
    assert read_champion(store).version == old


def test_who_wants_what_serves_already_is_told_and_gets_no_credit(store, compared):
    old, new, _ = compared
    ask("promote", version=new, over=old)
    assert title(ask("promote", version=new, over=old, by=COLLEAGUE)) == "Another version serves"
    assert title(ask("promote", version=new, over=new, key="k2")) == "Serves already"
    assert len(read_history(store)) == 2


@pytest.mark.parametrize("changed", ["version", "reason", "action"])
def test_a_key_of_another_request_is_refused(store, compared, changed):
    old, new, other = compared
    ask("promote", version=new, over=old)
    action = "roll_back" if changed == "action" else "promote"
    again = {"version": new, "over": old, "reason": "a reason"}
    again |= {"version": {"version": other}, "reason": {"reason": "another"}}.get(changed, {})
    assert title(ask(action, **again)) == "Key already used"


def test_a_proposal_is_void_also_when_the_champion_changed_back(store, compared):
    old, new, other = compared
    proposal = ask("promote", version=other, over=old)["proposal"]["id"]
    ask("promote", version=new, over=old, key="k2")
    roll_back(old, new)
    assert read_champion(store).version == old
    assert title(ask("approve", proposal=proposal, by=COLLEAGUE)) == "Void"
    assert read_champion(store).version == old


def test_a_withdrawn_proposal_is_neither_approved_nor_asked_for_again(store, compared):
    old, _, other = compared
    proposal = ask("promote", version=other, over=old)["proposal"]["id"]
    withdrawn = ask("withdraw", proposal=proposal)
    assert ask("withdraw", proposal=proposal) == withdrawn, "the same again is no error"
    assert title(ask("approve", proposal=proposal, by=COLLEAGUE)) == "Settled already"
    assert title(ask("promote", version=other, over=old)) == "Settled already"
    assert read_champion(store).version == old


def test_a_comparison_with_an_earlier_champion_counts_for_nothing(store, compared):
    old, new, other = compared
    write_contest(store, other, old, {"refusals": []})
    ask("promote", version=new, over=old)
    assert ask("promote", version=other, over=new, key="k2")["outcome"] == "proposed"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"{", b"\xff", b"[" * 10_000, b'{"refusals": []}',
        b'{"refusals": [], "challenger_version": "000000000000", "champion_version": null}',
    ],
)  # fmt: skip
def test_a_comparison_that_nobody_held_lets_nobody_in_alone(store, compared, content):
    old, new, _ = compared
    store.write(contest_key(new, old), content)
    assert ask("promote", version=new, over=old)["outcome"] == "proposed"


@pytest.mark.parametrize("refusals", ["", {}, None, [None], [7]])
def test_refusals_that_are_no_sentences_let_nobody_in_alone(store, compared, refusals):
    old, new, _ = compared
    key = contest_key(new, old)
    store.write(key, json.dumps(json.loads(store.read(key)) | {"refusals": refusals}).encode())
    assert ask("promote", version=new, over=old)["outcome"] == "proposed"


def test_a_comparison_copied_under_another_name_lets_nobody_in_alone(store, compared):
    old, new, other = compared
    store.write(contest_key(other, old), store.read(contest_key(new, old)))
    assert ask("promote", version=other, over=old)["outcome"] == "proposed"


@pytest.mark.parametrize("file", [FOREST, MODEL, MANIFEST])
def test_a_damaged_version_is_never_rolled_back_to(store, compared, file):
    old, new, _ = compared
    ask("promote", version=new, over=old)
    path = store.folder / old / file
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert title(roll_back(old, new)) == "Version damaged"
    path.unlink()
    missing = "Version not found" if file == MANIFEST else "Version damaged"
    assert title(roll_back(old, new)) == missing
    assert read_champion(store).version == new


def test_a_version_damaged_since_it_was_proposed_is_not_approved(store, compared):
    old, _, other = compared
    proposal = ask("promote", version=other, over=old)["proposal"]["id"]
    (store.folder / other / FOREST).write_bytes(b"no trees")
    assert title(ask("approve", proposal=proposal, by=COLLEAGUE)) == "Version damaged"
    assert read_champion(store).version == old


def test_a_damaged_pointer_is_repaired_by_a_rollback_of_one_person(store, compared):
    old, new, _ = compared
    ask("promote", version=new, over=old)
    store.write("champion.json", b"{}")
    assert roll_back(old, None)["champion"]["number"] == 3, "the destroyed one's is not given twice"
    assert read_champion(store).version == old


def test_a_damaged_proposal_hides_no_other(store, compared):
    old, _, other = compared
    ask("promote", version=other, over=old)
    store.write(f"proposals/{'0' * 32}.json", b"{}")
    assert len(list_proposals(store)) == 1
    assert "error" in ask("approve", proposal="0" * 32, by=COLLEAGUE)


def test_who_promotes_by_command_meanwhile_wins(store, compared, monkeypatch):
    """The pointer changes after it was read here, and before it is written."""
    old, new, other = compared
    load = promotion.load_working_model

    def lose(store, version):
        model = load(store, version)
        if read_champion(store).version == old:
            sha256 = load(store, other).sha256
            promote(store, version=other, sha256=sha256, by="c", reason="r")
        return model

    monkeypatch.setattr(promotion, "load_working_model", lose)
    assert ask("promote", version=new, over=old)["error"]["status"] == 409
    assert read_champion(store).version == other


class Killed(BaseException):
    """As a process that ends: nothing catches it."""


@dataclass
class Dying:
    """A folder whose process ends at one of its writes, before or after it reached the disk."""

    store: FolderStore
    at: int
    reached: bool
    writes: list[str] = field(default_factory=list)

    def __getattr__(self, name):
        return getattr(self.store, name)

    def write(self, key, data, **how):
        self.writes.append(key)
        if len(self.writes) == self.at and not self.reached:
            raise Killed
        self.store.write(key, data, **how)
        if len(self.writes) == self.at:
            raise Killed


def is_killed(dying, event):
    try:
        promotion.act(dying, read_request(event))
    except Killed:
        return True
    return False


# The request or the approval, the copy of the old pointer, the pointer, that the old one counts no
# more; there is no fifth write.
@pytest.mark.parametrize("reached", [False, True])
@pytest.mark.parametrize(("at", "dies"), [(1, True), (2, True), (3, True), (4, True), (5, False)])
@pytest.mark.parametrize("action", ["promote", "roll_back", "approve"])
def test_a_promoter_that_is_killed_leaves_one_champion_and_can_be_asked_again(
    store, compared, action, at, dies, reached
):
    old, new, other = compared
    event = {"action": "promote", "by": PERSON, "reason": "a reason", "key": "k9",
             "version": new, "over": old}  # fmt: skip
    if action == "roll_back":
        ask("promote", version=new, over=old)
        event |= {"action": action, "version": old, "over": new}
    if action == "approve":
        proposal = ask("promote", version=other, over=old)["proposal"]["id"]
        event = {"action": action, "by": COLLEAGUE, "reason": "seen", "proposal": proposal}
    before = read_history(store)
    wanted = {"promote": new, "roll_back": old, "approve": other}[action]
    assert is_killed(Dying(store, at, reached), event) == dies
    champion = read_champion(store)
    assert champion.version in (before[-1].version, wanted)
    load_working_model(store, champion.version, sha256=champion.sha256)
    assert promotion.act(store, read_request(event)).outcome == "serves"
    assert read_champion(store).version == wanted
    assert [entry.number for entry in read_history(store)] == list(range(1, len(before) + 2))
    replaced = [f"{SUPERSEDED}{number:06}" for number in range(len(before) + 1)]
    assert list(store.list(SUPERSEDED)) == replaced
