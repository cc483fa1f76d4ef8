"""What a deployment may choose, read from CDK context, and the built code that it ships."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import available_timezones

from aws_cdk import aws_lambda as lambda_
from constructs import Node
from credit_scoring.lender_settings import LenderSettings
from credit_scoring.reasons.wording import LANGUAGES

from functions.score_api.call_limits import AT_ONCE
from infra.environments import ENVIRONMENTS
from infra.repository import ROOT

ARCHITECTURES = {
    "arm64": lambda_.Architecture.ARM_64,
    "x86_64": lambda_.Architecture.X86_64,
}


MFA = ("optional", "required")
# As many calls at the same time as an account's functions get by default.
LARGEST_CONCURRENCY = 1_000
LONGEST_MONTHS = 120
# WAF takes up to 2,000 million; more than the gateway lets through in five minutes limits nobody.
MOST_OF_ADDRESS = 60_000
# A minute of all that the stage lets through.
MOST_CALLS = 12_000
# What a new on-demand table takes; less cannot be asked for. Source: DynamoDB's developer guide,
# "Understanding DynamoDB warm throughput".
FEWEST_WARM_WRITES, MOST_WARM_WRITES = 4_000, 1_000_000
# CloudFront takes certificates and web ACLs of us-east-1 only, wherever the stack is.
_CERTIFICATE = re.compile(r"arn:aws:acm:us-east-1:\d{12}:certificate/[\w-]+")
_WEB_ACL = re.compile(r"arn:aws:wafv2:us-east-1:\d{12}:global/webacl/[\w-]+/[\w-]+")
_DIGEST = re.compile(r"[\w./:-]+@sha256:[0-9a-f]{64}")


class SettingInvalid(ValueError):
    """A context value that the stack does not know."""

    def __init__(self, *, name: str, value: object, allowed: Iterable[str]) -> None:
        super().__init__(f"context {name}={value} is not one of {', '.join(allowed)}.")


class AssetMissing(FileNotFoundError):
    """Code that is not built yet."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is missing: run make layers, then synthesise again.")


@dataclass(frozen=True)
class EdgeSettings:
    """domain : the page's own address, with its certificate; web_acl : what filters requests
    is_filtered : whether we make that filter; calls_of_address : in five minutes, where we do

    The first three None: CloudFront's address, whose certificate also speaks older TLS; no filter.
    """

    domain: str | None = None
    certificate: str | None = None
    web_acl: str | None = None
    is_filtered: bool = False
    # A branch of fifty advisors behind one address, a call every three seconds each.
    calls_of_address: int = 5_000

    @classmethod
    def from_context(cls, node: Node) -> "EdgeSettings":
        domain, certificate = (node.try_get_context(n) for n in ("domainName", "certificateArn"))
        if bool(domain) != bool(certificate):
            allowed = ["given together with certificateArn"]
            raise SettingInvalid(name="domainName", value=domain, allowed=allowed)
        require_form("certificateArn", certificate, _CERTIFICATE)
        web_acl = node.try_get_context("webAclArn")
        require_form("webAclArn", web_acl, _WEB_ACL)
        filtered = node.try_get_context("edgeFilter") or "no"
        require("edgeFilter", filtered, ("yes", "no"))
        calls = read_count(node, "addressCalls", least=10, most=MOST_OF_ADDRESS)
        is_filtered = filtered == "yes"
        return cls(domain, certificate, web_acl, is_filtered, calls or cls.calls_of_address)


@dataclass(frozen=True)
class CallSettings:
    """Calls a minute of one person and of one program, in tens; all together have 200 a second."""

    of_person: int = 1_200
    of_machine: int = 6_000

    @classmethod
    def from_context(cls, node: Node) -> "CallSettings":
        return cls(
            read_tens(node, "personCalls") or cls.of_person,
            read_tens(node, "machineCalls") or cls.of_machine,
        )


