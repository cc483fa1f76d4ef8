"""What docs/costs.md says follows from list prices, measured figures and sizes of the template."""

import re

import pytest

from infra.costs import figures, prices
from infra.costs.__main__ import PAGE, main, renew, write_tables
from infra.costs.figures import Measured
from infra.costs.lines import Section, line
from infra.costs.usage import (
    list_sections,
    price_idle_month,
    price_kept,
    price_month,
    price_rows,
    price_scores,
)
from tests.repository import ROOT

MEASURED = [value for value in vars(figures).values() if isinstance(value, Measured)]
# Beginnings of the functions' names in the template, by those of figures.py.
FUNCTIONS = {
    "ScoreApi": "Api", "OperatorApi": "Operators", "BatchScorer": "Batch",
    "ModelPromoter": "Promoter", "SnapshotRenewer": "Renewer",
    "DriftMonitor": "Drift", "Canary": "Canary",
}  # fmt: skip


def test_the_committed_page_holds_what_the_formulas_give():
    committed = PAGE.read_text(encoding="utf-8")
    assert committed == renew(committed), "run `make docs` and commit docs/costs.md"


def test_the_words_of_the_page_stay_while_its_tables_are_renewed():
    renewed = renew("# Costs\n\nWords.\n\n### Old\n\n| 1 |\n")
    assert renewed == f"# Costs\n\nWords.\n\n{write_tables()}"


@pytest.mark.parametrize("figure", MEASURED, ids=lambda figure: figure.what)
def test_a_measured_figure_stands_in_the_documents(figure):
    text = (ROOT / "docs" / figure.page).read_text(encoding="utf-8")
    assert figure.words in re.sub(r"\s+", " ", text)
    assert figure.value > 0


def test_memory_and_time_limits_are_the_templates(template):
    for name, part in FUNCTIONS.items():
        function = template.one("AWS::Lambda::Function", part)
        assert function["MemorySize"] == figures.MEMORY_MB[name]
        if name in figures.MOST_SECONDS:
            assert function["Timeout"] == figures.MOST_SECONDS[name]
        assert ("SnapStart" in function) == (name in figures.FROM_SNAPSHOTS)
    assert len(template.ids("AWS::Lambda::Function")) == len(FUNCTIONS)


def test_alarms_secrets_and_dashboards_are_counted_as_in_the_template(template):
    assert len(template.ids("AWS::CloudWatch::Alarm")) == figures.ALARMS
    assert len(template.ids("AWS::CloudWatch::Dashboard")) == 1
    assert len(template.ids("AWS::SecretsManager::Secret")) == figures.SECRETS
    stream = template.one("AWS::KinesisFirehose::DeliveryStream")
    hints = stream["ExtendedS3DestinationConfiguration"]["BufferingHints"]
    assert hints["IntervalInSeconds"] == figures.DELIVERY_SECONDS


def test_metrics_by_route_which_nobody_reads_are_not_paid_for(template):
    [stage] = template.all("AWS::ApiGatewayV2::Stage").values()
    assert not stage["DefaultRouteSettings"].get("DetailedMetricsEnabled")


def test_a_line_is_the_product_that_its_formula_tells():
    one = line("computing", prices.COMPUTING, (1_000, "scores"), (0.5, "s"), (2, "GB"))
    assert one.formula == "1,000 scores × 0.5 s × 2 GB × $0.0000133334"
    assert one.dollars == pytest.approx(1_000 * 0.0000133334)
    many = line("calls", prices.CALL, (5_000_000, "calls"))
    assert many.formula == "5,000,000 calls × $0.2 / 1,000,000"
    assert many.dollars == pytest.approx(1.0)
    assert Section("both", [one, many]).dollars == pytest.approx(one.dollars + 1)


def test_ten_times_the_use_is_ten_times_the_price():
    for price in (price_scores, price_rows, price_kept):
        assert price(10_000).dollars == pytest.approx(10 * price(1_000).dollars)


def test_a_month_is_its_scores_its_rows_and_what_runs_anyway(capsys):
    idle = price_idle_month().dollars
    assert price_month(scores=0, rows=0) == idle
    more = price_scores(5_000).dollars + price_rows(7_000).dollars + price_kept(7_000).dollars
    assert price_month(scores=5_000, rows=7_000) == pytest.approx(idle + more)
    assert main(["--scores", "5000", "--rows", "7000"]) == 0
    assert f"some {idle + more:,.2f} dollars" in capsys.readouterr().out


def test_what_an_idle_month_costs_is_told_where_one_deploys():
    text = (ROOT / "docs/deployment.md").read_text(encoding="utf-8")
    assert f"some {price_idle_month().dollars:.0f} dollars a month" in text


def test_profiles_are_what_a_file_costs():
    lines = {one.what: one.dollars for one in price_rows().lines}
    assert 0.85 < lines["profiles written"] / price_rows().dollars < 0.9


def test_every_price_is_used_and_has_its_page():
    used = {id(one.price) for section in list_sections() for one in section.lines}
    assert [price.unit for price in prices.ALL if id(price) not in used] == []
    assert all(price.page and price.each > 0 for price in prices.ALL)
