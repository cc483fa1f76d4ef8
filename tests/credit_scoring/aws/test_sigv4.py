"""Requests are signed as botocore signs them."""

from datetime import UTC, datetime

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as TheirCredentials
from credit_scoring.aws.sigv4 import Credentials, Request
from hypothesis import given
from hypothesis import strategies as st

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)
PATHS = st.text("abcXYZ019-_.~/", max_size=30).map("/".__add__) | st.just("/a%20b/%C3%A9%2B.csv")
HEADERS = st.dictionaries(
    st.from_regex(r"x-amz-meta-[a-z0-9]{1,8}", fullmatch=True) | st.just("Content-Type"),
    st.from_regex(r" ?[!-~]{1,20} ?", fullmatch=True),
    max_size=3,
)
TOKENS = st.just("") | st.from_regex(r"[A-Za-z0-9/+=]{1,60}", fullmatch=True)


@given(
    auth=st.sampled_from([("s3", S3SigV4Auth), ("dynamodb", SigV4Auth)]),
    method=st.sampled_from(["GET", "PUT", "POST"]),
    host=st.sampled_from(["models.s3.eu-west-3.amazonaws.com", "127.0.0.1:4566"]),
    path=PATHS,
    query=st.dictionaries(TEXTS, TEXTS, max_size=3),
    headers=HEADERS,
    body=st.binary(max_size=50),
    token=TOKENS,
)
def test_every_header_is_the_one_that_botocore_sends(
    auth, method, host, path, query, headers, body, token
):
    service, signer = auth
    if service == "dynamodb":
        path = "/"  # elsewhere than in S3 botocore quotes a path once more
    request = Request(service, "eu-west-3", method, host, path, query, headers, body)
    checked = {"X-Amz-Content-SHA256": request.signed(Credentials("", ""), datetime.now(UTC))[
        "x-amz-content-sha256"
    ]}  # fmt: skip
    theirs = AWSRequest(method, f"http://{host}{path}", {**headers, **checked}, body, query)
    signer(TheirCredentials("AKID", "secret", token or None), service, "eu-west-3").add_auth(theirs)
    at = datetime.strptime(theirs.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ")
    ours = request.signed(Credentials("AKID", "secret", token), at)
    expected = {name.lower(): value.strip() for name, value in theirs.headers.items()}
    assert ours == expected | {"host": host}


def test_a_secret_stands_in_no_representation():
    assert "secret" not in repr(Credentials("AKID", "secret", "secret-token"))


def test_the_query_is_asked_for_as_it_was_signed():
    request = Request("s3", "eu-west-3", "GET", "host", "/a", {"b": "é&", "a": "1"})
    assert request.target == "/a?a=1&b=%C3%A9%26"
