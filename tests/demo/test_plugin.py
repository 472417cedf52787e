def test_the_fixture_makes_each_world_once(insight_world):
    assert insight_world(seed=5, customers=400) is insight_world(seed=5, customers=400)


def test_a_stranger_can_use_it_as_documented(insight_world):
    world = insight_world(seed=3, customers=200)
    assert len(world.frames["crm"]) > 100
