"""Two-step sign-in: tied to an app in the account or at the login, then asked for each time."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import log_in
from tests.totp import code_of

pytestmark = pytest.mark.browser


def read_secret(page: Page) -> str:
    return re.sub(r"\s", "", page.locator(".secret").inner_text())


def send_code(page: Page, button: str, code: str) -> None:
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name=button).click()


def wrong(code: str) -> str:
    return code[1:] + str((int(code[0]) + 1) % 10) if len(set(code)) > 1 else "123456"


def test_codes_are_those_of_the_standard():
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # of RFC 6238, appendix B
    assert [code_of(secret, at) for at in (59, 1_111_111_109)] == ["287082", "081804"]


def test_who_ties_an_app_is_asked_for_its_code_from_then_on(page, site):
    page.goto(f"{site.url}#/account")
    log_in(page, site.enrolling_user, site.password)
    expect(page.get_by_text("The password alone signs you in.")).to_be_visible()
    page.get_by_role("button", name="Set up an authenticator app").click()
    expect(page.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    secret = read_secret(page)
    send_code(page, "Switch on", wrong(code_of(secret)))
    expect(page.get_by_role("alert")).to_contain_text("The code is wrong or too old")
    assert read_secret(page) == secret
    send_code(page, "Switch on", code_of(secret))
    expect(page.get_by_text("A code is asked for at each sign-in.")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    page.fill("input[name=username]", site.enrolling_user)
    page.fill("input[name=password]", site.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Code of your app")).to_be_visible()
    send_code(page, "Sign in", wrong(code_of(secret)))
    expect(page.get_by_role("alert")).to_contain_text("The code is wrong or too old")
    send_code(page, "Sign in", code_of(secret))
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()


def test_where_everybody_must_the_app_is_tied_at_the_login(page, site, rare):
    page.goto(site.url)
    page.fill("input[name=username]", "must.enrol")
    page.fill("input[name=password]", site.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("asks for a code from an authenticator app")).to_be_visible()
    send_code(page, "Sign in", code_of(read_secret(page)))
    expect(page.get_by_role("heading", name="Applicants")).to_be_visible()


def test_one_can_go_back_from_a_code_to_the_password(page, site, rare):
    page.goto(site.url)
    page.fill("input[name=username]", "must.enrol")
    page.fill("input[name=password]", site.password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("User name")).to_be_visible()


def test_the_secret_can_be_scanned_opened_and_typed(page, site, rare):
    page.goto(f"{site.url}#/account")
    log_in(page, "scanning.advisor", site.password)
    page.get_by_role("button", name="Set up an authenticator app").click()
    link = page.get_by_role("link", name="open an app on this device")
    expect(link).to_have_attribute(
        "href", re.compile(r"^otpauth://totp/.+secret=" + read_secret(page))
    )
    box = page.locator("svg.qr").bounding_box()
    assert box["width"] == pytest.approx(box["height"])
    assert box["width"] > 150
