"""The demo's first half: everything that is built once and kept."""

from __future__ import annotations

import json
import platform
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from functions.score_api.access import SCOPES
from infra.local.demo.steps import UNCHANGED, digest_data, python, run_command
from infra.local.demo.uploads import find_source
from infra.local.environments import GROUPS, environment_python, make_environment
from infra.local.errors import DiskFull, StepFailed, ToolMissing
from infra.local.ports import require_free_port
from infra.local.processes import ProcessGroup
from infra.repository import ROOT
from layers.build_cache import BuildCache, digest_inputs
from layers.targets import find_target

SPACE_TO_BUILD: Final = 4_000_000_000  # bytes: environments, layers, page libraries, data
SPACE_TO_RUN: Final = 500_000_000
SEED: Final = "1"
# What the lender had when the earlier model was trained.
EARLIER_APPLICANTS: Final = 1_500
# One that may do everything for the demo's branch, to try machines out.
MACHINES: Final = {"core-banking": [*(s for s in SCOPES if s != "branches.all"), "branch/paris-01"]}
DOMAIN: Final = ROOT / "layers" / "credit_scoring"


@dataclass(frozen=True)
class DemoPlan:
    """What to build and where.

    `data` : a folder with Home Credit tables, or None to generate `applicants` of them
    `home` : where everything of the demo is kept
    `cloud_name` : folder of the emulator's state, which one emulator at a time may use
    `csv` : the file to score, or None for the applicants of the tables
    `has_past` : whether an earlier model served first, on made-up data
    """

    home: Path
    data: Path | None
    applicants: int
    port: int
    emulator_port: int
    csv: Path | None = None
    has_past: bool = False
    cloud_name: str = "cloud"

    @property
    def upload(self) -> Path:
        """The file whose applicants are scored."""
        return self.csv or find_source(self.tables)

    @property
    def tables(self) -> Path:
        return self.data or self.home / f"data-{self.applicants}"

    @property
    def models(self) -> Path:
        """Models of one data set never stand beside those of another."""
        kind = "with-past" if self.has_past else ""
        return self.home / f"models-{digest_inputs(ROOT, [], str(self.tables), kind)[:8]}"

    @property
    def earlier_tables(self) -> Path:
        return self.home / f"data-{EARLIER_APPLICANTS}"

    @property
    def assembly(self) -> Path:
        return self.home / "cdk.out"

    @property
    def cloud(self) -> Path:
        return self.home / self.cloud_name

    @property
    def cache(self) -> BuildCache:
        return BuildCache(self.home / "stamps")


class Builder:
    """Builds what a plan says; every method is a step and returns its outcome in a few words."""

    def __init__(self, plan: DemoPlan, group: ProcessGroup) -> None:
        self.plan = plan
        self.group = group

    def check_machine(self) -> str:
        for tool, advice in (
            ("node", "install Node.js 22 or later"),
            ("npm", "it comes with Node.js"),
        ):
            if shutil.which(tool) is None:
                raise ToolMissing(tool, advice=advice)
        for port, option in ((self.plan.port, "--port"), (self.plan.emulator_port, "--cloud-port")):
            require_free_port(port, option=option)
        self.plan.home.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(self.plan.home).free
        needed = SPACE_TO_RUN if environment_python("drift").exists() else SPACE_TO_BUILD
        if free < needed:
            raise DiskFull(folder=str(self.plan.home), free=free, needed=needed)
        return f"{free / 1e9:.0f} GB free"

    def make_environments(self) -> str:
        made = [group for group in GROUPS if make_environment(group)]
        return f"made {', '.join(made)}" if made else UNCHANGED

    def build_layers(self) -> str:
        run_command(self.group, "Building the layers", python("layers.build", "--platform", "host"))
        return "for this machine"

    def build_page(self) -> str:
        """Fetch the page's libraries, at the versions of its lock file, and put it together."""
        built = ROOT / "frontend" / "dist" / "index.html"
        before = built.stat().st_mtime_ns if built.exists() else None
        run_command(self.group, "Building the page", ["make", "-s", "-C", ROOT, "page"])
        return UNCHANGED if built.stat().st_mtime_ns == before else "in frontend/dist"

    def make_data(self) -> str:
        if self.plan.data is None:
            return self._generate(self.plan.tables, self.plan.applicants)
        if not any(self.plan.tables.glob("application_train*")):
            where = f"{self.plan.tables} has no application_train table"
            raise StepFailed("Reading the data", where)
        return f"given: {self.plan.tables}"

    def _generate(self, tables: Path, applicants: int) -> str:
        digest = digest_inputs(
            ROOT, [ROOT / "training" / "sample_data", DOMAIN], str(applicants), SEED
        )
        if self.plan.cache.is_current(tables.name, digest, result=tables):
            return UNCHANGED
        shutil.rmtree(tables, ignore_errors=True)
        size = ("--applicants", str(applicants), "--seed", SEED, "--out", str(tables))
        run_command(self.group, "Generating data", python("training", "sample-data", *size))
        self.plan.cache.write(tables.name, digest)
        return f"{applicants:,} applicants"

    def train_earlier(self) -> str:
        """On fewer applicants; the model of today then replaces it, as it would at a lender."""
        self._generate(self.plan.earlier_tables, EARLIER_APPLICANTS)
        return self._train(self.plan.earlier_tables, stamp=f"{self.plan.models.name}-earlier")

    def train(self) -> str:
        return self._train(self.plan.tables, stamp=self.plan.models.name)

    def _train(self, tables: Path, *, stamp: str) -> str:
        models = self.plan.models
        digest = digest_inputs(ROOT, [ROOT / "training", DOMAIN], digest_data(tables))
        if not self.plan.cache.is_current(stamp, digest, result=models / "champion.json"):
            where = ("--data", str(tables), "--models", str(models))
            kept = ("--work", str(self.plan.home / f"training-{tables.name}"))
            # Few made-up applicants may not show that a model is better than a simpler one.
            forced = ("--force", "--reason", "A demonstration needs a model.")
            quick = python("training", "run", "--quick", *where, *kept, *forced)
            run_command(self.group, "Training", quick)
            self.plan.cache.write(stamp, digest)
            return f"model {champion(models)}"
        return f"{UNCHANGED}: model {champion(models)}"

    def synthesise(self) -> str:
        assembly = self.plan.assembly
        sources = [
            ROOT / "infra" / "stack.py",
            *sorted((ROOT / "infra" / "stack_parts").rglob("*.py")),
        ]
        built = [ROOT / "build" / "stamps", ROOT / "frontend" / "index.html", ROOT / "uv.lock"]
        # The gateway's routes are declared beside their handlers.
        sources.append(ROOT / "functions" / "score_api")
        digest = digest_inputs(ROOT, [*sources, *built], architecture() + json.dumps(MACHINES))
        if self.plan.cache.is_current("assembly", digest, result=assembly):
            return UNCHANGED
        shutil.rmtree(assembly, ignore_errors=True)
        layers = find_target("host").name  # built for this very machine
        options = ("--architecture", architecture(), "--layers", layers, "--out", str(assembly))
        machines = ("--machines", json.dumps(MACHINES))
        run_command(self.group, "Synthesising", python("infra.app", *options, *machines))
        self.plan.cache.write("assembly", digest)
        return f"for {architecture()}"


def champion(models: Path) -> str:
    version: str = json.loads((models / "champion.json").read_text())["version"]
    return version


def architecture() -> str:
    """As Lambda names this machine's."""
    return "arm64" if platform.machine().lower() in ("arm64", "aarch64") else "x86_64"
