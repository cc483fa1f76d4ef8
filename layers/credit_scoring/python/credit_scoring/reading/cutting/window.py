"""A stream of blocks as a text that moves on."""

import codecs
from collections.abc import Iterator

from credit_scoring.reading.cutting.records import LOOK_AHEAD


class Window:
    """text : what is looked at; offset : its place in the stream; is_last : nothing follows

    stop : records that begin before it can be cut
    """

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self.text = b""
        self.offset = 0
        self.is_last = False
        self._blocks = blocks
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self._is_utf8 = True
        self._fill()

    @property
    def stop(self) -> int:
        return len(self.text) if self.is_last else len(self.text) - LOOK_AHEAD

    def move(self, place: int) -> None:
        """Let the text begin at one of its places, and read on."""
        self.text = self.text[place:]
        self.offset += place
        self._fill()

    def encoding(self, *, marked: bool) -> str:
        """Of the whole stream, once it was read: Windows-1252 where it is not UTF-8."""
        if marked:
            return "utf-8-sig"
        return "utf-8" if self._is_utf8 else "cp1252"

    def _fill(self) -> None:
        """At least so much that something can be cut."""
        parts, size = [self.text], len(self.text)
        while size <= LOOK_AHEAD and not self.is_last:
            block = next(self._blocks, b"")
            self.is_last = not block
            self._check(block)
            parts.append(block)
            size += len(block)
        self.text = b"".join(parts)

    def _check(self, block: bytes) -> None:
        if self._is_utf8:
            try:
                self._utf8.decode(block, final=self.is_last)
            except UnicodeDecodeError:
                self._is_utf8 = False
