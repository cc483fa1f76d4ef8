import os

# Powertools reads them when the handler is imported, as the function's configuration sets them.
os.environ["POWERTOOLS_SERVICE_NAME"] = "drift-monitor"
os.environ["POWERTOOLS_METRICS_NAMESPACE"] = "CreditScoring"

import pytest

from tests.functions.drift_monitor.lender import Lender


@pytest.fixture
def lender(tmp_path) -> Lender:
    lender = Lender(str(tmp_path))
    lender.publish_model()
    return lender


@pytest.fixture
def needs_evidently():
    pytest.importorskip("evidently", reason="runs in the drift environment")
