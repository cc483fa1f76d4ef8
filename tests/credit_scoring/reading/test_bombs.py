"""Files made to hurt: each ends soon, in little memory, in a process of its own."""

import gzip
import io
import subprocess
import sys
import zipfile

import pytest

from tests.credit_scoring.reading.sender import ROWS, write_table
from tests.repository import ROOT

# Far more than any of them takes here, far less than a table of its size read at once.
MOST_MEGABYTES, MOST_SECONDS = 80, 60
WATCH = """
import resource, sys
from pathlib import Path
from credit_scoring.errors import DatasetError
from credit_scoring.reading.chunk import read_chunk
from credit_scoring.reading.text.plain_text import open_plain_text
from credit_scoring.reading.scan import scan_text
import numpy as np

def peak():
    # Of this program alone: the peak that ru_maxrss gives is its parent's, too.
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

path = Path(sys.argv[1])
before = peak()
said = "read"
try:
    with path.open("rb") as file:
        text = open_plain_text(file, size=path.stat().st_size)
        scan, duplicates = scan_text(text, chunk_rows=5000, chunk_bytes=4 << 20)
        if text.is_original:
            for chunk in scan.chunks:
                file.seek(chunk.start)
                none = np.empty((0, 2), np.int64)
                body = file.read(chunk.end - chunk.start)
                read_chunk(body, scan, chunk, duplicates.get(chunk.number, none))
except DatasetError as error:
    said = str(error)
print(round(peak() - before), said)
"""

TABLE = write_table()
HEAD, _, BODY = TABLE.partition("\n")
MEGABYTE = 1 << 20


def gzip_of(block, times):
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9) as file:
        for _ in range(times):
            file.write(block)
    return packed.getvalue()


def zip_of(block, times):
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.csv", "w") as file,
    ):
        for _ in range(times):
            file.write(block)
    return packed.getvalue()


def many_members():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"{number}.csv", b"")
    return packed.getvalue()


def rows(count, note):
    return "".join(f"{n},,1000,{note},2000,,-9000,,\n" for n in range(count))


BOMBS = {
    "gzip": (lambda: gzip_of(bytes(MEGABYTE), 100), "not text"),
    "gzip of a table": (
        lambda: gzip_of((HEAD + "\n" + "7,,1,n,2,,-9,,\n" * 60_000).encode(), 30), "far more",
    ),
    "zip": (lambda: zip_of(b"\n" * MEGABYTE, 100), "far more|empty"),
    "gzip in zip": (lambda: zip_of(gzip_of(bytes(MEGABYTE), 50), 1), "inside"),
    "gzip in gzip": (lambda: gzip_of(gzip_of(bytes(MEGABYTE), 50), 1), "inside"),
    "a zip of many": (many_members, "2000. files|too many"),
    "a million tiny members": (lambda: gzip.compress(b"x") * 200_000, "far more"),
    "an endless name in gzip": (
        lambda: b"\x1f\x8b\x08\x08" + bytes(6) + b"x" * 20 * MEGABYTE, "damaged",
    ),
    "a line without end": (lambda: b"x" * 30 * MEGABYTE, "longer than"),
    "a line without end below the header": (
        lambda: (TABLE + "x" * 30 * MEGABYTE).encode(), "longer than",
    ),
    "blank lines": (lambda: b"\n" * 20 * MEGABYTE, "no column|empty"),
    "blank lines below the header": (
        lambda: (TABLE + "\n" * 5 * MEGABYTE + BODY.replace("10", "30")).encode(), "read",
    ),
    "a million columns": (lambda: (HEAD + ",x" * 500_000 + "\n").encode(), "columns"),
    "two thousand columns much alike": (
        lambda: (HEAD + "," + ",".join(f"FLAG_TNEMUCOD_{n}" for n in range(1900)) + "\n1").encode(),
        "read|did you mean",
    ),
    "quotes alone": (lambda: (TABLE + '"' * 5 * MEGABYTE).encode(), "longer than"),
    "lines of quotes": (lambda: (TABLE + '"\n' * 100_000).encode(), "no table"),
    "lines that open a quote": (lambda: (TABLE + '1,"a""\n' * 50_000).encode(), "no table"),
    "long lines that open a quote": (
        lambda: (TABLE + ('"' + "x" * 78 + "\n" + ("y" * 78 + "\n") * 98) * 300).encode(),
        "no table",
    ),
    "quotes that open in every line": (
        lambda: (TABLE + ',""",""' * 9 + "\n").encode() * 3000, "read",
    ),
    "delimiters alone": (lambda: (TABLE + ("," * 60_000 + "\n") * 50).encode(), "read"),
    "fragments between rows": (
        lambda: (HEAD + "\n" + rows(20_000, "n").replace("\n", "\n5\n")).encode(), "read",
    ),
    "one id in every row": (
        lambda: (HEAD + "\n" + "7,,1000,n,2000,,-9000,,\n" * 50_000).encode(), "read",
    ),
    "underscores in every row": (lambda: (HEAD + "\n" + rows(20_000, "_" * 60)).encode(), "read"),
    "headers in every line": (lambda: (HEAD + "\n").encode() * 10_000, "read"),
    "lone carriage returns": (lambda: (TABLE + "\r\r\n" * MEGABYTE + ROWS[0][0]).encode(), "read"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_no_file_takes_long_or_much_memory(tmp_path, name):
    make, said = BOMBS[name]
    file = tmp_path / "upload"
    file.write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", WATCH, str(file)],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT}/layers/credit_scoring/python"},
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    megabytes, _, sentence = done.stdout.partition(" ")
    assert any(part in sentence for part in said.split("|")), sentence
    assert int(megabytes) < MOST_MEGABYTES
