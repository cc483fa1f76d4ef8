"""Who may let which version serve, alone or with a colleague; and what a crash leaves."""

import json
from threading import Barrier, Thread

import pytest
from credit_scoring.aws.storage import FolderStore
from credit_scoring.registry.champion import promote, read_champion, read_history
from credit_scoring.registry.contests import write_contest
from credit_scoring.registry.proposals import list_proposals

from functions.model_promoter import handler as promoter
from functions.model_promoter import promotion
from tests.functions.promoter_in_process import Context

PERSON, COLLEAGUE = "alice", "bob"


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("MODELS_URL", str(tmp_path))
    return FolderStore(tmp_path)


@pytest.fixture
def versions(store, small_model):
    """The one that serves, a better one, and one that nobody compared."""
    serving = small_model.publish(store, cutoff=0.1).version
    return [serving, *(small_model.save(store, cutoff=cutoff)[0] for cutoff in (0.2, 0.3))]


@pytest.fixture
def compared(store, versions):
    """The second was compared with the first, and nothing speaks against it."""
    write_contest(store, versions[1], versions[0], {"refusals": []})
    return versions


def ask(action, **given):
    asked = {"action": action, "by": PERSON, "reason": "a reason", "key": "k1"} | given
    return promoter.handler(asked, Context())


def test_what_a_comparison_speaks_for_one_person_promotes(store, compared):
    old, new, _ = compared
    done = ask("promote", version=new, over=old)
    assert done["outcome"] == "serves"
    champion = read_champion(store)
    assert (champion.version, champion.promoted_by, champion.forced) == (new, PERSON, False)
    assert champion.reason == "a reason"
    assert ask("promote", version=new, over=old)["champion"] == vars(champion)


def test_what_was_never_compared_or_refused_waits_for_a_second_person(store, compared):
    old, new, other = compared
    write_contest(store, new, old, {"refusals": ["AUC is lower."]})
    for version in (new, other):
        done = ask("promote", version=version, over=old, key=version)
        assert done["outcome"] == "proposed"
        assert done["proposal"]["refusals"]
    assert read_champion(store).version == old
    assert len(list_proposals(store)) == 2


def test_a_colleague_approves_and_both_stand_in_the_history(store, compared):
    old, _, other = compared
    proposal = ask("promote", version=other, over=old)["proposal"]["id"]
    assert ask("approve", proposal=proposal)["error"]["status"] == 403
    assert read_champion(store).version == old
    done = ask("approve", proposal=proposal, by=COLLEAGUE, reason="seen and accepted")
    assert done["outcome"] == "serves"
    champion = read_champion(store)
    assert (champion.version, champion.promoted_by, champion.forced) == (other, "alice, bob", True)
    for word in (COLLEAGUE, "seen and accepted", "never compared", "a reason"):
        assert word in champion.reason
    assert ask("approve", proposal=proposal, by="carol")["error"]["status"] == 409


def test_a_retry_is_the_same_proposal_and_a_version_waits_once(store, compared):
    old, _, other = compared
    first, again = (ask("promote", version=other, over=old, key="a") for _ in range(2))
    assert first["proposal"] == again["proposal"]
    for by in (PERSON, COLLEAGUE):
        refused = ask("promote", version=other, over=old, key="b", by=by)
        assert (refused["error"]["status"], refused["error"]["title"]) == (409, "Proposed already")
    assert len(list_proposals(store)) == 1


def test_a_proposal_is_void_once_another_version_serves(store, compared):
    old, new, other = compared
    proposal = ask("promote", version=other, over=old)["proposal"]["id"]
    ask("promote", version=new, over=old, key="k2")
    refused = ask("approve", proposal=proposal, by=COLLEAGUE)
    assert (refused["error"]["status"], refused["error"]["title"]) == (409, "Void")
    assert ask("withdraw", proposal=proposal)["outcome"] == "withdrawn"
    assert ask("withdraw", proposal=proposal, by=COLLEAGUE)["error"]["status"] == 409
    assert read_champion(store).version == new


def test_who_looked_at_another_champion_is_told(store, compared):
    old, new, other = compared
    refused = ask("promote", version=new, over=other)
    assert refused["error"]["status"] == 409
    assert read_champion(store).version == old


def test_a_rollback_goes_back_to_what_has_served_and_nowhere_else(store, compared):
    old, new, other = compared
    ask("promote", version=new, over=old)
    refused = ask("roll_back", version=other, over=new, key="k2")
    assert refused["error"]["title"] == "Never served"
    assert ask("roll_back", version=old, over=new, key="k3")["outcome"] == "serves"
    assert [(entry.version, entry.kind) for entry in read_history(store)][-1] == (old, "rollback")


