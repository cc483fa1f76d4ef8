"""What a deployment may choose, read from CDK context, and the built code that it ships."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import available_timezones

from aws_cdk import aws_lambda as lambda_
from constructs import Node
from credit_scoring.lender_settings import LenderSettings
from credit_scoring.reasons.wording import LANGUAGES

from infra.repository import ROOT

ARCHITECTURES = {
    "arm64": lambda_.Architecture.ARM_64,
    "x86_64": lambda_.Architecture.X86_64,
}


MFA = ("optional", "required")

# As many calls at the same time as an account's functions get by default.
LARGEST_CONCURRENCY = 1_000
LONGEST_MONTHS = 120


class SettingInvalid(ValueError):
    """A context value that the stack does not know."""

    def __init__(self, *, name: str, value: object, allowed: Iterable[str]) -> None:
        super().__init__(f"context {name}={value} is not one of {', '.join(allowed)}.")


class AssetMissing(FileNotFoundError):
    """Code that is not built yet."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is missing: run make layers, then synthesise again.")


@dataclass(frozen=True)
class StackSettings:
    """architecture : arm64 or x86_64; layers : the folder of build/layers to ship;
    alarm_email, batch_email : who is written to when an alarm rings and when a batch ends, or None;
    language : of a file that names none (fr or en); batch_concurrency : chunks of one big file
    that are scored at the same time; lender : its name, time zone and what its letters may say;
    record_months : how long scores are kept, which must be longer than an outcome takes;
    requires_mfa : whether everybody must sign in with a code, too;
    branch_principals : ARNs of the branch systems' roles or
    users; build : where the code is.
    """

    architecture: str = "arm64"
    layers: str = "arm64"
    alarm_email: str | None = None
    batch_email: str | None = None
    language: str = "fr"
    lender: LenderSettings = field(default_factory=LenderSettings)
    # Ten at some thousand rows a second together write about what a table takes by default.
    batch_concurrency: int = 10
    record_months: int = 24
    requires_mfa: bool = False
    branch_principals: tuple[str, ...] = ()
    build: Path = ROOT / "build"

    @classmethod
    def from_context(cls, node: Node) -> "StackSettings":
        architecture = node.try_get_context("architecture") or cls.architecture
        require("architecture", architecture, ARCHITECTURES)
        language = node.try_get_context("language") or cls.language
        require("language", language, LANGUAGES)
        concurrency = node.try_get_context("batchConcurrency") or cls.batch_concurrency
        mfa = node.try_get_context("mfa") or "optional"
        require("mfa", mfa, MFA)
        principals = node.try_get_context("branchPrincipals") or ""
        return cls(
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
            batch_concurrency=read_concurrency(concurrency),
            record_months=read_months(node.try_get_context("recordMonths") or cls.record_months),
            requires_mfa=mfa == "required",
            branch_principals=tuple(filter(None, principals.replace(" ", "").split(","))),
            build=Path(node.try_get_context("build") or cls.build),
        )

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


def read_zone(name: str) -> str:
    """A time zone of the IANA database."""
    if name not in available_timezones():
        raise SettingInvalid(name="timeZone", value=name, allowed=["a zone like Europe/Paris"])
    return name


def read_months(value: object) -> int:
    """A whole number in 1 to 120."""
    text = str(value)
    if not text.isdecimal() or not 1 <= int(text) <= LONGEST_MONTHS:
        allowed = [f"1 to {LONGEST_MONTHS}"]
        raise SettingInvalid(name="recordMonths", value=value, allowed=allowed)
    return int(text)


def read_concurrency(value: object) -> int:
    """A whole number in 1 to 1,000; the CDK's command line hands text over."""
    text = str(value)
    if not text.isdecimal() or not 1 <= int(text) <= LARGEST_CONCURRENCY:
        allowed = [f"1 to {LARGEST_CONCURRENCY}"]
        raise SettingInvalid(name="batchConcurrency", value=value, allowed=allowed)
    return int(text)
