"""A real Chromium and a site to visit.

By default the site is the stand-in (see stand_in.py). With `BASE_URL`, `USER` and `PASSWORD` the
same journeys drive a running stack, local or deployed; `BRANCH` and `CSV` (a file that this branch
may send) add the upload. Tests of rare answers need the stand-in and are skipped there.

Without a Chromium the tests are skipped, loudly; under CI=true that is a failure.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser import stand_in
from tests.browser.browser import is_available, launch
from tests.browser.pages import Visit, log_in
from tests.browser.service import Service

NO_CHROMIUM = "NO CHROMIUM: the browser tests did not run. `make browser` installs one."
NO_PAGE = "frontend/dist is missing: run `make page`."


@dataclass(frozen=True)
class Site:
    url: str
    user: str
    password: str
    # An account that may tie an authenticator app: nobody else logs in with it.
    enrolling_user: str
    server: stand_in.Server | None  # None when it is a running stack

    @property
    def is_stand_in(self) -> bool:
        return self.server is not None


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    if url := os.environ.get("BASE_URL"):
        yield Site(url.rstrip("/") + "/", os.environ["USER"], os.environ["PASSWORD"],
                   os.environ.get("ENROLLING_USER", ""), None)  # fmt: skip
        return
    if not (stand_in.PAGE / "index.html").is_file():
        pytest.fail(NO_PAGE)
    server = stand_in.start()
    yield Site(server.url, "alice.martin", stand_in.PASSWORD, "careful.advisor", server)
    server.shutdown()


@pytest.fixture
def rare(site: Site) -> None:
    """For answers that a healthy stack does not give."""
    if not site.is_stand_in:
        pytest.skip("needs the stand-in: unset BASE_URL")


@pytest.fixture
def api(rare, site: Site) -> Service:
    """The API behind the page, to be asked without it."""
    return site.server.service


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        if not is_available(playwright):
            (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(NO_CHROMIUM)
        started = launch(playwright)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator:
    """Call it for a page of its own context; closes them all, and no page may have complained."""
    visits: list[tuple[BrowserContext, Visit]] = []

    def open_(**options) -> Page:
        context = browser.new_context(
            **{"locale": "en-GB", "viewport": {"width": 1280, "height": 800}} | options
        )
        page = context.new_page()
        visits.append((context, Visit(page)))
        return page

    yield open_
    complaints = [complaint for _, visit in visits for complaint in visit.complaints]
    for context, _ in visits:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_page) -> Page:
    return open_page()


@pytest.fixture
def enter(site: Site):
    """Open an address as a logged-in advisor."""

    def enter_(page: Page, address: str = "/applicants", *, user: str | None = None) -> None:
        page.goto(f"{site.url}#{address}")
        log_in(page, user or site.user, site.password)

    return enter_
