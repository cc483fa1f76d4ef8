"""List prices, the only place where one stands: change it here, then `make costs`.

Dollars of us-east-1 without tax, free tiers and discounts, noted from AWS's pages as of November
2025 and not looked up again since: before a decision rests on one, look at its page. Other regions
ask more: eu-west-3 by about a tenth for most of them.
"""

from dataclasses import dataclass
from typing import Final

REGION: Final = "us-east-1"
AS_OF: Final = "November 2025"
MILLION: Final = 1e6


@dataclass(frozen=True)
class Price:
    """dollars : of so many units (`per`); unit : what is counted; page : under aws.amazon.com"""

    dollars: float
    per: float
    unit: str
    page: str

    @property
    def each(self) -> float:
        return self.dollars / self.per


COMPUTING: Final = Price(0.0000133334, 1, "GB-second on arm64", "lambda/pricing")
CALL: Final = Price(0.20, MILLION, "call of a function", "lambda/pricing")
SNAPSHOT: Final = Price(0.0000015046, 1, "GB-second of a cached snapshot", "lambda/pricing")
RESTORE: Final = Price(0.0001397998, 1, "GB of a snapshot restored", "lambda/pricing")
GATEWAY: Final = Price(1.00, MILLION, "request of an HTTP API", "api-gateway/pricing")
EDGE_REQUEST: Final = Price(0.01, 10_000, "HTTPS request at the edge", "cloudfront/pricing")
EDGE_BYTES: Final = Price(0.085, 1e9, "byte out of the edge", "cloudfront/pricing")
WRITE: Final = Price(0.625, MILLION, "write unit", "dynamodb/pricing/on-demand")
READ: Final = Price(0.125, MILLION, "read unit", "dynamodb/pricing/on-demand")
TABLE_BYTES: Final = Price(0.25, 1e9, "byte in a table, a month", "dynamodb/pricing/on-demand")
RECOVERY_BYTES: Final = Price(0.20, 1e9, "byte of point-in-time recovery, a month",
                              "dynamodb/pricing/on-demand")  # fmt: skip
PUT: Final = Price(0.005, 1_000, "PUT or LIST", "s3/pricing")
GET: Final = Price(0.0004, 1_000, "GET", "s3/pricing")
STORED: Final = Price(0.023, 1e9, "byte in S3, a month", "s3/pricing")
DELIVERED: Final = Price(0.029, 1e9, "byte through Firehose", "firehose/pricing")
SCANNED: Final = Price(5.00, 1e12, "byte that Athena scans", "athena/pricing")
TRANSITION: Final = Price(0.025, 1_000, "state transition", "step-functions/pricing")
LOGGED: Final = Price(0.50, 1e9, "byte of logs taken in", "cloudwatch/pricing")
METRIC: Final = Price(0.30, 1, "own metric, a month", "cloudwatch/pricing")
ALARM: Final = Price(0.10, 1, "alarm, a month", "cloudwatch/pricing")
DASHBOARD: Final = Price(3.00, 1, "dashboard, a month", "cloudwatch/pricing")
TRACE: Final = Price(5.00, MILLION, "trace", "xray/pricing")
SECRET: Final = Price(0.40, 1, "secret, a month", "secrets-manager/pricing")
KEY: Final = Price(1.00, 1, "key of KMS, a month", "kms/pricing")
MACHINE: Final = Price(6.00, 1, "program (Cognito M2M client), a month", "cognito/pricing")
TOKEN: Final = Price(2.25, 1_000, "token of a program", "cognito/pricing")
EMPLOYEE: Final = Price(0.015, 1, "employee who logs in, a month (Essentials)", "cognito/pricing")
IMAGE_BYTES: Final = Price(0.10, 1e9, "byte of an image, a month", "ecr/pricing")
DATA_EVENT: Final = Price(0.10, 100_000, "data event of CloudTrail", "cloudtrail/pricing")
WEB_ACL: Final = Price(5.00, 1, "web ACL, a month", "waf/pricing")
WEB_RULE: Final = Price(1.00, 1, "rule of a web ACL, a month", "waf/pricing")
WEB_REQUEST: Final = Price(0.60, MILLION, "request that a web ACL looks at", "waf/pricing")

ALL: Final = tuple(value for value in list(globals().values()) if isinstance(value, Price))
