"""Files as people send them: each kind that was once read wrongly, or lost."""

import pytest
from credit_scoring.contract.applicants import is_id
from credit_scoring.errors import DatasetError
from credit_scoring.reading.rejects import reject_line, rejects_header

from tests.credit_scoring.reading.sender import read

HEAD = "SK_ID_CURR,AMT_INCOME_TOTAL,AMT_CREDIT,AMT_ANNUITY,DAYS_BIRTH,EXT_SOURCE_2"
ROW = "7,90000,500000,25000,-9000,0.4"


def send(*lines, head=HEAD):
    return read("\n".join([head, *lines, ""]).encode())


def rejects(reading, **columns):
    """The rejects file, some of its columns rewritten, as a sender gives it back."""
    head = rejects_header(reading.scan)
    lines = [
        reject_line(reading.scan, refused, batch="f.csv/v1", language="en")
        for refused in reading.refused
    ]
    names = head.decode().strip().split(reading.scan.dialect.delimiter)
    places = {names.index(name): value for name, value in columns.items()}
    out = []
    for line in lines:
        cells = split(line.decode().rstrip("\n"), reading.scan.dialect.delimiter)
        for place, value in places.items():
            cells[place] = value
        out.append(reading.scan.dialect.delimiter.join(cells).encode() + b"\n")
    return head + b"".join(out)


def split(line, delimiter):
    """Cells with their quotes."""
    cells, inside = [""], False
    for character in line:
        inside ^= character == '"'
        if character == delimiter and not inside:
            cells.append("")
        else:
            cells[-1] += character
    return cells


class TestNamesOfColumns:
    @pytest.mark.parametrize(
        "name",
        ["EXT SOURCE 2", "ext-source-2", "ExtSource2", "Score externe 2", "External score 2",
         "SCORE EXTERNE 2 "],
    )  # fmt: skip
    def test_they_are_known_by_letters_and_digits_and_by_the_pages_labels(self, name):
        reading = send(ROW, head=HEAD.replace("EXT_SOURCE_2", name))
        assert reading.records["7"]["EXT_SOURCE_2"] == 0.4
        assert reading.scan.ignored_columns == ()

    def test_labels_with_accents_are_known_in_every_encoding(self):
        for encoding in ("utf-8", "cp1252"):
            head = HEAD.replace("AMT_INCOME_TOTAL", "Revenu déclaré")
            reading = read(f"{head}\n{ROW}\n".encode(encoding))
            assert reading.records["7"]["AMT_INCOME_TOTAL"] == 90_000

    @pytest.mark.parametrize(
        "name", ["AMT_ANNUITY_EUR", "app_AMT_ANNUITY", "annuity.amt_annuity", "AMT_ANNUTY"]
    )
    def test_one_that_adds_to_a_missing_one_or_is_close_refuses_the_file(self, name):
        with pytest.raises(DatasetError, match="did you mean AMT_ANNUITY"):
            send(ROW, head=HEAD.replace("AMT_ANNUITY", name))

    def test_beside_the_one_it_adds_to_it_is_only_ignored(self):
        reading = send(ROW + ",1", head=HEAD + ",AMT_ANNUITY_EUR")
        assert reading.scan.ignored_columns == ("AMT_ANNUITY_EUR",)

    def test_two_spellings_of_one_column_refuse_the_file(self):
        with pytest.raises(DatasetError, match="twice"):
            send(ROW + ",1", head=HEAD + ",ext source 2")


@pytest.mark.parametrize(
    "word", ["NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null", "None", "\\N", "<NA>", " NA "]
)
def test_words_for_nothing_are_missing_in_numbers_and_categories_alike(word):
    reading = send(f"7,90000,500000,25000,-9000,{word},{word}", head=HEAD + ",NAME_INCOME_TYPE")
    assert reading.refused == []
    assert reading.records["7"].keys().isdisjoint({"EXT_SOURCE_2", "NAME_INCOME_TYPE"})


def test_a_word_for_nothing_in_a_required_column_is_missing_there():
    assert send("7,NULL,500000,25000,-9000,0.4").causes == [(2, "missing")]


@pytest.mark.parametrize(
    "text",
    ["null", "Null", "NaN", "NA", "n/a", "TRUE", "false", "2026-01-31", "31-01-2026", "1-2-26",
     "1E5", "12e11", "Total", "SOMME", "-", "__", "", "a b"],
)  # fmt: skip
def test_what_is_no_id_is_refused(text):
    assert send(f"{text},90000,500000,25000,-9000,0.4").causes[0][1] in ("wrong_type", "missing")
    assert not is_id(text)


