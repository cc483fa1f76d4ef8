"""From a trained LightGBM model to the arrays that serve it, and the proof that they agree."""

from dataclasses import dataclass, field
from typing import Any

import lightgbm
import numpy as np
from credit_scoring.errors import DatasetError
from credit_scoring.trees.explainer import Explainer
from credit_scoring.trees.forest import ZERO, Forest
from numpy.typing import NDArray
from tqdm import tqdm

TOLERANCE = 1e-9
VERIFIED_ROWS_AT_ONCE = 1000
# Of those, explained also leaf by leaf, as single applicants are.
VERIFIED_BY_LEAF = 20
MOST_EXPLAINED = 10_000


def compile_forest(booster: lightgbm.Booster) -> Forest:
    """Read a binary LightGBM model into plain arrays.

    Raises DatasetError for what the arrays cannot say: other objectives and link functions than the
    plain binary one, linear leaves, averaged forests.
    """
    dump = booster.dump_model()
    if dump["objective"] != "binary sigmoid:1":
        raise DatasetError(f"objective {dump['objective']!r} cannot be served: train with 'binary'")
    if dump.get("average_output"):
        raise DatasetError("a LightGBM random forest averages its trees: train with boosting")
    arrays = _Arrays()
    for tree in dump["tree_info"]:
        arrays.root.append(arrays.add(tree["tree_structure"]))
    return arrays.forest(booster.num_feature())


@dataclass
class _Arrays:
    """The forest under construction, filled depth first so that leaves stand left to right."""

    nodes: list[dict[str, Any]] = field(default_factory=list)
    leaves: list[dict[str, Any]] = field(default_factory=list)
    children: list[list[int]] = field(default_factory=list)
    root: list[int] = field(default_factory=list)

    def add(self, part: dict[str, Any]) -> int:
        if "split_feature" not in part:
            if "leaf_const" in part:
                raise DatasetError("linear trees cannot be served: train with linear_tree=False")
            self.leaves.append(part)
            return ~(len(self.leaves) - 1)
        place = len(self.nodes)
        self.nodes.append(part)
        self.children.append([])
        for side in ("left_child", "right_child"):
            self.children[place].append(self.add(part[side]))
        return place

    def forest(self, n_features: int) -> Forest:
        category_left, thresholds = self._thresholds()
        return Forest(
            n_features=n_features,
            feature=np.array([node["split_feature"] for node in self.nodes], np.int32),
            threshold=thresholds,
            nan_left=np.array([_nan_goes_left(node) for node in self.nodes], np.bool_),
            zero_is_missing=np.array([n["missing_type"] == "Zero" for n in self.nodes], np.bool_),
            categorical=np.array([_is_categorical(node) for node in self.nodes], np.bool_),
            left=np.array([left for left, _ in self.children], np.int32),
            right=np.array([right for _, right in self.children], np.int32),
            node_count=np.array([node["internal_count"] for node in self.nodes], np.int32),
            # A tree of one leaf has no count; its share of the rows is one whatever it is.
            leaf_count=np.array([leaf.get("leaf_count", 1) for leaf in self.leaves], np.int32),
            leaf_value=np.array([leaf["leaf_value"] for leaf in self.leaves], np.float64),
            root=np.array(self.root, np.int32),
            category_left=category_left,
        )

    def _thresholds(self) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
        """A categorical node's threshold "0||3||7" becomes a row of a truth table."""
        texts = [node["threshold"] for node in self.nodes if _is_categorical(node)]
        sets = [[int(code) for code in text.split("||")] for text in texts]
        truth = np.zeros((len(sets), 1 + max((max(s) for s in sets), default=0)), np.bool_)
        for row, codes in enumerate(sets):
            truth[row, codes] = True
        rows = iter(range(len(sets)))
        thresholds = np.array(
            [next(rows) if _is_categorical(n) else n["threshold"] for n in self.nodes], np.float64
        )
        # JSON knows no infinity: LightGBM dumps a split between all numbers and NaN as 1e300.
        thresholds[np.abs(thresholds) >= 1e300] *= np.inf
        numeric = np.array([not _is_categorical(n) for n in self.nodes], np.bool_)
        thresholds[numeric] = _beyond_zero(thresholds[numeric])
        return truth, thresholds


def _beyond_zero(thresholds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Send values up to ZERO in size where 0 goes: LightGBM takes them for 0 as it reads."""
    below = np.where((thresholds >= -ZERO) & (thresholds < 0), np.nextafter(-ZERO, -1), thresholds)
    return np.where((below >= 0) & (below < ZERO), ZERO, below)


def _is_categorical(node: dict[str, Any]) -> bool:
    return bool(node["decision_type"] == "==")


def _nan_goes_left(node: dict[str, Any]) -> bool:
    """LightGBM reads NaN as zero unless the split says that NaN or zero is what is missing."""
    if _is_categorical(node):
        return False
    if node["missing_type"] == "None":
        return bool(node["threshold"] >= 0)
    return bool(node["default_left"])


def verify_forest(
    explainer: Explainer,
    booster: lightgbm.Booster,
    matrix: NDArray[np.float64],
    *,
    progress: bool = True,
) -> dict[str, float]:
    """Compare with LightGBM's own: margins on every row, contributions on at most MOST_EXPLAINED.

    Returns the largest differences. Raises DatasetError when one is above TOLERANCE.
    """
    margins = explainer.margins(matrix)
    their_margins = np.asarray(booster.predict(matrix, raw_score=True))
    worst = {
        "margin": float(np.abs(margins - their_margins).max(initial=0.0)),
        "contribution": 0.0,
        "sum": 0.0,
    }
    # LightGBM takes minutes to explain some hundred thousand rows: of more, every so many-th.
    explained = matrix[:: -(-len(matrix) // MOST_EXPLAINED) or 1]
    starts = range(0, len(explained), VERIFIED_ROWS_AT_ONCE)
    for start in tqdm(starts, "Verify against LightGBM", unit="k rows", disable=not progress):
        found = _explanations_differ(
            explainer, booster, explained[start : start + VERIFIED_ROWS_AT_ONCE]
        )
        # Unlike max(), this lets no NaN pass.
        worst |= {name: float(np.maximum(worst[name], found[name])) for name in found}
    for name, difference in worst.items():
        if not difference <= TOLERANCE:
            raise DatasetError(f"compiled {name}s differ from LightGBM's by {difference:.1e}")
    return worst


def _explanations_differ(
    explainer: Explainer, booster: lightgbm.Booster, rows: NDArray[np.float64]
) -> dict[str, float]:
    theirs = np.asarray(booster.predict(rows, pred_contrib=True))  # (n, F + 1)
    few = slice(VERIFIED_BY_LEAF)
    margins, contributions = explainer.contributions(rows)
    by_leaf = explainer.by_leaf.explain(rows[few])[1]
    sums = contributions.sum(axis=1) + explainer.base_value
    apart = [
        np.abs(contributions - theirs[:, :-1]).ravel(),
        np.abs(by_leaf - theirs[few, :-1]).ravel(),
    ]
    return {
        "contribution": float(np.concatenate(apart).max(initial=0.0)),
        "sum": float(np.abs(sums - margins).max()),
    }
