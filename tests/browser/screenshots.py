"""Takes a picture of every view, to be looked at: `python -m tests.browser.screenshots [name ...]`.

They go to build/screenshots/<name>-<width>-<language>-<theme>.png.
"""

import argparse
from itertools import product
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from tqdm import tqdm

from tests.browser import stand_in
from tests.browser.browser import launch
from tests.browser.pages import log_in
from tests.repository import ROOT

OUT = ROOT / "build" / "screenshots"
HEIGHTS = {1440: 900, 390: 844, 320: 640}


def choose_file(page: Page) -> None:
    page.set_input_files(
        "input[type=file]",
        {"name": "applications.csv", "mimeType": "text/csv", "buffer": b"x" * 4_200_000},
    )


def show_table(page: Page) -> None:
    page.locator(".why .figure-toggle").click()


def open_model(page: Page) -> None:
    page.locator(".footer .link-button").first.click()


def face(page: Page) -> None:
    page.keyboard.press("F9")


def preview(page: Page) -> None:
    page.check("#decision-refuse")  # as the model recommends: no reason is asked for
    page.locator(".letter-preview .button").last.click()
    page.wait_for_selector(".letter-sheet")


REFUSED, OFFERED = "100000", "100004"
#: name -> (address after #, what must be there, what to do first)
VIEWS = {
    "login": ("/applicants", "form", None),
    "applicants": ("/applicants", ".row-link", None),
    "applicants-review": ("/applicants?state=review", ".row-link", None),
    "applicants-none": ("/applicants?query=999", ".empty", None),
    "dossier": (f"/applicants/{REFUSED}", ".waterfall", None),
    "dossier-table": (f"/applicants/{REFUSED}", ".waterfall", show_table),
    "dossier-facing": (f"/applicants/{REFUSED}", ".waterfall", face),
    "dossier-missing": ("/applicants/404404", ".empty", None),
    "dossier-problem": ("/applicants/422422", ".failure", None),
    "compare": (f"/applicants/{REFUSED}/compare", ".heatmap", None),
    "unknown": (f"/applicants/{REFUSED}/unknown", ".card", None),
    "simulate": (f"/applicants/{OFFERED}/simulate", ".before-after", None),
    "offer": (f"/applicants/{OFFERED}/offer", ".proposal", None),
    "offer-nothing": (f"/applicants/{REFUSED}/offer", ".nothing-passes", None),
    "decide": (f"/applicants/{OFFERED}/decide", ".outcomes", preview),
    "new": ("/new", ".manual .family", None),
    "upload": ("/upload", ".received-row", choose_file),
    "batch-running": ("/upload/b-endless", ".rows-done", None),
    "batch-repairing": ("/upload/paris-01%2Frejects.csv", ".tallies", None),
    "batch-finished": ("/upload/b-7f3c2a", ".tallies", None),
    "batch-failed": ("/upload/b-broken", ".failure", None),
    "account": ("/account", ".card .notice", None),
    "model": ("/applicants", ".row-link", open_model),
}


def take(page: Page, base: str, name: str, file: Path) -> None:
    address, wanted, action = VIEWS[name]
    page.goto(f"{base}#{address}")
    if name != "login":
        log_in(page, "alice.martin", stand_in.PASSWORD)
    page.wait_for_selector(wanted)
    if action:
        action(page)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(250)
    page.screenshot(path=file, full_page=name != "model")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "names", nargs="*", default=list(VIEWS), help="views to take, all by default"
    )
    parser.add_argument("--widths", nargs="*", type=int, default=list(HEIGHTS))
    parser.add_argument("--languages", nargs="*", default=["en", "fr"])
    parser.add_argument("--themes", nargs="*", default=["light", "dark"])
    args = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    server = stand_in.start()
    cases = list(product(args.names, args.widths, args.languages, args.themes))
    with sync_playwright() as playwright, launch(playwright) as browser:
        for name, width, language, theme in tqdm(cases, unit="picture"):
            viewport = {"width": width, "height": HEIGHTS.get(width, 900)}
            context = browser.new_context(viewport=viewport, locale=language, color_scheme=theme)
            file = OUT / f"{name}-{width}-{language}-{theme}.png"
            take(context.new_page(), server.url, name, file)
            context.close()
    server.shutdown()


if __name__ == "__main__":
    main()
