"""gzip and zip, unpacked as a stream; bombs and damage end it with a sentence."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from credit_scoring.reading.file_refused import FileRefused

BLOCK = 1 << 20
# An archive may grow to the larger of SMALL and RATIO times its size, and never beyond LARGEST.
SMALL = 10_000_000
RATIO = 200
LARGEST = 20_000_000_000
# Compressed bytes taken at a time: zlib copies what it leaves over, so a million tiny members cost.
_SIP = 1 << 14
_MEMBERS, _SMALLEST_MEMBER = 1_000, 512
# A zip file lists its members at its end; one member and its comments need no more than this.
_LONGEST_READ = 1 << 20
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED = 1
_OFFICE = ("[Content_Types].xml", "content.xml")
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
    struct.error, OverflowError,
)  # fmt: skip


def read_blocks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while block := file.read(BLOCK):
        yield block


def unpack_gzip(file: BinaryIO, size: int) -> Iterator[bytes]:
    return _limited(_gzip_blocks(file), size)


def unpack_zip(file: BinaryIO, size: int) -> Iterator[bytes]:
    """The one file in the archive; raises DatasetError at once if there is not one."""
    try:
        archive = zipfile.ZipFile(_ShortReads(file))
    except _DAMAGE:
        raise _damaged("zip") from None
    return _limited(_zip_blocks(archive, _only_member(archive)), size)


def _gzip_blocks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    members = _Members()
    while sip := file.read(_SIP):
        yield from members.unpack(sip)
    yield from members.unpack(b"")
    if members.current is not None:
        raise _damaged("gzip")


class _Members:
    """The parts of a gzip file, one after the other."""

    def __init__(self) -> None:
        self.current: zlib._Decompress | None = None
        self.count = self.taken = 0

    def unpack(self, waiting: bytes) -> Iterator[bytes]:
        """All that these bytes give; without any, what is still held back."""
        self.taken += len(waiting)
        while True:
            if self.current is None:
                waiting = waiting.lstrip(b"\0")  # padding between members, as gzip allows
                if not waiting:
                    return
                self._begin()
            block, waiting = self._step(waiting)
            if block:
                yield block
            elif not waiting:
                return

    def _begin(self) -> None:
        self.current = zlib.decompressobj(31)
        self.count += 1
        if self.count > max(_MEMBERS, self.taken // _SMALLEST_MEMBER):
            raise _bomb()

    def _step(self, waiting: bytes) -> tuple[bytes, bytes]:
        assert self.current is not None
        try:
            block = self.current.decompress(waiting, BLOCK)
        except zlib.error:
            raise _damaged("gzip") from None
        if not self.current.eof:
            return block, self.current.unconsumed_tail
        waiting, self.current = self.current.unused_data, None
        return block, waiting


def _only_member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    names = archive.namelist()
    if any(name in _OFFICE for name in names):
        raise FileRefused("workbook")
    members = [
        info
        for info in archive.infolist()
        if not info.is_dir() and not info.filename.startswith("__MACOSX/")
    ]
    if len(members) != 1:
        raise FileRefused("archive_of_many", count=len(members))
    (member,) = members
    if member.flag_bits & _ENCRYPTED:
        raise FileRefused("encrypted")
    if member.compress_type not in _METHODS:
        raise FileRefused("unusual_archive")
    return member


def _zip_blocks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(member) as unpacked:
            while block := unpacked.read(BLOCK):
                yield block
    except _DAMAGE:
        raise _damaged("zip") from None


def _limited(blocks: Iterator[bytes], size: int) -> Iterator[bytes]:
    limit = min(max(SMALL, RATIO * size), LARGEST)
    unpacked = 0
    for block in blocks:
        unpacked += len(block)
        if unpacked > limit:
            raise _bomb()
        yield block


class _ShortReads(io.RawIOBase):
    """A file that gives no large piece at once: zipfile reads the list of members whole."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int | None = -1) -> bytes:
        wanted = _LONGEST_READ + 1 if size is None or size < 0 else size
        if wanted > _LONGEST_READ + 1:
            raise FileRefused("archive_too_long")
        content = self._file.read(wanted)
        if len(content) > _LONGEST_READ:
            raise _damaged("zip")
        return content

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True


def _damaged(kind: str) -> FileRefused:
    return FileRefused("damaged", kind=kind)


def _bomb() -> FileRefused:
    return FileRefused("bomb")
