"""Compare a published model with the champion, and let it serve unless it is worse.

Both are scored on the same labelled rows by models that never saw them. Refused is a model that is
worse, badly calibrated or unfair (see gates.py), and a first one that is not surely better than a
logistic regression (floor.py), unless --force and --reason say otherwise.
Ends with 0 when the model serves, with 3 when it was refused, with 1 when it could not be compared.
"""

import argparse
import getpass
import json
import sys
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from credit_scoring.aws.storage import Store, open_store
from credit_scoring.errors import ArtifactError, ArtifactMissing, ReasonMissing
from credit_scoring.registry.bundle import load_file, load_model, load_working_model
from credit_scoring.registry.champion import Champion, Pointer, promote, read_champion, read_pointer
from credit_scoring.registry.contests import write_contest
from credit_scoring.scoring import Model

from training.data.dataset import Dataset, load_dataset
from training.promotion.contest import Contest, hold_contest
from training.promotion.contest_table import write_table
from training.promotion.floor import below_floor
from training.promotion.gates import judge
from training.tracking.follow import follow_champion

REFUSED = 3
# Of the bundle: everything that the training found.
REPORT = "report.json"


@dataclass(frozen=True)
class PromotionResult:
    """promoted : whether the pointer was written; false, too, when the version served already
    refusals : what speaks against the model; of a promoted one, what was overruled
    champion : what serves now
    contest : None when the version served already
    """

    version: str
    promoted: bool
    refusals: list[str]
    champion: Champion | None
    contest: Contest | None

    @property
    def refused(self) -> bool:
        return bool(self.refusals) and not self.promoted

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("version", metavar="VERSION", help="the published model that should serve")
    parser.add_argument("--models", required=True, help="folder or s3://bucket/prefix of models")
    parser.add_argument(
        "--data", type=Path, required=True, help="labelled CSV, or folder with application_train"
    )
    parser.add_argument("--force", action="store_true", help="promote even a refused model")
    parser.add_argument("--reason", help="why, kept with the promotion; needed by --force")
    parser.add_argument("--by", default=getpass.getuser(), help="who (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the bootstrap (default: 0)")


def run(args: argparse.Namespace) -> int:
    _check_reason(force=args.force, reason=args.reason)
    result = promote_if_better(
        open_store(args.models),
        args.version,
        load_dataset(args.data),
        by=args.by,
        reason=args.reason,
        force=args.force,
        seed=args.seed,
    )
    print(describe(result), file=sys.stderr)
    if result.promoted:
        follow_champion(result.version)
    print(json.dumps(result.as_json()))
    return REFUSED if result.refused else 0


def promote_if_better(
    store: Store,
    version: str,
    dataset: Dataset,
    *,
    by: str,
    reason: str | None = None,
    force: bool = False,
    seed: int = 0,
) -> PromotionResult:
    """Let a published version serve unless `judge` refuses it; with `force`, all the same.

    Raises ReasonMissing when forced without a reason, ArtifactError for a version that does not
    work, PromotionConflict when somebody promotes another one meanwhile.
    """
    _check_reason(force=force, reason=reason)
    pointer = read_pointer(store)
    challenger = load_working_model(store, version)
    if pointer.champion and pointer.champion.sha256 == challenger.sha256:
        return PromotionResult(version, False, [], pointer.champion, None)
    contest = _hold_contest(store, challenger, pointer, dataset, seed)
    refusals = judge(contest)
    if not pointer.tag:
        refusals += below_floor(_read_anchor(store, challenger))
    _keep(store, contest, pointer, refusals)
    if refusals and not force:
        return PromotionResult(version, False, refusals, pointer.champion, contest)
    champion = promote(
        store,
        version=version,
        sha256=challenger.sha256,
        by=by,
        reason=_full_reason(reason, contest, refusals),
        forced=bool(refusals),
        over=pointer,
    )
    return PromotionResult(version, True, refusals, champion, contest)


def _keep(store: Store, contest: Contest, pointer: Pointer, refusals: list[str]) -> None:
    """For whoever promotes it later, from the page: what was found, and what speaks against it."""
    champion = pointer.champion.version if pointer.champion else None
    content = {
        "held_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "refusals": refusals,
        **asdict(contest),
    }
    write_contest(store, contest.challenger.version, champion, content)


def _read_anchor(store: Store, model: Model) -> dict[str, Any] | None:
    """What its training held it against; None of a bundle that does not tell."""
    try:
        report = json.loads(load_file(store, model.version, REPORT, sha256=model.sha256))
    except ArtifactMissing:
        return None
    anchor: dict[str, Any] | None = report.get("anchor")
    return anchor


def describe(result: PromotionResult) -> str:
    """The figures as a table, and what came of them."""
    if result.contest is None:
        return f"{result.version} is the champion already."
    lines = [write_table(result.contest), ""]
    lines += [f"  against it: {refusal}" for refusal in result.refusals]
    return "\n".join([*lines, _outcome(result)])


def _hold_contest(
    store: Store, challenger: Model, pointer: Pointer, dataset: Dataset, seed: int
) -> Contest:
    """A champion that does not load is an obstacle, not an error: forcing gets around it."""
    try:
        champion = _load_champion(store, pointer)
    except ArtifactError as error:
        contest = hold_contest(store, challenger, None, dataset, seed=seed)
        return replace(contest, obstacle=str(error))
    return hold_contest(store, challenger, champion, dataset, seed=seed)


def _load_champion(store: Store, pointer: Pointer) -> Model | None:
    if not pointer.tag:
        return None
    champion = pointer.champion or read_champion(store)  # which tells what is wrong with it
    return load_model(store, champion.version, sha256=champion.sha256)


def _check_reason(*, force: bool, reason: str | None) -> None:
    if force and not reason:
        raise ReasonMissing


def _full_reason(reason: str | None, contest: Contest, refusals: list[str]) -> str:
    """What was said, or else the comparison; and always what was overruled."""
    parts = [reason or _default_reason(contest)]
    return " ".join([*parts, *(["Overruled:", *refusals] if refusals else [])])


def _default_reason(contest: Contest) -> str:
    rows = f"on {contest.rows} applicants"
    if not (contest.champion and contest.auc and contest.cost):
        return f"First champion: better than a logistic regression, calibrated and fair {rows}."
    return (
        f"AUC {contest.auc.difference:+.4f} and business cost {contest.cost.value:+.4f} an "
        f"applicant against {contest.champion.version} {rows}."
    )


def _outcome(result: PromotionResult) -> str:
    if result.refused:
        return f"{result.version} was refused; to promote it all the same: --force --reason TEXT"
    return f"{result.version} serves now{', by force' if result.refusals else ''}."
