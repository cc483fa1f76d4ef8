"""Workers against AWS's rules, with real awslambdaric processes."""

import threading
import time
from pathlib import Path

from tests.infra.local.conftest import is_running

BROKEN = "raise RuntimeError('no model here')"
SLOW_IMPORT = "import time; time.sleep(1.5)\ndef handler(event, context): return 'ready'"


def test_an_event_comes_back_from_the_handler(make_pool, invoke):
    outcome, answer = invoke(make_pool(), applicant="100002")
    assert answer == {"applicant": "100002"}
    assert not outcome.failed


def test_a_warm_worker_is_used_again_and_imports_once(make_pool, invoke):
    pool = make_pool()
    first, described = invoke(pool, do="describe")
    second, again = invoke(pool, do="describe")
    assert described["pid"] == again["pid"]
    assert first.init_duration > 0
    assert second.init_duration == 0
    assert "imported" in first.log
    assert "imported" not in second.log


def test_the_worker_sees_only_its_folder_and_its_layers(make_pool, invoke, tmp_path, monkeypatch):
    monkeypatch.setenv("DEVELOPERS_OWN_SECRET", "leaked")
    layer = tmp_path / "layer"
    (layer / "python").mkdir(parents=True)
    (layer / "python" / "shipped.py").write_text("")
    source = (
        "import shipped, importlib.util, os, sys\n"
        "def handler(event, context):\n"
        "    found = [n for n in event['names'] if importlib.util.find_spec(n)]\n"
        "    return {'found': found, 'cwd': os.getcwd(), 'variables': dict(os.environ)}\n"
    )
    pool = make_pool(source, layers=(layer,), environment={"TABLE": "profiles"})
    names = ["infra", "credit_scoring", "pytest", "numpy", "boto3", "shipped"]
    _, answer = invoke(pool, names=names)
    assert answer["found"] == ["boto3", "shipped"]
    assert answer["cwd"] == str(pool.function.code)
    assert answer["variables"]["TABLE"] == "profiles"
    assert answer["variables"]["LAMBDA_TASK_ROOT"] == str(pool.function.code)
    assert "DEVELOPERS_OWN_SECRET" not in answer["variables"]


def test_the_context_is_lambdas(make_pool, invoke):
    pool = make_pool(timeout=5, arn="arn:aws:lambda:eu-west-3:000000000000:function:score")
    _, described = invoke(pool, do="describe")
    assert described["arn"] == pool.function.arn
    assert 4000 < described["remaining"] <= 5000


def test_credentials_are_the_functions_own(make_pool, invoke):
    pool = make_pool(credentials={"AWS_ACCESS_KEY_ID": "ASIAROLE"})
    _, described = invoke(pool, do="describe")
    assert described["environment"]["AWS_ACCESS_KEY_ID"] == "ASIAROLE"


def test_a_handlers_exception_is_its_answer_and_keeps_the_worker(make_pool, invoke):
    pool = make_pool()
    _, before = invoke(pool, do="describe")
    outcome, error = invoke(pool, do="fail")
    _, after = invoke(pool, do="describe")
    assert outcome.failed
    assert (error["errorType"], error["errorMessage"]) == ("ValueError", "this is no applicant")
    assert any("[ERROR] ValueError" in line for line in outcome.log)
    assert before["pid"] == after["pid"]


def test_a_handler_beyond_its_timeout_is_killed_and_replaced(make_pool, invoke):
    pool = make_pool(timeout=0.7)
    _, before = invoke(pool, do="describe")
    started = time.monotonic()
    outcome, error = invoke(pool, do="sleep", seconds=30)
    assert time.monotonic() - started < 2
    assert outcome.failed
    assert error["errorType"] == "Sandbox.Timedout"
    assert "Task timed out after 0.70 seconds" in error["errorMessage"]
    assert "handling {'do': 'sleep', 'seconds': 30}" in outcome.log
    assert not is_running(before["pid"])
    assert invoke(pool)[1] == {}


def test_a_process_that_ends_is_an_exit_error_and_is_replaced(make_pool, invoke):
    pool = make_pool()
    outcome, error = invoke(pool, do="leave", status=3)
    assert outcome.failed
    assert error["errorType"] == "Runtime.ExitError"
    assert "exit status 3" in error["errorMessage"]
    assert invoke(pool)[1] == {}


def test_a_module_that_cannot_be_imported_says_why(make_pool, invoke):
    outcome, error = invoke(make_pool(BROKEN))
    assert outcome.failed
    assert (error["errorType"], error["errorMessage"]) == ("RuntimeError", "no model here")


def test_an_import_beyond_the_init_limit_starts_again_within_the_timeout(
    make_pool, invoke, monkeypatch
):
    monkeypatch.setattr("infra.local.lambda_runtime.workers.INIT_LIMIT", 0.5)
    assert invoke(make_pool(SLOW_IMPORT, timeout=5))[1] == "ready"
    outcome, error = invoke(make_pool(SLOW_IMPORT, timeout=0.5))
    assert outcome.failed
    assert error["errorType"] == "Sandbox.Timedout"


def test_an_answer_above_six_megabytes_is_refused(make_pool, invoke):
    pool = make_pool()
    assert len(invoke(pool, do="fill", bytes=6_000_000)[1]) == 6_000_000
    outcome, error = invoke(pool, do="fill", bytes=6_300_000)
    assert outcome.failed
    assert error["errorType"] == "Function.ResponseSizeTooLarge"
    assert invoke(pool)[1] == {}


def test_memory_beyond_the_configuration_kills_the_worker(make_pool, invoke):
    outcome, error = invoke(make_pool(memory=128), do="hoard", megabytes=300)
    assert outcome.failed
    assert "signal: killed" in error["errorMessage"]


def test_every_line_of_the_log_belongs_to_its_invocation(make_pool, invoke):
    pool = make_pool()
    invoke(pool)
    outcome, _ = invoke(pool, do="shout", lines=5000)
    assert outcome.log[1:] == [f"line {number}" for number in range(5000)]
    outcome, answer = invoke(pool, do="accents")
    assert outcome.log[1:] == ["dossier accepté"]
    assert answer == "é"


def test_every_worker_has_its_own_scratch_folder_that_goes_with_it(make_pool, invoke, tmp_path):
    pool = make_pool()
    _, name = invoke(pool, do="write")
    assert Path(name).read_text() == "kept"
    pool.close()
    assert not Path(name).exists()


def test_concurrent_events_run_in_separate_workers_up_to_the_limit(make_pool, invoke):
    pool, pids = make_pool(concurrency=2), []
    threads = [
        threading.Thread(target=lambda: pids.append(invoke(pool, do="sleep", seconds=0.4)[1]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pids) == 4
    assert len(set(pids)) == 2


def test_a_closed_pool_leaves_no_process(make_pool, invoke):
    pool = make_pool()
    _, described = invoke(pool, do="describe")
    pool.close()
    assert not is_running(described["pid"])
