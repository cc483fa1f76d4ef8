"""GET /model/card: the card of the bundle that serves, or a refusal that says why not."""

import pytest

from tests.functions.score_api.conftest import get_event, start_api

HTML = "<!doctype html><title>Carte</title><style>p{}</style><p>« Défaut » : 8 %</p>"
MARKDOWN = "# Carte\n\n« Défaut » : 8 %\n"
CARDS = {"model_card.html": HTML.encode(), "model_card.md": MARKDOWN.encode()}


@pytest.fixture
def api(models, small_model):
    small_model.publish(models, extra=CARDS)
    return start_api()


def card(api, **query):
    return api.send(get_event("model_card") | {"queryStringParameters": query})


def test_the_card_is_a_page_that_may_style_itself_and_run_nothing(api):
    reply = api.get("model_card")
    assert (reply.status, reply.body) == (200, HTML)
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    policy = reply.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert "script-src" not in policy
    assert reply.headers["Model-Version"] == api.get("model").body["version"]


def test_the_card_is_text_on_demand(api):
    reply = card(api, format="md")
    assert (reply.status, reply.body) == (200, MARKDOWN)
    assert reply.headers["Content-Type"] == "text/markdown; charset=utf-8"


@pytest.mark.parametrize("wanted", ["pdf", "", "../model.json"])
def test_an_unknown_format_is_refused_with_those_that_exist(api, wanted):
    reply = card(api, format=wanted)
    assert reply.status == 400
    assert "html, md" in reply.body["detail"]


def test_a_bundle_without_a_card_is_404_and_serves_all_the_same(models, small_model, record):
    small_model.publish(models)
    api = start_api()
    reply = api.get("model_card")
    assert (reply.status, reply.body["title"]) == (404, "Model card not found")
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert api.post("predict", record).status == 200


def test_the_card_is_that_of_the_model_that_serves(api, models, small_model, later):
    api.get("model_card")
    small_model.publish(models, extra=CARDS | {"model_card.html": b"another"})
    assert api.get("model_card").body == HTML
    later()
    assert api.get("model_card").body == "another"


def test_a_card_that_was_changed_after_it_was_published_is_not_shown(api, models):
    version = api.get("model").body["version"]
    models.write(f"{version}/model_card.html", HTML.replace("8", "1").encode())
    reply = api.get("model_card")
    assert reply.status == 503
    assert "Carte" not in str(reply.body)


def test_without_a_model_there_is_no_card(aws, models):
    assert start_api().get("model_card").status == 503
