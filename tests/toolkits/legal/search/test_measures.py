"""The measures of the benchmark are those worked out by hand."""

import pytest

from metier_legal.search.measures import mrr_at, ndcg_at, recall_at


def test_recall_is_the_share_of_the_relevant_that_was_found() -> None:
    assert recall_at(["a", "x", "b", "c"], {"a", "b", "z"}, 3) == pytest.approx(2 / 3)
    assert recall_at([], {"a"}, 10) == 0


def test_mrr_is_one_over_the_place_of_the_first_relevant_one() -> None:
    assert mrr_at(["x", "y", "a", "b"], {"a", "b"}, 10) == pytest.approx(1 / 3)
    assert mrr_at(["x", "y", "a"], {"a"}, 2) == 0


def test_ndcg_is_the_gain_over_that_of_the_best_order() -> None:
    # found at places 1 and 3: 1 + 1/log2(4) = 1.5; best for three relevant: 1 + 1/log2(3) + 1/log2(4) = 2.13093
    assert ndcg_at(["a", "x", "b"], {"a", "b", "c"}, 10) == pytest.approx(1.5 / 2.1309297, rel=1e-6)
    assert ndcg_at(["a", "b"], {"a", "b"}, 10) == 1
    assert ndcg_at(["x", "a"], {"a", "b"}, 1) == 0