def test_a_damaged_version_never_serves_and_nobody_is_asked_to_approve_it(store, compared):
    old, new, other = compared
    for version in (new, other):
        path = store.folder / version / "forest.npz"
        path.write_bytes(path.read_bytes()[:-1])
        assert ask("promote", version=version, over=old)["error"]["status"] == 409
    assert read_champion(store).version == old
    assert list_proposals(store) == []


def test_of_two_who_promote_at_once_one_is_told(store, compared, monkeypatch):
    old, new, other = compared
    write_contest(store, other, old, {"refusals": []})
    barrier, load = Barrier(2), promotion.load_working_model

    def together(*given):
        model = load(*given)
        barrier.wait(20)
        return model

    monkeypatch.setattr(promotion, "load_working_model", together)
    answers = []
    threads = [
        Thread(
            target=lambda v=version, b=by: answers.append(ask("promote", version=v, over=old, by=b))
        )
        for version, by in ((new, PERSON), (other, COLLEAGUE))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted("error" in answer for answer in answers) == [False, True]
    [refused] = [answer for answer in answers if "error" in answer]
    assert refused["error"]["status"] == 409
    assert len(read_history(store)) == 2


@pytest.mark.parametrize("finisher", [COLLEAGUE, "carol"])
def test_who_is_stopped_between_approval_and_pointer_goes_on_with_a_retry(
    store, compared, monkeypatch, finisher
):
    old, _, other = compared
    proposal = ask("promote", version=other, over=old)["proposal"]["id"]
    monkeypatch.setattr(promotion, "promote", lambda *_, **__: 1 / 0)
    stopped = ask("approve", proposal=proposal, by=COLLEAGUE)
    assert (stopped["error"]["status"], "ZeroDivision" in json.dumps(stopped)) == (500, False)
    assert read_champion(store).version == old
    monkeypatch.setattr(promotion, "promote", promote)
    assert ask("approve", proposal=proposal)["error"]["status"] == 403
    assert ask("approve", proposal=proposal, by=finisher)["outcome"] == "serves"
    assert read_champion(store).promoted_by == "alice, bob", "who approved, whoever finished"
    assert read_champion(store).version == other
    assert ask("approve", proposal=proposal, by=COLLEAGUE)["outcome"] == "serves"
    assert len(read_history(store)) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": "delete"},
        {"by": ""},
        {"by": 7},
        {"reason": "  "},
        {"reason": "x" * 1001},
        {"version": "../champion"},
        {"version": None},
        {"over": "ABCDEF012345"},
        {"key": ""},
        {"key": "a\nb"},
        {"action": ["promote"]},
        {"by": "alice\nbob"},
        {"by": "\ud800"},
        {"reason": "better\n2026-01-01 somebody else"},
        {"reason": "\u202eevil"},
        {"version": {"a": 1}},
        {"version": "0" * 13},
        {"over": ""},
        {"forced": True},
        {"needs_second": False},
        {"sha256": "0" * 64},
    ],
)
def test_forged_events_change_nothing(store, compared, wrong):
    before = store.read("champion.json")
    asked = {"version": compared[1], "over": compared[0]} | wrong
    assert ask(asked.pop("action", "promote"), **asked)["error"]["status"] == 422
    assert store.read("champion.json") == before


@pytest.mark.parametrize("event", [None, [], "promote", 7])
def test_what_is_no_order_at_all_is_refused_in_words(store, compared, event):
    answer = promoter.handler(event, Context())
    assert answer["error"]["status"] == 422
    assert "Traceback" not in json.dumps(answer)


@pytest.mark.parametrize("proposal", ["", "x", "../champion", "f" * 32, None])
def test_a_proposal_that_nobody_made_is_not_found(store, compared, proposal):
    assert ask("approve", proposal=proposal)["error"]["status"] in (404, 422)


def test_neither_who_nor_why_is_logged(store, compared, capsys, caplog):
    old, new, _ = compared
    ask("promote", version=new, over=old, by="alice.martin", reason="because of Mrs Dupont")
    printed = capsys.readouterr().out
    printed += "".join(str(vars(record)) for record in caplog.records)
    assert "alice" not in printed
    assert "Dupont" not in printed
    assert new in printed
    assert printed.count('"Promotions":[1.0]') == 1
    ask("promote", version=new, over=old, by="alice.martin", reason="because of Mrs Dupont")
    assert '"Promotions":[1.0]' not in capsys.readouterr().out, "a retry is no promotion"
