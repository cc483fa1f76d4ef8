"""Synthetic data as hard as the real data of Home Credit Default Risk.

`population.py` draws who applies, `person.py`, `loan.py` and `housing.py` the application,
`risk.py` who defaults; `bureau.py`, `requests.py`, `previous.py`, `repayment.py`, `payments.py` and
`credit_card.py` what happened before. `tables.py` puts a chunk of applicants together and
`writing.py` writes it. All values follow the contract and `frequencies.csv`; no row is a real one.
"""

from training.sample_data.command import add_arguments, generate, run

__all__ = ["add_arguments", "generate", "run"]
