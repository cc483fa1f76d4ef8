"""What the scoring function's process is told before it starts, wherever it runs."""

from typing import Final

ENVIRONMENT: Final = {
    # A new thread would else begin a heap of its own, and the thread that loads the model with it.
    "MALLOC_ARENA_MAX": "1",
}
