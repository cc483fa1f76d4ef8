"""Whatever is sent, the answer is an answer: never a server error, and always told the same way."""

import base64
import json
from urllib.parse import quote

import pytest

from functions.score_api.all_routes import RULES
from tests.functions.score_api.callers import ask, person, request

EVERYBODY = person("advisor", "back-office", "operator", "data-scientist", "branch-paris-01")
POSTS = [route for route in RULES if route.startswith("POST")]
WITH_BODY = [route for route in POSTS if "replay" not in route]
BY_PATH = [route for route, rule in RULES.items() if "{" in route and route.startswith("GET")]
ASKING = [route for route, rule in RULES.items() if rule and rule.parameters]

#: JSON that parsers trip over, and what is no JSON at all
BODIES = [
    "", " ", "\x00", "\ufeff{}", "{}{}", "{} x", "{]", "[}", "[", "{", '{"a"', '{"a":', '{"a":1,}',
    "[1,]", "[,1]", "{,}", "'a'", '{a:1}', "nul", "NULL", "True", "undefined", "NaN", "-NaN",
    "Infinity", "-Infinity", "0x1F", "01", "-01", "+1", ".5", "1.", "1e", "1e+", "--1", "1_000",
    "1e400", "-1e400", "1E-400", "9" * 400, "-" + "9" * 400, "0." + "0" * 5_000 + "1", '"\\x41"',
    '"\\u12"', '"\\ud800"', '"\\udc00\\ud800"', '"\\ud83d\\ude00"', '"\t"', '"\n"', '"\x7f"', '"',
    '"\\"', "/* c */ {}", "// c\n{}", "{}//", '{"a":1,"a":2}', '{"a":{"b":1,"b":2}}', "[" * 9,
    "[" * 9 + "]" * 9, "[" * 40_000, '{"a":' * 40_000, "[" * 30_000 + "]" * 30_000,
    '{"a":' * 500 + "1" + "}" * 500, '"' + "[" * 50_000 + '"', "[]" * 1_000, "[[]]", "[{}]",
    "[null]", "null", "true", "1", '"text"', "{}", '{"": 1}', '{"__proto__": {"x": 1}}',
    '{"constructor": 1}',
    json.dumps({f"k{n}": n for n in range(5_000)}), json.dumps(list(range(10_000))),
    json.dumps({"applications": [[]] * 500}), json.dumps({"applications": ["x" * 50_000]}),
    '{"applications": [' + "{}," * 501 + "{}]}", '{"applications": {"length": 3}}',
    '{"\\u0041MT_CREDIT": 1, "AMT_CREDIT": 2}', "\u2028{}", "\xa0{}", "{}\x0b", "\x1a",
]  # fmt: skip
NAUGHTY = [
    "", " ", "\x00", "\x00" * 50, "\t\r\n", "\u202e\u2066", "\ufeff", "\ufffe", "\ud800", "\udfff",
    "😀" * 20, "👩‍👩‍👧‍👦", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢", "田中さん", "التطبيق", "ﷺ", "İ", "ß", "ﬀ",
    "١٢٣", "½", "①", "𝟙",
    "null", "None", "nil", "true", "NaN", "nan", "inf", "-inf", "1e999", "-0", "0x10", "1_000",
    "1,5", "1.0.0", "9" * 40, "-" + "9" * 40, "' OR '1'='1", '"; DROP TABLE profiles; --',
    "${jndi:ldap://x}",
    "{{7*7}}", "<script>alert(1)</script>", "%00", "%n%s%x", "../../etc/passwd", "..\\..", "//x",
    ".", "..", "con", "a" * 33, "x" * 10_000, "=1+1", "@SUM(1)", "`id`", "$(id)", "|id",
    "&#0;", "\\", "\\u0000",
    "\x1b[31m", "\x7f", "__proto__", "[object Object]", "branch-", "paris-01/../lyon-02",
    "%2e%2e%2f",
    "100002 ", " 100002", "100002\n", "100002\x00", "１００００２", "-1", "0", "1e5",
]  # fmt: skip
NAMES = ("applicant_id", "application", "applications", "branch", "filename", "language", "changes",
         "decision", "override_code", "override_reason", "statement", "offer", "agrees", "note",
         "model_version", "forbidden", "limits")  # fmt: skip
