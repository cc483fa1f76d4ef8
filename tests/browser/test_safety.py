"""What the page must never do: run foreign code, call foreign hosts, weigh too much."""

import gzip
import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.pages import note_requests
from tests.browser.stand_in import fixture

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]

MOST_BYTES = 150 * 1024
BAIT = "<img src=x onerror=\"document.title='caught'\">"
VIEWS = ["/applicants", "/applicants/100002", "/upload", "/upload/b-7f3c2a", "/model/card"]


@pytest.mark.parametrize("view", VIEWS)
def test_the_strict_policy_is_never_broken_and_no_other_host_is_called(page, enter, site, view):
    """`open_page` fails the test on any message of the browser, as on a violation of the policy."""
    requests = note_requests(page)
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error(e.violatedDirective))"
    )
    enter(page, view)
    page.wait_for_selector(".list-row, .chart svg, .drop-zone, .figures, .model-card h2")
    page.wait_for_timeout(200)
    assert {urlsplit(request.url).netloc for request in requests} == {urlsplit(site.url).netloc}


def test_the_token_never_shows_in_an_address(page, enter):
    requests = note_requests(page)
    enter(page, "/applicants/100002")
    page.wait_for_selector(".chart svg")
    assert not [request.url for request in requests if "token-of" in request.url]


def test_markup_in_the_data_is_text(page, enter):
    score = fixture("score-100002.json")
    score["reasons"]["raises"][0]["text"]["en"] = BAIT
    score["contributions"][0]["label"]["en"] = BAIT
    score["contributions"][1]["value"] = BAIT
    page.route("**/score", lambda route: route.fulfill(json=score))
    enter(page, "/applicants/100002")
    page.wait_for_selector(".chart svg")
    expect(page.locator(".reason-text").first).to_have_text(BAIT)
    page.get_by_role("button", name="Table").click()
    expect(page.locator(".why tbody th").first).to_have_text(BAIT)
    assert page.title() != "caught"
    assert page.locator("img[src=x]").count() == 0


def test_words_of_the_api_that_are_newer_than_the_page_do_not_break_it(page, enter):
    score = fixture("score-100002.json")
    score["risk_band"] = "very_high"
    score["reasons"]["raises"][0]["family"] = "open_banking"
    page.route("**/score", lambda route: route.fulfill(json=score))
    enter(page, "/applicants/100002")
    expect(page.locator(".band")).to_contain_text("very high")
    expect(page.locator(".reasons")).to_contain_text("open banking")


def test_the_first_view_is_light_and_charts_wait(page, site):
    sizes: dict[str, int] = {}
    page.on(
        "response",
        lambda response: sizes.update({response.url: len(gzip.compress(response.body()))}),
    )
    page.goto(site.url)
    page.wait_for_selector("form")
    page.wait_for_load_state("networkidle")
    assert not [url for url in sizes if "echarts" in url]
    assert sum(sizes.values()) <= MOST_BYTES, json.dumps(sizes, indent=1)
