"""Who applies: what an application and a payment history have in common.

Three traits that no table holds are drawn for each person. The tables show them with noise, and
so does the default, which is why a model can learn it and cannot learn it well.
"""

from dataclasses import dataclass

import numpy as np
from credit_scoring.arrays import Flags, Numbers

from training.sample_data.sampling import Chunk, Integers, happens, logistic


@dataclass(frozen=True, slots=True)
class Population:
    """The people of one chunk; every array has one entry each, float64 ones are standard normal.

    applicant_ids : int64 (n,), SK_ID_CURR
    in_train : bool (n,), whether the outcome of the loan is known
    is_man : bool (n,)
    age : older is greater
    discipline : pays in time; shows in the payment history, and only faintly elsewhere
    appetite : borrows often and to the limit
    known_to_bureau : bool (n,)
    external_scores : float64 (n, 3), of which an application tells some
    """

    applicant_ids: Integers
    in_train: Flags
    is_man: Flags
    age: Numbers
    discipline: Numbers
    appetite: Numbers
    known_to_bureau: Flags
    external_scores: Numbers

    def __len__(self) -> int:
        return len(self.applicant_ids)


def draw_population(chunk: Chunk, applicant_ids: Integers, in_train: Flags) -> Population:
    rng = chunk.stream("population")
    n = len(applicant_ids)
    age, quality, appetite = rng.standard_normal((3, n))
    is_man = happens(rng, logistic(-0.68 - 0.33 * age), n)
    discipline = _standard(rng, 0.20 * quality + 0.15 * age, noise=0.97)
    return Population(
        applicant_ids=applicant_ids,
        in_train=in_train,
        is_man=is_man,
        age=age,
        discipline=discipline,
        appetite=appetite,
        known_to_bureau=happens(rng, logistic(1.85 + 0.25 * age + 0.2 * appetite), n),
        external_scores=np.column_stack(
            [
                _standard(rng, 0.56 * age - 0.45 * (is_man - 0.34) + 0.33 * quality, noise=0.70),
                _standard(rng, 0.09 * age + 0.44 * quality, noise=0.89),
                _standard(rng, 0.20 * age + 0.18 * quality + 0.15 * discipline, noise=0.93),
            ]
        ),
    )


def _standard(rng: np.random.Generator, explained: Numbers, *, noise: float) -> Numbers:
    return explained + noise * rng.standard_normal(len(explained))
