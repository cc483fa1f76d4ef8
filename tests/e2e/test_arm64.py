"""The kernel that AWS runs, for arm64, gives the bits that this machine's gives.

It is the layer's own library, called under qemu-user from a small program in C: `make qemu`
installs what that needs. On an arm64 machine nothing is emulated, and nothing is left to compare.
"""

import platform
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from credit_scoring.contract.columns import INPUTS
from credit_scoring.native import library as native
from credit_scoring.native.contributions import table_spaces
from credit_scoring.native.tables import CompiledFill
from credit_scoring.reading.cutting import compiled as cutting
from credit_scoring.trees.explainer import Explainer

from layers.kernel import ZIG_TARGETS, build_kernel, find_compiler
from layers.targets import find_target
from tests.credit_scoring.examples import fit, small_model
from tests.e2e.arm64.calls import Call, Memory, empty
from training.fitting.compile import compile_forest

pytestmark = pytest.mark.local_cloud("it is about processors and asks no stack")

HARNESS = Path(__file__).parent / "arm64" / "harness.c"
QEMU = "qemu-aarch64"
# Where Debian's libc6-arm64-cross puts the C library of arm64.
SYSTEM = Path("/usr/aarch64-linux-gnu")


def missing() -> str:
    if platform.machine() not in ("x86_64", "amd64"):
        return "the arm64 kernel is compared with another machine's on x86-64 alone"
    if find_compiler() is None or native.library() is None:
        return "NOT COMPARED: arm64 kernel and x86-64's: no compiler (ziglang) here"
    if shutil.which(QEMU) is None or not (SYSTEM / "lib").is_dir():
        return "NOT COMPARED: arm64 kernel and x86-64's: no qemu-user here, `make qemu` installs it"
    return ""


pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "never")


@pytest.fixture(scope="module")
def run_on_arm64(tmp_path_factory):
    """Makes a call with the library of the arm64 layer."""
    folder = tmp_path_factory.mktemp("arm64")
    library = build_kernel(native.PACKAGE, find_target("arm64"), folder)
    program = folder / "harness"
    command = [sys.executable, "-m", "ziglang", "cc", *ZIG_TARGETS["arm64"], "-std=c17", "-O1"]
    warnings = ["-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-ldl"]
    subprocess.run([*command, *warnings, "-o", program, HARNESS], check=True)
    files = folder / "call", folder / "result"

    def run(call: Call) -> list[bytes]:
        call.write(files[0])
        files[1].unlink(missing_ok=True)
        subprocess.run([QEMU, "-L", SYSTEM, program, library, *files], check=True, timeout=300)
        return call.read(files[1])

    return run


@pytest.fixture
def both(run_on_arm64):
    """Makes a call here and there, and gives its arrays when no bit of them differs."""

    def run(call: Call) -> list[bytes]:
        here, there = call.here(native.library()), run_on_arm64(call)
        assert [len(array) for array in here] == [len(array) for array in there]
        differ = [place for place, pair in enumerate(zip(here, there, strict=True))
                  if pair[0] != pair[1]]  # fmt: skip
        assert not differ, f"{call.function}: other bits in the arrays {differ}"
        return here

    return run


def odd_rows(matrix, count):
    """Rows with missing and infinite values, zeros of either sign and of no weight."""
    rng = np.random.default_rng(5)
    rows = matrix[rng.integers(0, len(matrix), count)]
    odd = rng.random(rows.shape) < 0.2
    rows[odd] = rng.choice([np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-36, -1.0, 1e300], odd.sum())
    return rows


def deep_forest():
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(900, 40))
    labels = np.exp(matrix[:, 0]) + rng.normal(size=900) > 1
    loose = {"num_leaves": 200, "min_data_in_leaf": 1, "min_sum_hessian_in_leaf": 0}
    return compile_forest(fit(matrix, labels, rounds=3, **loose)), matrix


@pytest.mark.parametrize("count", [1, 6, 504])
def test_many_rows_are_explained_alike(both, count):
    model, matrix, _ = small_model()
    rows, tables = odd_rows(matrix, count), Explainer(model.forest).by_table
    filled, results = tables._compiled.filled, (empty(count), empty(*rows.shape))
    spaces = [space for space in table_spaces(filled.structure, count) if not space.fill(77)]
    others = [rows, count, *results, *spaces]
    assert_explained(both(Call("explain_by_tables", [Memory.of(filled)], others)), tables, rows)


