"""The advisor's flow: explain, correct, simulate, offer, decide, hand over the letter."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import log_in, open_first, spell_percent

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]

OFFERED = "100004"  # refused as it stands, accepted as a smaller loan
NOTHING = "100000"  # refused whatever the loan
PDS = re.compile(r"[\d.]+%")


def open_part(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Parts of the dossier").get_by_role(
        "link", name=name
    ).click()


class TestWorkList:
    def test_tabs_filters_and_order_stand_in_the_address_and_are_what_the_service_is_asked(
        self, page, enter
    ):
        enter(page)
        page.get_by_role("button", name="Undecided").click()
        page.get_by_role("button", name="Filters").click()
        page.get_by_label("The model recommends").select_option("refuse")
        with page.expect_response(re.compile("sort=income")) as answer:
            page.get_by_role("button", name="Income").click()
        page.wait_for_selector('.list-card[aria-busy="false"]')
        assert "state=open&decision=refuse&sort=income" in page.url
        told = answer.value.json()
        expect(page.locator(".row-link")).to_have_text(
            [item["applicant_id"] for item in told["items"]]
        )
        incomes = [item["income"] for item in told["items"]]
        assert incomes == sorted(incomes, reverse=True)
        expect(page.locator(".list-total")).to_have_text(f"{told['total']} applications")
        expect(page.get_by_role("button", name="Filters (1)")).to_be_visible()

    def test_a_list_goes_on_until_everybody_was_shown(self, page, enter):
        enter(page)
        page.wait_for_selector(".row-link")
        more = page.get_by_role("button", name=re.compile("Show more"))
        for _ in range(5):
            if not more.is_visible():
                break
            shown = page.locator(".row-link").count()
            more.click()
            expect(page.locator(".row-link")).not_to_have_count(shown)
        total = page.locator(".list-total").inner_text().split()[0]
        expect(page.locator(".row-link")).to_have_count(int(total))


class TestDossier:
    def test_a_wrong_value_is_corrected_seen_before_and_after_and_undone(self, page, enter):
        enter(page, f"/applicants/{NOTHING}")
        before = page.locator(".verdict-pd strong").inner_text()
        reason = page.locator(".reason", has_text="External scores").first
        reason.get_by_role("button", name="This is wrong").click()
        dialog = page.get_by_role("dialog", name="Correct values")
        field = dialog.locator("input:not([type=date])").first
        field.fill("nonsense")
        dialog.get_by_role("button", name="Score with these values").click()
        expect(dialog.locator(".field-error").first).to_be_visible()
        field.fill("0.9")
        with page.expect_response(re.compile("/predict$")) as answer:
            dialog.get_by_role("button", name="Score with these values").click()
        after = spell_percent(answer.value.json()["probability_of_default"])
        expect(page.locator(".correction")).to_contain_text(
            f"Risk before the correction {before}, now {after}."
        )
        expect(page.locator(".verdict-pd strong")).to_have_text(after)
        page.get_by_role("button", name="Undo the corrections").click()
        expect(page.locator(".verdict-pd strong")).to_have_text(before)

    def test_the_file_is_searched_and_what_is_missing_is_found(self, page, enter):
        enter(page, f"/applicants/{NOTHING}")
        page.get_by_label("Search the file").fill("credit amount")
        found = page.locator(".all-facts dt").all_inner_texts()
        assert "Credit amount" in found
        assert all("credit amount" in name.lower() for name in found)
        page.get_by_label("Search the file").fill("")
        page.get_by_role("button", name="Missing", exact=True).click()
        expect(page.locator(".all-facts dd:not(.missing)")).to_have_count(0)
        assert page.locator(".all-facts dd.missing").count() > 10

    def test_what_is_not_known_is_ranked_as_the_service_ranks_it(self, page, enter):
        enter(page, f"/applicants/{NOTHING}")
        with page.expect_response(re.compile("/unknown$")) as answer:
            open_part(page, "What is missing")
        items = [i for i in answer.value.json()["items"] if i["unit"] != "normalised"]
        if not items:
            expect(page.get_by_text("Everything that the model looks at is known")).to_be_visible()
        for place, item in enumerate(items):
            expect(page.locator(".check-label").nth(place)).to_contain_text(
                re.sub(r" \(in days\)$", "", item["label"]["en"])
            )

    def test_peers_and_distributions_say_in_a_sentence_and_a_table_what_they_show(
        self, page, enter
    ):
        enter(page, f"/applicants/{NOTHING}/compare")
        expect(page.locator(".figure-sentence").first).to_contain_text("similar accepted files")
        page.get_by_label("Item to look at").select_option("AMT_CREDIT")
        with page.expect_response(re.compile("among=similar")) as answer:
            page.get_by_role("button", name="Similar ones").click()
        rows = sum(b["rows"] or 0 for b in answer.value.json()["bins"])
        card = page.locator(".card", has=page.get_by_label("Item to look at"))
        card.get_by_role("button", name="Show as a table").click()
        cells = card.locator("td.number").all_inner_texts()
        told = sum(int(text.replace(",", "")) for text in cells if text[0].isdigit())
        assert 0 < told <= rows

    def test_face_to_face_shows_the_applicants_words_and_no_internal_figure(self, page, enter):
        enter(page, f"/applicants/{NOTHING}")
        page.wait_for_selector(".verdict")
        page.keyboard.press("F9")
        expect(page.get_by_text("cannot be accepted as it stands")).to_be_visible()
        shown = page.locator("body").inner_text()
        assert not PDS.search(shown)
        assert "Model" not in shown
        page.keyboard.press("F9")
        expect(page.locator(".verdict-pd")).to_be_visible()


class TestSimulation:
    def test_the_risk_follows_what_is_typed_and_is_the_services(self, page, enter):
        enter(page, f"/applicants/{OFFERED}/simulate")
        with page.expect_response(re.compile("/simulate$")) as answer:
            page.get_by_label("Credit amount", exact=False).first.fill("100,000")
        after = answer.value.json()["items"][0]["after"]
        main = page.locator(".side-figure.main .side-pd")
        expect(main).to_have_text(spell_percent(after["probability_of_default"]))
        page.get_by_label("Declared income", exact=False).first.fill("300000")
        expect(page.locator(".lever.changed")).to_have_count(2)
        expect(page.locator(".watermark")).to_be_visible()
        expect(page).to_have_url(re.compile("AMT_CREDIT.*AMT_INCOME_TOTAL"))
        assert "300000" not in page.url
        assert "100000" not in page.url
        page.wait_for_selector('.before-after[aria-busy="false"]')
        before, url = main.inner_text(), page.url
        page.get_by_role("button", name="Reset all").click()
        expect(page.locator(".lever.changed")).to_have_count(0)
        page.goto("about:blank")
        page.goto(url)
        log_in(page, "alice.martin", "Correct-Horse-9")
        expect(page.locator(".side-figure.main .side-pd")).to_have_text(before)

    def test_nothing_passes_says_how_far_away_and_what_remains(self, page, enter):
        enter(page, f"/applicants/{NOTHING}/offer")
        card = page.get_by_role("region", name="No loan of this map passes")
        expect(card).to_contain_text("points are lacking")
        expect(card).to_contain_text("What was tried")
        expect(card).to_contain_text("What remains")
        expect(page.locator(".map-cell.accept")).to_have_count(0)

    def test_the_map_is_walked_and_chosen_from_by_the_keyboard(self, page, enter):
        enter(page, f"/applicants/{OFFERED}/offer")
        page.wait_for_selector(".map")
        page.locator('.map [data-at="0,0"]').focus()
        place = page.locator(".map-cell.accept button").first.get_attribute("data-at")
        row, column = map(int, place.split(","))
        for key in ["ArrowUp"] * row + ["ArrowRight"] * column:
            page.keyboard.press(key)
        expect(page.locator(f'.map [data-at="{place}"]')).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".map-cell.chosen")).to_have_count(1)
        expect(page.get_by_role("link", name="Decide with this offer")).to_be_visible()


def decide(page: Page, outcome: str, button: str = "Decide") -> None:
    page.check(f"#decision-{outcome}")
    page.get_by_role("button", name=button, exact=True).click()


class TestDecision:
    def test_an_offer_reaches_the_decision_and_the_letter(self, page, enter):
        enter(page, f"/applicants/{OFFERED}/offer")
        proposal = page.locator(".proposal").first
        amount = proposal.locator(".proposal-amount").inner_text()
        proposal.get_by_role("button", name="Choose").click()
        page.get_by_role("link", name="Decide with this offer").click()
        expect(page.locator(".advice").first).to_contain_text("Accept")
        expect(page.locator(".advice").nth(1)).to_contain_text(amount)
        page.check("#decision-accept")
        page.get_by_role("button", name="in French").click()
        expect(page.locator(".letter-sheet")).to_contain_text("Projet : rien n’est encore décidé")
        page.get_by_role("button", name="in English").click()
        expect(page.locator(".letter-sheet")).to_contain_text("The loan that we offer you")
        decide(page, "accept")
        expect(page.get_by_role("heading", name="The decision")).to_be_focused()
        expect(page.locator(".outcome-card")).to_contain_text(amount)
        expect(page.locator(".letter-sheet")).not_to_contain_text("Draft")
        page.get_by_role("button", name="Compute it anew").click()
        expect(page.get_by_text("Identical, to the last bit")).to_be_visible()
        page.get_by_role("link", name=f"Application {OFFERED}").click()
        expect(page.locator(".history")).to_contain_text("Accept")

    def test_against_the_model_one_says_why_and_a_colleague_confirms(self, open_page, enter, site):
        page = open_page()
        enter(page)
        id_ = open_first(page, site.url, decision="refuse", sort="amount", order="desc")
        open_part(page, "Decide")
        page.check("#decision-accept")
        page.get_by_role("button", name="Propose to a colleague").click()
        summary = page.get_by_role("alert")
        expect(summary).to_contain_text("2 fields need a correction")
        summary.get_by_role("link", name="In a few words").click()
        expect(page.get_by_label("In a few words")).to_be_focused()
        page.get_by_label("In a few words").fill("His mother stands surety")
        page.get_by_label("Reason", exact=True).select_option("guarantor")
        page.get_by_role("button", name="Propose to a colleague").click()
        expect(page.get_by_text("a colleague of the branch has to confirm it")).to_be_visible()
        expect(page.locator(".letter-sheet")).to_have_count(0)
        address = page.url

        other = open_page()
        enter(other, "/applicants?state=to_confirm", user="bob.leroy")
        row = other.locator("tr", has=other.get_by_role("link", name=id_))
        row.get_by_role("link", name="to confirm").click()
        other.get_by_label("Remark").fill("Papers seen")
        other.get_by_role("button", name="I confirm", exact=True).click()
        expect(other.locator(".outcome-card")).to_contain_text("bob.leroy confirms")
        expect(other.locator(".letter-sheet")).to_be_visible()
        assert other.url == address

    def test_a_file_that_a_colleague_works_on_is_read_and_not_decided(self, open_page, enter, site):
        first, second = open_page(), open_page()
        enter(first)
        id_ = open_first(first, site.url, state="review")
        expect(first.locator(".claim")).to_contain_text("You work on this file until")
        enter(second, f"/applicants/{id_}/decide", user="bob.leroy")
        expect(second.get_by_role("alert").first).to_contain_text("alice.martin works on this file")
        second.check("#decision-refuse")
        second.get_by_label("Reason", exact=True).select_option("other")
        second.get_by_label("In a few words").fill("Not mine")
        second.get_by_role("button", name="Decide", exact=True).click()
        expect(second.get_by_text("A colleague works on this file: wait")).to_be_visible()
        first.get_by_role("button", name="Release it").click()
        expect(first.locator(".claim")).to_have_count(0)
        second.get_by_role("button", name="Decide", exact=True).click()
        expect(second.get_by_role("heading", name="The decision")).to_be_visible()

    def test_a_model_that_changed_meanwhile_is_told_and_scored_again(self, page, enter, site):
        enter(page, f"/applicants/{NOTHING}/decide")
        page.wait_for_selector(".outcomes")
        site.server.service.promote_another(cutoff=0.19)
        decide(page, "refuse")
        expect(page.get_by_text("The model has changed since you opened this file")).to_be_visible()
        page.get_by_role("button", name="Score again").click()
        expect(page.locator(".advice")).to_contain_text("threshold 19.0%")
        decide(page, "refuse")
        expect(page.get_by_role("heading", name="The decision")).to_be_visible()


class TestManualEntry:
    def test_only_what_is_needed_is_asked_and_wrong_values_are_named(self, page, enter):
        enter(page, "/new")
        page.get_by_role("button", name="Score", exact=True).click()
        summary = page.get_by_role("alert")
        expect(summary).to_contain_text("4 fields need a correction")
        expect(summary).to_be_focused()
        page.get_by_label("Credit amount").fill("much")
        page.keyboard.press("Tab")
        expect(page.locator("#manual-AMT_CREDIT-error")).to_contain_text("write a number")

    def test_somebody_new_is_scored_then_decided_for_a_branch(self, page, enter):
        enter(page, "/new")
        for label, value in (
            ("Application id", "900002"), ("Credit amount", "250,000"),
            ("Loan annuity", "20000"), ("Declared income", "150000"),
        ):  # fmt: skip
            page.get_by_label(label).fill(value)
        page.get_by_label("Date of birth").fill("1985-03-04")
        with page.expect_response(re.compile("/predict$")) as answer:
            page.keyboard.press("Enter")
        pd = spell_percent(answer.value.json()["probability_of_default"])
        expect(page.locator(".verdict-pd strong")).to_have_text(pd)
        page.get_by_role("button", name="Go to the decision").click()
        page.check("#decision-refuse")
        if page.get_by_label("Reason", exact=True).is_visible():
            page.get_by_label("Reason", exact=True).select_option("not_affordable")
            page.get_by_label("In a few words").fill("Too much beside the rent")
        page.get_by_role("button", name="Decide", exact=True).click()
        expect(page.get_by_role("heading", name="The decision")).to_be_visible()


@pytest.mark.parametrize(
    ("user", "heading", "links"),
    [
        ("alice.martin", "Applicants", ["Applicants", "New application", "Files", "Model"]),
        ("anna.all", "Applicants", ["Applicants", "New application", "Files", "Model"]),
        ("carol.office", "Files", ["Applicants", "Files", "Model"]),
        ("otto.operator", "Files", ["Files", "Model"]),
        ("dana.data", "Model card", ["New application", "Model"]),
    ],
)
def test_each_role_begins_where_it_works_and_is_led_nowhere_else(page, site, user, heading, links):
    page.goto(site.url)
    log_in(page, user, site.password)
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    expect(page.get_by_role("navigation", name="Main").get_by_role("link")).to_have_text(links)


def test_a_view_of_another_role_says_so_without_an_error(page, enter):
    enter(page, f"/applicants/{NOTHING}/decide", user="carol.office")
    expect(page.get_by_role("heading", name="This page is for another role")).to_be_visible()
    page.get_by_role("link", name="Go to the start").click()
    expect(page.get_by_role("heading", name="Files", level=1)).to_be_visible()


WORDS = {
    "en": ("Offer", "Choose", "Decide with this offer", "Decide", "The decision"),
    "fr": ("Offre", "Choisir", "Décider avec cette offre", "Décider", "Décision"),
}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_main_flow_needs_no_mouse(open_page, enter, language):
    page = open_page(locale=language)
    offer, choose, with_offer, submit, decision = WORDS[language]
    enter(page)
    page.wait_for_selector(".row-link")
    page.keyboard.type(f"{OFFERED}\n")
    page.wait_for_selector(".verdict")

    def press_until(role: str, name: str, key: str = "Enter") -> None:
        """Tab to something and use it."""
        wanted = page.get_by_role(role, name=name, exact=True).first
        wanted.wait_for()
        for _ in range(150):
            if wanted.evaluate("e => e === document.activeElement"):
                break
            page.keyboard.press("Tab")
        expect(wanted).to_be_focused()
        page.keyboard.press(key)

    press_until("link", offer)
    press_until("button", choose)
    press_until("link", with_offer)
    page.wait_for_selector("#decision-accept")
    for _ in range(40):
        if page.evaluate("document.activeElement?.name") == "decision":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    press_until("button", submit)
    expect(page.get_by_role("heading", name=decision, level=1)).to_be_visible()
    expect(page.locator(".letter-sheet")).to_be_visible()
