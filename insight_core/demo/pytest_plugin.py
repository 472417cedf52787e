"""A pytest plugin: `insight_world`, a made-up world for other people's tests.

Installed with the package (entry point `pytest11`), so a test only has to ask for it:

    def test_mine(insight_world):
        world = insight_world(seed=3, customers=200)
        assert len(world.frames["crm"]) > 100

The same arguments give the same world, made once in a session. Take a copy before changing a frame.
"""

from functools import cache
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from insight_core.demo.world import World


@pytest.fixture(scope="session")
def insight_world() -> "Callable[..., World]":
    """A factory of worlds: `insight_world(seed=1, customers=300)` gives a World with frames and truth."""

    @cache
    def make(seed: int = 1, customers: int = 300) -> "World":
        from insight_core.demo.world import make_world

        return make_world(seed=seed, customers=customers)

    return make
