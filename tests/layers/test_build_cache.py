"""What was built from the same inputs is kept."""

from layers.build_cache import BuildCache, digest_inputs


def test_it_is_current_for_the_same_inputs_and_an_existing_result(tmp_path):
    cache, result = BuildCache(tmp_path / "stamps"), tmp_path / "result"
    cache.write("layers/model", "digest")
    assert not cache.is_current("layers/model", "digest", result=result)
    result.mkdir()
    assert cache.is_current("layers/model", "digest", result=result)
    assert not cache.is_current("layers/model", "other", result=result)
    assert not cache.is_current("layers/other", "digest", result=result)


def test_a_digest_follows_names_contents_and_words(tmp_path):
    (tmp_path / "source").mkdir()
    file = tmp_path / "source" / "a.py"
    file.write_text("1")
    digest = digest_inputs(tmp_path, [file.parent], "word")
    assert digest_inputs(tmp_path, [file.parent], "word") == digest
    assert digest_inputs(tmp_path, [file.parent], "wo", "rd") != digest
    file.write_text("2")
    changed = digest_inputs(tmp_path, [file.parent], "word")
    file.rename(file.with_name("b.py"))
    assert len({digest, changed, digest_inputs(tmp_path, [file.parent], "word")}) == 3


def test_what_is_built_in_place_is_no_input(tmp_path):
    digest = digest_inputs(tmp_path, [tmp_path])
    for name in ("__pycache__/a.pyc", "kernel.so", "vendor/library.js"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("built")
    assert digest_inputs(tmp_path, [tmp_path]) == digest