FIELDS = ("SK_ID_CURR", "AMT_CREDIT", "NAME_INCOME_TYPE", "DAYS_BIRTH", "EXT_SOURCE_2")


HALF_A_PAIR = ('{"\\uD800": 0}', '{"SK_ID_CURR": "\\uDC00"}', '{"a": [{"b": "x\\ud83d"}]}')


@pytest.mark.parametrize("route", WITH_BODY)
@pytest.mark.parametrize("body", HALF_A_PAIR)
def test_text_that_is_not_unicode_is_refused(api, profile, route, body):
    reply = api.send(request(route, EVERYBODY) | {"body": body})
    assert reply.status == 400
    assert "Unicode" in reply.body["detail"]


def fine(reply) -> None:
    assert reply.status < 500
    if reply.status >= 400:
        assert reply.headers["Content-Type"] == "application/problem+json"
        assert set(reply.body) == {"type", "title", "status", "detail", "request_id", "errors"}
    json.dumps(reply.body, allow_nan=False)


@pytest.mark.parametrize("route", POSTS)
def test_no_body_is_a_server_error(api, profile, route):
    for body in BODIES:
        event = request(route, EVERYBODY) | {"body": body}
        fine(api.send(event))
        event |= {"body": base64.b64encode(body.encode("utf-8", "surrogatepass")).decode()}
        fine(api.send(event | {"isBase64Encoded": True}))


@pytest.mark.parametrize("route", WITH_BODY)
@pytest.mark.parametrize(
    "body", ["[]", "[{}]", "null", "1", '"x"', "true", "{", "NaN", '{"a":1,"a":1}']
)
def test_what_is_no_strict_json_object_is_400_everywhere(api, profile, route, body):
    assert api.send(request(route, EVERYBODY) | {"body": body}).status == 400


@pytest.mark.parametrize("field", FIELDS)
def test_no_string_in_a_field_is_a_server_error(api, record, field):
    for text in NAUGHTY:
        for value in (text, [text], {text: text}):
            fine(ask(api, "POST /predict", EVERYBODY, body=record | {field: value}))
    sendable = [text for text in NAUGHTY if text not in ("\ud800", "\udfff")]
    rows = [record | {field: text, text: text} for text in sendable]
    reply = ask(api, "POST /predict/batch", EVERYBODY, body={"applications": rows})
    assert reply.status == 200
    fine(reply)


@pytest.mark.parametrize("route", POSTS)
def test_no_string_under_any_name_is_a_server_error(api, profile, route):
    for text in NAUGHTY:
        for name in NAMES:
            fine(ask(api, route, EVERYBODY, body={name: text, text: name}))


@pytest.mark.parametrize("route", BY_PATH)
def test_no_path_is_a_server_error(api, profile, route):
    for text in NAUGHTY:
        for segment in (text, quote(text.encode("utf-8", "surrogatepass"), safe="")):
            event = request(route, EVERYBODY, id=segment, batch=segment, feature=segment)
            fine(api.send(event))


@pytest.mark.parametrize("route", ASKING)
def test_no_parameter_is_a_server_error(api, profile, route):
    for name in RULES[route].parameters:
        for text in NAUGHTY:
            event = request(route, EVERYBODY)
            event["queryStringParameters"] = {name: text}
            fine(api.send(event))


@pytest.mark.parametrize("headers", [{}, {"content-type": "text/plain"}, {"x": "\x00"}])
def test_no_header_is_a_server_error(api, record, headers):
    fine(api.send(request("POST /predict", EVERYBODY, body=record) | {"headers": headers}))
