"""Shared by all tests."""

import pytest

from tests.models import SmallModel, train_small_model


@pytest.fixture(scope="session")
def small_model() -> SmallModel:
    """A model trained here; `small_model.publish(store)` makes it that store's champion."""
    return train_small_model()
