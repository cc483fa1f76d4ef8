"""python -m training <step> --help"""

import argparse
import logging
import sys
from types import ModuleType

from credit_scoring.errors import CreditScoringError

from training import (
    data_dictionary,
    download_data,
    evaluate,
    publish_histories,
    sample_data,
    train,
)

STEPS: dict[str, tuple[ModuleType, str]] = {
    "sample-data": (sample_data, "write made-up Home Credit tables with the real schema"),
    "download-data": (download_data, "fetch the real tables from Kaggle"),
    "train": (train, "train, verify, publish and promote a model"),
    "publish-histories": (publish_histories, "put what past credits tell into the profiles"),
    "evaluate": (evaluate, "measure a published model on labelled applicants"),
    "data-dictionary": (data_dictionary, "write the contract as a page of the documentation"),
}


def main(arguments: list[str] | None = None) -> int:
    args = _parse(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    try:
        step: ModuleType = args.step
        status: int = step.run(args)
    except (CreditScoringError, OSError) as error:  # such as a folder that may not be written
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    return status


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training", description="Train credit models.")
    steps = parser.add_subparsers(title="steps", required=True, metavar="STEP")
    for name, (module, summary) in STEPS.items():
        step = steps.add_parser(name, help=summary, description=module.__doc__ or summary)
        module.add_arguments(step)
        step.set_defaults(step=module)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
