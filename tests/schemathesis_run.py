"""One bounded run of schemathesis, every check on."""

import subprocess
import sys
from pathlib import Path

# Coverage goes through every boundary of every field: thousands of calls for 440 fields.
PHASES = ("examples", "fuzzing", "stateful")


def run_schemathesis(
    url: str, token: str, *, folder: Path, examples: int, phases: tuple[str, ...] = PHASES
) -> subprocess.CompletedProcess[str]:
    """Of every operation; url : the API's root; folder : where the run leaves its notes"""
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{url}/openapi.json", "--url", url,
        "--header", f"Authorization: Bearer {token}", "--checks", "all",
        "--phases", ",".join(phases), "--max-examples", str(examples), "--seed", "1",
        "--generation-database", "none",
        # A path's part that may hold slashes is drawn often in vain.
        "--suppress-health-check", "filter_too_much", "--request-timeout", "60", "--no-color",
    ]  # fmt: skip
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
