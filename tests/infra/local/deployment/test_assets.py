"""Assets of a cloud assembly."""

import io
import json
import os
import zipfile

from infra.local.deployment.assets import read_file_assets, read_image_assets, zip_folder


def test_the_same_files_give_the_same_zip_whatever_their_dates(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name / "python").mkdir(parents=True)
        (tmp_path / name / "python" / "a.py").write_text("a = 1")
        (tmp_path / name / "b.txt").write_text("b")
    os.utime(tmp_path / "two" / "b.txt", (1, 1))
    assert zip_folder(tmp_path / "one") == zip_folder(tmp_path / "two")
    with zipfile.ZipFile(io.BytesIO(zip_folder(tmp_path / "one"))) as archive:
        assert archive.namelist() == ["b.txt", "python/a.py"]


def test_the_manifest_says_where_files_and_images_go(tmp_path):
    file = {
        "displayName": "Code",
        "source": {"path": "asset.abc", "packaging": "zip"},
        "destinations": {"here": {
            "bucketName": "cdk-assets-${AWS::AccountId}-${AWS::Region}", "objectKey": "abc.zip"}},
    }  # fmt: skip
    image = {
        "displayName": "Image",
        "source": {"directory": "asset.def"},
        "destinations": {"here": {"imageTag": "def"}},
    }
    manifest = {"files": {"abc": file}, "dockerImages": {"def": image}}
    (tmp_path / "Stack.assets.json").write_text(json.dumps(manifest))
    [found] = read_file_assets(tmp_path, "Stack", account="000000000000", region="eu-west-3")
    assert (found.bucket, found.key) == ("cdk-assets-000000000000-eu-west-3", "abc.zip")
    assert found.folder
    [found] = read_image_assets(tmp_path, "Stack")
    assert (found.context, found.tag) == (tmp_path / "asset.def", "def")
