"""The model card inside the page: its own style, its own pictures, and nothing that runs."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.stand_in import FIXTURES, problem

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]

CARD = (FIXTURES / "model_card.html").read_text(encoding="utf-8")


def choose_theme(page, theme):
    """The button goes on to the next one: system, light, dark."""
    for _ in range(1 if theme == "light" else 2):
        page.locator(".header-tools .icon-only").first.click()


BAIT = "<script>document.title = 'caught'</script><iframe src='/'></iframe>"


def test_who_reads_which_model_advises_can_read_its_card(page, enter):
    enter(page, "/applicants/100004")
    # The footer stands still once all above it is drawn: a click on a moving link is lost.
    page.wait_for_load_state("networkidle")
    page.get_by_role("contentinfo").get_by_role("link", name="Model card").click()
    expect(page.get_by_role("heading", name="Model card")).to_be_focused()
    assert page.url.endswith("#/model/card")
    expect(page.get_by_role("heading", name="Limits")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Model ")
    assert page.get_by_role("heading", level=1).count() == 1
    page.go_back()
    expect(page.get_by_role("heading", name="Application 100004")).to_be_visible()


@pytest.mark.parametrize(
    ("theme", "colour"), [("light", "rgb(230, 239, 249)"), ("dark", "rgb(23, 40, 59)")]
)
def test_the_card_has_its_own_style_and_pictures_in_the_theme_of_the_page(
    open_page, enter, theme, colour
):
    page = open_page(color_scheme="dark" if theme == "light" else "light")
    enter(page)
    choose_theme(page, theme)
    page.get_by_role("contentinfo").get_by_role("link", name="Model card").click()
    expect(page.locator(".verdict")).to_have_css("background-color", colour)
    expect(page.locator("body").first).not_to_have_css("background-color", "rgb(119, 119, 119)")
    assert page.get_by_alt_text("A green square").evaluate("image => image.naturalWidth") == 8


def test_a_link_within_the_card_scrolls_and_stays_on_the_card(page, enter):
    enter(page, "/model/card")
    page.get_by_role("link", name="Limits").click()
    expect(page.get_by_role("heading", name="Limits")).to_be_in_viewport()
    assert page.url.endswith("#/model/card")


def test_nothing_in_a_card_runs_or_fetches(page, enter):
    page.route(
        "**/model/card",
        lambda route: route.fulfill(body=CARD.replace("<main>", f"<main>{BAIT}"),
                                    content_type="text/html"),
    )  # fmt: skip
    enter(page, "/model/card")
    expect(page.get_by_role("heading", name="Limits")).to_be_visible()
    assert page.locator(".model-card").locator("script, iframe").count() == 0
    assert page.title() != "caught"


def test_the_card_can_be_kept_as_a_file(page, enter):
    enter(page, "/model/card")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert re.fullmatch(r"model-card-[0-9a-f]{12}\.html", download.value.suggested_filename)
    assert download.value.path().read_text(encoding="utf-8") == CARD


def test_a_model_without_a_card_says_so(page, enter):
    answer = problem(404, "Model card not found", "Train and promote it anew.")
    page.route("**/model/card", lambda route: route.fulfill(status=404, body=answer.body.decode()))
    enter(page, "/model/card")
    expect(page.get_by_text("published without a card")).to_be_visible()