@pytest.mark.parametrize("forest_and_rows", [
    lambda: (small_model()[0].forest, small_model()[1]), deep_forest,
], ids=["as trained", "deep"])  # fmt: skip
def test_single_rows_are_explained_alike(both, forest_and_rows):
    forest, matrix = forest_and_rows()
    rows, leaves = odd_rows(matrix, 20), Explainer(forest).by_leaf
    filled, results = leaves._compiled.filled, (empty(20), empty(*rows.shape))
    sizes = filled.structure
    spaces = (
        empty(sizes.nodes, kind=np.uint32),
        empty(sizes.leaves, kind=np.uint32),
        empty(sizes.features + 1),
    )
    others = [rows, 20, *results, *spaces]
    assert_explained(both(Call("explain_by_leaf", [Memory.of(filled)], others)), leaves, rows)


def assert_explained(found, explainer, rows):
    """Else a call that does nothing would be alike everywhere."""
    margins, contributions = explainer.explain(rows)
    assert margins.tobytes() in found
    assert contributions.tobytes() in found


def test_tables_are_filled_alike(both):
    tables = Explainer(small_model()[0].forest).by_table
    described = tables.tables._native_values(tables.paths, tables.groups)
    filled = CompiledFill.of(described, np.zeros(0)).filled
    values = np.zeros(len(tables.tables.values))
    space = empty(native.library().space_needed(), kind=np.uint8)
    call = Call("fill_tables", [Memory.of(filled)], [0, len(tables.groups), values, space])
    assert tables.tables.values.tobytes() in both(call)


NUMBERS = ["1", "-0", "0.1", "123456789.987654321", "9007199254740993", "1234567890123456789",
           "0.1234567890123456789", "99999999999999999.99", "1e22", "5e-19", "", " 7 ", "seven",
           "12345678901234567890", "1e400", "+3,5", '"4"']  # fmt: skip
NAMES = ["SK_ID_CURR", "AMT_CREDIT", "AMT_INCOME_TOTAL", "NAME_CONTRACT_TYPE"]


def test_text_is_cut_and_read_alike(both):
    words = [*INPUTS["NAME_CONTRACT_TYPE"].categories, "", "nothing like it"]
    lines = [f"{n};{number};{NUMBERS[-n]};{words[n % len(words)]}"
             for n, number in enumerate(NUMBERS)]  # fmt: skip
    text = ("\r\n".join([*lines, '1;"a;b";"c\n""d";x', '2;"', ";;;", "3;4"]) + "\n").encode()
    held, width = np.frombuffer(text, np.uint8), len(NAMES)
    records, spans = empty(64, 5, kind=np.int64), empty(64, width, 2, kind=np.int32)
    progress = np.array([0, 1, 0, 0])
    task = cutting._CUTTING(len(text), len(text), width, ord(";"), 64, 64)
    cut = Memory(task, {"text": held, "records": records, "spans": spans})
    after = both(Call("cut_records", [cut], [progress]))
    assert int(np.frombuffer(after[3], np.int64)[0]) == len(text)

    found = np.frombuffer(after[2], np.int32).reshape(spans.shape)
    rows, plan = np.arange(len(NUMBERS)), cutting._plan(tuple(NAMES))
    values = empty(len(plan.numbers), len(rows)), empty(len(plan.words), len(rows), kind=np.int32)
    unsure = empty(width, len(rows), kind=np.uint8)
    names = ("kind", "slot", "first_word", "word_start")
    links = {"text": held, "spans": found, "row": rows} | {n: getattr(plan, n) for n in names}
    links |= {"words": plan.blob, "numbers": values[0], "codes": values[1], "unsure": unsure}
    after = both(
        Call("read_fields", [Memory(cutting._READING(len(rows), width, ord(".")), links)], [])
    )
    read = cutting.read_fields(text, found, rows, NAMES, ".")
    assert np.stack([read.values[name] for name in plan.numbers]).tobytes() in after
