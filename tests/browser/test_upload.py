"""Sending a file: what is refused before it leaves, or by the storage, and what is cancelled."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]


def choose(page: Page, name: str, content: bytes = b"SK_ID_CURR\n1\n") -> None:
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.locator("input[type=file]").set_input_files(file)


def drop(page: Page, *names: str) -> None:
    """Drop files on the zone as a mouse would."""
    page.wait_for_selector(".drop-zone")
    page.evaluate(
        """names => {
          const transfer = new DataTransfer();
          for (const name of names) transfer.items.add(new File(['SK_ID_CURR'], name));
          const options = { dataTransfer: transfer, bubbles: true, cancelable: true };
          document.querySelector('.drop-zone').dispatchEvent(new DragEvent('drop', options));
        }""",
        list(names),
    )


def send(page: Page, branch: str = "paris-01") -> None:
    page.get_by_label("Branch").fill(branch)
    page.get_by_role("button", name="Send the file").click()


def test_a_dropped_file_is_sent_whole_to_the_storage(page, enter, site):
    enter(page, "/upload")
    drop(page, "dropped.csv")
    expect(page.locator(".drop-zone")).to_contain_text("dropped.csv")
    send(page)
    expect(page.get_by_role("heading", name="dropped.csv")).to_be_visible()
    assert site.server.stored["/storage/uploads/paris-01/dropped.csv"] == b"SK_ID_CURR"


@pytest.mark.parametrize(
    ("names", "words"),
    [(["a.xlsx"], "“a.xlsx” is not a CSV file."), (["a.csv", "b.csv"], "One file at a time")],
)
def test_what_cannot_be_a_file_of_applications_is_refused_at_once(page, enter, names, words):
    enter(page, "/upload")
    drop(page, *names)
    expect(page.get_by_role("alert")).to_contain_text(words)


def test_an_empty_file_is_refused_at_once(page, enter):
    enter(page, "/upload")
    choose(page, "nothing.csv", b"")
    expect(page.get_by_role("alert")).to_contain_text("“nothing.csv” is empty.")


def test_a_form_without_file_or_with_a_wrong_branch_says_which(page, enter):
    enter(page, "/upload")
    send(page, branch="../paris")
    expect(page.get_by_role("alert")).to_contain_text("Choose a CSV file first.")
    branch = page.get_by_label("Branch")
    expect(branch).to_have_attribute("aria-invalid", "true")
    expect(branch).to_have_accessible_description(
        "Letters, digits and hyphens, e.g. paris-01 "
        "Write the branch with letters, digits and hyphens only, e.g. paris-01."
    )
    expect(branch).to_be_focused()


def test_a_file_that_the_storage_refuses_stays_chosen(page, enter):
    enter(page, "/upload")
    choose(page, "refused.csv")
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("The storage refused the file (403).")
    expect(page.locator(".drop-zone")).to_contain_text("refused.csv")


def test_a_slow_sending_shows_its_progress_and_can_be_cancelled(page, enter):
    enter(page, "/upload")
    session = page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 200_000}
    session.send("Network.emulateNetworkConditions", slow)
    choose(page, "large.csv", b"x" * 4_000_000)
    send(page)
    bar = page.get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuenow", re.compile(r"^[1-9]\d?$"))
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("status").filter(has_text="cancelled")).to_be_visible()
    expect(page.get_by_role("button", name="Send the file")).to_be_enabled()


def test_rejected_rows_come_with_their_causes(page, enter):
    enter(page, "/upload/b-7f3c2a")
    causes = page.get_by_role("table")
    expect(causes).to_contain_text("AMT_CREDIT")
    expect(page.get_by_role("link", name="Rejected rows with their causes (CSV)")).to_be_visible()


def test_a_file_that_cannot_be_scored_says_why(page, enter):
    enter(page, "/upload/b-broken")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("The header has no column SK_ID_CURR")


def test_a_result_that_does_not_exist_is_said_kindly(page, enter):
    enter(page, "/upload/b-unknown")
    expect(page.get_by_text("No file has this number.")).to_be_visible()


def test_files_sent_from_this_tab_are_listed_with_their_results(page, enter):
    enter(page, "/upload")
    choose(page, "morning.csv")
    send(page)
    page.wait_for_selector(".figures")
    page.get_by_role("link", name="Send a file").last.click()
    page.get_by_role("link", name="morning.csv").click()
    expect(page.get_by_role("heading", name="morning.csv")).to_be_visible()
