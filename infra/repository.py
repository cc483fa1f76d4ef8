"""Where the repository lies: the code, and `build/` beside it."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
