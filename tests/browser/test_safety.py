"""What the page must never do: run foreign code, call foreign hosts, weigh too much."""

import gzip
import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.pages import log_in, note_requests

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]

MOST_BYTES, MOST_REQUESTS = 110_000, 30
# What a dossier with all its figures adds, answers aside.
MOST_MORE = 60_000
BAIT = "<img src=x onerror=\"document.title='caught'\">"
SOMEBODY = "100004"
# address -> what shows that it is there
VIEWS = {
    "/applicants": ".row-link",
    f"/applicants/{SOMEBODY}": ".verdict",
    f"/applicants/{SOMEBODY}/compare": ".heatmap",
    f"/applicants/{SOMEBODY}/simulate": ".before-after",
    f"/applicants/{SOMEBODY}/offer": ".map",
    f"/applicants/{SOMEBODY}/decide": ".outcomes",
    "/new": ".manual",
    "/upload": ".drop-zone",
    "/upload/b-7f3c2a": ".tallies",
    "/model/card": ".model-card h2",
}


@pytest.mark.parametrize("view", VIEWS)
def test_the_strict_policy_is_never_broken_and_no_other_host_is_called(page, enter, site, view):
    """`open_page` fails the test on any message of the browser, as on a violation of the policy."""
    requests = note_requests(page)
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error(e.violatedDirective))"
    )
    enter(page, view)
    page.wait_for_selector(VIEWS[view])
    page.wait_for_load_state("networkidle")
    assert {urlsplit(request.url).netloc for request in requests} == {urlsplit(site.url).netloc}


def test_the_token_never_shows_in_an_address_and_is_kept_nowhere(page, enter):
    requests = note_requests(page)
    enter(page, f"/applicants/{SOMEBODY}")
    page.wait_for_selector(".verdict")
    assert not [request.url for request in requests if "token-of" in request.url]
    kept = "JSON.stringify([sessionStorage, localStorage, document.cookie])"
    assert "token-of" not in page.evaluate(kept)


def change_score(page, change):
    """Answer scores with something changed in them."""

    def answer(route):
        score = route.fetch().json()
        change(score)
        route.fulfill(json=score)

    page.route("**/score", answer)


def test_the_password_is_sent_to_nobody(page, site):
    requests = note_requests(page)
    page.goto(site.url)
    log_in(page, site.user, site.password)
    sent = [request.post_data or "" for request in requests]
    assert [body for body in sent if "PASSWORD_CLAIM_SIGNATURE" in body]
    assert not [body for body in [*sent, *(request.url for request in requests)]
                if site.password in body]  # fmt: skip


def test_a_wrong_password_is_told_as_an_unknown_name_is(page, site):
    told = []
    for name, password in ((site.user, "Wrong-Horse-1!"), ("no.such.person", "Wrong-Horse-1!")):
        page.goto(site.url)
        page.reload()
        page.fill("input[name=username]", name)
        page.fill("input[name=password]", password)
        page.click("form button.primary")
        told.append(page.get_by_role("alert").inner_text())
    assert told[0] == told[1]
    assert "password" in told[0]


def test_markup_in_the_data_is_text(page, enter):
    def spoil(score):
        for reason in score["reasons"]["raises"] + score["reasons"]["lowers"]:
            reason["text"]["en"] = BAIT
        for item in score["contributions"]:
            item["label"]["en"] = BAIT
            item["value"] = BAIT

    change_score(page, spoil)
    enter(page, f"/applicants/{SOMEBODY}")
    expect(page.locator(".reason-text").first).to_have_text(BAIT)
    page.locator(".waterfall-step summary").first.click()
    expect(page.locator(".waterfall-columns dt").first).to_contain_text(BAIT)
    assert page.title() != "caught"
    assert page.locator("img[src=x]").count() == 0


def test_words_of_the_api_that_are_newer_than_the_page_do_not_break_it(page, enter):
    def renew(score):
        score["risk_band"] = "very_high"
        for item in [*score["contributions"], *score["reasons"]["raises"]]:
            item["family"] = "open_banking"

    change_score(page, renew)
    enter(page, f"/applicants/{SOMEBODY}")
    expect(page.locator(".band")).to_contain_text("very high")
    expect(page.locator(".why")).to_contain_text("open banking")


def test_the_first_view_is_light_and_a_dossier_not_much_heavier(page, site):
    sizes: dict[str, int] = {}
    page.on(
        "response",
        lambda response: sizes.update({response.url: weigh(response)}),
    )
    page.goto(site.url)
    page.wait_for_selector("form")
    page.wait_for_load_state("networkidle")
    assert sum(sizes.values()) <= MOST_BYTES, json.dumps(sizes, indent=1)
    assert len(sizes) <= MOST_REQUESTS, json.dumps(list(sizes), indent=1)
    sizes.clear()
    log_in(page, site.user, site.password)
    page.goto(f"{site.url}#/applicants/{SOMEBODY}/compare")
    page.wait_for_selector(".heatmap")
    page.goto(f"{site.url}#/applicants/{SOMEBODY}")
    page.wait_for_selector(".verdict")
    page.wait_for_load_state("networkidle")
    code = {url: size for url, size in sizes.items() if "/api/" not in url}
    assert sum(code.values()) <= MOST_MORE, json.dumps(code, indent=1)


def weigh(response) -> int:
    """As it would travel; a font is compressed already."""
    body = response.body()
    return len(body) if response.url.endswith(".woff2") else len(gzip.compress(body))
