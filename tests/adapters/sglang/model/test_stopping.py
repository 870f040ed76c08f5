"""Stop strings in a text that comes in pieces."""

from hypothesis import given, settings
from hypothesis import strategies as st

from metier_sglang.model.turns.stopping import StopCut

WORDS = st.text(alphabet="ab<", max_size=20)


def cut(pieces: list[str], stops: list[str]) -> str:
    stop = StopCut(stops)
    return "".join([stop.feed(piece) for piece in pieces]) + stop.finish()


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS, max_size=6), st.lists(st.text(alphabet="ab<", min_size=1, max_size=3), max_size=3))
def test_the_text_ends_before_the_first_stop_whatever_the_pieces(pieces: list[str], stops: list[str]) -> None:
    whole = "".join(pieces)
    ends = [at for stop in stops if (at := whole.find(stop)) >= 0]
    assert cut([whole], stops) == whole[: min(ends, default=len(whole))]
    said = cut(pieces, stops)
    assert whole.startswith(said)
    assert not any(stop in said for stop in stops)


def test_what_only_looked_like_a_stop_is_given() -> None:
    assert cut(["one ST", "ART"], ["STOP"]) == "one START"
    assert cut(["one ST"], ["STOP"]) == "one ST"
    assert cut(["one ST", "OP two"], ["STOP"]) == "one "
