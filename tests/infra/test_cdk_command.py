"""The CDK command line as docs/deployment.md has it: started in infra/, it makes the template."""

import json
import subprocess

from tests.repository import ROOT

INFRA = ROOT / "infra"


def run(*command, **how):
    return subprocess.run(command, cwd=INFRA, capture_output=True, text=True, **how)


def test_the_pinned_command_line_synthesises_the_stack(built, tmp_path):
    if not (INFRA / "node_modules" / ".bin" / "cdk").exists():
        run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error", check=True)
    done = run("npx", "cdk", "synth", "--quiet", "-c", f"build={built}", "--output", tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    template = json.loads((tmp_path / "CreditScoring.template.json").read_text())
    assert "AWS::Lambda::Function" in {part["Type"] for part in template["Resources"].values()}


def test_what_is_not_built_yet_is_one_sentence(tmp_path):
    done = run("npx", "cdk", "synth", "-c", f"build={tmp_path}", "--output", tmp_path / "out")
    assert done.returncode != 0
    assert "run make layers, then synthesise again" in done.stderr
    assert "Traceback" not in done.stderr


def test_nothing_in_the_folder_hides_a_package_from_what_starts_there():
    """A module beside cdk.json comes before the package of its name: `functions` was hidden so."""
    names = {path.stem for path in INFRA.iterdir() if path.suffix == ".py" or path.is_dir()}
    packages = {path.name for path in ROOT.iterdir() if (path / "__init__.py").exists()}
    assert not names & (packages | {"credit_scoring", "aws_cdk", "constructs", "boto3"})
