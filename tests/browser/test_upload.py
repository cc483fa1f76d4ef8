"""Files: what is refused before it leaves or by the storage, what is cancelled, what came of it."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stand_in import fixture

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
    page.get_by_role("textbox", name="Branch").fill(branch)
    page.get_by_role("button", name="Send the file").click()


def test_a_dropped_file_is_sent_whole_to_the_storage(page, enter, site):
    enter(page, "/upload")
    drop(page, "dropped.csv")
    expect(page.locator(".drop-zone")).to_contain_text("dropped.csv")
    send(page)
    expect(page.get_by_role("heading", name="dropped.csv")).to_be_visible()
    stored = "/storage/uploads/paris-01/dropped-20261121T101530-1a2b.csv"
    assert site.server.stored[stored] == b"SK_ID_CURR"


@pytest.mark.parametrize("name", ["packed.csv.gz", "packed.zip", "tabs.tsv", "export.txt"])
def test_a_packed_file_is_sent_as_it_is(page, enter, name):
    enter(page, "/upload")
    choose(page, name, bytes(range(256)))
    send(page)
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.wait_for_selector(".tallies")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_results_speak_the_language_of_who_sent_the_file(open_page, enter, site, language):
    page = open_page(locale=language)
    enter(page, "/upload")
    choose(page, f"spoken-{language}.csv")
    page.locator("input[name=branch]").fill("paris-01")
    page.locator(".upload-form .button.primary").click()
    page.wait_for_selector(".tallies")
    [signed] = [h for url, h in site.server.signed.items() if f"spoken-{language}" in url]
    assert signed["x-amz-meta-language"] == language


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["a.xlsx"], "“a.xlsx” is no file of applications."),
        (["a.csv", "b.csv"], "One file at a time"),
    ],
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
    expect(page.get_by_role("alert")).to_contain_text("Choose a file first.")
    branch = page.get_by_role("textbox", name="Branch")
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
    refusal = page.get_by_role("alert").filter(has_text="storage")
    expect(refusal).to_contain_text("The storage refused the file (403).")
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


def test_the_receipt_says_how_the_file_was_read_and_what_did_not_count(page, enter):
    enter(page, "/upload/b-7f3c2a")
    reading = page.get_by_role("region", name="How the file was read")
    expect(reading).to_contain_text("Separatorsemicolon")
    expect(reading).to_contain_text("Windows-1252")
    reading.get_by_text("3 columns ignored").click()
    expect(reading).to_contain_text("AGENCE_COMMENTAIRE")


def test_rejects_that_are_left_lead_to_their_repair_and_repaired_ones_to_the_file(page, enter):
    enter(page, "/upload/b-7f3c2a")
    repair = page.get_by_role("region", name="Correct and resend")
    expect(repair).to_contain_text("7 rows are left to correct.")
    expect(repair).to_contain_text("5 rows corrected by")
    repair.get_by_role("link", name="applications-rejects.csv").click()
    repairs = page.get_by_role("region", name="Corrections of an earlier file")
    expect(repairs).to_contain_text("5 rows corrected of applications.csv")
    expect(page.get_by_text("Every row was scored.")).to_be_visible()


def test_a_file_without_open_rejects_says_that_they_were_corrected(page, enter):
    finished = fixture("batch-finished.json") | {"open_rejects": 0}
    page.route("**/api/batches/*", lambda route: route.fulfill(json=finished))
    enter(page, "/upload/b-7f3c2a")
    expect(page.get_by_text("Every rejected row has been corrected since.")).to_be_visible()
    expect(page.get_by_text("left to correct")).to_have_count(0)


def test_why_a_file_failed_is_told_in_the_language_of_the_page(page, enter):
    failed = fixture("batch-failed.json")
    failed["manifest"]["detail"] = {"fr": "Le fichier est vide.", "en": "The file is empty."}
    page.route("**/api/batches/*", lambda route: route.fulfill(json=failed))
    enter(page, "/upload/b-broken")
    expect(page.get_by_role("alert")).to_contain_text("The file is empty.")
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_role("alert")).to_contain_text("Le fichier est vide.")


def test_a_running_file_shows_how_many_rows_are_done_and_goes_on(page, enter):
    enter(page, "/upload/b-endless-here")
    done = page.locator(".rows-done")
    expect(done).to_have_text(re.compile(r"^[\d,]+ of 250,000 rows$"))
    before = done.inner_text()
    expect(done).not_to_have_text(before)
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", re.compile(r"^\d+$"))


def test_results_that_are_no_longer_kept_are_said_to_be_gone(page, enter):
    kept = ("manifest", "scores_url", "rejects_url", "manifest_url")
    expired = {k: v for k, v in fixture("batch-finished.json").items() if k not in kept}
    page.route("**/api/batches/*", lambda route: route.fulfill(json=expired))
    enter(page, "/upload/b-7f3c2a")
    expect(page.get_by_text("The results of this file are no longer kept.")).to_be_visible()


class TestReceived:
    def test_files_are_listed_newest_first_with_their_state_and_counts(self, page, enter):
        enter(page, "/upload")
        rows = page.locator(".received-row")
        expect(rows).to_have_count(6)
        expect(rows.nth(0)).to_contain_text("85,000 of 250,000 rows")
        expect(rows.nth(1)).to_contain_text("Queued")
        expect(rows.nth(3)).to_have_accessible_name(
            re.compile("Finished 4,988 scored 7 to correct 5 corrected since")
        )
        expect(rows.nth(5)).to_contain_text("Failed")
        expect(rows.nth(5)).to_contain_text("The header has no column SK_ID_CURR")

    def test_a_row_leads_to_its_result(self, page, enter):
        enter(page, "/upload")
        page.get_by_role("link", name="weekly-repaired.csv").click()
        expect(page.get_by_role("heading", name="weekly-repaired.csv")).to_be_visible()
        page.wait_for_selector(".tallies")
        page.get_by_role("navigation", name="You are here").get_by_role("link").click()
        expect(page.locator(".received-row")).to_have_count(6)

    def test_one_state_or_one_branch_can_be_looked_at(self, page, enter):
        enter(page, "/upload")
        rows = page.locator(".received-row")
        page.get_by_role("button", name="Failed").click()
        expect(rows).to_have_count(1)
        page.get_by_role("button", name="All").click()
        page.get_by_role("searchbox", name="One branch only").fill("lyon-02")
        expect(rows).to_have_count(2)
        page.get_by_role("searchbox", name="One branch only").fill("nantes")
        expect(page.get_by_text("No recent file matches.")).to_be_visible()

    def test_another_branchs_files_are_refused_in_words(self, page, enter):
        enter(page, "/upload")
        page.get_by_role("searchbox", name="One branch only").fill("foreign")
        expect(page.get_by_role("alert")).to_contain_text("You may not see this")

    def test_a_file_that_is_being_scored_is_looked_at_again_by_itself(self, page, enter):
        items = fixture("batches.json")[:1]
        page.route("**/batches?*", lambda route: route.fulfill(
            json={"items": items, "cursor": None}))  # fmt: skip
        enter(page, "/upload")
        row = page.locator(".received-row")
        expect(row).to_contain_text("Running")
        done = {"status": "finished", "rows_done": 250_000, "scored": 250_000}
        items[0] = items[0] | done
        expect(row).to_contain_text("250,000 scored")

    def test_more_files_are_shown_when_asked_for(self, page, enter):
        [first, *_] = fixture("batches.json")[2:]
        many = [first | {"batch": f"paris-01/{n}.csv/v", "file": f"{n}.csv"} for n in range(30)]

        def answer(route):
            limit = int(parse_qs(urlsplit(route.request.url).query)["limit"][0])
            cursor = "next" if limit < len(many) else None
            route.fulfill(json={"items": many[:limit], "cursor": cursor})

        page.route("**/batches?*", answer)
        enter(page, "/upload")
        rows = page.locator(".received-row")
        expect(rows).to_have_count(20)
        page.get_by_role("button", name="Show more files").click()
        expect(rows).to_have_count(30)
        expect(page.get_by_role("button", name="Show more files")).to_have_count(0)

    def test_without_a_file_the_list_says_so(self, page, enter):
        page.route("**/batches?*", lambda route: route.fulfill(json={"items": [], "cursor": None}))
        enter(page, "/upload")
        expect(page.get_by_text("No file received so far.")).to_be_visible()

    def test_a_list_that_cannot_be_read_leaves_the_form_usable(self, page, enter):
        page.route("**/batches?*", lambda route: route.fulfill(status=503, json={}))
        enter(page, "/upload")
        expect(page.get_by_role("alert")).to_contain_text("not available for the moment")
        expect(page.get_by_role("button", name="Send the file")).to_be_enabled()
