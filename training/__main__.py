"""python -m training <step> --help"""

import argparse
import importlib
import logging
import sys

from credit_scoring.errors import CreditScoringError

# By name: the module, imported only when it is chosen since some take seconds, and what it does.
STEPS = {
    "sample-data": ("sample_data", "write made-up Home Credit tables with the real schema"),
    "download-data": ("data.download_data", "fetch the real tables from Kaggle"),
    "run": ("pipeline.run", "train, prove, document, publish and promote a model"),
    "promote": (
        "promotion.promote",
        "let a published model serve, if it is no worse than the champion",
    ),
    "rollback": ("promotion.rollback", "let the previous champion serve again"),
    "models": ("promotion.models", "list the published models"),
    "publish-histories": (
        "data.publish_histories",
        "put what past credits tell into the profiles",
    ),
    "evaluate": ("evaluation.evaluate", "measure a published model on labelled applicants"),
    "data-dictionary": (
        "report.data_dictionary",
        "write the contract as a page to read",
    ),
}


def main(arguments: list[str] | None = None) -> int:
    arguments = sys.argv[1:] if arguments is None else arguments
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    try:
        args = _parse(arguments)
        status: int = args.run(args)
    except (CreditScoringError, OSError) as error:  # such as a folder that may not be written
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    return status


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training", description="Train credit models.")
    steps = parser.add_subparsers(title="steps", required=True, metavar="STEP")
    for name, (module_name, summary) in STEPS.items():
        step = steps.add_parser(name, help=summary)
        if name in arguments[:1]:
            module = importlib.import_module(f"training.{module_name}")
            step.description = module.__doc__ or summary
            module.add_arguments(step)
            step.set_defaults(run=module.run)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
