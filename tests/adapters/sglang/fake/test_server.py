import json
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from metier_sglang.fake.flags import Flags
from metier_sglang.fake.server import FakeServer
from metier_sglang.text.dialogue import Dialogue, Message
from metier_sglang.text.rendering import Renderer
from metier_sglang.tiny.scripts import SCRIPTS, reply_for

HELLO = "Hello from a tiny model."
ASKED = Dialogue((Message("user", "Say hello."),), thinking=False)


@pytest.fixture(scope="module")
def renderer(folder: Path) -> Renderer:
    return Renderer.read(folder)


@pytest.fixture
def prompt(renderer: Renderer) -> list[int]:
    return renderer.begin(ASKED)


def generate(client: httpx.Client, prompt: list[int], **more: Any) -> dict[str, Any]:
    answer = client.post("/generate", json={"input_ids": prompt, **more})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def events(text: str) -> list[dict[str, Any]]:
    lines = [line.removeprefix("data: ") for line in text.split("\n\n") if line]
    assert lines[-1] == "[DONE]"
    return [json.loads(line) for line in lines[:-1]]


def chat(**more: Any) -> dict[str, Any]:
    asked = {
        "messages": [{"role": "user", "content": "Say hello."}],
        "chat_template_kwargs": {"enable_thinking": False},
    }
    return {**asked, **more}


def test_it_says_on_its_face_that_it_is_a_fake(client: httpx.Client) -> None:
    assert client.get("/server_info").json()["version"] == "fake"
    assert client.get("/v1/loads").json()["version"] == "fake"


def test_a_scripted_reply_is_sampled_token_by_token(
    client: httpx.Client, renderer: Renderer, prompt: list[int]
) -> None:
    told = generate(client, prompt, return_logprob=True)
    meta = told["meta_info"]
    assert told["text"] == HELLO
    assert renderer.vocabulary.decode(told["output_ids"]) == f"{HELLO}<|im_end|>"
    assert meta["finish_reason"] == {"type": "stop", "matched": told["output_ids"][-1]}
    assert meta["prompt_tokens"] == len(prompt)
    assert meta["completion_tokens"] == len(told["output_ids"]) == len(meta["output_token_logprobs"])
    assert [entry[1] for entry in meta["output_token_logprobs"]] == told["output_ids"]
    assert max(entry[0] for entry in meta["output_token_logprobs"]) <= 0


def test_a_stream_repeats_what_was_said_and_ends_like_the_whole(client: httpx.Client, prompt: list[int]) -> None:
    chunks = events(client.post("/generate", json={"input_ids": prompt, "stream": True}).text)
    whole = generate(client, prompt)
    assert [len(chunk["output_ids"]) for chunk in chunks] == list(range(1, len(whole["output_ids"]) + 1))
    assert chunks[-1]["output_ids"] == whole["output_ids"]
    assert chunks[-1]["text"] == whole["text"]


def test_an_incremental_stream_says_each_thing_once(folder: Path, prompt: list[int]) -> None:
    with FakeServer(folder, reply_for, flags=Flags(incremental=True)) as server:
        body = {"input_ids": prompt, "stream": True, "return_logprob": True}
        chunks = events(httpx.post(f"{server.url}/generate", json=body, trust_env=False).text)
    assert "".join(chunk["text"] for chunk in chunks) == HELLO
    assert all(len(chunk["output_ids"]) == len(chunk["meta_info"]["output_token_logprobs"]) == 1 for chunk in chunks)


def test_a_prompt_that_holds_the_beginning_of_the_reply_is_gone_on_with(
    folder: Path, client: httpx.Client, prompt: list[int]
) -> None:
    whole = generate(client, prompt)["output_ids"]
    assert generate(client, prompt + whole[:3])["output_ids"] == whole[3:]
    with FakeServer(folder, lambda _: HELLO) as other:
        body = {"input_ids": prompt + whole[:3]}
        told = httpx.post(f"{other.url}/generate", json=body, trust_env=False).json()
    assert told["output_ids"] == whole[3:]


def test_the_second_time_all_but_the_last_token_is_cached(client: httpx.Client, prompt: list[int]) -> None:
    assert generate(client, prompt)["meta_info"]["cached_tokens"] == 0
    assert generate(client, prompt)["meta_info"]["cached_tokens"] == len(prompt) - 1
    assert client.post("/flush_cache").status_code == 200
    assert generate(client, prompt)["meta_info"]["cached_tokens"] == 0


