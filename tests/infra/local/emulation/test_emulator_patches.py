"""Another emulator than the pinned one stops the start with one sentence."""

import pytest

from infra.local.emulation import emulator_patches as emulator_patches
from infra.local.emulation.modules import load
from infra.local.errors import IncompatibleEmulator


def test_the_installed_emulator_is_the_expected_one():
    emulator_patches.check_version()
    emulator_patches.check_signatures()


def test_another_version_is_refused(monkeypatch):
    monkeypatch.setattr(emulator_patches.metadata, "version", lambda name: "1.6.0")
    with pytest.raises(IncompatibleEmulator, match=r"needs ministack 1\.5\.33, but 1\.6\.0 is"):
        emulator_patches.check_version()


def test_a_changed_signature_is_refused(monkeypatch):
    monkeypatch.setitem(emulator_patches._SIGNATURES, ("json", "dumps"), ("document",))
    with pytest.raises(IncompatibleEmulator, match=r"json\.dumps"):
        emulator_patches.check_signatures()


def test_a_function_that_went_away_is_refused(monkeypatch):
    monkeypatch.setitem(emulator_patches._SIGNATURES, ("json", "gone"), ("document",))
    with pytest.raises(IncompatibleEmulator, match=r"json\.gone"):
        emulator_patches.check_signatures()


DISTRIBUTION = "<DistributionConfig><DefaultRootObject>{}</DefaultRootObject></DistributionConfig>"


def test_a_distribution_is_read_once_and_anew_when_it_changes(monkeypatch):
    cloudfront = load("ministack.services.cloudfront")
    read = []

    def parse(dist):
        read.append(dist["config_xml"])
        return original(dist)

    original = cloudfront.parse_distribution_dataplane_config
    monkeypatch.setattr(cloudfront, "parse_distribution_dataplane_config", parse)
    emulator_patches.install_parsed_distributions()
    found = [
        cloudfront.parse_distribution_dataplane_config({"config_xml": DISTRIBUTION.format(page)})
        for page in ("a.html", "a.html", "b.html", "a.html")
    ]
    assert [each["default_root_object"] for each in found] == [
        "a.html", "a.html", "b.html", "a.html"
    ]  # fmt: skip
    assert read == [DISTRIBUTION.format("a.html"), DISTRIBUTION.format("b.html")]


def test_a_policys_text_is_read_once_and_what_one_reader_does_to_it_nobody_else_sees(monkeypatch):
    evaluator = load("ministack.core.iam_evaluator")
    read = []

    def parse(doc):
        read.append(doc)
        return original(doc)

    original = evaluator.parse_policy_document
    monkeypatch.setattr(evaluator, "parse_policy_document", parse)
    emulator_patches.install_parsed_policies()
    allow, deny = (
        f'{{"Statement": {{"Effect": "{effect}", "Action": "s3:*"}}}}'
        for effect in ("Allow", "Deny")
    )
    for doc, effect in ((allow, "Allow"), (deny, "Deny"), (allow, "Allow")):
        [statement] = found = evaluator.parse_policy_document(doc)
        assert (statement.effect, statement.actions) == (effect, ["s3:*"])
        found.clear()
    assert read == [allow, deny]