@dataclass(frozen=True)
class StackSettings:
    """environment : dev or prod; architecture : arm64 or x86_64
    layers : the folder of build/layers to ship; build : where the code is
    alarm_email, batch_email : who is written to when an alarm rings and when a batch ends, or None
    language : of a file that names none (fr or en)
    batch_concurrency : chunks of one big file that are scored at the same time
    api_reserved, batch_reserved : calls at once of a function, kept for it and never more (None:
    what the account has left); warm_writes : units a second that the profiles' table takes at
    once (None: as AWS makes it); drift_base_image : by its digest (None: the newest patch)
    lender : its name, time zone and what its letters may say
    record_months : how long scores are kept, which must be longer than an outcome takes
    edge : what stands before the page and the API; calls : how often one caller may call
    requires_mfa : whether everybody must sign in with a code, too
    trails_reads : whether CloudTrail tells who read the tables of people
    branch_principals : ARNs of the branch systems' roles or users
    """

    environment: str = "prod"
    architecture: str = "arm64"
    layers: str = "arm64"
    alarm_email: str | None = None
    batch_email: str | None = None
    language: str = "fr"
    lender: LenderSettings = field(default_factory=LenderSettings)
    # Half of the ten calls at once that some new accounts get, and enough for a new table.
    batch_concurrency: int = 5
    record_months: int = 24
    api_reserved: int | None = None
    batch_reserved: int | None = None
    warm_writes: int | None = None
    drift_base_image: str | None = None
    edge: EdgeSettings = field(default_factory=EdgeSettings)
    calls: CallSettings = field(default_factory=CallSettings)
    requires_mfa: bool = False
    trails_reads: bool = False
    branch_principals: tuple[str, ...] = ()
    build: Path = ROOT / "build"

    @classmethod
    def from_context(cls, node: Node) -> "StackSettings":
        environment = node.try_get_context("env") or cls.environment
        require("env", environment, ENVIRONMENTS)
        architecture = node.try_get_context("architecture") or cls.architecture
        require("architecture", architecture, ARCHITECTURES)
        language = node.try_get_context("language") or cls.language
        require("language", language, LANGUAGES)
        concurrency = read_count(node, "batchConcurrency") or cls.batch_concurrency
        batch_reserved = read_count(node, "batchReserved")
        require_room(concurrency, batch_reserved)
        mfa = node.try_get_context("mfa") or "optional"
        require("mfa", mfa, MFA)
        trail = node.try_get_context("readTrail") or "no"
        require("readTrail", trail, ("yes", "no"))
        principals = node.try_get_context("branchPrincipals") or ""
        return cls(
            environment=environment,
            architecture=architecture,
            layers=node.try_get_context("layers") or architecture,
            alarm_email=node.try_get_context("alarmEmail"),
            batch_email=node.try_get_context("batchEmail"),
            language=language,
            lender=LenderSettings(
                name=node.try_get_context("lenderName") or LenderSettings.name,
                contact=node.try_get_context("lenderContact") or LenderSettings.contact,
                zone=read_zone(node.try_get_context("timeZone") or LenderSettings.zone),
                tells_protected=node.try_get_context("tellProtectedGrounds") == "yes",
            ),
            batch_concurrency=concurrency,
            api_reserved=read_count(node, "apiReserved"),
            batch_reserved=batch_reserved,
            warm_writes=read_count(
                node, "warmWrites", least=FEWEST_WARM_WRITES, most=MOST_WARM_WRITES
            ),
            drift_base_image=read_image(node.try_get_context("driftBaseImage")),
            record_months=read_count(node, "recordMonths", most=LONGEST_MONTHS)
            or cls.record_months,
            edge=EdgeSettings.from_context(node),
            calls=CallSettings.from_context(node),
            requires_mfa=mfa == "required",
            trails_reads=trail == "yes",
            branch_principals=tuple(filter(None, principals.replace(" ", "").split(","))),
            build=Path(node.try_get_context("build") or cls.build),
        )

    @property
    def keeps_data(self) -> bool:
        """Whether data outlives the stack, and the stack a slip of the hand."""
        return self.environment == "prod"

    @property
    def lambda_architecture(self) -> lambda_.Architecture:
        return ARCHITECTURES[self.architecture]

    def asset(self, *parts: str) -> str:
        """Path of a folder of build/; AssetMissing says how to make it."""
        folder = self.build.joinpath(*parts)
        if not folder.is_dir():
            raise AssetMissing(folder)
        return str(folder)


def require(name: str, value: str, allowed: Iterable[str]) -> None:
    if value not in allowed:
        raise SettingInvalid(name=name, value=value, allowed=allowed)


def require_form(name: str, value: str | None, form: re.Pattern[str]) -> None:
    if value is not None and not form.fullmatch(value):
        raise SettingInvalid(name=name, value=value, allowed=[f"an ARN like {form.pattern}"])


def read_zone(name: str) -> str:
    """A time zone of the IANA database."""
    if name not in available_timezones():
        raise SettingInvalid(name="timeZone", value=name, allowed=["a zone like Europe/Paris"])
    return name


def read_count(
    node: Node, name: str, *, least: int = 1, most: int = LARGEST_CONCURRENCY
) -> int | None:
    """A whole number, None when it is not set; the CDK's command line hands text over."""
    value = node.try_get_context(name)
    if value is None:
        return None
    text = str(value)
    if not text.isdecimal() or not least <= int(text) <= most:
        raise SettingInvalid(name=name, value=value, allowed=[f"{least} to {most}"])
    return int(text)


def read_tens(node: Node, name: str) -> int | None:
    """As many as are taken at once (functions/score_api/call_limits.py), or some times that."""
    count = read_count(node, name, least=AT_ONCE, most=MOST_CALLS)
    if count and count % AT_ONCE:
        raise SettingInvalid(name=name, value=count, allowed=[f"multiples of {AT_ONCE}"])
    return count


def require_room(concurrency: int, reserved: int | None) -> None:
    """Chunks of one big file leave a call for the next file."""
    if reserved is not None and concurrency >= reserved:
        raise SettingInvalid(
            name="batchConcurrency",
            value=concurrency,
            allowed=[f"1 to batchReserved-1 ({reserved - 1})"],
        )


def read_image(name: str | None) -> str | None:
    """A tag may mean another image tomorrow; a digest never does."""
    if name is not None and not _DIGEST.fullmatch(name):
        allowed = ["an image by its digest, like public.ecr.aws/lambda/python@sha256:..."]
        raise SettingInvalid(name="driftBaseImage", value=name, allowed=allowed)
    return name
