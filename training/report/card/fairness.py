"""How groups of applicants are treated, and what stands in for gender."""

from typing import Any

from training.report.card.blocks import Block, Heading, Section, Table, Text, Verdict
from training.report.card.evaluation import NOT_MEASURED, Figures
from training.report.words import NOTHING, number, whole


def fairness(report: dict[str, Any], figures: Figures) -> Section:
    audit = report.get("fairness")
    if not audit:
        return Section("Fairness", [Text(NOT_MEASURED)])
    blocks: list[Block] = [
        Verdict(audit["sentence"], audit["status"]),
        Text(
            "The four-fifths rule: no group should be approved less than 0.8 times as often as the "
            "group that is approved most. Groups of fewer than a hundred are shown and not judged. "
            "Good payers refused and defaulters approved are the errors; a group may be approved "
            "less and still be treated justly, if it does default more."
        ),
        *figures("fairness"),
    ]
    for attribute in audit["attributes"]:
        blocks += _attribute(attribute)
    return Section("Fairness", [*blocks, *_proxies(audit["proxies"])])


def _attribute(attribute: dict[str, Any]) -> list[Block]:
    blocks: list[Block] = [
        Heading(attribute["label"]),
        Verdict(attribute["sentence"], attribute["status"]),
    ]
    difference = attribute["equal_opportunity_difference"]
    if difference:
        told = (
            "Between the judged groups, the share of good payers who are refused differs by up to "
            f"{_hundredths(difference)} percentage points. "
        )
        blocks.append(Text(told))
    blocks.append(Verdict(_raised(attribute["calibration"]), attribute["calibration_status"]))
    rows = [_group(group) for group in attribute["groups"]]
    head = [
        "Group",
        "Applicants",
        "Approved",
        "Good payers refused",
        "Defaulters approved",
        "Defaulted",
        "Defaults / foretold",
    ]
    caption = f"{attribute['label']}: rates in % with 95 % intervals"
    return [*blocks, Table(caption, head, rows)]


def _raised(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _group(group: dict[str, Any]) -> list[str]:
    foretold = group["observed_to_expected"]
    rates = ("approval_rate", "false_positive_rate", "false_negative_rate", "default_rate")
    return [
        group["name"] if group["judged"] else f"{group['name']} (not judged)",
        whole(group["applicants"]),
        *(_hundredths(group[name]) for name in rates),
        number(foretold and foretold["value"], 2),
    ]


def _hundredths(rate: dict[str, Any] | None) -> str:
    if rate is None:
        return NOTHING
    low, high = rate["interval"]
    ends = f"{100 * low:.1f} to {100 * high:.1f}".replace(" ", "\N{NO-BREAK SPACE}")
    return f"{100 * rate['value']:.1f} ({ends})"


def _proxies(proxies: dict[str, Any] | None) -> list[Block]:
    head: list[Block] = [Heading("Stand-ins for gender")]
    if proxies is None:
        return [*head, Text("Not measured: too few applicants of known gender.")]
    rows = [
        [proxy["label"], number(proxy["auc"], 3), number(proxy["cramers_v"], 3)]
        for proxy in proxies["features"]
    ]
    head_of_table = ["Feature", "AUC of gender", "Cramér's V"]
    return [
        *head,
        Text(proxies["sentence"]),
        Table("Features that tell most of gender", head_of_table, rows),
    ]
