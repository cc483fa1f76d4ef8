"""What a deployment may choose of its alarms, read from CDK context."""

from dataclasses import dataclass

from constructs import Node

from functions.canary.business_hours import DEFAULT, BusinessHoursInvalid, read_business_hours
from infra.stack_parts.settings import LARGEST_CONCURRENCY, SettingInvalid


@dataclass(frozen=True)
class WatchSettings:
    """page_email : who is written to of what cannot wait, beside who is of every alarm
    runbook_url : where docs/operations.md is read; its headings are the entries
    oldest_model_days : after which a model ought to be trained again
    account_concurrency : calls at the same time that the account allows
    business_hours, closed_days : when scores are expected
    """

    page_email: str | None = None
    runbook_url: str = "docs/operations.md"
    oldest_model_days: int = 180
    account_concurrency: int = LARGEST_CONCURRENCY
    business_hours: str = DEFAULT
    closed_days: str = ""

    @classmethod
    def from_context(cls, node: Node) -> "WatchSettings":
        """Raises SettingInvalid."""
        hours = node.try_get_context("businessHours") or cls.business_hours
        closed = (node.try_get_context("closedDays") or cls.closed_days).replace(" ", "")
        try:
            read_business_hours(hours, closed)
        except BusinessHoursInvalid:
            allowed = [f"hours like {DEFAULT}, closedDays dates like 2026-12-25"]
            raise SettingInvalid(name="businessHours", value=hours, allowed=allowed) from None
        return cls(
            page_email=node.try_get_context("pageEmail"),
            runbook_url=node.try_get_context("runbookUrl") or cls.runbook_url,
            oldest_model_days=read_number(node, "oldestModelDays", cls.oldest_model_days, 3650),
            account_concurrency=read_number(
                node, "accountConcurrency", cls.account_concurrency, 1_000_000
            ),
            business_hours=hours,
            closed_days=closed,
        )


def read_number(node: Node, name: str, default: int, largest: int) -> int:
    """A whole number from 1 on; the CDK's command line hands text over."""
    text = str(node.try_get_context(name) or default)
    if not text.isdecimal() or not 1 <= int(text) <= largest:
        raise SettingInvalid(name=name, value=text, allowed=[f"1 to {largest}"])
    return int(text)
