"""Synthetic data as hard as the real data of Home Credit Default Risk.

`population.py` draws who applies, `applications/` what they ask for and who defaults, `histories/`
what happened before. `tables.py` puts a chunk of applicants together and `writing.py` writes it.
All values follow the contract and `frequencies.csv`; no row is a real one.
"""

from training.sample_data.command import add_arguments, generate, run

__all__ = ["add_arguments", "generate", "run"]
