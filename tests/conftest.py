"""Shared by all tests."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.models import SmallModel


@pytest.fixture(scope="session")
def small_model() -> "SmallModel":
    """A model trained here; `small_model.publish(store)` makes it that store's champion."""
    # Here, not above: the drift monitor's environment has no LightGBM.
    from tests.models import train_small_model

    return train_small_model()
