"""GET /openapi.json describes the API that is there: its routes, its bodies, its answers."""

import json
import re

import pytest
from credit_scoring.contract.json_schema import record_schema
from jsonschema import Draft202012Validator

from tests.functions.score_api.conftest import Api, read_event

METHODS = {"get", "post", "put", "delete"}


@pytest.fixture
def document(api: Api):
    reply = api.get("openapi")
    assert reply.status == 200
    assert reply.headers["Content-Type"] == "application/json"
    return reply.body


def operations(document):
    for path, item in document["paths"].items():
        for method in METHODS & set(item):
            yield f"{method.upper()} {path}", item[method], item.get("parameters", [])


def validator(document, name):
    """Of one named schema, its references into the document resolved."""
    return Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    )


def wrong(document, name, body):
    return [error.message for error in validator(document, name).iter_errors(body)]


def references(value):
    if isinstance(value, dict):
        yield from ([value["$ref"]] if "$ref" in value else [])
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


def test_it_describes_the_routes_of_the_handler_and_of_the_infrastructure(api, document):
    from infra.stack_parts.api import OPEN_ROUTES, ROUTES

    described = {route for route, _, _ in operations(document)}
    assert described == {route.replace("+}", "}") for route in (*OPEN_ROUTES, *ROUTES)}
    apps = [api.module.app, api.operators.app]
    routes = [route for app in apps for route in (*app.plain.values(), *app.open)]
    for name in described:
        method, path = name.split()
        example = re.sub(r"{\w+}", "a", path)
        assert any(app.find(method, example) for app in apps), name
    assert len(routes) == len(described)


def test_only_the_open_routes_are_open(document):
    from infra.stack_parts.api import OPEN_ROUTES

    opened = {
        route for route, operation, _ in operations(document) if operation.get("security") == []
    }
    assert opened == set(OPEN_ROUTES)
    assert document["security"] == [{"accessToken": []}]
    assert document["components"]["securitySchemes"]["accessToken"]["scheme"] == "bearer"


def test_the_document_is_whole(document):
    assert document["openapi"].startswith("3.1.")
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for target in references(document):
        assert target.removeprefix("#/components/schemas/") in document["components"]["schemas"]
    names = [operation["operationId"] for _, operation, _ in operations(document)]
    assert len(set(names)) == len(names)
    for route, operation, parameters in operations(document):
        declared = {p["name"] for p in parameters if p["in"] == "path"}
        assert declared == set(re.findall(r"{(\w+)}", route)), route
        assert {"200", "201", "302"} & set(operation["responses"])
        assert all(answer["description"] for answer in operation["responses"].values())


def test_the_body_of_a_prediction_is_the_contract(document):
    body = document["paths"]["/predict"]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"] == {"$ref": "#/components/schemas/Application"}
    assert document["components"]["schemas"]["Application"] == json.loads(
        json.dumps(record_schema())
    )


def test_the_examples_are_taken_as_they_stand(api, document):
    for name, route in (("predict", "/predict"), ("uploads", "/uploads")):
        body = document["paths"][route]["post"]["requestBody"]["content"]["application/json"]
        schema = body["schema"]["$ref"].rpartition("/")[2]
        assert not wrong(document, schema, body["example"])
        assert api.post(name, body["example"]).status == 200


def test_the_card_is_described_as_text(api, document):
    operation = document["paths"]["/model/card"]["get"]
    assert set(operation["responses"]["200"]["content"]) == {"text/html", "text/markdown"}
    assert operation["parameters"][0]["schema"]["enum"] == ["html", "md"]


def test_real_answers_keep_their_schemas(api, document, profile, record):
    answers = {
        "Health": api.get("health"),
        "HealthParts": api.get("health_parts"),
        "ModelCard": api.get("model"),
        "Score": api.post("predict", record),
        "ApplicantList": api.get("applicants"),
        "Profile": api.get("applicant"),
        "Upload": api.send(read_event("uploads")),
        "Batch": api.get("batch"),
        "BatchList": api.get("batches"),
    }
    for schema, reply in answers.items():
        assert reply.status == 200, schema
        assert not wrong(document, schema, reply.body)
    assert not wrong(document, "Score", api.get("applicant_score").body)


@pytest.mark.parametrize("body", ["{", "[]", "{}", '{"AMT_CREDIT": "x"}', " " * 70_000])
def test_real_refusals_are_described(api, document, body):
    reply = api.post("predict", body)
    assert str(reply.status) in document["paths"]["/predict"]["post"]["responses"]
    assert not wrong(document, "Problem", reply.body)


@pytest.mark.parametrize(
    "body",
    [{}, {"branch": "a", "filename": "b.csv"}, {"branch": "a b", "filename": "b.csv"},
     {"branch": "a", "filename": ".csv"}, {"branch": "a", "filename": "x/y.csv"},
     {"branch": "a", "filename": "é.CSV"}, {"branch": "a", "filename": "b" * 124 + ".csv"},
     {"branch": "a", "filename": "b" * 125 + ".csv"}, {"branch": "x" * 33, "filename": "b.csv"},
     *({"branch": "a", "filename": name} for name in ("b.tsv.GZ", "b.Zip", "b.gz", "b.zip.gz")),
     *({"branch": "a", "filename": "b.csv", "language": known} for known in ("", "fr", "de", 1)),
     {"branch": "a", "filename": "b.csv", "key": "c"}],
)  # fmt: skip
def test_the_description_of_an_upload_agrees_with_what_is_taken(api, document, body):
    status = api.post("uploads", body).status  # 403: well said, but of another branch
    assert (not wrong(document, "UploadRequest", body)) == (status in (200, 403))
