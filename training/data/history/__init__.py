"""What is known of an applicant's past credits, from the six secondary tables.

Each table has one SQL file here, named like its view, that gives one row per applicant; its
columns are the names of `history.csv` with that table as their source. To add a feature, add it to
both. `aggregate.py` runs them.
"""

from credit_scoring.arrays import Numbers

from training.data.history.aggregate import TABLES, Aggregates, Source, aggregate, connect, join

__all__ = ["TABLES", "Aggregates", "Numbers", "Source", "aggregate", "connect", "join"]
