"""Worlds that several tests look at."""

import pytest


@pytest.fixture(scope="session")
def small(insight_world):
    return insight_world(seed=5, customers=400)


@pytest.fixture(scope="session")
def usual(insight_world):
    """The world that a user gets without saying anything."""
    return insight_world(seed=1, customers=2000)


@pytest.fixture(scope="session")
def written(small, tmp_path_factory):
    return small.write(tmp_path_factory.mktemp("world"))
