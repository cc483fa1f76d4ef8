"""The two application tables: one row for each applicant, with and without the outcome."""

import numpy as np
from credit_scoring.contract.columns import APPLICATION, ID, TARGET

from training.sample_data.applications.housing import housing_columns
from training.sample_data.applications.loan import loan_columns
from training.sample_data.applications.person import person_columns
from training.sample_data.applications.risk import draw_defaults
from training.sample_data.categories import Columns, select
from training.sample_data.population import Population
from training.sample_data.sampling import Chunk


def application_tables(chunk: Chunk, people: Population) -> dict[str, Columns]:
    """application_train and application_test, in the contract's order of columns."""
    columns = _columns(chunk, people)
    defaulted = draw_defaults(chunk, people, columns)
    ordered = {name: columns[name] for name in APPLICATION}
    test = select(ordered, ~people.in_train)
    train = select(ordered, people.in_train)
    applicant_ids = train.pop(ID)
    target = defaulted[people.in_train].astype(np.int64)
    return {
        "application_train": {ID: applicant_ids, TARGET: target, **train},
        "application_test": test,
    }


def _columns(chunk: Chunk, people: Population) -> Columns:
    person = person_columns(chunk, people)
    loan = loan_columns(chunk, people, person)
    housing = housing_columns(chunk, np.asarray(person["REGION_RATING_CLIENT"]))
    return {ID: people.applicant_ids, **person, **loan, **housing}
