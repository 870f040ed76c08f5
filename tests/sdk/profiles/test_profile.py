"""What a profile leaves in a response is read back, after the journal too, and nothing else is taken for it."""

from typing import Any

import pytest
from pydantic_ai.messages import ModelMessagesTypeAdapter, ModelResponse, TextPart

from metier.profiles.profile import FINAL, MALFORMED, Malformed, final_in, malformed_in

NOTED = {MALFORMED: [{"kind": "bad-json", "observation": "Write JSON."}], FINAL: "Anselm.", "tokens": 7}


def test_a_response_without_a_profile_has_neither() -> None:
    response = ModelResponse([TextPart("hello")])
    assert malformed_in(response) == ()
    assert final_in(response) is None


def test_both_survive_the_journal() -> None:
    response = ModelResponse([TextPart("Anselm.")], provider_details=dict(NOTED))
    (again,) = ModelMessagesTypeAdapter.validate_json(ModelMessagesTypeAdapter.dump_json([response]))
    assert isinstance(again, ModelResponse)
    assert malformed_in(again) == (Malformed("bad-json", "Write JSON."),)
    assert final_in(again) == "Anselm."


@pytest.mark.parametrize(
    "details",
    [
        {MALFORMED: "bad-json", FINAL: 3},
        {MALFORMED: [1, None, {}, {"kind": "x"}, {"kind": 1, "observation": "y"}], FINAL: ["a"]},
        {MALFORMED: {"kind": "x", "observation": "y"}, FINAL: None},
    ],
)
def test_what_has_another_shape_is_no_note(details: dict[str, Any]) -> None:
    response = ModelResponse([TextPart("")], provider_details=details)
    assert malformed_in(response) == ()
    assert final_in(response) is None
