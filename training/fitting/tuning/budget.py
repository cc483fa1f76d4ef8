"""How long a search may go on."""

import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Budget:
    """trials : in all, those of an earlier run that was killed included; minutes : of this run

    None is without limit; whichever is reached first ends the search.
    """

    minutes: float | None
    trials: int | None
    begun: float = field(default_factory=time.monotonic)

    @property
    def is_late(self) -> bool:
        return self.minutes is not None and time.monotonic() - self.begun >= 60 * self.minutes

    def allows(self, finished: int) -> bool:
        """Whether one more trial may begin after so many."""
        return not self.is_late and (self.trials is None or finished < self.trials)
