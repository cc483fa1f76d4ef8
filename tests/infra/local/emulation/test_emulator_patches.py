"""Another emulator than the pinned one stops the start with one sentence."""

import pytest

from infra.local.emulation import emulator_patches as seams
from infra.local.errors import IncompatibleEmulator


def test_the_installed_emulator_is_the_expected_one():
    seams.check_version()
    seams.check_signatures()


def test_another_version_is_refused(monkeypatch):
    monkeypatch.setattr(seams.metadata, "version", lambda name: "1.6.0")
    with pytest.raises(IncompatibleEmulator, match=r"needs ministack 1\.5\.33, but 1\.6\.0 is"):
        seams.check_version()


def test_a_changed_signature_is_refused(monkeypatch):
    monkeypatch.setitem(seams._SIGNATURES, ("json", "dumps"), ("document",))
    with pytest.raises(IncompatibleEmulator, match=r"json\.dumps"):
        seams.check_signatures()


def test_a_function_that_went_away_is_refused(monkeypatch):
    monkeypatch.setitem(seams._SIGNATURES, ("json", "gone"), ("document",))
    with pytest.raises(IncompatibleEmulator, match=r"json\.gone"):
        seams.check_signatures()
