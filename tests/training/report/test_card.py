"""The model card: complete, self-contained, the same every time, and never short of an answer."""

import hashlib
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from tests.repository import ROOT
from tests.training.report.reports import make_finished
from training.report.card import make_card
from training.report.plots import Plot
from training.report.plots.gallery import draw_plots

MOST_BYTES = 1_500_000
VOID = {"meta", "img", "br", "hr", "link", "input"}
TITLES = [
    "Summary",
    "Intended use",
    "Performance",
    "Decisions and their cost",
    "Decisions left to people",
    "Calibration",
    "Fairness",
    "What moves the PDs",
    "Data",
    "Features",
    "Model",
    "Alternatives",
    "Limits",
    "Drift reference",
    "Lineage",
]
OPTIONAL = (
    "lineage", "cutoff", "bands", "calibration", "fairness", "explanations", "comparison", "tuning",
    "ablations", "proof", "review",
)  # fmt: skip
PRINT_HASHES = """
import hashlib
from tests.training.report.reports import make_finished
from training.report.card import make_card
from training.report.plots.gallery import draw_plots
done = make_finished()
card = make_card(done.report, draw_plots(done.report, **done.plotted))
for text in (card.html, card.markdown):
    print(hashlib.sha256(text.encode()).hexdigest())
"""


class Page(HTMLParser):
    """Collects what the tests ask about; any tag left open or closed twice is an error."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.text = [], [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def finished():
    return make_finished()


@pytest.fixture(scope="module")
def report(finished):
    return finished.report


@pytest.fixture(scope="module")
def plots(finished):
    return draw_plots(finished.report, **finished.plotted)


@pytest.fixture(scope="module")
def card(report, plots):
    return make_card(report, plots)


@pytest.fixture(scope="module")
def page(card):
    return Page(card.html)


def test_the_page_is_one_file_without_script_or_anything_from_elsewhere(page, card):
    tags = {tag for tag, _ in page.tags}
    assert tags.isdisjoint({"script", "link", "iframe", "object", "form"})
    assert all(image["src"].startswith("data:image/png;base64,") for image in page.all("img"))
    assert all(link["href"].startswith("#") for link in page.all("a"))
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert "url(" not in card.html
    assert "http" not in re.sub(r"base64,[^\"]+", "", card.html)
    assert len(card.html.encode()) < MOST_BYTES


def test_every_figure_has_words_and_a_caption(page, plots):
    assert [image["alt"] for image in page.all("img")] == [plot.alt for plot in _as_shown(plots)]
    assert len(page.all("figure")) == len(page.all("figcaption")) == len(plots)


def _as_shown(plots):
    """The order of the card's sections is not that in which plots are drawn."""
    last = {"comparison_models": 1, "comparison_imbalance": 1}
    return sorted(plots, key=lambda plot: last.get(plot.name, 0))


def test_contents_lead_to_every_section(page):
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == 1
    targets = [link["href"].removeprefix("#") for link in page.all("a")]
    assert targets == [section["id"] for section in page.all("section")]
    assert len(set(targets)) == len(TITLES)


def test_headings_skip_no_level(page):
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_scroll_inside_themselves(page):
    scrolled = [each for each in page.all("div") if each.get("class") == "scroll"]
    assert len(page.all("table")) == len(page.all("caption")) > 15
    assert len(scrolled) == len(page.all("table")) + len(page.all("figure"))
    assert all(each["tabindex"] == "0" and each["aria-label"] for each in scrolled)


def test_markdown_says_all_that_the_page_says(card, page):
    assert re.findall("^## (.+)$", card.markdown, re.M) == TITLES
    said = re.sub(r"[\\*|>#`\s]+", "", card.markdown)
    for text in map(str.strip, page.text):
        if text and "{" not in text:  # a style sheet
            assert re.sub(r"[\\*|>#`\s.]+", "", text) in said.replace(".", ""), text
    assert "data:" not in card.markdown


def test_rows_of_a_markdown_table_have_as_many_cells_as_its_head(card):
    for table in re.findall(r"(?:^\|.*\|\n)+", card.markdown, re.M):
        cells = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(cells) == 1, table


def test_figures_of_the_report_stand_in_the_card(card, report):
    for text in (card.html, card.markdown):
        assert f"{report['metrics']['auc']:.4f}" in text
        assert report["fairness"]["attributes"][0]["label"] in text
        assert report["features"]["names"][0] in text
        assert report["data"]["sha256"] in text
        assert report["lineage"]["git_commit"] in text
        assert report["tuning"]["method"] in text
        assert report["ablations"][0]["what"] in text


