"""`python -m training promote` on published models whose quality is known."""

import getpass
import hashlib
import json
import re
from dataclasses import asdict

import pytest
from credit_scoring.aws.storage import FolderStore, open_store
from credit_scoring.errors import (
    ArtifactMismatch,
    ArtifactMissing,
    PromotionConflict,
    ReasonMissing,
)
from credit_scoring.registry.champion import promote, read_champion, read_history
from credit_scoring.registry.contests import read_contest
from credit_scoring.registry.fold_models import INDEX

from tests.training.promotion.contestants import (
    ABOVE_FLOOR,
    GOOD,
    ROWS,
    TOO_EXTREME,
    WITH_GENDER,
    WORSE,
    train,
    write_applicants,
)
from training.__main__ import main
from training.data.dataset import load_dataset
from training.data.split import is_for_tuning
from training.promotion.promote import REFUSED, promote_if_better


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_applicants(tmp_path_factory.mktemp("data") / "applicants.csv")


@pytest.fixture(scope="module")
def dataset(data):
    return load_dataset(data)


@pytest.fixture(scope="module")
def good(dataset):
    return train(dataset, GOOD)


@pytest.fixture(scope="module")
def worse(dataset):
    return train(dataset, WORSE)


@pytest.fixture(scope="module")
def unfair(dataset):
    return train(dataset, WITH_GENDER)


@pytest.fixture
def store(tmp_path):
    return open_store(tmp_path / "models")


@pytest.fixture
def attempt(store, dataset):
    def attempt(version, **how):
        return promote_if_better(store, version, dataset, **{"by": "a"} | how)

    return attempt


def test_the_first_model_serves_when_it_is_calibrated_and_fair(store, attempt, worse):
    result = attempt(worse.publish(store), by="alice")
    assert (result.promoted, result.refused, result.refusals) == (True, False, [])
    assert result.champion == read_champion(store)
    assert result.contest.champion is None
    assert (result.champion.promoted_by, result.champion.replaced) == ("alice", None)
    assert result.champion.reason == (
        "First champion: better than a logistic regression, calibrated and fair on "
        f"{ROWS} applicants."
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"auc_interval": [0.499, 0.53]}, "does not rank applicants beyond chance"),
        ({"cost_of_nobody_refused": {"value": -0.01, "interval": [-0.03, 0.01]}}, "saves nothing"),
        ({"logistic": {"auc": {"difference": 0.001, "interval": [-0.002, 0.004]}}},
         r"not significantly better than a logistic regression: AUC \+0\.0010 \(-0\.0020 to"),
    ],
)  # fmt: skip
def test_a_first_model_below_the_floor_is_refused(store, attempt, good, changes, said):
    result = attempt(good.publish(store, anchor=ABOVE_FLOOR | changes))
    [sentence] = result.refusals
    assert re.search(said, sentence)
    assert result.refused
    assert read_history(store) == []


def test_a_first_model_whose_training_held_it_against_nothing_is_refused(store, attempt, good):
    [sentence] = attempt(good.publish(store, anchor=None)).refusals
    assert "did not hold it against a logistic regression" in sentence


def test_the_floor_is_for_first_models_only(store, attempt, good, worse):
    attempt(worse.publish(store))
    assert attempt(good.publish(store, anchor=None)).promoted


def test_a_better_model_takes_over_and_its_reason_is_the_comparison(store, attempt, good, worse):
    old, new = worse.publish(store), good.publish(store)
    attempt(old)
    result = attempt(new)
    contest = result.contest
    assert contest.auc.interval[0] > 0 > contest.cost.interval[1]
    assert contest.auc.difference == contest.challenger.auc.auc - contest.champion.auc.auc
    assert [entry.version for entry in read_history(store)] == [old, new]
    assert result.champion.reason.startswith(f"AUC {contest.auc.difference:+.4f} and business cost")
    assert f"against {old} on {ROWS} applicants" in result.champion.reason


