"""One applicant: why, the file, what is wrong in it or missing, others like it, face to face."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import open_part, shown_number, spell_percent
from tests.browser.service import ACCEPTED, CONTRADICTORY, NOTHING_PASSES, OFFERED

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("rare")]

SOMEBODY = NOTHING_PASSES
PERCENTS = re.compile(r"\d\s?%")
# Words of the lender's own figures.
INTERNAL = re.compile(r"threshold|risk|probability|points|pts|model", re.IGNORECASE)


def score_of(api, id_: str):
    return api.ask("GET", f"/applicants/{id_}/score")


class TestWhy:
    def test_the_steps_of_the_picture_add_up_from_the_average_to_the_risk_that_is_told(
        self, page, enter, api
    ):
        enter(page, f"/applicants/{SOMEBODY}")
        page.wait_for_selector(".waterfall")
        score = score_of(api, SOMEBODY)
        ends = page.locator(".waterfall-row.end strong")
        average, pd = (shown_number(text.rstrip("%")) for text in ends.all_inner_texts())
        assert page.locator(".verdict-pd strong").inner_text() == f"{pd}%"
        assert pd == pytest.approx(100 * score["probability_of_default"], abs=0.051)
        steps = page.locator(".waterfall-row:not(.end) > .number")
        points = [shown_number(re.match(r"\S+", t)[0]) for t in steps.all_inner_texts()]
        assert len(points) > 3
        assert average + sum(points) == pytest.approx(pd, abs=0.05 * (len(points) + 2))

    def test_a_theme_opens_to_items_that_add_up_to_it(self, page, enter):
        enter(page, f"/applicants/{SOMEBODY}")
        step = page.locator(".waterfall-step").first
        step.locator("summary").press("Enter")
        items = step.locator(".waterfall-columns dd").all_inner_texts()
        whole = shown_number(
            re.match(r"\S+", step.locator("summary .number").first.inner_text())[0]
        )
        told = sum(map(shown_number, items))
        assert told == pytest.approx(whole, abs=0.05 * (len(items) + 1))

    def test_the_picture_becomes_a_table_and_a_picture_again(self, page, enter, api):
        enter(page, f"/applicants/{SOMEBODY}")
        page.locator(".why").get_by_role("button", name="Show as a table").press("Enter")
        score = score_of(api, SOMEBODY)
        change = 100 * (score["probability_of_default"] - score["average_probability"])
        told = page.locator(".why tbody td:nth-of-type(1)").all_inner_texts()
        assert sum(map(shown_number, told)) == pytest.approx(change, abs=0.05 * len(told))
        page.locator(".why").get_by_role("button", name="Show as a picture").press("Enter")
        expect(page.locator(".waterfall")).to_be_visible()
        expect(page.locator(".why table")).to_have_count(0)


class TestFile:
    def test_the_file_is_searched_and_what_is_missing_is_found(self, page, enter):
        enter(page, f"/applicants/{SOMEBODY}")
        page.get_by_label("Search the file").fill("credit amount")
        found = page.locator(".all-facts dt").all_inner_texts()
        assert "Credit amount" in found
        assert all("credit amount" in name.lower() for name in found)
        page.get_by_label("Search the file").fill("")
        page.get_by_role("button", name="Missing", exact=True).click()
        expect(page.locator(".all-facts dd:not(.missing)")).to_have_count(0)
        assert page.locator(".all-facts dd.missing").count() > 10
        page.get_by_role("button", name="Known", exact=True).click()
        expect(page.locator(".all-facts dd.missing")).to_have_count(0)
        page.get_by_label("Search the file").fill("zebra")
        expect(page.locator(".all-facts")).to_contain_text("Nothing fits.")

    def test_a_value_has_its_place_among_all_applicants_and_leads_to_them(self, page, enter, api):
        enter(page, f"/applicants/{OFFERED}")
        places = api.ask("GET", f"/applicants/{OFFERED}/places")["items"]
        [place] = [p["share_below"] for p in places if p["feature"] == "AMT_CREDIT"]
        pair = page.locator(".facts .pair", has=page.get_by_text("Credit amount", exact=True))
        link = pair.get_by_role("link")
        expect(link).to_have_text(f"{place:.0%} are lower")
        link.click()
        expect(page.get_by_label("Item to look at")).to_have_value("AMT_CREDIT")
        expect(page.locator(".figure-sentence", has_text="Credit amount:").first).to_contain_text(
            f"{place:.0%} of all applicants have less."
        )


class TestCorrection:
    def test_a_wrong_value_is_corrected_seen_before_and_after_and_undone(self, page, enter):
        enter(page, f"/applicants/{SOMEBODY}")
        before = page.locator(".verdict-pd strong").inner_text()
        dialog = open_correction(page)
        field = dialog.get_by_label("External score 2")
        field.fill("nonsense")
        dialog.get_by_role("button", name="Score with these values").click()
        expect(dialog.locator(".field-error").first).to_be_visible()
        field.fill("0.9")
        with page.expect_response(re.compile("/predict$")) as answer:
            dialog.get_by_role("button", name="Score with these values").click()
        after = spell_percent(answer.value.json()["probability_of_default"])
        bar = page.get_by_role("region", name="Corrected values")
        expect(bar).to_contain_text(f"Risk before the correction {before}, now {after}.")
        expect(bar).to_contain_text("Corrected: External score 2")
        expect(page.locator(".verdict-pd strong")).to_have_text(after)
        page.get_by_role("button", name="Undo the corrections").click()
        expect(page.locator(".verdict-pd strong")).to_have_text(before)
        expect(bar).to_have_count(0)

    def test_what_was_corrected_is_what_the_other_parts_are_about(self, page, enter):
        enter(page, f"/applicants/{SOMEBODY}")
        dialog = open_correction(page)
        dialog.get_by_label("External score 2").fill("0.9")
        dialog.get_by_role("button", name="Score with these values").click()
        page.get_by_role("region", name="Corrected values").wait_for()
        after = page.locator(".verdict-pd strong").inner_text()
        open_part(page, "Simulate")
        expect(page.locator(".side-pd").first).to_have_text(after)
        expect(page.get_by_role("region", name="Corrected values")).to_be_visible()
        open_part(page, "Decide")
        expect(page.locator(".advice")).to_contain_text(f"risk {after}")

    def test_what_is_told_of_the_stored_file_says_so(self, page, enter):
        enter(page, f"/applicants/{SOMEBODY}")
        page.get_by_label("Search the file").fill("External score 2")
        row = page.locator(".all-facts .pair", has_text="External score 2")
        expect(row.locator(".place")).to_contain_text("are lower")
        open_correction(page).get_by_label("External score 2").fill("0.95")
        page.get_by_role("button", name="Score with these values").click()
        expect(row).to_contain_text("0.95")
        # Its place would be that of the value before.
        expect(row.locator(".place")).to_have_text("compare")
        for part in ("Compare", "What is missing"):
            open_part(page, part)
            expect(page.get_by_text("as it is stored, without the corrections")).to_be_visible()

    def test_who_closes_the_dialog_changes_nothing_and_is_back_where_they_were(self, page, enter):
        enter(page, f"/applicants/{SOMEBODY}")
        reason = page.locator(".reason", has_text="External scores").first
        button = reason.get_by_role("button", name="This is wrong")
        button.press("Enter")
        page.get_by_role("dialog").get_by_label("External score 2").fill("0.9")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(button).to_be_focused()
        expect(page.get_by_role("region", name="Corrected values")).to_have_count(0)


def open_correction(page: Page):
    reason = page.locator(".reason", has_text="External scores").first
    reason.get_by_role("button", name="This is wrong").click()
    return page.get_by_role("dialog", name="Correct values")


class TestUnknown:
    def test_what_is_not_known_is_ranked_as_the_service_ranks_it(self, page, enter, api):
        enter(page, f"/applicants/{SOMEBODY}")
        open_part(page, "What is missing")
        items = api.ask("GET", f"/applicants/{SOMEBODY}/unknown")["items"]
        assert len(items) > 2
        labels = [re.sub(r" \(in days\)$", "", item["label"]["en"]) for item in items]
        expect(page.locator(".check-label")).to_contain_text(labels)
        expect(page.locator(".check-reach .number")).to_have_text([
            f"{spell_percent(item['best']['probability_of_default'])} to "
            f"{spell_percent(item['worst']['probability_of_default'])}"
            for item in items
        ])  # fmt: skip

    def test_a_complete_file_lacks_nothing(self, page, enter):
        enter(page, f"/applicants/{OFFERED}/unknown")
        expect(page.get_by_text("Everything that the model looks at is known.")).to_be_visible()


class TestCompare:
    def test_files_like_this_one_are_told_in_a_sentence_and_a_table(self, page, enter, api):
        enter(page, f"/applicants/{SOMEBODY}/compare")
        peers = api.ask("GET", f"/applicants/{SOMEBODY}/peers")["peers"]
        figure = page.get_by_role("figure", name="Similar files")
        expect(figure.locator(".figure-sentence")).to_have_text(peers["text"]["en"])
        expect(figure.locator("circle")).to_have_count(peers["rows"])
        expect(figure.locator("circle.marked")).to_have_count(peers["defaults"])
        figure.get_by_role("button", name="Show as a table").click()
        cells = figure.locator("td").all_inner_texts()
        assert cells[:3] == [
            str(peers["rows"]), str(peers["defaults"]), spell_percent(peers["share"])
        ]  # fmt: skip

    def test_one_item_among_all_and_among_similar_ones_is_what_the_service_counts(
        self, page, enter
    ):
        enter(page, f"/applicants/{SOMEBODY}/compare")
        page.get_by_label("Item to look at").select_option("AMT_CREDIT")
        expect(page).to_have_url(re.compile("feature=AMT_CREDIT"))
        with page.expect_response(re.compile("among=similar")) as answer:
            page.get_by_role("button", name="Similar ones").click()
        bins = answer.value.json()["bins"]
        figure = page.get_by_role("figure", name="Among similar applicants")
        figure.get_by_role("button", name="Show as a table").click()
        expect(figure.locator("tbody tr")).to_have_count(len(bins))
        expected = [
            "too few" if count is None else f"{count:,}"
            for each in bins
            for count in (each["accepted"], each["refused"])
        ]
        expect(figure.locator("tbody td")).to_have_text(expected)
        own = answer.value.json()["applicant"]["bin"]
        expect(figure.locator("tbody tr").nth(own)).to_contain_text("this applicant")

    def test_two_items_together_are_the_services_and_stay_chosen_in_the_address(
        self, page, enter, api
    ):
        enter(page, f"/applicants/{SOMEBODY}/compare")
        page.get_by_label("Across").select_option("AMT_INCOME_TOTAL")
        page.get_by_label("Upwards").select_option("AMT_CREDIT")
        expect(page).to_have_url(re.compile("x=AMT_INCOME_TOTAL&y=AMT_CREDIT"))
        told = api.ask("GET", "/population/scatter?x=AMT_INCOME_TOTAL&y=AMT_CREDIT")["cells"]
        figure = page.get_by_role("figure", name="Two items together")
        figure.get_by_role("button", name="Show as a table").click()
        expect(figure.locator("tbody tr")).to_have_count(len(told))
        shown = figure.locator("tbody td.number").all_inner_texts()
        assert shown == [
            text
            for cell in told
            for text in (str(cell["rows"]), spell_percent(cell["mean_probability_of_default"]))
        ]

    def test_of_an_age_less_is_younger_and_the_bins_go_from_young_to_old(self, page, enter, api):
        listed = api.ask("GET", "/applicants?branch=paris-01&sort=age&order=desc&limit=5")["items"]
        id_ = listed[0]["applicant_id"]  # the oldest of all
        enter(page, f"/applicants/{id_}")
        row = page.locator(".facts .pair", has=page.get_by_text("Age", exact=True))
        place = row.locator(".place")
        expect(place).to_contain_text("are lower")
        assert int(re.match(r"\d+", place.inner_text())[0]) > 80
        place.click()
        figure = page.locator(".card", has=page.locator("#distribution-feature"))
        expect(figure.locator(".histogram-label").first).to_have_text(re.compile("^< "))
        labels = figure.locator(".histogram-label").all_inner_texts()
        ages = [int(re.search(r"\d+", label)[0]) for label in labels]
        assert ages == sorted(ages)
        assert ages[-1] > ages[0]
        assert labels[-1].startswith("≥")
        expect(figure.locator(".histogram-bin").last).to_have_class(re.compile("own"))


class TestFaceToFace:
    @pytest.mark.parametrize(
        ("id_", "words"),
        [
            (ACCEPTED, "Your application can be accepted."),
            (OFFERED, "Your application cannot be accepted as it stands."),
            (CONTRADICTORY, "A person will examine your application."),
        ],
    )
    def test_f9_shows_the_applicants_words_and_no_internal_figure_and_back(
        self, page, enter, id_, words
    ):
        enter(page, f"/applicants/{id_}")
        page.wait_for_selector(".verdict")
        page.keyboard.press("F9")
        expect(page.get_by_text(words)).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert internal_figures(page) == []
        page.keyboard.press("F9")
        expect(page.locator(".verdict-pd")).to_be_visible()
        expect(page.get_by_role("navigation", name="Main")).to_be_visible()

    def test_f9_hides_what_was_corrected(self, page, enter):
        enter(page, f"/applicants/{SOMEBODY}")
        open_correction(page).get_by_label("External score 2").fill("0.95")
        page.get_by_role("button", name="Score with these values").click()
        expect(page.get_by_role("region", name="Corrected values")).to_be_visible()
        page.keyboard.press("F9")
        page.wait_for_selector(".facing")
        page.wait_for_load_state("networkidle")
        assert internal_figures(page) == []

    @pytest.mark.parametrize(
        ("part", "content"),
        [
            ("compare", ".heatmap"),
            ("unknown", ".checklist"),
            ("simulate", ".before-after"),
            ("offer", ".map"),
            ("decide", ".outcomes"),
        ],
    )
    def test_f9_hides_internal_figures_in_every_part_of_the_dossier(
        self, page, enter, part, content
    ):
        enter(page, f"/applicants/{SOMEBODY}/{part}")
        page.wait_for_selector(content)
        page.keyboard.press("F9")
        page.wait_for_selector('[data-facing="applicant"]')
        page.wait_for_load_state("networkidle")
        assert internal_figures(page) == []
        page.keyboard.press("F9")
        expect(page.get_by_role("navigation", name="Parts of the dossier")).to_be_visible()


def internal_figures(page: Page) -> list[str]:
    """Lines on the screen, or read out, that an applicant should not see."""
    lines = page.locator("body").inner_text().splitlines()
    return [line for line in lines if PERCENTS.search(line) or INTERNAL.search(line)]


def test_what_the_service_says_in_french_has_the_spaces_of_french(open_page, enter):
    page = open_page(locale="fr")
    enter(page, f"/applicants/{OFFERED}")
    page.wait_for_selector(".waterfall")
    page.locator(".explain summary").first.click()
    told = page.locator(".reason-text, .explain-words").all_inner_texts()
    assert any(";" in text for text in told)
    assert [text for text in told if re.search("[^\u202f][:;]", text)] == []
