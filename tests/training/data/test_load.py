import gzip
import os
import zipfile
from pathlib import Path

import pytest
from credit_scoring.contract.columns import APPLICATION
from credit_scoring.errors import DatasetError, EmptyDataset

from training.data.load import find_table, read_text, require_table

TRAIN = "SK_ID_CURR,TARGET,AMT_CREDIT\n1,0,10.5\n2,1,\n3,0,12\n"


def write_as(path: Path, text: str) -> Path:
    match path.suffix:
        case ".gz":
            path.write_bytes(gzip.compress(text.encode()))
        case ".zip":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("application_train.csv", text)
        case _:
            path.write_text(text, encoding="utf-8", newline="")
    return path


FORMS = [".csv", ".csv.gz", ".csv.zip", ".zip"]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_table_gives_the_same_texts(tmp_path, form):
    write_as(tmp_path / f"application_train{form}", TRAIN)
    chunks = list(read_text(require_table(tmp_path, "application_train")))
    assert chunks == [
        {"SK_ID_CURR": ["1", "2", "3"], "TARGET": ["0", "1", "0"], "AMT_CREDIT": ["10.5", "", "12"]}
    ]


def test_chunks_hold_at_most_the_rows_asked_for(tmp_path):
    write_as(tmp_path / "application_train.csv", TRAIN)
    chunks = read_text(require_table(tmp_path, "application_train"), chunk_rows=2)
    assert [chunk["SK_ID_CURR"] for chunk in chunks] == [["1", "2"], ["3"]]


def test_a_plain_table_is_taken_before_a_packed_one(tmp_path):
    write_as(tmp_path / "application_train.zip", TRAIN)
    plain = write_as(tmp_path / "Application_Train.CSV", TRAIN)
    assert find_table(tmp_path, "application_train") == plain


def test_an_absent_table_is_none_and_a_required_one_names_folder_and_files(tmp_path):
    assert find_table(tmp_path, "application_test") is None
    with pytest.raises(DatasetError) as caught:
        require_table(tmp_path, "application_test")
    assert str(tmp_path) in str(caught.value)
    assert "application_test.csv, application_test.csv.gz" in str(caught.value)


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(DatasetError, match=r"nowhere is not a folder"):
        find_table(tmp_path / "nowhere", "bureau")


@pytest.mark.parametrize("row", ["4,1", "4,1,2,3"])
def test_a_row_of_the_wrong_width_is_named_by_its_line(tmp_path, row):
    path = write_as(tmp_path / "application_train.csv", TRAIN + row + "\n")
    width = row.count(",") + 1
    with pytest.raises(DatasetError, match=rf"line 5: {width} fields, the header has 3"):
        list(read_text(path))


def test_quotes_commas_line_ends_and_a_byte_order_mark_are_read_as_csv_says(tmp_path):
    text = '\ufeffSK_ID_CURR,NAME_TYPE_SUITE\r\n1,"Spouse, partner"\r\n\r\n2,"a ""b"""\r\n'
    path = write_as(tmp_path / "application_test.csv", text)
    expected = {"SK_ID_CURR": ["1", "2"], "NAME_TYPE_SUITE": ["Spouse, partner", 'a "b"']}
    assert list(read_text(path)) == [expected]


@pytest.mark.parametrize("form", [".csv.gz", ".zip"])
def test_a_truncated_archive_is_one_clear_error(tmp_path, form):
    rows = "".join(f"{i},0,{i * i}\n" for i in range(100, 20_000))
    path = write_as(tmp_path / f"application_train{form}", TRAIN + rows)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(DatasetError, match=r"is damaged .*: get the file again"):
        list(read_text(require_table(tmp_path, "application_train")))


def test_a_flipped_bit_in_a_gz_never_passes(tmp_path):
    rows = "".join(f"{i},0,{i * i}\n" for i in range(100, 2_000))
    path = write_as(tmp_path / "application_train.csv.gz", TRAIN + rows)
    sound = path.read_bytes()
    for position in range(100, len(sound) - 8, len(sound) // 12):
        path.write_bytes(sound[:position] + bytes([sound[position] ^ 4]) + sound[position + 1 :])
        with pytest.raises(DatasetError):
            list(read_text(path))


def test_bytes_that_are_no_text_are_damage(tmp_path):
    path = tmp_path / "application_test.csv"
    path.write_bytes(b"SK_ID_CURR,CODE_GENDER\n1,\xff\n")
    with pytest.raises(DatasetError, match="is damaged"):
        list(read_text(path))


@pytest.mark.parametrize("text", ["", "SK_ID_CURR,TARGET\n"])
def test_a_table_without_a_row_is_an_empty_dataset(tmp_path, text):
    path = write_as(tmp_path / "application_train.csv", text)
    with pytest.raises(EmptyDataset):
        list(read_text(path))


def test_two_columns_of_one_name_are_refused(tmp_path):
    path = write_as(tmp_path / "application_test.csv", "SK_ID_CURR,A,A\n1,2,3\n")
    with pytest.raises(DatasetError, match="two columns of the name A"):
        list(read_text(path))


def test_a_zip_of_two_tables_is_refused_but_not_one_that_a_mac_made(tmp_path):
    path = tmp_path / "application_train.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("application_train.csv", TRAIN)
        archive.writestr("__MACOSX/._application_train.csv", "junk")
    assert len(list(read_text(path))) == 1
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("second.csv", TRAIN)
    with pytest.raises(DatasetError, match="holds 2 CSV files"):
        list(read_text(path))


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_a_table_in_another_dialect_is_read(tmp_path, delimiter):
    path = tmp_path / "application_train.csv"
    rows = [("SK_ID_CURR", "TARGET", "NOTE"), ("7", "0", "a,b"), ("8", "1", "")]
    path.write_text("\n".join(delimiter.join(row) for row in rows) + "\n")
    [chunk] = read_text(path)
    assert chunk == {"SK_ID_CURR": ["7", "8"], "TARGET": ["0", "1"], "NOTE": ["a,b", ""]}


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["application_train", "application_test"])
def test_no_real_application_falls_outside_the_contract(name):
    folder = os.environ.get("HOME_CREDIT_DIR")
    if not folder or find_table(Path(folder), name) is None:
        pytest.skip(f"needs HOME_CREDIT_DIR, a folder that holds {name}")
    for chunk in read_text(require_table(Path(folder), name)):
        assert [column for column in chunk if column != "TARGET"] == list(APPLICATION)
        for column in APPLICATION.values():
            outside = {text for text in chunk[column.name] if not fits(column, text)}
            assert not outside, column.name


def fits(column, text):
    if text == "":
        return not column.required
    if column.type == "id":
        return text.isdigit()
    if column.is_category:
        return text in column.categories
    whole = column.type == "number" or float(text).is_integer()
    in_range = column.minimum <= float(text) <= column.maximum
    return float(text) == column.sentinel or (whole and in_range)
