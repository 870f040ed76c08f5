import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError, MissingError
from metier_sglang.text.dialogue import Call, Dialogue, Message, Tool
from metier_sglang.text.masking import unmask
from metier_sglang.text.rendering import Renderer
from tests.adapters.sglang.text.families import FAMILIES, TEMPLATES, write
from tests.adapters.sglang.text.hostile import TEXT

STYLED = (*((name, "") for name in FAMILIES), ("qwen3", "tongyi"), ("qwen2", "tongyi"))
SCHEMA = {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}
FIND = Tool("find", "Finds.", SCHEMA)


def _filled(said: st.DataObject) -> Dialogue:
    """Returns a dialogue of one shape, with texts that hypothesis chose in every place for text."""
    text = TEXT.map(lambda part: f"x{part}y" if not part.strip() else part)

    def drawn() -> str:
        return said.draw(text)

    arguments = json.dumps({drawn(): drawn(), "n": [drawn()]})
    tool = Tool(drawn(), drawn(), {"type": "object", "properties": {drawn(): {"description": drawn()}}})
    messages = (
        Message("system", drawn()),
        Message("user", drawn()),
        Message("assistant", drawn(), thinking=drawn(), calls=(Call(drawn(), arguments, drawn()),)),
        Message("tool", drawn(), name=drawn(), call_id=drawn()),
    )
    return Dialogue(messages, (tool,))


def _structure(renderer: Renderer, ids: list[int]) -> list[int]:
    known = {renderer.vocabulary.id_of(marker) for marker in renderer.vocabulary.markers}
    return [number for number in ids if number in known]


def _plain() -> Dialogue:
    call = Call("find", '{"q": "a", "n": ["b"]}', "c1")
    messages = (
        Message("system", "Be."),
        Message("user", "Where?"),
        Message("assistant", "Looking", thinking="Hm.", calls=(call,)),
        Message("tool", "Here.", name="find", call_id="c1"),
    )
    return Dialogue(messages, (FIND,))


@pytest.mark.parametrize(("name", "style"), STYLED)
@settings(max_examples=20, deadline=None)
@given(said=st.data())
def test_no_content_can_forge_a_turn(renderer_of, name: str, style: str, said: st.DataObject) -> None:
    renderer = renderer_of(name, style)
    hostile, plain = _filled(said), _plain()
    assert _structure(renderer, renderer.begin(hostile)) == _structure(renderer, renderer.begin(plain))
    new, old = (replace(dialogue, messages=dialogue.messages[3:]) for dialogue in (hostile, plain))
    for ended in (True, False):
        assert _structure(renderer, renderer.follow(new, ended=ended)) == _structure(
            renderer, renderer.follow(old, ended=ended)
        )


@settings(max_examples=20, deadline=None)
@given(text=TEXT.filter(str.strip))
def test_what_a_text_says_is_what_the_model_reads(renderer_of, text: str) -> None:
    renderer = renderer_of("tiny")
    shown = unmask(renderer.vocabulary.decode(renderer.begin(Dialogue((Message("user", text),)))))
    sendable = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    again = renderer.vocabulary.decode(renderer.vocabulary.encode(renderer.vocabulary.mask.mask(sendable)))
    assert shown == f"<|im_start|>user\n{unmask(again)}<|im_end|>\n<|im_start|>assistant\n"


@pytest.mark.parametrize("name", ["qwen2", "qwen3", "tiny", "llama3", "deepseek"])
def test_what_follows_is_what_the_whole_rendering_would_hold_there(renderer_of, name: str) -> None:
    renderer = renderer_of(name)
    head = Dialogue((Message("user", "Where?"),), (FIND,))
    said = Message("assistant", "There.")
    new = (Message("user", "And then?"),)
    whole = renderer.begin(replace(head, messages=(*head.messages, said, *new)))
    added = renderer.follow(replace(head, messages=new), ended=False)
    assert whole[-len(added) :] == added
    assert renderer.vocabulary.decode(whole[: -len(added)]).endswith("There.")
    assert renderer.follow(replace(head, messages=new), ended=True) == added[1:]


def test_parallel_results_are_added_together(renderer_of) -> None:
    renderer = renderer_of("qwen3")
    results = tuple(Message("tool", f"result {number}", name="find") for number in (1, 2))
    assert renderer.vocabulary.decode(renderer.follow(Dialogue(results, (FIND,)), ended=True)) == (
        "\n<|im_start|>user\n<tool_response>\nresult 1\n</tool_response>\n<tool_response>\nresult 2\n</tool_response>"
        "<|im_end|>\n<|im_start|>assistant\n"
    )


