"""What every worker process begins with, imported once."""

import os

from tests.e2e.batch_cloud import environment

os.environ.update(environment("http://127.0.0.1:9"))
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import botocore.session  # noqa: E402, F401
from credit_scoring.aws.clients import client  # noqa: E402

from functions.batch_scorer import handler  # noqa: E402, F401

# The descriptions of the services are what is slow to read.
for service in ("s3", "events", "dynamodb"):
    client(service)
client.cache_clear()
