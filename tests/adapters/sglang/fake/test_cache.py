from hypothesis import given, settings
from hypothesis import strategies as st

from metier_sglang.fake.cache import PrefixCache

_IDS = st.lists(st.integers(0, 2), min_size=1, max_size=8)


@given(known=st.lists(_IDS, max_size=6), prompt=_IDS)
@settings(max_examples=60)
def test_a_prompt_is_spared_its_longest_known_beginning_and_never_its_last_token(
    known: list[list[int]], prompt: list[int]
) -> None:
    cache = PrefixCache()
    for ids in known:
        cache.add(ids)
    expected = max((n for n in range(len(prompt)) if any(ids[:n] == prompt[:n] for ids in known)), default=0)
    assert cache.match(prompt) == expected


def test_a_flushed_cache_knows_nothing() -> None:
    cache = PrefixCache()
    cache.add([1, 2, 3])
    cache.flush()
    assert cache.match([1, 2, 3]) == 0