def test_a_worse_model_is_refused_and_nothing_changes(store, attempt, good, worse):
    champion = attempt(good.publish(store)).champion
    result = attempt(worse.publish(store))
    assert (result.promoted, result.refused, result.champion) == (False, True, champion)
    assert [sentence.split(" is ")[0] for sentence in result.refusals] == ["AUC", "Business cost"]
    assert read_history(store) == [champion]


def test_a_worse_model_can_be_forced_and_the_history_says_so(store, attempt, good, worse):
    attempt(good.publish(store))
    result = attempt(worse.publish(store), force=True, reason="Two scores are to be paid for.")
    champion = read_champion(store)
    assert (result.promoted, result.refused, champion.forced) == (True, False, True)
    assert champion.reason.startswith(
        "Two scores are to be paid for. Overruled: AUC is significantly lower"
    )


def test_force_without_a_reason_is_refused_before_anything_is_read(store, attempt, worse):
    with pytest.raises(ReasonMissing, match="--reason"):
        attempt("nothing", force=True)


def test_force_that_was_not_needed_is_not_kept_as_force(store, attempt, good):
    champion = attempt(good.publish(store), force=True, reason="In a hurry.").champion
    assert (champion.forced, champion.reason) == (False, "In a hurry.")


def test_pds_that_are_too_extreme_are_refused_even_for_a_first_model(store, attempt, dataset):
    result = attempt(train(dataset, GOOD, TOO_EXTREME).publish(store))
    assert result.refused
    assert all(sentence.startswith("Badly calibrated") for sentence in result.refusals)
    assert read_history(store) == []


def test_a_model_that_approves_fewer_men_is_refused_however_good_it_is(
    store, attempt, good, unfair
):
    attempt(good.publish(store))
    result = attempt(unfair.publish(store))
    assert result.contest.auc.interval[0] > 0
    [sentence] = result.refusals
    assert sentence.startswith("Unfair. Gender: approval of")


def test_between_two_that_are_equally_unfair_the_better_one_serves(store, attempt, unfair):
    attempt(unfair.publish(store), force=True, reason="It is what there is.")
    result = attempt(unfair.publish(store, cutoff_times=1.001))
    assert result.promoted
    assert not result.champion.forced


def test_the_champion_stays_what_it_is_when_it_is_promoted_again(store, attempt, good):
    version = good.publish(store)
    champion = attempt(version).champion
    again = attempt(version, reason="once more")
    assert (again.promoted, again.refused, again.champion) == (False, False, champion)
    assert len(read_history(store)) == 1


def test_a_champion_without_fold_models_is_replaced_by_force_only(store, attempt, good, worse):
    old = worse.publish(store, with_folds=False)
    promote(store, version=old, sha256=sha256_of(store, old), by="a", reason="before folds")
    new = good.publish(store)
    [sentence] = attempt(new).refusals
    assert sentence.startswith("The champion cannot be compared")
    assert attempt(new, force=True, reason="The old one cannot be judged.").promoted


def test_a_damaged_champion_does_not_stand_in_the_way_of_force(store, attempt, good):
    store.write("champion.json", b"damaged")
    version = good.publish(store)
    [sentence] = attempt(version).refusals
    assert "champion.json is damaged" in sentence
    assert attempt(version, force=True, reason="To repair the pointer.").promoted
    assert read_champion(store).version == version


def test_a_challenger_that_is_damaged_or_missing_never_serves(store, attempt, good):
    version = good.publish(store)
    path = store.folder / version / "forest.npz"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ArtifactMismatch):
        attempt(version, force=True, reason="r")
    with pytest.raises(ArtifactMissing):
        attempt("0" * 12, force=True, reason="r")
    with pytest.raises(ArtifactMissing, match=INDEX):
        attempt(good.publish(store, with_folds=False, cutoff_times=0.9))
    assert read_history(store) == []


class Interrupting(FolderStore):
    """Somebody else promotes while the fold models are being read."""

    def read(self, key):
        if key.endswith(INDEX) and not read_history(FolderStore(self.folder)):
            promote(
                FolderStore(self.folder), version="f" * 12, sha256="f" * 64, by="eve", reason=""
            )
        return super().read(key)


