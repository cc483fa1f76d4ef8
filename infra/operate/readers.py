"""Who asked for an applicant, on AWS or locally: from the API's log, which holds no names.

    python -m infra.operate.readers 100002 --env prod

The log has pseudonyms under a key that lies elsewhere; with that key the applicant's is looked for,
and the readers' are told by the names of the user pool. As far back as logs are kept: three months.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from credit_scoring.stored.pseudonyms import Pseudonyms

from infra.access import Access
from infra.operate.deployed_stack import find_stack, name_stack


def find_readers(
    applicant_id: str, outputs: Mapping[str, str], access: Access
) -> Iterator[dict[str, str]]:
    """time, who, route, status of each request, oldest first."""
    secret = access.client("secretsmanager").get_secret_value(
        SecretId=outputs["PseudonymSecretArn"]
    )
    pseudonyms = Pseudonyms(secret["SecretString"])
    names = {pseudonyms.word("reader", name): name for name in list_callers(outputs, access)}
    for line in read_log(pseudonyms.word("applicant", applicant_id), outputs, access):
        yield {
            "time": line["at"],
            "who": names.get(line["reader"], f"unknown: {line['reader']}"),
            "route": line["route"],
            "status": str(line["status"]),
        }


def list_callers(outputs: Mapping[str, str], access: Access) -> Iterator[str]:
    """Users of the pool, and its programs by the ids by which tokens name them."""
    cognito, pool = access.client("cognito-idp"), outputs["UserPoolId"]
    for page in cognito.get_paginator("list_users").paginate(UserPoolId=pool):
        yield from (user["Username"] for user in page["Users"])
    for page in cognito.get_paginator("list_user_pool_clients").paginate(UserPoolId=pool):
        yield from (client["ClientId"] for client in page["UserPoolClients"])


def read_log(
    applicant: str, outputs: Mapping[str, str], access: Access
) -> Iterator[dict[str, Any]]:
    """applicant : as the log names them"""
    described = access.client("lambda").get_function_configuration(
        FunctionName=outputs["ScoreApiFunction"]
    )
    pages = access.client("logs").get_paginator("filter_log_events")
    group = described["LoggingConfig"]["LogGroup"]
    for page in pages.paginate(logGroupName=group, filterPattern=f'"{applicant}"'):
        for event in page["events"]:
            line = json.loads(event["message"])
            if line.get("applicant") == applicant:
                at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
                yield {**line, "at": at.isoformat(timespec="seconds")}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m infra.operate.readers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("applicant", help="the id")
    name_stack(parser)
    options = parser.parse_args()
    try:
        access, outputs = find_stack(options)
        for found in find_readers(options.applicant, outputs, access):
            print(f"{found['time']}  {found['who']}  {found['route']}  {found['status']}")
    except (FileNotFoundError, BotoCoreError, ClientError) as error:
        print(f"infra.operate.readers: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