def test_a_prompt_as_long_as_the_context_is_refused(folder: Path, prompt: list[int]) -> None:
    with FakeServer(folder, reply_for, flags=Flags(context=len(prompt))) as server:
        native = httpx.post(f"{server.url}/generate", json={"input_ids": prompt}, trust_env=False)
        open_ = httpx.post(f"{server.url}/v1/chat/completions", json=chat(), trust_env=False)
    told = f"The input ({len(prompt)} tokens) is longer than the model's context length ({len(prompt)} tokens)."
    assert (native.status_code, native.json()) == (400, {"error": {"message": told}})
    assert (open_.status_code, open_.json()["message"]) == (400, told)


def test_a_refusal_of_a_stream_is_an_event(client: httpx.Client) -> None:
    answer = client.post("/generate", json={"input_ids": [1] * 5000, "stream": True})
    assert answer.status_code == 200
    assert events(answer.text)[0]["error"]["code"] == 400


def test_a_sampling_parameter_that_sglang_does_not_know_is_refused(client: httpx.Client, prompt: list[int]) -> None:
    answer = client.post("/generate", json={"input_ids": prompt, "sampling_params": {"max_tokens": 3}})
    assert (answer.status_code, "unknown field `max_tokens`" in answer.json()["error"]) == (400, True)


def test_unknown_routes_and_methods_are_refused(client: httpx.Client) -> None:
    assert client.get("/nothing").status_code == 404
    assert client.get("/generate").status_code == 405


@pytest.mark.parametrize("body", ["{", "[]", "{}", '{"input_ids": [[1]]}'])
def test_a_body_that_is_no_request_is_refused(client: httpx.Client, body: str) -> None:
    headers = {"content-type": "application/json"}
    assert client.post("/generate", content=body, headers=headers).status_code == 400


def test_keys_are_asked_for_as_sglang_does(folder: Path) -> None:
    def post(server: FakeServer, path: str, key: str) -> int:
        headers = {"authorization": f"Bearer {key}"}
        return httpx.post(f"{server.url}{path}", headers=headers, json={}, trust_env=False).status_code

    with FakeServer(folder, reply_for, flags=Flags(api_key="open", admin_key="sesame")) as server:
        assert httpx.get(f"{server.url}/health", trust_env=False).status_code == 200
        assert httpx.get(f"{server.url}/model_info", trust_env=False).status_code == 401
        assert post(server, "/v1/tokenize", "open") == 200
        assert post(server, "/flush_cache", "open") == 401
        assert post(server, "/flush_cache", "sesame") == 200
        assert "sesame" not in repr(server.seen) + repr(Flags(api_key="sesame"))


def test_an_abort_ends_a_held_sample_with_what_is_out(
    server: FakeServer, client: httpx.Client, prompt: list[int]
) -> None:
    server.hold(at=2)
    got: list[dict[str, Any]] = []
    work = threading.Thread(target=lambda: got.append(generate(client, prompt, rid="mine")))
    work.start()
    server.wait_held()
    assert client.get("/v1/loads").json()["loads"][0]["num_running_reqs"] == 1
    assert client.post("/flush_cache").status_code == 400
    assert client.post("/abort_request", json={"rid": "mine"}).status_code == 200
    work.join()
    assert len(got[0]["output_ids"]) == 2
    assert got[0]["meta_info"]["finish_reason"]["type"] == "abort"
    assert client.get("/v1/loads").json()["loads"][0]["num_running_reqs"] == 0


def test_a_client_that_goes_takes_its_request_with_it(server: FakeServer, prompt: list[int]) -> None:
    server.hold(at=1)
    body = {"input_ids": prompt, "stream": True}
    with httpx.stream("POST", f"{server.url}/generate", json=body, trust_env=False) as stream:
        assert stream.status_code == 200
        server.wait_held()
    server.wait_idle()
    assert server.running == 0


def test_a_full_queue_is_503(folder: Path, prompt: list[int]) -> None:
    with FakeServer(folder, reply_for, flags=Flags(max_running=1, max_queued=0)) as server:
        server.hold()
        with httpx.Client(base_url=server.url, trust_env=False) as first:
            work = threading.Thread(target=lambda: generate(first, prompt))
            work.start()
            server.wait_held()
            answer = httpx.post(f"{server.url}/generate", json={"input_ids": prompt}, trust_env=False)
            server.release()
            work.join()
    assert (answer.status_code, answer.json()["message"]) == (503, "The request queue is full.")


