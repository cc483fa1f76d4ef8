"""What a deployment may choose, read from CDK context, and the built code that it ships."""

from dataclasses import dataclass
from pathlib import Path

from aws_cdk import aws_lambda as lambda_
from constructs import Node

ROOT = Path(__file__).resolve().parent.parent
ARCHITECTURES = {
    "arm64": lambda_.Architecture.ARM_64,
    "x86_64": lambda_.Architecture.X86_64,
}


class SettingInvalid(ValueError):
    """A context value that the stack does not know."""

    def __init__(self, *, name: str, value: str, allowed: list[str]) -> None:
        super().__init__(f"context {name}={value} is not one of {', '.join(allowed)}.")


class AssetMissing(FileNotFoundError):
    """Code that is not built yet."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is missing: run make layers, then synthesise again.")


@dataclass(frozen=True)
class Settings:
    """architecture : arm64 or x86_64; layers : the folder of build/layers to ship;
    alarm_email : who is written to when an alarm rings, or None; build : where the code is.
    """

    architecture: str = "arm64"
    layers: str = "arm64"
    alarm_email: str | None = None
    build: Path = ROOT / "build"

    @classmethod
    def from_context(cls, node: Node) -> "Settings":
        architecture = node.try_get_context("architecture") or cls.architecture
        if architecture not in ARCHITECTURES:
            raise SettingInvalid(
                name="architecture", value=architecture, allowed=list(ARCHITECTURES)
            )
        return cls(
            architecture=architecture,
            layers=node.try_get_context("layers") or architecture,
            alarm_email=node.try_get_context("alarmEmail"),
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
