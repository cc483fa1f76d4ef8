"""Every sentence about a whole file is there in both languages, with the same facts."""

import string

import pytest
from credit_scoring.reading.file_refused import TEXTS, FileRefused


def facts(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", TEXTS)
def test_a_sentence_tells_the_same_facts_in_both_languages(code):
    fr, en = TEXTS[code]
    assert facts(fr) == facts(en)
    error = FileRefused(code, **{name: f"<{name}>" for name in facts(fr)})
    for language in ("fr", "en"):
        assert all(f"<{name}>" in error.texts[language] for name in facts(fr))
        assert "{" not in error.texts[language]
    assert str(error) == error.texts["en"]
