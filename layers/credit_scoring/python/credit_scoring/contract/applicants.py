"""The input contract at work: one record, or many text columns, become validated columns.

One rule for what is missing, everywhere: absent, null, empty text and NaN are missing, in a table
also the words that programs write for nothing, and nothing else is. A missing value is never a zero
and a zero is never missing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from credit_scoring.contract.columns import HISTORY, ID, INPUTS, TARGET, Column
from credit_scoring.errors import InvalidApplicant, Problem

Array = NDArray[np.float64] | NDArray[np.int32]

# What pandas, R, databases and spreadsheets write for nothing, whatever its case.
WORDS_FOR_NOTHING = frozenset(
    ("na", "n/a", "n.a.", "#n/a", "#na", "#nd", "nd", "n/d", "nan", "-nan", "null", "#null!",
     "none", "nil", "<na>", "\\n")
)  # fmt: skip
# What stands in the column of ids of a table without being one: nothing, a truth, a sum, a date,
# or a number that a spreadsheet has shortened.
_NO_IDS = [
    *sorted(WORDS_FOR_NOTHING),
    "true", "false", "vrai", "faux", "total", "totals", "totaux", "sum", "somme", "subtotal",
    "sous-total", "grand_total", "average", "moyenne", "mean", "count",
]  # fmt: skip


def _any_case(word: str) -> str:
    """As a pattern that other programs read, too: they know no flag inside of one."""
    return "".join(f"[{c.upper()}{c}]" if c.isalpha() else re.escape(c) for c in word)


ID_CHARACTERS = "[A-Za-z0-9_-]{1,32}"
_NO_ID = "|".join(
    [_any_case(word) for word in _NO_IDS if re.fullmatch(ID_CHARACTERS, word)]
    + ["[_-]+", "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", "[0-9]{1,2}-[0-9]{1,2}-([0-9]{2}|[0-9]{4})"]
    + ["[0-9]+[Ee]-?[0-9]+"]
)
# How an id is written, for schemas and for `is_id`.
ID_TEXT = rf"(?!(?:{_NO_ID})\s*$){ID_CHARACTERS}"
_ID = re.compile(ID_TEXT)
_SHOWN_CHARACTERS = 80


@dataclass(frozen=True)
class Applicants:
    """Validated applications, column by column.

    ids : text (n,); "" where the sender gave none
    columns : numbers are float64 (n,) with NaN for missing; categories are int32 (n,), positions in
        the contract's categories, -1 for missing. A column that nobody sent is not stored.
    """

    ids: list[str]
    columns: dict[str, Array]

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, name: str) -> Array:
        """The column, made of missing values if nobody sent it. KeyError outside the contract."""
        if name in self.columns:
            return self.columns[name]
        if INPUTS[name].is_category:
            return np.full(len(self), -1, np.int32)
        return np.full(len(self), np.nan)

    def record(self, row: int) -> dict[str, object]:
        """One application as it would be sent as JSON; missing values are left out."""
        values = {name: plain_value(INPUTS[name], c[row]) for name, c in self.columns.items()}
        return {ID: self.ids[row]} | {n: v for n, v in values.items() if v is not None}

    @property
    def brings_history(self) -> bool:
        return not HISTORY.keys().isdisjoint(self.columns)

    def take(self, rows: Iterable[int]) -> "Applicants":
        index = np.fromiter(rows, np.intp)
        columns = {name: values[index] for name, values in self.columns.items()}
        return Applicants([self.ids[row] for row in index], columns)


@dataclass(frozen=True)
class ParsedTable:
    """What became of a table of text.

    applicants : the rows that keep the contract, in their order
    rows : int (n,), where each of them stood in the table
    problems : for every other row, by its place, why it was refused
    ignored : columns that the contract does not know
    """

    applicants: Applicants
    rows: NDArray[np.intp]
    problems: dict[int, list[Problem]] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PartlyRead(Sequence[str]):
    """A column of texts of which most values are known.

    values : (n), as Applicants stores them, of exactly what the text says
    unsure : the places where they say nothing; unsure_texts : what stands there
    """

    texts: Sequence[str]
    values: Array
    unsure: NDArray[np.intp]
    unsure_texts: Sequence[str]

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        return self.texts[place]


def parse_record(record: Mapping[str, object]) -> Applicants:
    """Validate one application sent as JSON.

    A field that is named without a value is a column with a gap, as an empty cell of a table is.
    Raises InvalidApplicant with every problem of the record, not just the first.
    """
    problems: dict[str, Problem] = {}
    columns: dict[str, Array] = {}
    numbers: dict[str, float] = {}
    applicant_id = ""
    for name, column in INPUTS.items():
        value = _stripped(record.get(name))
        if _is_missing(value):
            if column.required and column.type != "id":
                problems[name] = _missing(column)
            elif name in record and column.type != "id":
                columns[name] = Applicants([""], {})[name]
        elif problem := _wrong_kind(column, value):
            problems[name] = problem
        elif column.type == "id":
            applicant_id = str(value)
        elif column.is_category:
            columns[name] = np.array([column.categories.index(str(value))], np.int32)
        else:
            numbers[name] = _as_float(value)
    values = np.array(list(numbers.values()), np.float64)
    broken = _breaks_bounds(_limits_of(tuple(numbers)), values)
    for place in np.flatnonzero(broken).tolist():
        name = list(numbers)[place]
        shown = str(_stripped(record[name]))
        problems[name] = _number_problem(INPUTS[name], numbers[name], shown)
    columns |= {name: values[place : place + 1] for place, name in enumerate(numbers)}
    found = [_unknown_field(name) for name in record if name not in INPUTS]
    found += [problems[name] for name in INPUTS if name in problems]
    if found:
        raise InvalidApplicant(found)
    return Applicants([applicant_id], {name: columns[name] for name in INPUTS if name in columns})


def parse_text_columns(texts: Mapping[str, Sequence[str]]) -> ParsedTable:
    """Validate many applications sent as text columns of one length, as a CSV brings them.

    A column may be PartlyRead: that saves time and changes nothing.

    A row that breaks the contract is data, not an error: it is left out, its problems listed.
    """
    count = len(next(iter(texts.values()), ()))
    problems: dict[int, list[Problem]] = {}
    columns: dict[str, Array] = {}
    ids = [""] * count
    for name, column in INPUTS.items():
        if name not in texts:
            if column.required:
                _note(problems, {row: _missing(column) for row in range(count)})
        elif column.type == "id":
            ids = [text.strip() for text in texts[name]]
            _note(problems, _id_problems(column, ids))
        else:
            columns[name], found = _parse_texts(column, texts[name])
            _note(problems, found)
    rows = np.array([row for row in range(count) if row not in problems], np.intp)
    applicants = Applicants(ids, columns)
    return ParsedTable(
        applicants=applicants if len(rows) == count else applicants.take(rows),
        rows=rows,
        problems=dict(sorted(problems.items())),
        ignored=[name for name in texts if name not in INPUTS and name != TARGET],
    )


def is_id(text: str) -> bool:
    """Whether a text identifies an application."""
    return _ID.fullmatch(text) is not None


def fits(column: Column, text: str) -> bool:
    """Whether one column of a table takes a text."""
    if column.type == "id":
        return is_id(text.strip())
    return not _parse_texts(column, [text])[1]


def plain_value(column: Column, stored: float | np.float64 | np.int32) -> float | int | str | None:
    """A stored value as JSON would carry it: None, a number, or the category's text."""
    if column.is_category:
        return column.categories[int(stored)] if stored >= 0 else None
    number = float(stored)
    if number != number:
        return None
    return int(number) if number.is_integer() else number


