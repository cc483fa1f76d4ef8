"""The mean of boosters that differ in their seed alone, as one LightGBM model.

What a booster learns depends on which features and rows its seed draws; on some thirty thousand
applicants that moves its AUC by about 0.001 either way. The mean of several has less of that luck,
and what it says is a sum of trees like any other: the trees of all, each divided by how many there
are.
"""

from collections.abc import Sequence

import lightgbm

from training.evaluation.calibration import PlattScaling, calibrated_booster


def mean_of(boosters: Sequence[lightgbm.Booster]) -> lightgbm.Booster:
    """One booster whose margin is the mean of theirs, up to rounding.

    boosters : fitted on the same features; of each the trees up to its best iteration
    """
    shares = [calibrated_booster(booster, PlattScaling(1 / len(boosters))) for booster in boosters]
    texts = [booster.model_to_string() for booster in shares]
    trees = [tree for text in texts for tree in _trees(text)]
    # Without the sizes of its trees LightGBM reads them one after the other.
    head = [line for line in _head(texts[0]).split("\n") if not line.startswith("tree_sizes=")]
    numbered = [f"Tree={number}\n{tree}" for number, tree in enumerate(trees)]
    return lightgbm.Booster(model_str="\n".join(head) + "".join(numbered) + END + "\n")


END = "end of trees\n"


def _head(text: str) -> str:
    return text[: text.index("Tree=0\n")]


def _trees(text: str) -> list[str]:
    """What stands below the line `Tree=<number>` of each tree."""
    body = text[text.index("Tree=0\n") : text.index(END)]
    return [part.split("\n", 1)[1] for part in body.split("Tree=")[1:]]
