"""What the model is made of: data, features, trees, and how to make it again."""

from typing import Any

from credit_scoring.contract.columns import TARGET

from training.fitting.compile import MOST_EXPLAINED
from training.fitting.monotone import DIRECTIONS
from training.report.card.blocks import Block, Heading, Points, Section, Table, Text
from training.report.words import (
    NOTHING,
    label,
    listed,
    number,
    percent,
    scientific,
    setting,
    whole,
)

_BYTES_A_MEGABYTE = 1e6


def data(report: dict[str, Any]) -> Section:
    facts = report["data"]
    rows = [
        [name, number(table["bytes"] / _BYTES_A_MEGABYTE, 1), table["sha256"][:16]]
        if table
        else [name, "absent", NOTHING]
        for name, table in facts["tables"].items()
    ]
    return Section(
        "Data",
        [
            Text(
                f"{whole(facts['rows'])} labelled applications in the form of Home Credit Default "
                f"Risk, of which {whole(facts['defaults'])} ({percent(facts['default_rate'], 2)}) "
                "ended in default: payment difficulties, as the lender defined them "
                f"({TARGET} = 1). "
                "Rows that break the input contract are left out. What an absent table would tell "
                "is missing for everybody."
            ),
            Table("Tables", ["Table", "Size, MB", "SHA-256 begins"], rows),
            Text(f"Fingerprint of all tables together: {facts['sha256']}."),
        ],
    )


def features(report: dict[str, Any]) -> Section:
    facts, explanation = report["features"], report.get("explanations")
    blocks: list[Block] = [
        Text(
            f"{whole(facts['kept'])} of {whole(facts['candidates'])} candidates are served. "
            f"{facts['rule']}"
        ),
        Table(
            "Features left out",
            ["Reason", "Features"],
            [[reason, whole(count)] for reason, count in facts["dropped"].items()],
        ),
    ]
    if explanation:
        families = [[f["label"]["en"], whole(f["features"])] for f in explanation["families"]]
        blocks.append(Table("Features served, by family", ["Family", "Features"], families))
    return Section("Features", blocks)


def model(report: dict[str, Any]) -> Section:
    facts, recipe = report["model"], report["recipe"]
    parameters = [[name, setting(value)] for name, value in sorted(recipe["parameters"].items())]
    return Section(
        "Model",
        [
            Text(
                f"Gradient-boosted decision trees (LightGBM), compiled to plain arrays: "
                f"{whole(facts['trees'])} trees with {whole(facts['leaves'])} leaves, at most "
                f"{facts['max_depth']} splits deep. They are the mean of {facts['members']} models "
                "that differ in their seed alone, since one seed's luck moves the AUC. No class "
                "weights are used, so PDs come out as rates. "
                f"{recipe['n_folds']} folds, seed {recipe['seed']}."
            ),
            *_directions(report),
            Table("Parameters of LightGBM", ["Parameter", "Value"], parameters, words=2),
        ],
    )


def _directions(report: dict[str, Any]) -> list[Block]:
    head: list[Block] = [Heading("Monotone constraints")]
    if not report["recipe"]["monotone"]:
        return [*head, Text("None: features may pull against what the domain demands.")]
    names = report["features"]["names"]
    lowering = [label(name) for name in names if DIRECTIONS.get(name) == -1]
    raising = [label(name) for name in names if DIRECTIONS.get(name) == 1]
    return [
        *head,
        Text(
            "Where the domain says which way a feature must pull, the trees are bound to it, so "
            "that no reason can say the absurd: that a better score from outside raises the PD, or "
            "that more days past due lower it."
        ),
        Points(
            [
                f"Higher never raises the PD ({len(lowering)}): {listed(lowering) or 'none'}.",
                f"Higher never lowers the PD ({len(raising)}): {listed(raising) or 'none'}.",
            ]
        ),
    ]


def monitoring(_: dict[str, Any]) -> Section:
    return Section(
        "Drift reference",
        [
            Text(
                "The bundle holds a sample of the training rows, at most 10,000, with their "
                "features and PDs (reference.npz). The drift monitor compares with them what was "
                "scored lately; its alarms say when this card has become history."
            )
        ],
    )


def lineage(report: dict[str, Any]) -> Section:
    facts, proof = report.get("lineage") or {}, report.get("proof")
    known = [[_named(name), _told(value)] for name, value in sorted(facts.items())]
    blocks: list[Block] = [
        Text(
            "The same data, settings and code give the same bundle, byte by byte. Neither time nor "
            "place of the training is part of it."
        ),
        Table("Made with", ["What", "Which"], known, words=2),
    ]
    if proof:
        rows = [[name, scientific(value)] for name, value in proof.items()]
        blocks += [
            Heading("Proof of exactness"),
            Text(
                "Every training row was scored by the serving code and by LightGBM, and "
                f"{_explained(report['data']['rows'])} explained by both. Largest differences, "
                "in log-odds; more than 1e-9 would have stopped the training."
            ),
            Table("Serving code against LightGBM", ["Figure", "Largest difference"], rows),
        ]
    return Section("Lineage", blocks)


def _explained(rows: int) -> str:
    """Of many rows LightGBM explains every so many-th only."""
    return "each" if rows <= MOST_EXPLAINED else f"up to {whole(MOST_EXPLAINED)} of them"


_NAMES = {
    "git_commit": "Commit",
    "git_dirty": "Changes not committed",
    "data_sha256": "Data, SHA-256",
    "lock_sha256": "Locked dependencies, SHA-256",
}


def _named(name: str) -> str:
    return _NAMES.get(name, name)


def _told(value: object) -> str:
    return "unknown" if value is None else setting(value)