def test_a_killed_server_breaks_its_streams_and_its_port(folder: Path, prompt: list[int]) -> None:
    with FakeServer(folder, reply_for) as server:
        server.hold(at=2)
        body = {"input_ids": prompt, "stream": True}
        with httpx.stream("POST", f"{server.url}/generate", json=body, trust_env=False) as stream:
            pieces = stream.iter_bytes()
            assert next(pieces).startswith(b"data: ")
            server.wait_held()
            server.kill()
            with pytest.raises(httpx.RemoteProtocolError):
                list(pieces)
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{server.url}/health", trust_env=False)
    with FakeServer(folder, reply_for, port=server.port) as again:
        assert httpx.get(f"{again.url}/health", trust_env=False).status_code == 200


def test_weights_change_in_the_midst_of_a_paused_sample(
    server: FakeServer, client: httpx.Client, folder: Path, prompt: list[int]
) -> None:
    server.hold(at=3)
    got: list[dict[str, Any]] = []
    work = threading.Thread(target=lambda: got.append(generate(client, prompt)))
    work.start()
    server.wait_held()
    client.post("/pause_generation", json={"mode": "in_place"})
    server.release()
    update = client.post("/update_weights_from_disk", json={"model_path": str(folder), "weight_version": "2"})
    assert (update.status_code, update.json()["success"]) == (200, True)
    client.post("/continue_generation", json={})
    work.join()
    spans = got[0]["meta_info"]["weight_versions"]
    assert [(span["version"], span["start"]) for span in spans] == [("default", 0), ("2", 3)]
    assert client.get("/model_info").json()["weight_version"] == server.version == "2"


def test_weights_that_are_not_there_change_nothing(client: httpx.Client, tmp_path: Path) -> None:
    answer = client.post("/update_weights_from_disk", json={"model_path": str(tmp_path), "weight_version": "2"})
    assert (answer.status_code, answer.json()["success"]) == (400, False)
    assert client.get("/model_info").json()["weight_version"] == "default"


def test_an_adapter_is_used_only_while_it_is_loaded(client: httpx.Client, tmp_path: Path, prompt: list[int]) -> None:
    body = {"lora_name": "kind", "lora_path": str(tmp_path)}
    assert client.post("/load_lora_adapter", json=body).status_code == 400
    (tmp_path / "adapter_config.json").write_text("{}")
    assert client.post("/load_lora_adapter", json=body).json()["loaded_adapters"] == {"kind": str(tmp_path)}
    assert generate(client, prompt, lora_path="kind")["text"] == HELLO
    assert [card["id"] for card in client.get("/v1/models").json()["data"]] == ["fake", "kind"]
    assert client.post("/unload_lora_adapter", json={"lora_name": "kind"}).status_code == 200
    assert client.post("/generate", json={"input_ids": prompt, "lora_path": "kind"}).status_code == 400


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


def test_metrics_count_prompt_and_cached_tokens(client: httpx.Client, prompt: list[int]) -> None:
    generate(client, prompt)
    generate(client, prompt)
    lines = client.get("/metrics").text.splitlines()
    counted = {line.partition("{")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}
    assert counted["sglang:prompt_tokens_total"] == 2 * len(prompt)
    assert counted["sglang:cached_tokens_total"] == len(prompt) - 1
    assert counted["sglang:num_running_reqs"] == 0


def test_a_light_server_answers_without_a_look_at_the_prompt(folder: Path) -> None:
    prompts: list[str] = []

    def reply(prompt: str) -> str:
        prompts.append(prompt)
        return HELLO

    with FakeServer(folder, reply, flags=Flags(light=True)) as server, httpx.Client(trust_env=False) as client:
        told = client.post(f"{server.url}/generate", json={"input_ids": [1] * 3000, "return_logprob": True}).json()
        said = client.post(f"{server.url}/v1/chat/completions", json=chat()).json()
    assert set(prompts) == {""}
    assert told["meta_info"]["prompt_tokens"] == 3000
    assert len(told["output_ids"]) == len(told["meta_info"]["output_token_logprobs"]) > 3
    assert said["choices"][0]["message"]["content"] == HELLO