def test_a_champion_that_changed_during_the_comparison_is_not_replaced_unseen(store, dataset, good):
    version = good.publish(store)
    with pytest.raises(PromotionConflict, match="set by eve"):
        promote_if_better(Interrupting(store.folder), version, dataset, by="alice")
    assert [entry.promoted_by for entry in read_history(store)] == ["eve"]


def test_the_same_rows_give_the_same_figures(store, attempt, good, worse):
    old, new = good.publish(store), worse.publish(store)
    attempt(old)
    assert attempt(new).as_json() == attempt(new).as_json()


def sha256_of(store, version):
    return hashlib.sha256(store.read(f"{version}/manifest.json")).hexdigest()


# The command


@pytest.fixture
def command(store, data, capsys):
    def command(version, *options):
        where = ("--models", str(store.folder), "--data", str(data))
        status = main(["promote", version, *where, *options])
        printed = capsys.readouterr()
        return status, json.loads(printed.out) if printed.out else None, printed.err

    return command


def test_the_command_promotes_with_0_and_refuses_with_3(store, command, good, worse):
    better, other = good.publish(store), worse.publish(store)
    status, result, told = command(better)
    assert (status, result["promoted"], result["champion"]["version"]) == (0, True, better)
    assert result["champion"]["promoted_by"] == getpass.getuser()
    assert f"{better} serves now." in told
    status, result, told = command(other)
    assert (status, result["promoted"], result["champion"]["version"]) == (REFUSED, False, better)
    assert "against it: AUC is significantly lower" in told
    assert "--force --reason" in told
    status, result, told = command(better)
    assert (status, result["promoted"]) == (0, False)
    assert "is the champion already" in told


def test_the_command_forces_with_a_reason_only_and_tells_who(store, command, good, worse):
    command(good.publish(store))
    version = worse.publish(store)
    status, result, told = command(version, "--force")
    assert (status, result) == (1, None)
    assert told == "error: a forced promotion is kept with its reason: add --reason TEXT\n"
    status, result, told = command(version, "--force", "--reason", "A test.", "--by", "j.martin")
    assert (status, result["champion"]["promoted_by"]) == (0, "j.martin")
    assert f"{version} serves now, by force." in told


def test_a_version_that_does_not_exist_is_one_sentence(command):
    status, _, told = command("0" * 12)
    assert status == 1
    assert told == "error: no model at 000000000000: train and publish one first\n"


def test_a_model_that_was_tuned_is_compared_on_rows_that_nobody_tuned_on(store, attempt, dataset):
    tuned = train(dataset, GOOD)
    tuned.model.facts["training"]["tuned"] = True
    contest = attempt(tuned.publish(store)).contest
    untuned = ~is_for_tuning(dataset.applicants.ids)
    assert 0.45 < untuned.mean() < 0.55
    assert (contest.rows, contest.defaults) == (untuned.sum(), dataset.defaulted[untuned].sum())


def test_what_was_compared_is_kept_whether_the_challenger_serves_or_not(
    store, attempt, good, worse
):
    best, weaker = good.publish(store), worse.publish(store)
    attempt(best)
    first = read_contest(store, best, None)
    assert (first["refusals"], first["auc"], first["flips"]) == ([], None, None)
    refused = attempt(weaker)
    kept = read_contest(store, weaker, best)
    assert kept["refusals"] == refused.refusals != []
    assert kept.items() >= json.loads(json.dumps(asdict(refused.contest))).items()
    flips, contest = kept["flips"], refused.contest
    assert 0 < flips["newly_accepted_defaults"] < flips["newly_accepted"]
    assert 0 < flips["newly_refused_defaults"] < flips["newly_refused"]
    changed = contest.challenger.approval_rate - contest.champion.approval_rate
    assert flips["newly_accepted"] - flips["newly_refused"] == round(changed * contest.rows)


def test_a_promotion_that_is_broken_off_leaves_what_was_compared(
    store, attempt, worse, monkeypatch
):
    version = worse.publish(store)
    monkeypatch.setattr("training.promotion.promote.promote", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        attempt(version)
    assert read_contest(store, version, None)["refusals"] == []
    assert read_history(store) == []