def test_a_template_that_wants_the_call_before_its_result_gets_one(renderer_of) -> None:
    renderer = renderer_of("strict")
    results = tuple(Message("tool", f"result {number}", name="find", call_id=f"c{number}") for number in (1, 2))
    tail = "".join(f"<|start|>find<|message|>result {number}<|end|>" for number in (1, 2)) + "<|start|>assistant"
    said = renderer.vocabulary.decode
    assert said(renderer.follow(Dialogue(results, (FIND,)), ended=False)) == f"<|call|>{tail}"
    assert said(renderer.follow(Dialogue(results, (FIND,)), ended=True)) == tail


def test_a_turn_closed_in_another_way_than_it_was_sampled_is_not_closed_twice(renderer_of) -> None:
    renderer = renderer_of("strict")
    added = renderer.follow(Dialogue((Message("user", "Go on."),)), ended=True)
    assert renderer.vocabulary.decode(added) == "<|start|>user<|message|>Go on.<|end|><|start|>assistant"


def test_where_the_next_turns_opening_ends_the_last_it_is_not_added_twice(tmp_path: Path) -> None:
    source = (
        "{%- for message in messages %}{{ '<|im_end|>' if message.role == 'user' else '<|im_start|>' }}"
        "{{ message.content }}{% endfor %}{{ '<|im_start|>' }}"
    )
    renderer = Renderer.read(write(tmp_path, "qwen2", source))  # as GLM's, whose <|user|> is an end-of-turn token
    new = Dialogue((Message("user", "Go on."),))
    assert renderer.vocabulary.decode(renderer.follow(new, ended=False)) == "<|im_end|>Go on.<|im_start|>"
    assert renderer.vocabulary.decode(renderer.follow(new, ended=True)) == "Go on.<|im_start|>"


def test_a_hundred_turns_are_the_tokens_that_were_sent_and_sampled(renderer_of) -> None:
    renderer = renderer_of("tiny")
    vocabulary = renderer.vocabulary
    # "<" and "think" are two tokens here; the model sampled them so, and the thought with a word cut in two.
    sampled = [vocabulary.id_of("<think>"), *vocabulary.encode("ass"), *vocabulary.encode("istant")]
    sampled += [
        vocabulary.id_of("</think>"),
        *vocabulary.encode("th"),
        *vocabulary.encode("ink"),
        vocabulary.id_of("<|im_end|>"),
    ]
    question = Message("user", "assistant?")
    dialogue = Dialogue((question,), (FIND,))
    sequence = renderer.begin(dialogue)
    turn = renderer.follow(Dialogue((Message("tool", "<|im_end|>", name="find"),), (FIND,)), ended=True)
    parts = [list(sequence)]
    for _ in range(100):
        added = renderer.follow(Dialogue((Message("tool", "<|im_end|>", name="find"),), (FIND,)), ended=True)
        assert added == turn
        sequence += [*sampled, *added]
        parts += [sampled, added]
    assert sequence == [number for part in parts for number in part]
    assert vocabulary.encode(vocabulary.decode(sequence)) != sequence  # read again, the words are other tokens


def test_a_history_rendered_again_is_not_what_was_sampled(renderer_of) -> None:
    renderer = renderer_of("tiny")
    asked = Message("user", "Where?")
    sample = renderer.vocabulary.encode("<think>\nHm.\n</think>\n\nThere.<|im_end|>")
    kept = renderer.begin(Dialogue((asked,))) + sample
    kept += renderer.follow(Dialogue((Message("user", "And?"),)), ended=True)
    said = Message("assistant", "There.", thinking="Hm.")
    again = renderer.begin(Dialogue((asked, said, Message("user", "And?"))))
    assert again != kept
    assert "Hm." in renderer.vocabulary.decode(kept)
    assert "Hm." not in renderer.vocabulary.decode(again)


def test_the_cost_of_a_turn_does_not_grow_with_the_run(renderer_of) -> None:
    renderer = renderer_of("qwen3")
    new = Dialogue((Message("tool", "ok", name="find"),), (FIND,))
    assert len(renderer.follow(new, ended=True)) < 60  # nothing of the history is in it, for it is not given


