"""On what it was measured: every figure is worth as much as this line."""

import os
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = ("numpy", "lightgbm", "shap", "woodelf_explainer", "scikit-learn", "pandas",
             "scipy", "duckdb")  # fmt: skip


def describe_machine() -> str:
    cores = os.process_cpu_count() or 1
    return f"{_processor()}, {cores} cores, Python {platform.python_version()}"


def processor_kind() -> str:
    """What figures are comparable on: hypervisors give several models one name."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return _processor()
    family, model = (re.search(rf"{name}\s*:\s*(\d+)", text) for name in ("cpu family", "model"))
    numbers = f", family {family[1]}, model {model[1]}" if family and model else ""
    return f"{_processor()}{numbers}"


def describe_load() -> str:
    """A busy machine measures itself: the ratios stay, the figures do not."""
    return f"load {os.getloadavg()[0]:.1f} at the start"


def is_busy() -> bool:
    """Whether others use the machine so much that only ratios say anything."""
    return os.getloadavg()[0] > (os.process_cpu_count() or 1) / 2


def describe_libraries() -> str:
    return ", ".join(f"{name} {found}" for name in LIBRARIES if (found := _version(name)))


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    found = re.search(r"model name\s*:\s*(.+)", text)
    return f"{found[1].strip() if found else 'unknown processor'} ({platform.machine()})"
