"""Objects as they arrive: packed by the delivery stream, or not."""

import gzip
import zlib

_GZIP = b"\x1f\x8b"
# What `unpacked` raises.
UNPACKING_FAILED = (OSError, EOFError, zlib.error)


def unpacked(data: bytes) -> bytes:
    return gzip.decompress(data) if data.startswith(_GZIP) else data


def packed_like(data: bytes, text: bytes) -> bytes:
    """The text as `data` was packed."""
    return gzip.compress(text) if data.startswith(_GZIP) else text
