"""The examples of docs/api.md, run as they stand against the handler behind a socket."""

import contextlib
import io
import json
import re
import subprocess

import pytest

from functions.score_api.all_routes import RULES
from tests.functions.score_api.callers import person
from tests.functions.score_api.http_server import serve
from tests.repository import ROOT

PAGE = (ROOT / "docs" / "api.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def url(api, profile):
    with serve(api.module, {"token": person("advisor", "branch-paris-01")}) as url:
        yield url


def test_the_python_examples_run(url):
    told = []
    for code in blocks("python"):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            exec(code, {"api": url, "token": "token"})
        # The handler logs in this very process.
        told.append([line for line in out.getvalue().splitlines() if not line.startswith("{")])
    batch, search, errors = told
    assert re.fullmatch(r"0 (accept|refuse|review) 0\.\d+", batch[0])
    assert batch[1].startswith("1 ['AMT_INCOME_TOTAL: is required")
    assert search == []
    assert errors[0].startswith("422 Invalid applicant ")
    assert "AMT_CREDIT wrong_type" in errors[2]


def run_shell(code: str, url: str) -> str:
    environment = {"API": url, "TOKEN": "token", "PATH": "/usr/bin:/bin"}
    command = ["bash", "-euo", "pipefail", "-c", code]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_the_curl_examples_of_the_api_run(url, tmp_path):
    calls = [code for code in blocks("sh") if "$API" in code]
    score, document = calls
    assert json.loads(run_shell(score, url))["applicant_id"] == "100002"
    fetch = document.splitlines()[0].replace("-o openapi.json", f"-o {tmp_path}/openapi.json")
    run_shell(fetch, url)
    assert json.loads((tmp_path / "openapi.json").read_text())["openapi"].startswith("3.1")


def test_the_table_of_roles_says_what_is_checked():
    rows = re.findall(r"^\| (`(?:GET|POST).*?) \| (.*?) \| `(.*?)` \|$", PAGE, re.MULTILINE)
    assert len(rows) >= 5
    for routes, roles, scope in rows:
        method = routes.strip("`").split()[0]
        for path in re.findall(r"/[^`,]*", routes):
            rule = RULES[f"{method} {path.replace('{batch}', '{batch+}')}"]
            assert rule.scope == scope
            assert roles == "all" or set(roles.split(", ")) == rule.groups
