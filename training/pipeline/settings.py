"""What a run was asked for."""

import argparse
from dataclasses import dataclass, field
from pathlib import Path

from credit_scoring.contract.columns import APPLICATION

from training.data.schema import GROUNDS
from training.fitting.recipe import Recipe
from training.fitting.tuning.fold_values import Objective
from training.fitting.tuning.tune import Method

DEFAULT_WORK = Path("build/training")


@dataclass(frozen=True)
class Tune:
    """How to look for better parameters: not at all when both minutes and trials are None."""

    method: Method = "optuna"
    objective: Objective = "cost"
    minutes: float | None = None
    trials: int | None = None

    @property
    def wanted(self) -> bool:
        return self.minutes is not None or self.trials is not None


@dataclass(frozen=True)
class RunSettings:
    """studies : compare models, and measure what each rule of the recipe costs
    allow_missing : columns of the form of which nobody needs to have a value
    """

    data: Path
    models: str
    cost_ratio: float = 10.0
    recipe: Recipe = field(default_factory=Recipe)
    tune: Tune = field(default_factory=Tune)
    studies: bool = True
    promote: bool = True
    force: bool = False
    reason: str | None = None
    allow_missing: tuple[str, ...] = ()


def add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, required=True, help="folder with the Kaggle tables")
    parser.add_argument("--models", required=True, help="folder or s3://bucket/prefix for models")
    parser.add_argument(
        "--allow-missing",
        action="append",
        choices=[name for name, column in APPLICATION.items() if column.type != "id"],
        default=[],
        metavar="COLUMN",
        help="train although nobody has a value of this column; may be given again",
    )
    parser.add_argument(
        "--cost-ratio",
        type=positive,
        default=10.0,
        help="cost of an accepted default / cost of a refused good payer (default: 10)",
    )
    parser.add_argument("--seed", type=int, default=0, help="of all that is drawn (default: 0)")
    parser.add_argument(
        "--quick", action="store_true", help="leave out the comparison of models and of rules"
    )
    rules = parser.add_argument_group("rules of the model")
    rules.add_argument(
        "--with-gender", action="store_true", help="let the model read gender (default: no)"
    )
    rules.add_argument(
        "--without",
        action="append",
        choices=[*GROUNDS],
        default=[],
        metavar="GROUND",
        help=f"a protected ground that the model may not read, of {', '.join(GROUNDS)}; "
        "may be given again (what each costs is measured in every full run)",
    )
    rules.add_argument(
        "--without-directions",
        action="store_true",
        help="let features pull against what the domain demands (see lender/monotone.csv)",
    )
    tuning = parser.add_argument_group("tuning (off unless minutes or trials are given)")
    tuning.add_argument("--tune-minutes", type=positive, help="stop looking after this long")
    tuning.add_argument("--tune-trials", type=int, help="stop after this many: reproducible")
    tuning.add_argument("--tune-method", choices=["optuna", "random", "grid"], default="optuna")
    tuning.add_argument("--tune-objective", choices=["cost", "auc"], default="cost")
    promotion = parser.add_argument_group("promotion")
    promotion.add_argument(
        "--no-promote", action="store_true", help="publish, but leave the serving model as it is"
    )
    promotion.add_argument("--force", action="store_true", help="promote even a refused model")
    promotion.add_argument("--reason", help="why, kept with the promotion; needed by --force")


def read_settings(args: argparse.Namespace) -> RunSettings:
    recipe = Recipe(seed=args.seed, monotone=not args.without_directions)
    barred = () if args.with_gender else recipe.protected
    barred += tuple(name for ground in args.without for name in GROUNDS[ground])
    return RunSettings(
        data=args.data,
        models=args.models,
        cost_ratio=args.cost_ratio,
        recipe=recipe.but(protected=tuple(dict.fromkeys(barred))),
        tune=Tune(args.tune_method, args.tune_objective, args.tune_minutes, args.tune_trials),
        studies=not args.quick,
        promote=not args.no_promote,
        force=args.force,
        reason=args.reason,
        allow_missing=tuple(args.allow_missing),
    )


def positive(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError("must be a positive number")
    return value
