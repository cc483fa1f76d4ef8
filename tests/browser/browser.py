"""The Chromium that is there: Debian's, or Playwright's own."""

import os
import shutil

from playwright.sync_api import Browser, Error, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def installed() -> str | None:
    """The path of a system Chromium (or of `CHROMIUM`), None when there is none."""
    chosen = os.environ.get("CHROMIUM")
    return chosen or next(filter(None, map(shutil.which, NAMES)), None)


def launch(playwright: Playwright) -> Browser:
    """Start the browser. Raises playwright's Error when there is none to start."""
    return playwright.chromium.launch(executable_path=installed(), args=ARGUMENTS)


def is_available(playwright: Playwright) -> bool:
    try:
        launch(playwright).close()
    except Error:
        return False
    return True
