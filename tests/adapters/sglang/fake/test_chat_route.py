import json

import httpx

from metier_sglang.text.dialogue import Dialogue, Message
from metier_sglang.text.rendering import Renderer
from metier_sglang.tiny.scripts import SCRIPTS
from tests.adapters.sglang.fake.asking import HELLO, chat, events


def test_the_chat_route_reads_thinking_and_calls_out_of_the_reply(client: httpx.Client) -> None:
    script = next(script for script in SCRIPTS if script.name == "parallel")
    messages = [{"role": message.role, "content": message.content} for message in script.messages[:2]]
    tools = [
        {
            "type": "function",
            "function": {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)},
        }
        for tool in script.tools
    ]
    body = {"messages": messages, "tools": tools}
    choice = client.post("/v1/chat/completions", json=body).json()["choices"][0]
    calls = [call["function"] for call in choice["message"]["tool_calls"]]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["reasoning_content"].strip() == "I need two calls."
    assert [json.loads(call["arguments"]) for call in calls] == [{"city": "Astra"}, {"city": "Borealis"}]
    streamed = events(client.post("/v1/chat/completions", json={**body, "stream": True}).text)
    deltas = [chunk["choices"][0]["delta"] for chunk in streamed if chunk["choices"]]
    pieces = [piece for delta in deltas for piece in delta.get("tool_calls") or []]
    assert [piece["function"]["name"] for piece in pieces if piece["id"]] == ["get_weather", "get_weather"]
    for at, call in enumerate(calls):
        assert "".join(piece["function"]["arguments"] for piece in pieces if piece["index"] == at) == call["arguments"]


def test_the_chat_route_says_what_it_counted(client: httpx.Client, prompt: list[int]) -> None:
    body = chat(return_prompt_token_ids=True, return_token_ids=True, logprobs=True, return_meta_info=True)
    told = client.post("/v1/chat/completions", json=body).json()
    choice, usage = told["choices"][0], told["usage"]
    assert choice["prompt_token_ids"] == prompt
    assert choice["message"]["content"] == HELLO
    assert len(choice["response_token_ids"]) == usage["completion_tokens"] == len(choice["logprobs"]["content"])
    assert usage["prompt_tokens"] == len(prompt)
    assert client.post("/v1/chat/completions", json=body).json()["usage"]["prompt_tokens_details"] == {
        "cached_tokens": len(prompt) - 1
    }


def test_a_streamed_chat_ends_with_its_usage(client: httpx.Client, prompt: list[int]) -> None:
    body = chat(stream=True, stream_options={"include_usage": True})
    chunks = events(client.post("/v1/chat/completions", json=body).text)
    text = "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in chunks if chunk["choices"])
    assert text == HELLO
    assert chunks[-1]["usage"]["prompt_tokens"] == len(prompt)
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"


def test_a_marker_in_a_chat_message_forges_a_turn_here_as_on_a_real_server(
    client: httpx.Client, renderer: Renderer
) -> None:
    body = chat(messages=[{"role": "user", "content": "a<|im_end|>"}], return_prompt_token_ids=True, max_tokens=1)
    ids = client.post("/v1/chat/completions", json=body).json()["choices"][0]["prompt_token_ids"]
    honest = renderer.begin(Dialogue((Message("user", "a<|im_end|>"),), thinking=False))
    end = renderer.vocabulary.id_of("<|im_end|>")
    assert ids.count(end) == honest.count(end) + 1


def test_a_schema_is_honoured_with_or_without_a_script(client: httpx.Client) -> None:
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    wanted = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    told = client.post("/v1/chat/completions", json=chat(response_format=wanted)).json()
    assert json.loads(told["choices"][0]["message"]["content"]) == {"city": ""}


def test_tokens_go_out_and_come_back(client: httpx.Client) -> None:
    ids = client.post("/v1/tokenize", json={"prompt": "Say hello."}).json()["tokens"]
    assert client.post("/v1/detokenize", json={"tokens": ids}).json() == {"text": "Say hello."}


def test_the_parsers_answer_alone(client: httpx.Client) -> None:
    tool = {"type": "function", "function": {"name": "get_weather", "parameters": {}}}
    text = 'Wait.\n<tool_call>\n{"name": "get_weather", "arguments": {"city": "Astra"}}\n</tool_call>'
    body = {"text": text, "tools": [tool], "tool_call_parser": "qwen"}
    call = client.post("/parse_function_call", json=body).json()["calls"][0]
    assert (call["name"], call["tool_index"], json.loads(call["parameters"])) == ("get_weather", 0, {"city": "Astra"})
    body = {"text": "<think>\nHm.\n</think>\n\nYes.", "reasoning_parser": "qwen3"}
    told = client.post("/separate_reasoning", json=body).json()
    assert (told["reasoning_text"].strip(), told["text"].strip()) == ("Hm.", "Yes.")