def test_a_thousand_applicants_are_a_thousand(card):
    sentence = re.search(
        r"Of 1,000 applicants like these, (\d+) default\..*?, (\d+) are approved: (\d+) of them "
        r"repay and (\d+) default\. The others are refused: (\d+) of them would default, (\d+) ",
        card.markdown,
    )
    bad, approved, approved_good, approved_bad, refused_bad, refused_good = map(
        int, sentence.groups()
    )
    assert approved == approved_good + approved_bad
    assert bad == approved_bad + refused_bad
    assert approved + refused_bad + refused_good == 1000


def test_the_same_run_makes_the_same_card_in_another_process(card, tmp_path):
    # Settings of a user must not get into a bundle.
    (tmp_path / "matplotlibrc").write_text("font.size: 22\nfigure.facecolor: red\n")
    paths = [str(ROOT), str(ROOT / "layers/credit_scoring/python")]
    done = subprocess.run(
        [sys.executable, "-c", PRINT_HASHES],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env=os.environ
        | {"PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "2", "TZ": "Asia/Tokyo"},
    )
    expected = [hashlib.sha256(text.encode()).hexdigest() for text in (card.html, card.markdown)]
    assert done.stdout.split() == expected


def test_neither_time_nor_place_is_told(card, report, plots):
    slower = {
        name: [row | {"fit_seconds": 999.9, "predict_seconds": 99.9} for row in rows]
        for name, rows in report["comparison"].items()
    }
    assert make_card(report | {"comparison": slower}, plots) == card
    assert not re.search(r"\b20\d\d-\d\d-\d\d|\b\d\d:\d\d\b", card.markdown)
    assert str(ROOT) not in card.html


def test_times_are_shown_on_request(report, plots):
    row = report["comparison"]["models"][1] | {"fit_seconds": 123.4, "predict_seconds": 0.5678}
    timed = report | {"comparison": report["comparison"] | {"models": [row]}}
    card = make_card(timed, plots, with_times=True)
    assert "123.4" in card.html
    assert "0.5678" in card.markdown


@pytest.mark.parametrize("part", OPTIONAL)
def test_what_was_left_out_is_told_and_breaks_nothing(report, part):
    for gap in (report | {part: None}, {k: v for k, v in report.items() if k != part}):
        card = make_card(gap, [])
        Page(card.html)
        assert re.findall("^## (.+)$", card.markdown, re.M) == TITLES


def test_a_bare_report_still_makes_a_card(report):
    bare = {name: value for name, value in report.items() if name not in OPTIONAL}
    bare["metrics"] = report["metrics"] | {"intervals": {}, "auc_by_fold": []}
    card = make_card(bare, [])
    assert card.markdown.count("Not run in this training.") == 3
    assert card.markdown.count("Not measured in this training.") == 4
    assert "None" not in re.sub("None: features", "", card.markdown)


def test_what_is_judged_badly_is_marked(report):
    failed = report["fairness"] | {"status": "fail", "sentence": "Approval rates differ."}
    card = make_card(report | {"fairness": failed}, [])
    assert "> **Does not pass.** Fairness: approval rates differ." in card.markdown
    assert '<p class="verdict fail"><strong>Does not pass.</strong>' in card.html


def test_a_repair_is_shown_beside_what_it_repaired(report):
    found = report["calibration"]
    repaired = found | {"repaired": True, "after": found["after"] or found["before"]}
    card = make_card(report | {"calibration": repaired}, [])
    assert "| Figure | Before repair | After repair |" in card.markdown


def test_made_up_data_are_told_from_real_ones(report):
    warning = "Trained on made-up data"
    assert warning not in make_card(report, []).html
    made_up = report | {"data": report["data"] | {"made_up": True}}
    assert warning in make_card(made_up, []).html


@pytest.mark.parametrize(("rows", "said"), [(10_000, "each"), (10_001, "up to 10,000 of them")])
def test_how_many_explanations_were_compared_is_told(report, rows, said):
    many = report | {"data": report["data"] | {"rows": rows}}
    assert f"and {said} explained by both" in make_card(many, []).markdown


def test_nothing_of_a_report_becomes_markup(report):
    evil = '<script>alert("x")</script>'
    plot = Plot("ranking", evil, evil, b"png")
    hostile = report | {"features": report["features"] | {"rule": evil}}
    page = Page(make_card(hostile, [plot]).html)
    assert page.all("script") == []
    assert evil in "".join(page.text)


def test_gender_as_an_input_is_told(report):
    open_recipe = report | {"recipe": report["recipe"] | {"protected": [], "monotone": False}}
    card = make_card(open_recipe, [])
    assert "gender is an input" in card.markdown
    assert "None: features may pull" in card.markdown
