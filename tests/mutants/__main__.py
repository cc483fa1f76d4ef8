"""Change one line at a time of what decides, speaks or guards; the tests about it must notice.

python -m tests.mutants [MODULE ...]

cosmic-ray makes the changes (a comparison, a number, an operator, a negated condition, an exception
not caught, a loop left out), one for each place and kind. Of a module with many, MOST_OF_A_MODULE
are drawn, always the same ones. Each is tried in a copy of the repository. `modules.toml` says what
tests are about a module; `meant.toml` explains changes that no test can notice. Ends with 1 when a
module's tests notice less than GOAL of the others.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.commands import init
from cosmic_ray.mutating import apply_mutation
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import use_db
from cosmic_ray.work_item import MutationSpec
from tqdm import tqdm

from tests.repository import ROOT

HERE = Path(__file__).parent
GOAL = 0.9
MOST_OF_A_MODULE = 40
SEED = 1
SLOWEST = 300.0  # seconds; a change that makes tests run for ever is noticed, too
# `X | None` in a type is no arithmetic; what a decorator does is seldom more than speed, and how a
# dataclass is stored is a habit.
LEFT_OUT = re.compile(r"_BitOr_|RemoveDecorator|Variable(Inserter|Replacer)")
HABIT = "@dataclass("


@dataclass(frozen=True)
class Mutant:
    """spec : where and what; change : the lines of a diff that begin with - and +"""

    spec: MutationSpec
    change: str
    noticed: bool

    @property
    def line(self) -> int:
        return self.spec.start_pos[0]


def read_table(name: str) -> dict[str, list]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def find_mutations(module: Path) -> list[MutationSpec]:
    """One of each kind at each place; of many the ones that SEED draws."""
    with tempfile.TemporaryDirectory() as folder, use_db(f"{folder}/work.sqlite") as work:
        init([module], work, {})
        found = [item.mutations[0] for item in work.work_items]
    chance = random.Random(SEED)
    lines = module.read_text(encoding="utf-8").splitlines()
    found = [
        spec
        for spec in found
        if not LEFT_OUT.search(spec.operator_name)
        and not lines[spec.start_pos[0] - 1].startswith(HABIT)
    ]
    chance.shuffle(found)
    of_kind = {(spec.start_pos, spec.operator_name.split("_")[0]): spec for spec in found}
    chosen = sorted(of_kind.values(), key=lambda spec: (spec.start_pos, spec.operator_name))
    return sorted(
        chance.sample(chosen, min(len(chosen), MOST_OF_A_MODULE)), key=lambda spec: spec.start_pos
    )


def copy_repository(folder: Path) -> None:
    """What git knows, as it is now; what was built is the original's."""
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    for name in filter(None, tracked.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    for built in (".venv", "build", "frontend/dist", "frontend/node_modules"):
        if (ROOT / built).exists():
            (folder / built).symlink_to(ROOT / built)
    for library in ROOT.glob("layers/credit_scoring/python/credit_scoring/native/*.so"):
        shutil.copyfile(library, folder / library.relative_to(ROOT))


def try_module(module: str, tests: Sequence[str], bar: tqdm) -> list[Mutant]:
    """Every mutant of one module, each tried on its own."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as name:
        folder = Path(name)
        copy_repository(folder)
        if not run_tests(folder, tests):
            raise SystemExit(f"the tests about {module} fail before anything is changed: {tests}")
        mutants = []
        for spec in find_mutations(ROOT / module):
            mutants.append(try_one(folder, module, spec, tests))
            bar.update()
        return mutants


def try_one(folder: Path, module: str, spec: MutationSpec, tests: Sequence[str]) -> Mutant:
    path = folder / module
    original = path.read_bytes()
    operator = get_operator(spec.operator_name)(**spec.operator_args)
    before, after = apply_mutation(path, operator, spec.occurrence)
    try:
        noticed = not run_tests(folder, tests)
    finally:
        path.write_bytes(original)
    return Mutant(spec, "\n".join(differences(before, after or "")), noticed)


def differences(before: str, after: str) -> Iterator[str]:
    for old, new in zip(before.splitlines(), after.splitlines(), strict=False):
        if old != new:
            yield from (f"- {old.strip()}", f"+ {new.strip()}")


def run_tests(folder: Path, tests: Sequence[str]) -> bool:
    command = [str(ROOT / ".venv/bin/python"), "-m", "pytest", "-q", "-x",
               "-p", "no:cacheprovider", *tests]  # fmt: skip
    quiet = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "HYPOTHESIS_STORAGE_DIRECTORY": "/tmp"}
    try:
        done = subprocess.run(
            command, cwd=folder, env=quiet, capture_output=True, check=False, timeout=SLOWEST
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def report(module: str, mutants: Sequence[Mutant], meant: dict[str, str]) -> bool:
    """Print one module's table; whether enough was noticed."""
    survivors = [mutant for mutant in mutants if not mutant.noticed]
    unexplained = [mutant for mutant in survivors if mutant.change not in meant]
    explained = len(survivors) - len(unexplained)
    counted = len(mutants) - explained
    share = (counted - len(unexplained)) / counted if counted else 1.0
    print(f"{module}: {counted - len(unexplained)} of {counted} noticed, {share:.0%}"
          + (f"; {explained} more are meant" if explained else ""))  # fmt: skip
    for mutant in unexplained:
        print(f"  line {mutant.line}", *mutant.change.splitlines(), sep="\n    ")
    return share >= GOAL


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutants",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("modules", nargs="*", help="part of a module's path; default: all")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="default: one a core")
    return parser.parse_args()


def main() -> int:
    options = read_options()
    table = {
        module: tests
        for module, tests in read_table("modules.toml").items()
        if not options.modules or any(wanted in module for wanted in options.modules)
    }
    if not table:
        raise SystemExit(f"no module of modules.toml has {' or '.join(options.modules)} in it")
    meant = {entry["change"].strip(): entry["why"] for entry in read_table("meant.toml")["meant"]}
    total = sum(len(find_mutations(ROOT / module)) for module in table)
    with tqdm(total=total, unit="mutant") as bar, ThreadPoolExecutor(options.jobs) as pool:
        tried = pool.map(lambda item: try_module(*item, bar), table.items())
        results = dict(zip(table, tried, strict=True))
    enough = [report(module, mutants, meant) for module, mutants in results.items()]
    every = [mutant for mutants in results.values() for mutant in mutants]
    noticed = sum(mutant.noticed for mutant in every)
    print(f"all: {noticed} of {len(every)} noticed, {noticed / len(every):.0%}")
    return 0 if all(enough) else 1


if __name__ == "__main__":
    sys.exit(main())
