import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight_core.recommend.evaluation.pairs import f1, groups, most_f1, pairs_within, pairwise_f1
from insight_core.recommend.evaluation.plain import one_slip, plain_text

LABELS = st.lists(st.integers(0, 4), min_size=2, max_size=12)


@pytest.mark.parametrize(
    ("said", "true", "figure"),
    [
        ([1, 1, 2, 2], [5, 5, 6, 6], 1.0),
        ([1, 1, 1, 1], [5, 5, 6, 6], 0.5),
        ([1, 2, 3, 4], [5, 5, 6, 6], 0.0),
        ([1, 2, 3], [4, 5, 6], None),
    ],
)
def test_pairwise_f1_counts_pairs(said, true, figure):
    assert pairwise_f1(np.array(said), np.array(true)) == pytest.approx(figure)


@given(LABELS, st.data())
def test_pairwise_f1_is_the_f1_of_all_pairs(said, data):
    true = data.draw(st.lists(st.integers(0, 4), min_size=len(said), max_size=len(said)))
    pairs = list(itertools.combinations(range(len(said)), 2))
    claimed = {pair for pair in pairs if said[pair[0]] == said[pair[1]]}
    real = {pair for pair in pairs if true[pair[0]] == true[pair[1]]}
    assert pairwise_f1(np.array(said), np.array(true)) == f1(len(claimed & real), len(claimed), len(real))


@given(LABELS)
def test_pairs_within_finds_every_pair_of_a_block_once(labels):
    first, second = pairs_within(np.array(labels))
    found = list(zip(first.tolist(), second.tolist(), strict=True))
    wanted = [pair for pair in itertools.combinations(range(len(labels)), 2) if labels[pair[0]] == labels[pair[1]]]
    assert sorted(found) == wanted


def test_a_block_of_nothing_joins_nobody():
    assert [len(one) for one in pairs_within(np.array([None, None, "a"], dtype=object))] == [0, 0]


def test_groups_reach_through_chains():
    label = groups(7, np.array([5, 1, 3]), np.array([6, 2, 2]))
    assert label.tolist() == [0, 1, 1, 1, 4, 5, 5]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_the_threshold_has_the_highest_expected_f1_of_all(chances):
    values = np.array(chances)

    def expected(count: int) -> float:
        return 2 * np.sort(values)[::-1][:count].sum() / (count + values.sum())

    best = max(expected(count) for count in range(1, len(values) + 1))
    assert expected(int(most_f1(values).sum())) == pytest.approx(best)


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("schmidt", "schmitd", True),
        ("schmidt", "schmid", True),
        ("schmid", "schmidt", True),
        ("schmidt", "schmitt", True),
        ("schmidt", "schulz", False),
        ("anna", "anne", True),
        ("ab", "ba", True),
        ("a", "abc", False),
    ],
)
def test_one_slip_is_one_letter(one, other, near):
    assert one_slip(one, other) is near


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lindenstraße 5", "LINDENSTR. 5"),
        ("Müller", "MULLER"),
        ("5 High Street", "5 high st"),
        ("LINDENSTRASSE 5", "Lindenstr. 5"),
    ],
)
def test_spellings_of_one_value_are_one(one, other):
    assert plain_text(one) == plain_text(other)
