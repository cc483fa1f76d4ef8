"""A decision: with the model or against it, a second person, a letter, what is in the way."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import is_settled, open_part, spell_percent
from tests.browser.service import CONTRADICTORY, OFFERED

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]


def decide(page: Page, outcome: str, button: str = "Decide") -> None:
    page.check(f"#decision-{outcome}")
    submit(page, button)


def submit(page: Page, button: str = "Decide") -> None:
    page.get_by_role("button", name=button, exact=True).click()


def give_reason(page: Page, code: str, words: str) -> None:
    page.get_by_label("Reason", exact=True).select_option(code)
    page.get_by_label("In a few words").fill(words)


def expect_decided(page: Page) -> None:
    expect(page.get_by_role("heading", name="The decision", level=1)).to_be_visible()


def letter(page: Page):
    return page.locator(".letter-sheet")


class TestWithTheModel:
    def test_who_agrees_gives_no_reason_and_has_the_letter_at_once(self, page, enter, api):
        id_ = api.spare("accept")
        enter(page, f"/applicants/{id_}/decide")
        page.check("#decision-accept")
        expect(page.get_by_label("Reason", exact=True)).to_have_count(0)
        page.get_by_label("What the applicant says").fill("It is for a car")
        submit(page)
        expect(page.get_by_role("heading", name="The decision", level=1)).to_be_focused()
        expect(page.locator(".outcome-card")).to_contain_text("by alice.martin")
        expect(page.locator(".outcome-card")).to_contain_text("It is for a car")
        expect(letter(page)).to_be_visible()
        page.get_by_role("link", name=f"Application {id_}").click()
        expect(page.locator(".history")).to_contain_text("Accept")

    def test_the_letter_is_read_in_both_languages_before_and_after(self, page, enter, api):
        enter(page, f"/applicants/{api.spare('refuse')}/decide")
        page.check("#decision-refuse")
        page.get_by_role("button", name="in French").click()
        expect(letter(page)).to_contain_text("Projet : rien n’est encore décidé")
        page.get_by_role("button", name="in English").click()
        expect(letter(page)).to_contain_text("Draft")
        submit(page)
        expect_decided(page)
        expect(letter(page)).not_to_contain_text("Draft")
        page.get_by_role("button", name="in French").click()
        expect(letter(page)).to_contain_text("Madame, Monsieur")
        expect(letter(page)).not_to_contain_text("Projet : rien")

    def test_a_decision_is_computed_anew_and_is_identical(self, page, enter, api):
        enter(page, f"/applicants/{api.spare('refuse')}/decide")
        decide(page, "refuse")
        page.get_by_role("button", name="Compute it anew").click()
        expect(page.get_by_text("Identical, to the last bit")).to_be_visible()

    def test_an_offer_reaches_the_decision_and_the_letter(self, page, enter):
        enter(page, f"/applicants/{OFFERED}/offer")
        proposal = page.locator(".proposal").first
        amount = proposal.locator(".proposal-amount").inner_text()
        proposal.get_by_role("button", name="Choose").click()
        page.get_by_role("link", name="Decide with this offer").click()
        expect(page.locator(".advice").first).to_contain_text("Accept")
        expect(page.locator(".advice").nth(1)).to_contain_text(amount)
        page.check("#decision-accept")
        page.get_by_role("button", name="in English").click()
        expect(letter(page)).to_contain_text("The loan that we offer you")
        submit(page)
        expect(page.locator(".outcome-card")).to_contain_text(amount)
        expect(letter(page)).to_contain_text("The loan that we offer you")

    def test_a_draft_of_another_loan_is_taken_away_with_the_offer(self, page, enter):
        enter(page, f"/applicants/{OFFERED}/offer")
        page.locator(".proposal").first.get_by_role("button", name="Choose").click()
        page.get_by_role("link", name="Decide with this offer").click()
        expect(page.locator(".advice").first).to_contain_text("Accept")
        page.check("#decision-accept")
        page.get_by_role("button", name="in English").click()
        expect(letter(page)).to_contain_text("The loan that we offer you")
        page.get_by_role("button", name="Drop the offer").click()
        expect(page.locator(".advice")).to_contain_text("Refuse")
        expect(letter(page)).to_have_count(0)

    def test_corrected_values_are_what_is_decided_on(self, page, enter, api):
        id_ = api.spare("refuse")
        enter(page, f"/applicants/{id_}")
        reason = page.locator(".reason", has_text="External scores").first
        reason.get_by_role("button", name="This is wrong").click()
        page.get_by_role("dialog").get_by_label("External score 2").fill("0.95")
        page.get_by_role("button", name="Score with these values").click()
        page.get_by_role("region", name="Corrected values").wait_for()
        told = page.locator(".verdict-pd strong").inner_text()
        page.get_by_role("link", name="Decide", exact=True).click()
        expect(page.locator(".advice")).to_contain_text(f"risk {told}")
        page.check("#decision-refuse")
        if page.get_by_label("Reason", exact=True).is_visible():
            give_reason(page, "doubtful_documents", "The statement is a copy")
        submit(page)
        expect(page.locator(".outcome-card")).to_contain_text(f"risk {told}")


class TestWhatWasWritten:
    def test_a_look_at_another_part_of_the_dossier_loses_nothing_of_it(self, page, enter, api):
        enter(page, f"/applicants/{api.spare('refuse')}/decide")
        page.check("#decision-accept")
        give_reason(page, "guarantor", "Her mother stands in")
        page.get_by_label("What the applicant says").fill("I start a new job in May")
        open_part(page, "Offer")
        page.wait_for_selector(".map, .notice")
        open_part(page, "Decide")
        expect(page.locator("#decision-accept")).to_be_checked()
        expect(page.get_by_label("Reason", exact=True)).to_have_value("guarantor")
        expect(page.get_by_label("In a few words")).to_have_value("Her mother stands in")
        expect(page.get_by_label("What the applicant says")).to_have_value(
            "I start a new job in May"
        )

    def test_nothing_of_it_is_left_after_the_decision_which_the_next_one_is_told_of(
        self, page, enter, api
    ):
        id_ = api.spare("refuse")
        enter(page, f"/applicants/{id_}/decide")
        page.get_by_label("What the applicant says").fill("I start a new job in May")
        decide(page, "refuse")
        expect_decided(page)
        page.get_by_role("link", name=f"Application {id_}").click()
        open_part(page, "Decide")
        expect(page.locator("form.decide")).to_be_visible()
        expect(page.locator("#decision-refuse")).not_to_be_checked()
        expect(page.get_by_label("What the applicant says")).to_have_value("")
        expect(page.get_by_text("Decided already: refused")).to_contain_text("by alice.martin")


class TestAgainstTheModel:
    def test_one_says_why_and_what_is_left_out_leads_to_its_field(self, page, enter, api):
        enter(page, f"/applicants/{api.spare('accept')}/decide")
        decide(page, "refuse")
        summary = page.get_by_role("alert").filter(has_text="fields need a correction")
        expect(summary).to_contain_text("2 fields need a correction")
        expect(summary).to_be_focused()
        for label in ("Reason", "In a few words"):
            summary.get_by_role("link", name=label, exact=True).click()
            expect(page.get_by_label(label, exact=True)).to_be_focused()
        give_reason(page, "not_affordable", "Too much beside the rent")
        submit(page)
        expect(page.locator(".outcome-card")).to_contain_text(
            "The instalments cannot be afforded – Too much beside the rent"
        )
        expect(letter(page)).to_contain_text("Too much beside the rent")

    def test_without_a_choice_the_summary_leads_to_it(self, page, enter, api):
        enter(page, f"/applicants/{OFFERED}/decide")
        submit(page)
        summary = page.get_by_role("alert").filter(has_text="One field needs a correction")
        summary.get_by_role("link", name="What do you decide?").press("Enter")
        expect(page.locator("#decision-accept")).to_be_focused()

    def test_nobody_accepts_data_that_contradict_themselves(self, page, enter):
        enter(page, f"/applicants/{CONTRADICTORY}/decide")
        page.check("#decision-accept")
        expect(page.get_by_text("The data contradict themselves: nobody may")).to_be_visible()
        expect(page.get_by_role("button", name=re.compile("^(Decide|Propose)"))).to_be_disabled()


def propose(page: Page, enter, id_: str) -> str:
    """Accept what the model refuses; returns the decision's address."""
    enter(page, f"/applicants/{id_}/decide")
    page.check("#decision-accept")
    give_reason(page, "guarantor", "His mother stands surety")
    submit(page, "Propose to a colleague")
    expect(page.get_by_text("a colleague of the branch has to confirm it")).to_be_visible()
    return page.url


