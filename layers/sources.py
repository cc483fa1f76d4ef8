"""Our own code as Lambda receives it: the domain layer, the function folders, the drift image."""

import shutil
from pathlib import Path

from layers.packages import export_requirements

DOMAIN = Path("layers/credit_scoring/python")
IMAGE_FUNCTION = "drift_monitor"
# A library that was built for the developer's machine is not the layer's, and what a layer's is
# compiled from stays here.
NOT_CODE = shutil.ignore_patterns("__pycache__", "*.pyc", "*.so", "*.c", "Dockerfile", ".*")


def find_functions(root: Path) -> list[str]:
    """Names of the folders of functions/ that have a handler."""
    return sorted(path.parent.name for path in (root / "functions").glob("*/handler.py"))


def copy_domain(root: Path, folder: Path) -> None:
    shutil.copytree(root / DOMAIN, folder / "python", ignore=NOT_CODE)


def copy_function(root: Path, folder: Path, *, name: str) -> None:
    """Keep the package path, so that the handler is functions.<name>.handler.handler."""
    package = folder / "functions"
    shutil.copytree(root / "functions" / name, package / name, ignore=NOT_CODE)
    shutil.copyfile(root / "functions" / "__init__.py", package / "__init__.py")


def copy_image(root: Path, folder: Path) -> None:
    """Everything the Dockerfile copies; Docker itself is needed only to deploy."""
    copy_function(root, folder, name=IMAGE_FUNCTION)
    source = root / DOMAIN / "credit_scoring"
    shutil.copytree(source, folder / "credit_scoring", ignore=NOT_CODE)
    shutil.copyfile(root / "functions" / IMAGE_FUNCTION / "Dockerfile", folder / "Dockerfile")
    # AWS's base image brings no current boto3, and its own runtime client stays.
    requirements = export_requirements(root, group="drift", without=("awslambdaric",))
    (folder / "requirements.txt").write_text(requirements)
