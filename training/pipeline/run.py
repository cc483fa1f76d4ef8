"""The whole training: data in; a proven, documented, tracked and, if better, serving model out.

It is made of steps whose results stay in the work folder. A step whose inputs have not changed is
not run again, so a run that was stopped goes on where it was.
"""

import argparse
import json
import sys
from pathlib import Path
from types import ModuleType

from credit_scoring.errors import DatasetError

from training.pipeline.resumable import Pipeline, Step, Work
from training.pipeline.settings import DEFAULT_WORK, RunSettings, add_settings, read_settings
from training.pipeline.steps import (
    ablate,
    anchor,
    audit,
    card,
    compare,
    data,
    explain,
    fit,
    measure,
    peers,
    promote,
    publish,
    review,
    track,
    tune,
    validate,
)
from training.promotion.promote import REFUSED


def _step(module: ModuleType, *needs: ModuleType, always: bool = False) -> Step[RunSettings]:
    return Step(
        name=module.__name__.rpartition(".")[2],
        summary=(module.__doc__ or "").split("\n")[0].rstrip("."),
        module=module.__name__,
        needs=tuple(needed.__name__.rpartition(".")[2] for needed in needs),
        depends_on=module.depends_on,
        run=module.run,
        always=always,
    )


STEPS = (
    _step(data),
    _step(compare, data),
    _step(tune, data),
    _step(validate, data, tune),
    _step(measure, validate),
    _step(anchor, measure),
    _step(ablate, measure),
    _step(fit, measure),
    _step(audit, measure, fit),
    _step(explain, fit),
    _step(review, measure, fit, explain),
    _step(card, compare, tune, measure, anchor, ablate, fit, audit, explain, review),
    _step(peers, measure, fit),
    # Outside of the work folder, where it may have been removed; the same bundle changes nothing.
    _step(publish, card, peers, always=True),
    _step(track, publish),
    _step(promote, publish, always=True),
)
NAMES = [step.name for step in STEPS]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_settings(parser)
    steps = parser.add_argument_group("steps", description=", ".join(NAMES))
    steps.add_argument(
        "--work", type=Path, default=DEFAULT_WORK, help="folder of results (default: %(default)s)"
    )
    steps.add_argument("--until", choices=NAMES, metavar="STEP", help="stop after this step")
    steps.add_argument(
        "--again",
        choices=NAMES,
        metavar="STEP",
        action="append",
        default=[],
        help="repeat this one (may be given several times)",
    )
    steps.add_argument("--status", action="store_true", help="say what is done, and do nothing")


def run(args: argparse.Namespace) -> int:
    """Print one JSON object with the published version and its figures.

    Ends with 3 when the model was refused: it is published, and does not serve.
    """
    settings = read_settings(args)
    if settings.force and not settings.reason:
        raise DatasetError("--force needs --reason: it is kept with the promotion")
    pipeline = Pipeline(STEPS, Work(settings, args.work))
    if args.status:
        _print_status(pipeline)
        return 0
    publish.open_models(settings.models)
    pipeline.run(until=args.until, again=args.again)
    if args.until is None:
        promotion = pipeline.work.read("promote", promote.RESULT)
        print(json.dumps(pipeline.work.read("publish", publish.RESULT) | {"promotion": promotion}))
        if promotion and promotion["refusals"] and not promotion["promoted"]:
            return REFUSED
    return 0


def _print_status(pipeline: Pipeline[RunSettings]) -> None:
    rows = pipeline.status()
    width = max(len(state) for _, state, _ in rows)
    for name, state, summary in rows:
        print(f"{name:<9} {state:<{width}}  {summary}", file=sys.stderr)