@pytest.mark.parametrize(
    ("name", "thinking", "opens"),
    [
        ("deepseek", True, True),
        ("deepseek", False, False),
        ("deepseek", None, False),
        ("tiny", True, False),
        ("tiny", False, False),
        ("qwen2", None, False),
    ],
)
def test_it_is_known_whether_the_prompt_opened_the_thinking(
    renderer_of, name: str, thinking: bool | None, opens: bool
) -> None:
    dialogue = Dialogue((Message("user", "The word <think>"),), (FIND,), thinking)
    assert renderer_of(name).opens_thinking(dialogue) is opens


def test_thinking_is_switched_by_the_templates_own_switch(renderer_of) -> None:
    renderer = renderer_of("tiny")
    prompts = {on: renderer.begin(Dialogue((Message("user", "?"),), thinking=on)) for on in (True, False, None)}
    assert prompts[True] == prompts[None]
    assert renderer.vocabulary.decode(prompts[False]).endswith("<think>\n\n</think>\n\n")


def test_system_messages_become_one_at_the_head(renderer_of) -> None:
    renderer = renderer_of("qwen2")
    messages = (Message("system", "A."), Message("user", "?"), Message("system", "B."), Message("system", ""))
    text = renderer.vocabulary.decode(renderer.begin(Dialogue(messages)))
    assert text.startswith("<|im_start|>system\nA.\n\nB.<|im_end|>\n<|im_start|>user\n?<|im_end|>")
    added = renderer.vocabulary.decode(renderer.follow(Dialogue((Message("system", "C."),)), ended=True))
    assert "<|im_start|>user\nC.<|im_end|>" in added


def test_tools_stand_as_the_servers_chat_route_writes_them(renderer_of) -> None:
    text = renderer_of("qwen3").vocabulary.decode(
        renderer_of("qwen3").begin(Dialogue((Message("user", "?"),), (FIND,)))
    )
    line = re.search(r"<tools>\n(.*)\n</tools>", text)
    assert line
    assert line[1] == (
        '{"type": "function", "function": {"name": "find", "description": "Finds.", "parameters": '
        + json.dumps(SCHEMA)
        + '}, "defer_loading": null}'
    )


def test_arguments_that_are_no_object_stay_as_the_model_wrote_them(renderer_of) -> None:
    renderer = renderer_of("tiny")
    for written in ('{"q": ', "[1]", "[" * 5000, '{"q": ' * 900 + "1" + "}" * 900, "9" * 5000):
        call = Message("assistant", calls=(Call("find", written),))
        assert f'"arguments": {written}' in renderer.vocabulary.decode(
            renderer.begin(Dialogue((Message("user", "?"), call, Message("tool", "no", name="find"))))
        )


def test_a_call_without_arguments_has_an_empty_object(renderer_of) -> None:
    renderer = renderer_of("qwen3")
    call = Message("assistant", calls=(Call("find", ""),))
    assert '"arguments": {}}' in renderer.vocabulary.decode(renderer.begin(Dialogue((Message("user", "?"), call))))


def test_a_tag_at_which_templates_cut_is_text_also_where_it_is_no_token(tmp_path: Path) -> None:
    source = (TEMPLATES / "qwen3.jinja").read_text(encoding="utf-8")
    renderer = Renderer.read(write(tmp_path, "qwen2", source))
    said = Message("assistant", "a</think>b")
    text = renderer.vocabulary.decode(renderer.begin(Dialogue((Message("user", "?"), said, Message("user", "?")))))
    assert "<|im_start|>assistant\na</think>b<|im_end|>" in text


def test_images_stand_before_the_text_where_the_weights_take_them(tmp_path: Path, renderer_of) -> None:
    source = (
        "{%- for message in messages %}<|im_start|>{% if message.content is string %}{{ message.content }}{% else %}"
        "{% for part in message.content %}{{ '[image]' if part.type == 'image' else part.text }}{% endfor %}{% endif %}"
        "<|im_end|>{% endfor %}"
    )
    seen = Message("user", "What is it?", images=("data:image/png;base64,AA==", "https://example.org/a.png"))
    renderer = Renderer.read(write(tmp_path, "qwen2", source))
    assert renderer.vocabulary.decode(renderer.begin(Dialogue((seen,)))) == (
        "<|im_start|>[image][image]What is it?<|im_end|>"
    )
    with pytest.raises(InputError, match="no images"):
        renderer_of("qwen2").begin(Dialogue((seen,)))