class TestSecondPerson:
    def test_a_colleague_confirms_and_only_then_there_is_a_letter(self, open_page, enter, api):
        page, other, id_ = open_page(), open_page(), api.spare("refuse")
        address = propose(page, enter, id_)
        expect(letter(page)).to_have_count(0)
        expect(page.get_by_role("button", name="I confirm", exact=True)).to_have_count(0)
        enter(other, "/applicants?state=to_confirm", user="bob.leroy")
        row = other.locator("tr", has=other.get_by_role("link", name=id_))
        row.get_by_role("link", name="to confirm").click()
        other.get_by_label("Remark").fill("Papers seen")
        submit(other, "I confirm")
        expect(other.locator(".outcome-card")).to_contain_text("bob.leroy confirms")
        expect(other.locator(".outcome-card")).to_contain_text("Papers seen")
        expect(letter(other)).to_be_visible()
        assert other.url == address

    def test_a_colleague_who_does_not_confirm_leaves_the_application_open(
        self, open_page, enter, api
    ):
        page, other, id_ = open_page(), open_page(), api.spare("refuse")
        address = propose(page, enter, id_)
        enter(other, address.partition("#")[2], user="bob.leroy")
        other.get_by_role("button", name="I do not confirm").press("Enter")
        expect(other.locator(".outcome-card")).to_contain_text("bob.leroy does not confirm")
        expect(letter(other)).to_have_count(0)
        other.get_by_role("link", name=f"Application {id_}").click()
        expect(other.locator(".history")).to_contain_text("not confirmed by bob.leroy")
        open_part(other, "Decide")
        decide(other, "refuse")
        expect(letter(other)).to_be_visible()


