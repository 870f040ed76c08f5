"""Modes as text: what is spelled is read back, and a wrong spelling says what is wrong."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import CallerError, InputError, MissingError
from metier.modes.heavy import Heavy
from metier.modes.iterative import Iterative
from metier.modes.mode import Mode
from metier.modes.outline import Outline
from metier.modes.react import React
from metier.modes.registry import MODES, find_mode, spell_mode
from metier.modes.resum import ReSum

SHARES = st.floats(0.01, 0.99)
MADE = st.one_of(
    st.builds(React, patience=st.integers(0, 99)),
    st.builds(Iterative, report=st.integers(1, 10**6), patience=st.integers(0, 99)),
    st.builds(ReSum, window=st.integers(2_000, 10**6), at=SHARES, patience=st.integers(0, 99)),
    st.builds(Heavy, researchers=st.integers(1, 16), inner=st.sampled_from(["react", "resum"]), keep=SHARES),
    st.builds(Outline, revisions=st.integers(1, 9), keep=SHARES),
)


@given(MADE)
@settings(max_examples=60, deadline=None)
def test_a_mode_is_read_back_as_it_was_spelled(mode: Any) -> None:
    spelled = spell_mode(mode)
    assert find_mode(spelled) == mode
    assert spell_mode(spelled) == spelled


@pytest.mark.parametrize("name", sorted(MODES))
def test_a_mode_with_its_defaults_is_its_name(name: str) -> None:
    mode: Mode = find_mode(name)
    assert spell_mode(mode) == name
    assert mode == MODES[name]() == replace(MODES[name]())


@pytest.mark.parametrize(
    ("spelling", "says"),
    [
        ("reakt", "no mode 'reakt'"),
        ("react?speed=9", "no option 'speed'"),
        ("react?patience=soon", "patience"),
        ("react?patience=-1", "patience of -1"),
        ("react?patience", "cannot be read"),
        ("react?patience=1&patience=2", "twice"),
        ("iterative?report=0", "holds nothing"),
        ("resum?at=0", "leaves no room"),
        ("resum?at=nan", "leaves no room"),
    ],
)
def test_a_wrong_spelling_is_refused_with_what_is_wrong(spelling: str, says: str) -> None:
    with pytest.raises(CallerError, match=says):
        find_mode(spelling)


@given(st.text(max_size=30))
@settings(max_examples=60, deadline=None)
def test_any_text_is_a_mode_or_an_error_of_the_caller(text: str) -> None:
    with suppress(InputError, MissingError):
        assert find_mode(text).name in MODES
