"""The main flow, find, why, offer, decide, letter, by the keyboard alone, in both languages."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import tab_to
from tests.browser.service import OFFERED

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]

WORDS = {
    "en": {
        "table": "Show as a table", "offer": "Offer", "choose": "Choose",
        "with offer": "Decide with this offer", "preview": "in English", "decide": "Decide",
        "decision": "The decision", "letter": "The loan that we offer you",
    },
    "fr": {
        "table": "Voir en tableau", "offer": "Offre", "choose": "Choisir",
        "with offer": "Décider avec cette offre", "preview": "en français", "decide": "Décider",
        "decision": "Décision", "letter": "Le crédit que nous vous proposons",
    },
}  # fmt: skip


def use(page: Page, role: str, name: str, *, exact: bool = True) -> None:
    """Tab to something and press Enter."""
    tab_to(page, page.get_by_role(role, name=name, exact=exact).first)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_main_flow_needs_no_mouse(open_page, enter, language):
    page, words = open_page(locale=language), WORDS[language]
    enter(page)
    page.wait_for_selector(".row-link")
    page.keyboard.type(f"{OFFERED}\n")
    page.wait_for_selector(".waterfall")

    tab_to(page, page.locator(".waterfall-step summary").first)
    page.keyboard.press("Enter")
    expect(page.locator(".waterfall-columns").first).to_be_visible()
    use(page, "button", words["table"], exact=False)
    expect(page.locator(".why table")).to_be_visible()

    use(page, "link", words["offer"])
    use(page, "button", words["choose"])
    use(page, "link", words["with offer"])

    tab_to(page, page.locator("#decision-accept"))
    page.keyboard.press("Space")
    use(page, "button", words["preview"])
    expect(page.locator(".letter-sheet")).to_contain_text(words["letter"])
    use(page, "button", words["decide"])

    expect(page.get_by_role("heading", name=words["decision"], level=1)).to_be_focused()
    expect(page.locator(".letter-sheet")).to_contain_text(words["letter"])