def _parse_texts(column: Column, texts: Sequence[str]) -> tuple[Array, dict[int, Problem]]:
    if isinstance(texts, PartlyRead):
        return _parse_rest(column, texts)
    if column.is_category:
        return _parse_categories(column, texts)
    return _parse_numbers(column, texts)


def _parse_rest(column: Column, texts: PartlyRead) -> tuple[Array, dict[int, Problem]]:
    """As if every text were parsed here."""
    values, sure = texts.values, np.ones(len(texts), np.bool_)
    problems: dict[int, Problem] = {}
    if len(texts.unsure):
        values = values.copy()
        values[texts.unsure], found = _parse_texts(column, texts.unsure_texts)
        problems = {int(texts.unsure[place]): problem for place, problem in found.items()}
        sure[texts.unsure] = False
    if column.is_category:
        return values, problems | _missing_rows(column, (values == -1) & sure)
    numbers = values.astype(np.float64, copy=False)
    for row in np.flatnonzero(_breaks_bounds(_Limits.of(column), numbers) & sure).tolist():
        problems[row] = _number_problem(column, float(numbers[row]), texts[row])
    return numbers, problems | _missing_rows(column, np.isnan(numbers) & sure)


def _parse_categories(column: Column, texts: Sequence[str]) -> tuple[Array, dict[int, Problem]]:
    codes = {text: code for code, text in enumerate(column.categories)}
    codes[""] = -1
    found = [codes.get(text, -2) for text in texts]
    values = np.array(found, np.int32)
    problems: dict[int, Problem] = {}
    for row in np.flatnonzero(values == -2).tolist():
        # A value that only differs by spaces around it is that value.
        text = texts[row].strip()
        code = codes.get(text, -1 if text.casefold() in WORDS_FOR_NOTHING else -2)
        values[row] = code
        if code == -2:
            problems[row] = _unknown_category(column, texts[row])
    return values, problems | _missing_rows(column, values == -1)