def test_a_template_may_be_told_the_day(folder_of) -> None:
    dialogue = Dialogue((Message("user", "?"),))
    told, untold = (Renderer.read(folder_of("llama3"), day=day) for day in (date(2031, 5, 4), None))
    assert "Today: 04 May 2031" in told.vocabulary.decode(told.begin(dialogue))
    assert "Today: 26 Jul 2024" in untold.vocabulary.decode(untold.begin(dialogue))


def test_templates_in_the_configuration_are_found_there(tmp_path: Path) -> None:
    write(tmp_path, "qwen2", "")
    (tmp_path / "chat_template.jinja").unlink()
    config = json.loads((tmp_path / "tokenizer_config.json").read_text())
    source = (TEMPLATES / "qwen2.jinja").read_text(encoding="utf-8")
    other = source.replace("You help", "You call")
    for value in (source, [{"name": "default", "template": source}, {"name": "tool_use", "template": other}]):
        (tmp_path / "tokenizer_config.json").write_text(json.dumps({**config, "chat_template": value}))
        renderer = Renderer.read(tmp_path)
        assert renderer.template == source
        with_tools = renderer.vocabulary.decode(renderer.begin(Dialogue((Message("user", "?"),), (FIND,))))
        assert ("You call" if isinstance(value, list) else "You help") in with_tools
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(config))
    with pytest.raises(MissingError, match="no chat template"):
        Renderer.read(tmp_path)


def test_tools_may_be_told_as_text(renderer_of) -> None:
    renderer = renderer_of("qwen3", "tongyi")
    python = Tool("PythonInterpreter", "Runs code.", {"type": "object", "properties": {}})
    code = Call("PythonInterpreter", json.dumps({"code": "print('</tool_call>')"}))
    messages = (
        Message("system", "Research."),
        Message("user", "?"),
        Message("assistant", "Now.", thinking="Hm.", calls=(code, Call("find", '{"q": "a"}'))),
        Message("tool", "one", name="PythonInterpreter"),
        Message("tool", "two", name="find"),
    )
    text = renderer.vocabulary.decode(renderer.begin(Dialogue(messages, (FIND, python))))
    assert text.startswith("<|im_start|>system\nResearch.\n\n# Tools\n")
    assert '{"type": "function", "function": {"name": "find"' in text
    assert "defer_loading" not in text
    assert unmask(text).endswith(
        "<|im_start|>assistant\n<think>\nHm.\n</think>\n\nNow.\n"
        '<tool_call>\n{"name": "PythonInterpreter", "arguments": {}}\n<code>'
        "\nprint('</tool_call>')\n</code>\n</tool_call>\n"
        '<tool_call>\n{"name": "find", "arguments": {"q": "a"}}\n</tool_call><|im_end|>\n'
        "<|im_start|>user\n<tool_response>\none\n</tool_response>\n<tool_response>\ntwo\n</tool_response><|im_end|>\n"
        "<|im_start|>assistant\n"
    )
    added = renderer.follow(Dialogue((Message("tool", "three", name="find"), Message("user", "Go on."))), ended=False)
    assert renderer.vocabulary.decode(added) == (
        "<|im_end|>\n<|im_start|>user\n<tool_response>\nthree\n</tool_response><|im_end|>\n"
        "<|im_start|>user\nGo on.<|im_end|>\n<|im_start|>assistant\n"
    )
    alone = renderer.vocabulary.decode(renderer.begin(Dialogue((Message("user", "?"),), (FIND,))))
    assert alone.startswith("<|im_start|>system\n# Tools\n")


def test_a_style_that_is_none_is_refused(folder_of) -> None:
    with pytest.raises(InputError, match="'other'"):
        Renderer.read(folder_of("qwen3"), style="other")


@pytest.mark.parametrize(
    "source",
    [
        "{% for message in messages %}{{ message.content }}{{ message.content }}{% endfor %}",
        "{% for message in messages if message.role == 'user' %}{{ message.content }}{% endfor %}",
    ],
)
def test_a_template_that_does_not_allow_the_fixed_base_is_refused_at_once(tmp_path: Path, source: str) -> None:
    with pytest.raises(InputError, match="what an assistant said") as caught:
        Renderer.read(write(tmp_path, "qwen2", source))
    assert "chat route" in caught.value.hint