@pytest.mark.parametrize("text", ["7", "007", "A-7", "total_7", "nathan", "2026-01", "e5", "a1e5"])
def test_what_only_looks_like_it_is_one(text):
    assert is_id(text)
    assert list(send(f"{text},90000,500000,25000,-9000,0.4").records) == [text]


def test_lines_of_delimiters_are_skipped_like_empty_ones_and_counted():
    reading = send(ROW, ",,,,,", " , ,,, ,", "", "8" + ROW[1:], ",,,")
    assert reading.ids == ["7", "8"]
    assert (reading.refused, reading.scan.rows, reading.scan.empty_rows) == ([], 2, 3)


def test_pipes_are_delimiters():
    reading = read(f"{HEAD}\n{ROW}\n".replace(",", "|").encode())
    assert reading.scan.dialect.delimiter == "|"
    assert reading.records["7"]["AMT_CREDIT"] == 500_000


@pytest.mark.parametrize("line", ["sep=,", '"sep=,"', "SEP=,", "sep=;"])
def test_a_line_that_names_the_delimiter_is_no_row(line):
    reading = read(f"{line}\n{HEAD}\n{ROW}\n".encode())
    assert (reading.ids, reading.refused, reading.scan.rows) == (["7"], [], 1)


class TestDoubtfulRowsThatComeBack:
    """What was only doubtful would look right alone: it must have changed, or be confirmed."""

    TWICE = (ROW, "8" + ROW[1:], ROW)

    def test_unchanged_they_are_refused_again_with_the_same_cause(self):
        again = read(rejects(send(*self.TWICE)))
        assert (again.ids, [cause for _, cause in again.causes]) == ([], ["duplicate_id"])
        assert "reject_confirm" in again.refused[0].problems[0].allowed

    def test_and_again(self):
        again = read(rejects(read(rejects(send(*self.TWICE)))))
        assert [cause for _, cause in again.causes] == ["duplicate_id"]

    @pytest.mark.parametrize("yes", ["yes", "Oui", "x", "1"])
    def test_confirmed_they_are_scored(self, yes):
        assert read(rejects(send(*self.TWICE), reject_confirm=yes)).ids == ["7"]

    def test_changed_they_are_scored(self):
        assert read(rejects(send(*self.TWICE), SK_ID_CURR="9")).ids == ["9"]

    def test_torn_rows_likewise(self):
        torn = send("7,90000,500000,25000,-9000,0.", "4")
        assert [cause for _, cause in torn.causes] == ["torn", "wrong_field_count"]
        again = read(rejects(torn).splitlines(keepends=True)[0] + first_row(rejects(torn)))
        assert [cause for _, cause in again.causes] == ["torn"]

    def test_a_doubtful_number_needs_another_form_or_a_yes(self):
        doubtful = send(
            "7;180.000;500;1;-9000;", "8;45000;60;1;-9000;", head=HEAD.replace(",", ";")
        )
        assert doubtful.ids == ["8"]
        assert read(rejects(doubtful)).ids == []
        assert read(rejects(doubtful, AMT_INCOME_TOTAL="180000")).ids == ["7"]

    def test_other_causes_come_back_as_before(self):
        wrong = send("7,abc,500000,25000,-9000,0.4")
        assert read(rejects(wrong, AMT_INCOME_TOTAL="90000")).ids == ["7"]


def first_row(content):
    return content.splitlines(keepends=True)[1]


def test_lines_that_are_no_table_are_not_sent_back_one_by_one():
    junk = ["x"] * 30_000
    with pytest.raises(DatasetError, match="no table"):
        send(ROW, *junk)
    few = send(ROW, *["x"] * 10_000)
    assert len(few.refused) == 10_000


def test_rejects_with_a_nul_can_be_sent_again():
    content = rejects(send(*(f"{n}" + ROW[1:] for n in range(10, 200)), "9\x009" + ROW[1:]))
    assert b"\0" not in content
    assert [cause for _, cause in read(content).causes] == ["wrong_type"]


@pytest.mark.parametrize("text", ["x;=1+1", "x;=1+1;@a", "x|=1", "x;-1;+a", "x;@a"])
def test_a_formula_behind_another_separator_is_neutral_and_comes_back(text):
    head = HEAD + ",NOTE"
    wrong = send(f"7,abc,500000,25000,-9000,0.4,{text}", head=head)
    content = rejects(wrong)
    for separator in (";", "|", "\t"):
        cells = content.decode().replace('"', "").replace("\n", separator).split(separator)
        assert not [cell for cell in cells if cell.startswith(("=", "@", "+a"))]
    again = read(content)
    assert again.refused[0].own_fields[-1] == text