def _parse_numbers(column: Column, texts: Sequence[str]) -> tuple[Array, dict[int, Problem]]:
    unusual: list[int] = []
    try:
        values = np.array([float(text) if text else np.nan for text in texts], np.float64)
    except ValueError:
        values, unusual = _parse_numbers_one_by_one(texts)
    # float() also reads 1_000 and digits of other scripts: a CSV with them means something else.
    joined = "".join(texts)
    if "_" in joined or not joined.isascii():
        unusual += [row for row, t in enumerate(texts) if "_" in t or not t.strip().isascii()]
    problems = {row: _wrong_type(column, texts[row]) for row in unusual}
    for row in np.flatnonzero(_breaks_bounds(_Limits.of(column), values)).tolist():
        problems.setdefault(row, _number_problem(column, float(values[row]), texts[row]))
    missing = np.isnan(values)
    missing[unusual] = False
    return values, problems | _missing_rows(column, missing)


def _parse_numbers_one_by_one(texts: Sequence[str]) -> tuple[NDArray[np.float64], list[int]]:
    values = np.full(len(texts), np.nan)
    unusual = []
    for row, text in enumerate(texts):
        try:
            values[row] = float(text) if text.strip() else np.nan
        except ValueError:
            if text.strip().casefold() not in WORDS_FOR_NOTHING:
                unusual.append(row)
    return values, unusual


@dataclass(frozen=True)
class _Limits:
    """What numbers must keep, of one column or of one a value: then each is an array.

    sentinel : NaN for none
    """

    minimum: Any
    maximum: Any
    is_whole: Any
    sentinel: Any

    @classmethod
    def of(cls, column: Column) -> "_Limits":
        sentinel = np.nan if column.sentinel is None else column.sentinel
        is_whole = column.type in ("integer", "flag")
        return cls(column.minimum, column.maximum, is_whole, sentinel)


def _limits_of(names: Iterable[str]) -> _Limits:
    place_of, limits = _all_limits()
    places = [place_of[name] for name in names]
    return _Limits(**{field: values[places] for field, values in vars(limits).items()})


@cache
def _all_limits() -> tuple[dict[str, int], _Limits]:
    """Where each column's are, and all of them."""
    each = [vars(_Limits.of(column)) for column in INPUTS.values()]
    columns = {field: np.array([limits[field] for limits in each]) for field in each[0]}
    return {name: place for place, name in enumerate(INPUTS)}, _Limits(**columns)


def _breaks_bounds(limits: _Limits, values: NDArray[np.float64]) -> NDArray[np.bool_]:
    wrong: NDArray[np.bool_] = (values < limits.minimum) | (values > limits.maximum)
    wrong |= np.isinf(values)
    if np.any(limits.is_whole):
        wrong |= limits.is_whole & np.isfinite(values) & (values != np.trunc(values))
    wrong &= values != limits.sentinel
    return wrong


def _number_problem(column: Column, value: float, shown: str) -> Problem:
    if np.isinf(value):
        return _problem_of(column, "not_finite", shown)
    if column.type in ("integer", "flag") and not value.is_integer():
        return _problem_of(column, "not_integer", shown)
    return _problem_of(column, "out_of_range", shown)


def _wrong_kind(column: Column, value: object) -> Problem | None:
    """What is wrong with one present value of a record, before its size, if anything."""
    if column.type == "id":
        fine = isinstance(value, str | int) and not isinstance(value, bool)
        return None if fine and is_id(str(value)) else _wrong_type(column, value)
    if column.is_category:
        if not isinstance(value, str):
            return _wrong_type(column, value)
        return None if value in column.categories else _unknown_category(column, value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return None if is_number else _wrong_type(column, value)


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:  # an integer of more than 308 digits; as text it would be infinite too
        return np.inf


def _is_missing(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float) and value != value)


def _stripped(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _note(problems: dict[int, list[Problem]], found: Mapping[int, Problem]) -> None:
    for row, problem in found.items():
        problems.setdefault(row, []).append(problem)


def _id_problems(column: Column, ids: Sequence[str]) -> dict[int, Problem]:
    return {
        row: _wrong_type(column, text) if text else _missing(column)
        for row, text in enumerate(ids)
        if not is_id(text)
    }


def _missing_rows(column: Column, missing: NDArray[np.bool_]) -> dict[int, Problem]:
    if not column.required:
        return {}
    return {int(row): _missing(column) for row in np.flatnonzero(missing)}


def _missing(column: Column) -> Problem:
    return _problem_of(column, "missing", "")


def _wrong_type(column: Column, value: object) -> Problem:
    return _problem_of(column, "wrong_type", value)


def _unknown_category(column: Column, value: object) -> Problem:
    return _problem_of(column, "unknown_category", value)


def _unknown_field(name: str) -> Problem:
    return Problem(str(name)[:_SHOWN_CHARACTERS], "unknown_field", "", "the fields of the contract")


def _problem_of(column: Column, cause: str, value: object) -> Problem:
    return Problem(column.name, cause, str(value)[:_SHOWN_CHARACTERS], column.allowed)
