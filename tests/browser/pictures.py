"""Takes the README's pictures from a running demo: `make demo`, then `make pictures`.

One login a role, in English and light, of what the demo's first days left behind; written to
docs/images, where each replaces its forerunner.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Error, Page, sync_playwright
from tqdm import tqdm

from infra.local.demo.life import REJECTED
from infra.local.demo.running import PASSWORD
from tests.browser.browser import launch
from tests.browser.pages import log_in
from tests.repository import ROOT

OUT = ROOT / "docs" / "images"
SIZE = {"width": 1280, "height": 860}


def open_refused(page: Page, site: str) -> None:
    page.goto(f"{site}/#/applicants?decision=refuse&sort=probability_of_default&order=asc")
    page.wait_for_selector('.list-card[aria-busy="false"]')
    page.locator(".row-link").first.click()
    page.wait_for_selector(".waterfall")
    page.locator(".verdict-spread", has_text="models").wait_for()


def show_work_list(page: Page, site: str) -> None:
    page.goto(f"{site}/#/applicants?state=all")
    page.wait_for_selector(".row-link")


def show_offers(page: Page, site: str) -> None:
    """Of the first who is refused and has something that passes."""
    page.goto(f"{site}/#/applicants?decision=refuse&sort=probability_of_default&order=asc")
    page.wait_for_selector('.list-card[aria-busy="false"]')
    refused = [link.inner_text() for link in page.locator(".row-link").all()]
    for id_ in refused:
        page.goto(f"{site}/#/applicants/{id_}/offer")
        page.wait_for_selector(".proposal, .nothing-passes")
        if page.locator(".proposal").count():
            return


def show_repair(page: Page, site: str) -> None:
    page.goto(f"{site}/#/upload?name={REJECTED.removesuffix('.csv')}")
    page.locator(".received-row", has_text=REJECTED).first.click()
    page.get_by_role("link", name="Correct them here").click()
    page.wait_for_selector(".fault-groups")


def show_operations(page: Page, site: str) -> None:
    page.goto(f"{site}/#/operations")
    page.wait_for_selector(".alarm")


def show_drift(page: Page, site: str) -> None:
    page.goto(f"{site}/#/operations/drift")
    page.wait_for_selector(".findings, .finding")


def show_version(page: Page, site: str) -> None:
    page.goto(f"{site}/#/model/versions")
    page.locator("main table a").first.click()
    page.wait_for_selector(".risk-curve, figure")


#: Name of the file -> whose login, and the way to what it shows
PICTURES: dict[str, tuple[str, Callable[[Page, str], None]]] = {
    "page": ("advisor", open_refused),
    "work-list": ("advisor", show_work_list),
    "offers": ("advisor", show_offers),
    "repair": ("office", show_repair),
    "operations": ("operator", show_operations),
    "drift": ("operator", show_drift),
    "model": ("scientist", show_version),
}


def take(page: Page, site: str, name: str, out: Path) -> None:
    username, go = PICTURES[name]
    page.goto(site)
    log_in(page, username, PASSWORD)
    go(page, site)
    page.evaluate("document.fonts.ready")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=out / f"{name}.png")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", default=list(PICTURES), help="default: all")
    parser.add_argument("--site", default="http://127.0.0.1:8080", help="of the running demo")
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    with sync_playwright() as playwright, launch(playwright) as browser:
        for name in tqdm(args.names, unit="picture"):
            context = browser.new_context(viewport=SIZE, locale="en", color_scheme="light")
            try:
                take(context.new_page(), args.site, name, args.out)
            except Error as error:
                what = error.message.splitlines()[0]
                parser.error(f"{name}: {what} Does `make demo` run at {args.site}?")
            context.close()


if __name__ == "__main__":
    main()
