"""A deployed stack as its users see it, on AWS or on this machine: HTTP, S3, CloudWatch."""

from __future__ import annotations

import contextlib
import http.client
import json
import secrets
import time
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from botocore.exceptions import ClientError
from credit_scoring.lender_settings import LenderSettings

from infra import srp
from infra.access import Access
from infra.local.errors import StackMisbehaves

_POLL: Final = 0.25  # seconds


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes
    headers: Mapping[str, str]

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class DeployedStack:
    """`page` : the address that a browser opens; `login` : where Cognito is reached.

    `outputs` : the stack's outputs; `access` : an operator's access to its AWS services.
    """

    page: str
    login: str
    outputs: Mapping[str, str]
    access: Access

    def create_user(self, username: str, password: str, *, groups: Sequence[str]) -> None:
        """Somebody who may log in at once; an existing one gets this password.

        groups : roles, and `branch-<name>` of each branch; those that are missing are made
        """
        cognito, pool = self.access.client("cognito-idp"), self.outputs["UserPoolId"]
        try:
            cognito.admin_create_user(UserPoolId=pool, Username=username, MessageAction="SUPPRESS")
        except ClientError as error:
            if error.response["Error"]["Code"] != "UsernameExistsException":
                raise
        cognito.admin_set_user_password(
            UserPoolId=pool, Username=username, Password=password, Permanent=True
        )
        for group in groups:
            with contextlib.suppress(cognito.exceptions.GroupExistsException):
                cognito.create_group(UserPoolId=pool, GroupName=group)
            cognito.admin_add_user_to_group(UserPoolId=pool, Username=username, GroupName=group)

    def delete_user(self, username: str) -> None:
        pool = self.outputs["UserPoolId"]
        self.access.client("cognito-idp").admin_delete_user(UserPoolId=pool, Username=username)

    def log_in(self, username: str, password: str) -> str:
        """An access token, as the page gets it."""
        pool, client = self.outputs["UserPoolId"], self.outputs["UserPoolClientId"]
        answer = srp.log_in(
            self._ask_login, pool=pool, client=client, username=username, password=password
        )
        token: str = answer["AuthenticationResult"]["AccessToken"]
        return token

    def _ask_login(self, action: str, content: dict[str, Any]) -> dict[str, Any]:
        headers = srp.headers_of(action)
        reply = request("POST", self.login, json.dumps(content).encode(), headers)
        if reply.status != http.client.OK:
            raise StackMisbehaves(f"Cognito answered {reply.status}: {reply.body[:200]!r}")
        answer: dict[str, Any] = reply.json()
        return answer

    def call(self, method: str, path: str, *, token: str = "", body: object = None) -> Reply:
        """One call of the API at the page's own address."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        payload = body if isinstance(body, bytes) else json.dumps(body).encode() if body else b""
        return request(method, f"{self.page}/api{path}", payload, headers)

    def put_upload(self, key: str, body: bytes) -> None:
        """Drop a file as a branch's own system does."""
        self.access.client("s3").put_object(
            Bucket=self.outputs["UploadsBucket"], Key=key, Body=body, ContentType="text/csv"
        )

    def wait_for_result(self, prefix: str, *, timeout: float) -> str:
        """The key of a manifest, which is written last, under this prefix of the results."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            keys = self.result_keys(prefix)
            found = [key for key in keys if key.endswith("/manifest.json")]
            if found:
                return found[-1]
            time.sleep(_POLL)
        raise StackMisbehaves(f"There is no result under {prefix} after {timeout:.0f} s.")

    def result_keys(self, prefix: str) -> list[str]:
        pages = self.access.client("s3").get_paginator("list_objects_v2")
        listed = pages.paginate(Bucket=self.outputs["ResultsBucket"], Prefix=prefix)
        return [item["Key"] for page in listed for item in page.get("Contents", [])]

    def read_result(self, key: str) -> bytes:
        bucket = self.outputs["ResultsBucket"]
        body: bytes = self.access.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
        return body

    def run_drift(self, *, days_ago: int = 0) -> dict[str, Any]:
        """Start the drift monitor now instead of tonight, on scores up to a day; its summary."""
        day = LenderSettings().today() - timedelta(days=days_ago)
        event = {"date": day.isoformat()}
        answer = self.access.client("lambda").invoke(
            FunctionName=f"{self.outputs['DriftMonitorFunction']}:live",
            Payload=json.dumps(event).encode(),
        )
        payload: dict[str, Any] = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise StackMisbehaves(f"The drift monitor failed: {payload.get('errorMessage')}")
        return payload


def request(method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
    """One HTTP request; an answer of any status is an answer."""
    parts = urllib.parse.urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=60)
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path or "/", body or None, dict(headers))
        response = connection.getresponse()
        return Reply(response.status, response.read(), dict(response.getheaders()))
    finally:
        connection.close()


def random_password() -> str:
    """Long enough for any pool: letters of both cases, digits and a symbol."""
    return f"Aa1!{secrets.token_urlsafe(24)}"
