"""The API's description as a page: readable under the same strict policy as the advisor's."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from functions.score_api.document import make_document
from tests.browser.pages import note_requests

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]


def test_every_operation_can_be_read_and_nobody_else_is_called(page, site):
    requests = note_requests(page)
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error(e.violatedDirective))"
    )
    page.route("**/api/openapi.json", lambda route: route.fulfill(json=make_document()))
    page.goto(f"{site.url}api-docs.html")
    operations = [
        method for item in make_document()["paths"].values() for method in item
        if method in ("get", "post", "put", "delete")
    ]  # fmt: skip
    expect(page.locator(".opblock")).to_have_count(len(operations), timeout=20_000)
    page.locator(".opblock", has_text="/predict/batch").first.click()
    expect(page.locator(".opblock-body").first).to_contain_text("applications")
    assert {urlsplit(request.url).netloc for request in requests} == {urlsplit(site.url).netloc}
