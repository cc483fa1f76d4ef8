"""What can stop a build. Every message says what to do.

BuildFailed
├── UvMissing
├── UvFailed
├── WrongPython
├── KernelFailed
└── TooBig
"""

from collections.abc import Mapping


class BuildFailed(Exception):
    """The build cannot go on."""


class UvMissing(BuildFailed):
    def __init__(self) -> None:
        super().__init__("uv was not found: install it or set UV to its path.")


class UvFailed(BuildFailed):
    def __init__(self, *, command: str, code: int, output: str) -> None:
        last_words = output.strip() or "it said nothing"
        super().__init__(f"`uv {command}` ended with {code}: {last_words}")


class WrongPython(BuildFailed):
    def __init__(self, *, expected: str, found: str) -> None:
        super().__init__(
            f"the byte code must come from Python {expected} and this is {found}: "
            f"run `uv run --python {expected} python -m layers.build`."
        )


class KernelFailed(BuildFailed):
    def __init__(self, *, target: str, output: str) -> None:
        super().__init__(f"the kernel for {target} does not compile: {output.strip()}")


class TooBig(BuildFailed):
    """A function with its layers is larger than Lambda unpacks."""

    def __init__(self, *, function: str, parts: Mapping[str, int], limit: int) -> None:
        listed = ", ".join(f"{name} {size:,}" for name, size in parts.items())
        super().__init__(
            f"{function} needs {sum(parts.values()):,} bytes unpacked and Lambda allows "
            f"{limit:,} ({listed}): trim a layer or ship it as an image."
        )
