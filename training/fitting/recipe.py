"""Everything that decides which model comes out of the same rows."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from credit_scoring.contract.columns import HISTORY
from credit_scoring.features import FeatureSchema

from training.data.schema import PROTECTED, restrict
from training.fitting.fit import PARAMETERS
from training.fitting.monotone import UNDIRECTED


@dataclass(frozen=True)
class Recipe:
    """protected : inputs kept for audits only; most_features : how many are served at most
    monotone : whether the domain's directions bind; history : whether past credits may be read
    selects : whether features are chosen by their weight; otherwise all candidates are read
    members : models of different seeds whose mean is served
    parameters : LightGBM's, all of them
    """

    seed: int = 0
    n_folds: int = 5
    most_features: int = 250
    protected: tuple[str, ...] = PROTECTED
    monotone: bool = True
    history: bool = True
    selects: bool = True
    members: int = 3
    parameters: dict[str, Any] = field(default_factory=lambda: dict(PARAMETERS))

    def candidates(self, schema: FeatureSchema) -> FeatureSchema:
        """The features of `schema` that this recipe lets a model read."""
        barred = {*self.protected}
        if self.monotone:
            barred |= {*UNDIRECTED}
        if not self.history:
            barred |= {*HISTORY}
        return restrict(schema, [name for name in schema.names if name not in barred])

    def seeds(self) -> list[int]:
        """One for each member; those of two recipes with neighbouring seeds do not overlap."""
        return [self.seed * self.members + member for member in range(self.members)]

    def but(self, **changes: Any) -> "Recipe":
        return replace(self, **changes)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"protected": list(self.protected)}