class TestInTheWay:
    def test_a_file_that_a_colleague_works_on_is_read_and_not_decided(self, open_page, enter, api):
        first, second, id_ = open_page(), open_page(), api.spare("review")
        enter(first, f"/applicants/{id_}")
        expect(first.locator(".claim")).to_contain_text("You work on this file until")
        enter(second, f"/applicants/{id_}/decide", user="bob.leroy")
        expect(second.get_by_role("alert").first).to_contain_text("alice.martin works on this file")
        second.check("#decision-refuse")
        give_reason(second, "other", "Not mine")
        submit(second)
        expect(second.get_by_text("A colleague works on this file: wait")).to_be_visible()
        first.get_by_role("button", name="Release it").click()
        expect(first.locator(".claim")).to_have_count(0)
        submit(second)
        expect_decided(second)

    def test_a_claim_is_told_in_the_list(self, open_page, enter, api):
        first, second, id_ = open_page(), open_page(), api.spare("review")
        enter(first, f"/applicants/{id_}")
        first.wait_for_selector(".claim")
        enter(second, f"/applicants?query={id_}", user="bob.leroy")
        is_settled(second)
        expect(second.locator("tr", has_text=id_)).to_contain_text("alice.martin, until")

    def test_what_is_decided_is_nobodys_any_more(self, page, enter, api):
        id_ = api.spare("review")
        enter(page, f"/applicants/{id_}/decide")
        page.wait_for_selector(".claim")
        page.check("#decision-refuse")
        give_reason(page, "other", "Decided")
        submit(page)
        expect_decided(page)
        page.get_by_role("link", name=f"Application {id_}").click()
        page.wait_for_selector(".history")
        page.wait_for_load_state("networkidle")
        expect(page.locator(".claim")).to_have_count(0)
        [item] = api.ask("GET", f"/applicants?query={id_}")["items"]
        assert item["claim"] is None

    def test_a_model_that_changed_meanwhile_is_told_and_scored_again(self, page, enter, api):
        enter(page, f"/applicants/{api.spare('refuse')}/decide")
        page.wait_for_selector(".outcomes")
        with api.promoted(cutoff=0.19):
            decide(page, "refuse")
            told = page.get_by_text("The model has changed since you opened this file")
            expect(told).to_be_visible()
            page.get_by_role("button", name="Score again").click()
            expect(page.locator(".advice")).to_contain_text("threshold 19.0%")
            expect(told).to_have_count(0)
            submit(page)
            expect_decided(page)

    def test_an_offer_too_is_scored_again_by_a_new_model(self, page, enter, api):
        enter(page, f"/applicants/{OFFERED}/offer")
        page.locator(".proposal").first.get_by_role("button", name="Choose").click()
        page.get_by_role("link", name="Decide with this offer").click()
        expect(page.locator(".advice").first).to_contain_text("Accept")
        with api.promoted(cutoff=0.1):
            decide(page, "accept")
            # The loan that was asked for is never scored again: what counts is the offer's score.
            page.route(f"**/applicants/{OFFERED}/score", lambda route: None)
            page.get_by_role("button", name="Score again").click()
            expect(page.locator(".advice").first).to_contain_text("Refuse")
            expect(page.locator(".advice").first).to_contain_text("threshold 10.0%")
            give_reason(page, "income_proved", "Three payslips")
            submit(page)
            expect_decided(page)

    def test_a_dossier_after_a_promotion_is_the_new_models_as_a_whole(self, page, enter, api):
        id_ = api.spare("accept")
        enter(page, f"/applicants/{id_}")
        page.wait_for_load_state("networkidle")
        open_part(page, "Decide")
        page.wait_for_selector(".outcomes")
        with api.promoted(cutoff=0.01):
            decide(page, "accept")
            page.get_by_role("button", name="Score again").click()
            expect(page.locator(".advice")).to_contain_text("threshold 1.0%")
            with page.expect_response(re.compile("/spread$")) as answer:
                open_part(page, "Summary")
            low = spell_percent(answer.value.json()["lowest"])
            expect(page.locator(".verdict-spread")).to_contain_text(f"Between {low}")
            expect(page.locator(".verdict-spread")).to_contain_text("All of them recommend")

    def test_what_was_decided_twice_by_one_click_is_one_decision(self, page, enter, api):
        id_ = api.spare("refuse")
        enter(page, f"/applicants/{id_}/decide")
        page.check("#decision-refuse")
        button = page.get_by_role("button", name="Decide", exact=True)
        button.evaluate("button => { button.click(); button.click(); }")
        expect_decided(page)
        assert len(api.ask("GET", f"/applicants/{id_}/decisions")["items"]) == 1
