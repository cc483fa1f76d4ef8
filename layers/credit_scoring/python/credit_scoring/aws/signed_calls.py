"""The calls of AWS that requests wait for, sent without a client.

A client of botocore reads the descriptions of whole services: 200 ms and 34 MB of a cold start for
three calls. Everything rarer goes through `aws.client`.
"""

import base64
import json
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import quote, urlsplit

from credit_scoring.aws import clients as aws
from credit_scoring.aws.http_calls import (
    CallFailed,
    Connections,
    HttpResponse,
    Timeouts,
    call_with_retries,
)
from credit_scoring.aws.sigv4 import Credentials, Request

S3_PATIENCE = Timeouts(connect=2, read=8, total=12)
DYNAMODB_PATIENCE = Timeouts(connect=1, read=3, total=6)
MAC_ALGORITHM = "HMAC_SHA_256"
# Of S3's XML and of DynamoDB's JSON ("__type": "com.amazonaws...#NameException").
_CODE = re.compile(rb'<Code>([^<]+)</Code>|"__type"\s*:\s*"(?:[^"#]*#)?([^"]+)"')

connections = Connections()


def is_possible() -> bool:
    """Whether the environment alone says where AWS is and who asks, as Lambda's does.

    With profiles, single sign-on and proxies botocore's client is better acquainted.
    """
    named = os.environ.get
    keys = named("AWS_ACCESS_KEY_ID") or named("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    elsewhere = named("AWS_PROFILE") or (named("HTTPS_PROXY") or named("https_proxy"))
    return bool(_region() and keys and (_endpoint("s3") or not elsewhere))


def get_object(bucket: str, key: str, version_id: str = "") -> tuple[bytes, Mapping[str, str]]:
    """The bytes, and S3's headers. Raises CallFailed."""
    version = {"versionId": version_id} if version_id else {}
    answer = _call_s3("GET", bucket, key, query=version)
    return answer.body, answer.headers


def put_object(bucket: str, key: str, data: bytes, headers: Mapping[str, str]) -> None:
    """headers : type and conditions. Raises CallFailed."""
    _call_s3("PUT", bucket, key, headers=headers, body=data)


def dynamodb(operation: str, **parameters: Any) -> dict[str, Any]:
    """What the client's method of that name takes and gives; see `binary` for what is no text.

    Raises CallFailed, or the client's own errors where it has to be asked.
    """
    if not is_possible():
        return cast(dict[str, Any], getattr(aws.client("dynamodb"), operation)(**parameters))
    action = operation.title().replace("_", "")
    return _call_json("dynamodb", f"DynamoDB_20120810.{action}", parameters)


def binary(value: str | bytes) -> bytes:
    """A binary value of an answer of `dynamodb`: only a client has decoded it."""
    return base64.b64decode(value) if isinstance(value, str) else value


def secret_text(secret_id: str) -> str:
    """The current text of a secret of Secrets Manager. Raises as `dynamodb` does."""
    if not is_possible():
        return cast(
            str, aws.client("secretsmanager").get_secret_value(SecretId=secret_id)["SecretString"]
        )
    answer = _call_json("secretsmanager", "secretsmanager.GetSecretValue", {"SecretId": secret_id})
    return cast(str, answer["SecretString"])


def put_to_stream(stream: str, data: str) -> None:
    """Hand one record, in base64, to a delivery stream of Firehose. Raises as `dynamodb` does."""
    if not is_possible():
        record = {"Data": base64.b64decode(data)}
        aws.client("firehose").put_record(DeliveryStreamName=stream, Record=record)
        return
    parameters = {"DeliveryStreamName": stream, "Record": {"Data": data}}
    _call_json("firehose", "Firehose_20150804.PutRecord", parameters)


def make_mac(key: str, message: bytes, own_client: Any = None) -> str:
    """An HMAC of at most 4,096 bytes under a key of KMS, in base64. Raises as `dynamodb` does."""
    if own_client or not is_possible():
        asked = {"KeyId": key, "Message": message, "MacAlgorithm": MAC_ALGORITHM}
        found = (own_client or aws.client("kms")).generate_mac(**asked)
        return base64.b64encode(found["Mac"]).decode()
    answer = _call_json("kms", "TrentService.GenerateMac", _mac_of(key, message))
    return cast(str, answer["Mac"])


def is_mac(key: str, message: bytes, mac: str, own_client: Any = None) -> bool:
    """Whether `make_mac` made it. Raises as `dynamodb` does for any other refusal."""
    try:
        if own_client or not is_possible():
            asked = {"KeyId": key, "Message": message, "MacAlgorithm": MAC_ALGORITHM}
            client = own_client or aws.client("kms")
            client.verify_mac(**asked, Mac=base64.b64decode(mac))
        else:
            _call_json("kms", "TrentService.VerifyMac", {**_mac_of(key, message), "Mac": mac})
    except Exception as error:  # two kinds, of which one is known only once botocore is loaded
        if _code_of(error) != "KMSInvalidMacException":
            raise
        return False
    return True


def _mac_of(key: str, message: bytes) -> dict[str, Any]:
    text = base64.b64encode(message).decode()
    return {"KeyId": key, "Message": text, "MacAlgorithm": MAC_ALGORITHM}


def _code_of(error: Exception) -> str:
    if isinstance(error, CallFailed):
        return error.code
    response = getattr(error, "response", {})
    return str(response.get("Error", {}).get("Code", ""))


def _call_json(service: str, target: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    version = "1.0" if service == "dynamodb" else "1.1"
    headers = {"Content-Type": f"application/x-amz-json-{version}", "X-Amz-Target": target}
    base = _endpoint(service) or f"https://{service}.{_region()}.{_domain()}"
    body = _to_json(parameters).encode()
    answer = _call(service, base, "POST", "/", DYNAMODB_PATIENCE, headers=headers, body=body)
    return cast(dict[str, Any], json.loads(answer.body))


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


# Nothing refers to itself, and to look whether it does takes a fifth of the time.
_to_json = json.JSONEncoder(default=_base64, check_circular=False, separators=(",", ":")).encode


def object_address(bucket: str, key: str) -> tuple[str, str]:
    """Scheme and host, and the path there.

    An emulator has one host for all buckets, and a name with dots fits no certificate of AWS.
    """
    own, path = _endpoint("s3"), quote(f"/{key}", safe="/")
    if own or "." in bucket:
        return own or f"https://s3.{_region()}.{_domain()}", f"/{bucket}{path}"
    return bucket_address(bucket, region=_region(), domain=_domain()), path


def bucket_address(bucket: str, *, region: str, domain: str) -> str:
    """Where a bucket is in its region: what we sign for is what the page's policy must allow."""
    return f"https://{bucket}.s3.{region}.{domain}"


def _call_s3(method: str, bucket: str, key: str, **parts: Any) -> HttpResponse:
    base, path = object_address(bucket, key)
    return _call("s3", base, method, path, S3_PATIENCE, **parts)


def _call(
    service: str, base: str, method: str, path: str, timeouts: Timeouts, **parts: Any
) -> HttpResponse:
    """Signed anew for each try: a signature is good for minutes, credentials for hours."""
    address = urlsplit(base)
    request = Request(service, _region(), method, address.netloc, path, **parts)

    def attempt(timeouts: Timeouts) -> HttpResponse:
        headers = request.signed(_credentials(), datetime.now(UTC))
        sent = (method, request.target, request.body, headers)
        return _accepted(connections.exchange(address, service, sent, timeouts))

    return call_with_retries(attempt, timeouts)


def _accepted(answer: HttpResponse) -> HttpResponse:
    if answer.status < 300:
        return answer
    found = _CODE.search(answer.body)
    code = (found[1] or found[2]).decode() if found else str(answer.status)
    raise CallFailed(code, answer.status)


def _credentials() -> Credentials:
    """Lambda's environment holds them, or, after SnapStart, an address that gives fresh ones."""
    named = os.environ.get
    key, secret = named("AWS_ACCESS_KEY_ID"), named("AWS_SECRET_ACCESS_KEY")
    if key and secret:
        return Credentials(key, secret, named("AWS_SESSION_TOKEN", ""))
    found = aws.session().get_credentials()
    if found is None:
        raise CallFailed("NoCredentialsError", 403)
    now = found.get_frozen_credentials()  # fetched again in time
    return Credentials(now.access_key, now.secret_key, now.token or "")


def _region() -> str:
    return os.environ.get("AWS_DEFAULT_REGION") or os.environ.get("AWS_REGION", "")


def _domain() -> str:
    return "amazonaws.com.cn" if _region().startswith("cn-") else "amazonaws.com"


def _endpoint(service: str) -> str:
    own = os.environ.get(f"AWS_ENDPOINT_URL_{service.upper()}")
    return (own or os.environ.get("AWS_ENDPOINT_URL", "")).rstrip("/")
