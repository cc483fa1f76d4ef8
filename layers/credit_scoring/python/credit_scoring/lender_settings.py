"""What a lender sets for its deployment: every function reads it from its environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class LenderSettings:
    """name : signs letters; contact : where an applicant turns to, "" means the branch

    zone : of the IANA database; days, letters and receipts are dated in it
    tells_protected : whether the lender's law lets a letter give a protected ground as a reason
    """

    name: str = "Prêt à dépenser"
    contact: str = ""
    zone: str = "Europe/Paris"
    tells_protected: bool = False

    @classmethod
    def of_environment(cls, environment: Mapping[str, str]) -> "LenderSettings":
        """From LENDER_NAME, LENDER_CONTACT, TIME_ZONE, TELL_PROTECTED_GROUNDS (1 is yes)."""
        return cls(
            name=environment.get("LENDER_NAME") or cls.name,
            contact=environment.get("LENDER_CONTACT") or cls.contact,
            zone=environment.get("TIME_ZONE") or cls.zone,
            tells_protected=environment.get("TELL_PROTECTED_GROUNDS") == "1",
        )

    @property
    def environment(self) -> dict[str, str]:
        """From which `of_environment` reads them again."""
        return {
            "LENDER_NAME": self.name,
            "LENDER_CONTACT": self.contact,
            "TIME_ZONE": self.zone,
            "TELL_PROTECTED_GROUNDS": "1" if self.tells_protected else "0",
        }

    def local(self, at: datetime) -> datetime:
        """The same instant as the lender's clocks show it; `at` is aware."""
        return at.astimezone(ZoneInfo(self.zone))

    def today(self) -> date:
        return self.local(datetime.now(UTC)).date()
