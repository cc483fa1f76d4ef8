"""A sender's table, written in any way, and what the reading makes of it."""

import csv
import gzip
import io
import zipfile
from dataclasses import dataclass

import numpy as np
from credit_scoring.contract.applicants import parse_text_columns
from credit_scoring.contract.columns import ID
from credit_scoring.reading.chunk import ReadChunk, read_chunk
from credit_scoring.reading.scan import Scan, scan_text
from credit_scoring.reading.text.plain_text import open_plain_text

NO_DUPLICATES = np.empty((0, 2), np.int64)

# Quoted words, an ignored text with line breaks, quotes and delimiters, decimals, missing values.
HEADER = [
    "SK_ID_CURR", "NAME_TYPE_SUITE", "AMT_INCOME_TOTAL", "NOTE", "AMT_CREDIT", "EXT_SOURCE_2",
    "DAYS_BIRTH", "NAME_EDUCATION_TYPE", "AMT_ANNUITY",
]  # fmt: skip
_TABLE = r"""
100001|Spouse, partner|91586.75|plain|425071.5|0.2345|-11236|Incomplete higher|18382.25
100002|Family|86789.5|two\nlines, with a comma|128320.25|0.4367|-27045||8455.75
0100003||388185.5|a "word" in quotes|228874.75||-16323|Higher education|70014.5
100004|Spouse, partner|310639.25||131089.5|0.7237|-11134|Academic degree|90887.25
A-5|Children|179178.5|three\n\nlines; here|129545.75|0.8288|-28792|Lower secondary|6073.5
100006|Unaccompanied|210000.25|last|95000.5|0.5034|-15001|Higher education|7350.25
"""
ROWS = [line.replace(r"\n", "\n").split("|") for line in _TABLE.strip().splitlines()]


def write_table(
    rows=ROWS, header=HEADER, *, delimiter=",", newline="\n", quoting=csv.QUOTE_MINIMAL, decimal="."
):
    """CSV text; numbers are given a decimal mark, notes the newline of the file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=quoting)
    writer.writerow(header)
    for row in rows:
        writer.writerow([with_mark(v, decimal).replace("\n", newline) for v in row])
    return text.getvalue()


def with_mark(value, decimal):
    try:
        float(value)
    except ValueError:
        return value
    return value.replace(".", decimal)


def zipped(content, name="applicants.csv", **how):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, **how) as archive:
        archive.writestr(name, content)
    return file.getvalue()


CONTAINERS = {"plain": bytes, "gzip": gzip.compress, "zip": zipped}


@dataclass(frozen=True)
class Reading:
    """text : the plain text; scan : of it; chunks : what was read of each"""

    text: bytes
    scan: Scan
    chunks: list[ReadChunk]

    @property
    def ids(self):
        return [i for chunk in self.chunks for i in chunk.applicants.ids]

    @property
    def lines(self):
        return [line for chunk in self.chunks for line in chunk.lines.tolist()]

    @property
    def refused(self):
        return [refused for chunk in self.chunks for refused in chunk.refused]

    @property
    def causes(self):
        return [(refused.line, refused.problems[0].cause) for refused in self.refused]

    @property
    def resolves(self):
        return [resolved for chunk in self.chunks for resolved in chunk.resolves]

    @property
    def records(self):
        """What was accepted, by id."""
        rows = [r for c in self.chunks for r in records_of(c.applicants)]
        return dict(zip(self.ids, rows, strict=True))


ROW_COLUMNS = {name for name in HEADER if name not in (ID, "NOTE")}


def read(content, *, chunk_rows=1000, chunk_bytes=1 << 20):
    """The whole way of a file; checks what holds for every file."""
    plain = open_plain_text(io.BytesIO(content), size=len(content))
    seen = []
    blocks = (seen.append(block) or block for block in plain.blocks)
    plain = type(plain)(blocks, plain.is_original, plain.container, plain.encoding)
    scan, duplicates = scan_text(plain, chunk_rows=chunk_rows, chunk_bytes=chunk_bytes)
    text = b"".join(seen)
    assert not plain.is_original or text == content
    again = Scan.from_json(scan.to_json())
    assert again == scan
    chunks = []
    for chunk in scan.chunks:
        body = text[chunk.start : chunk.end]
        found = read_chunk(body, again, chunk, duplicates.get(chunk.number, NO_DUPLICATES))
        assert len(found.lines) == len(found.applicants)
        assert len(found.lines) + len(found.refused) == chunk.records
        chunks.append(found)
    assert scan.rows == sum(chunk.records for chunk in scan.chunks)
    return Reading(text, scan, chunks)


def clean_records(rows=ROWS, header=HEADER):
    """What the rows mean, by the contract itself."""
    columns = dict(zip(header, zip(*rows, strict=True), strict=True))
    parsed = parse_text_columns(columns)
    assert not parsed.problems
    return dict(zip(parsed.applicants.ids, records_of(parsed.applicants), strict=True))


def records_of(applicants):
    """What each row says."""
    return [
        {name: value for name, value in applicants.record(row).items() if name in ROW_COLUMNS}
        for row in range(len(applicants))
    ]


def assert_accounted(reading):
    """Every physical line that is not blank belongs to the header or to exactly one record."""
    lines = physical_lines(reading.text)
    delimiter = reading.scan.dialect.delimiter
    covered = [0] * (len(lines) + 2)
    covered[reading.scan.header_line] += 1
    for line in reading.lines:
        for taken in range(line, line + lines_of_row(lines, line, delimiter)):
            covered[taken] += 1
    for refused in reading.refused:
        for taken in range(refused.line, refused.line + len(physical_lines(refused.original))):
            covered[taken] += 1
    for number, line in enumerate(lines, start=1):
        inside = covered[number] == 1
        assert inside or (covered[number] == 0 and not line.strip(b" \r\n" + delimiter.encode())), (
            number,
            line,
        )


def physical_lines(text):
    """With their ends; an empty record has one line."""
    body = text.removeprefix(b"\xef\xbb\xbf")
    return [line.encode("latin-1") for line in io.StringIO(body.decode("latin-1"), newline="")] or [
        b""
    ]


def lines_of_row(lines, first, delimiter):
    """How many lines an accepted row takes, as Python's own reader sees it."""
    rest = (line.decode("latin-1") for line in lines[first - 1 :])
    reader = csv.reader(rest, delimiter=delimiter, strict=True)
    next(reader)
    return reader.line_num
