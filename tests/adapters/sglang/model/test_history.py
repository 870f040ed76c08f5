"""Messages as the model is shown them, and what is made of its responses."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_ai.messages import (
    BinaryContent,
    CachePoint,
    DocumentUrl,
    FilePart,
    ImageUrl,
    InstructionPart,
    ModelRequest,
    ModelResponse,
    RetryFeedbackPart,
    RetryInfo,
    SystemPromptPart,
    TextContent,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models import ModelRequestParameters

from metier.errors import InputError
from metier_sglang.model.history.chain import digest_message, make_link
from metier_sglang.model.history.mapping import is_object, map_request, map_response, parts_of, spoil, system_of
from metier_sglang.model.history.memo import Memo
from metier_sglang.parsing.events import Parsed, ParsedCall
from metier_sglang.parsing.format import Start
from metier_sglang.parsing.registry import FORMATS
from metier_sglang.parsing.whole import parse
from metier_sglang.text.dialogue import Message

PIXEL = b"\x89PNG\r\n\x1a\n"


def test_system_prompts_and_instructions_are_one_message() -> None:
    request = ModelRequest([SystemPromptPart("One."), SystemPromptPart("Two."), UserPromptPart("Hi.")])
    told = ModelRequestParameters(instruction_parts=[InstructionPart("Three.")])
    assert system_of([request], told) == "One.\n\nTwo.\n\nThree."
    assert map_request(request, is_first=True) == (Message("user", "Hi."),)


def test_without_parameters_the_newest_instructions_count() -> None:
    old, new = ModelRequest([], instructions="Old."), ModelRequest([], instructions="New.")
    assert system_of([old, new, ModelRequest([])], ModelRequestParameters()) == "New."


def test_parts_stay_in_their_order() -> None:
    request = ModelRequest(
        [
            ToolReturnPart("look", {"a": 1}, tool_call_id="c1"),
            ToolReturnPart("look", "Wrong.", tool_call_id="c2", outcome="retried"),
            UserPromptPart(["One.", TextContent("Two."), CachePoint()]),
            SystemPromptPart("Late."),
            RetryFeedbackPart("Again.", retry=RetryInfo(cause="model_retry", attempt=1, max_retries=2)),
        ]
    )
    first, retried, user, late, feedback = map_request(request)
    assert (first.role, first.content, first.name, first.call_id) == ("tool", '{"a":1}', "look", "c1")
    assert json.loads(retried.content) == {"error": "Wrong."}
    assert user == Message("user", "One.\nTwo.")
    assert late == Message("user", "Late.")
    assert feedback.role == "user"
    assert "Again." in feedback.content


def test_images_are_shown_by_their_urls() -> None:
    image = BinaryContent(PIXEL, media_type="image/png")
    (message,) = map_request(ModelRequest([UserPromptPart(["Look.", ImageUrl("https://x.org/a.png"), image])]))
    assert message.images == ("https://x.org/a.png", image.data_uri)
    tool, files = map_request(ModelRequest([ToolReturnPart("draw", ["A map.", image], tool_call_id="c")]))
    assert tool.role == "tool"
    assert files.images == (image.data_uri,)


def test_a_text_file_is_shown_as_text() -> None:
    (message,) = map_request(ModelRequest([UserPromptPart([BinaryContent(b"Hi.", media_type="text/plain")])]))
    assert message.content == "Hi."


@pytest.mark.parametrize(
    "item",
    [
        DocumentUrl("https://x.org/a.pdf"),
        BinaryContent(b"%PDF", media_type="application/pdf"),
        BinaryContent(b"\xff\xfe\xfd", media_type="text/plain"),
    ],
    ids=["url", "pdf", "text"],
)
def test_a_file_that_can_not_be_shown_is_an_error(item: DocumentUrl | BinaryContent) -> None:
    with pytest.raises(InputError):
        map_request(ModelRequest([UserPromptPart([item])]))
    with pytest.raises(InputError):
        map_response(ModelResponse([FilePart(BinaryContent(PIXEL, media_type="image/png"))]))


def test_another_providers_thinking_is_left_out() -> None:
    parts = [ThinkingPart("Theirs.", provider_name="openai"), ThinkingPart("Ours.", provider_name="sglang")]
    assert map_response(ModelResponse([*parts, TextPart("Hi.")])) == Message("assistant", "Hi.", "Ours.")


@pytest.mark.parametrize(
    ("given", "shown"),
    [(None, {}), ("", {}), ({"a": 1}, {"a": 1}), ('{"a": 1}', {"a": 1}), ("{a", {"INVALID_JSON": "{a"})],
)
def test_arguments_are_always_an_object(given: str | dict[str, object] | None, shown: object) -> None:
    (call,) = map_response(ModelResponse([ToolCallPart("look", given)])).calls
    assert json.loads(call.arguments) == shown


@pytest.mark.parametrize("text", ['{"a": NaN}', '{"a": -Infinity}', '{"a": 1e999}', '{"a": 1, "a": 2}'])
def test_what_readers_take_for_an_object_and_is_none_is_spoiled_and_not_shown_as_one(text: str) -> None:
    said = f'<tool_call>\n{{"name": "f", "arguments": {text}}}\n</tool_call>'
    (part,) = parts_of(parse(FORMATS["qwen"], said, Start()), "r")
    assert isinstance(part, ToolCallPart)
    assert not is_object(str(part.args))
    (call,) = map_response(ModelResponse([ToolCallPart("f", text)])).calls
    assert json.loads(call.arguments) == {"INVALID_JSON": text}


def test_a_tool_can_not_make_the_models_server_fetch_an_address() -> None:
    for url in ("http://169.254.169.254/latest", "file:///etc/passwd", "https://x.org/a.png"):
        with pytest.raises(InputError, match="draw"):
            map_request(ModelRequest([ToolReturnPart("draw", [ImageUrl(url)], tool_call_id="c")]))
    answer, shown = map_request(ModelRequest([ToolReturnPart("draw", [ImageUrl("data:image/png;base64,AA==")])]))
    assert (answer.role, shown.images) == ("tool", ("data:image/png;base64,AA==",))


@settings(max_examples=60, deadline=None)
@given(st.text() | st.dictionaries(st.text(max_size=3), st.integers()).map(json.dumps), st.text(min_size=1))
def test_the_arguments_of_a_malformed_call_are_never_an_object(arguments: str, fault: str) -> None:
    (part,) = parts_of(Parsed("", "", (ParsedCall("look", arguments, fault),)), "rid")
    assert isinstance(part, ToolCallPart)
    assert isinstance(part.args, str)
    assert part.args.startswith(arguments)
    assert not is_object(part.args)
    assert (spoil(arguments, fault) == "") == (not is_object(arguments))


def test_a_digest_covers_what_is_shown_and_not_the_ids() -> None:
    def said(args: str, call_id: str) -> bytes:
        return make_link(ModelResponse([ToolCallPart("look", args, tool_call_id=call_id)]), False).digest

    assert said("{}", "a") == said("{}", "b")
    assert said("{}", "a") != said('{"x": 1}', "a")
    assert digest_message([Message("user", "a")]) != digest_message([Message("user", "b")])
    assert digest_message([Message("user", "ab")]) != digest_message([Message("user", "a"), Message("user", "b")])


def test_a_message_is_made_once_and_again_when_its_parts_change() -> None:
    made: list[bool] = []
    memo = Memo(lambda message, is_first: made.append(is_first), kept=2)
    request, response = ModelRequest([UserPromptPart("a")]), ModelResponse([TextPart("b")])
    memo.read([request, response])
    memo.read([request, response])
    assert made == [True, False]
    response.parts = [TextPart("c")]
    memo.read([request, response])
    assert made == [True, False, False]
    memo.read([ModelRequest([]), request, response])
    assert made[3:] == [True, False, False]
    memo.read([request])
    assert len(made) == 7
