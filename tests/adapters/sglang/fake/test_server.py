import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from metier_sglang.fake.flags import Flags
from metier_sglang.fake.server import FakeServer
from metier_sglang.text.rendering import Renderer
from metier_sglang.tiny.scripts import reply_for
from tests.adapters.sglang.fake.asking import HELLO, PLAIN, chat, events, generate


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
        chunks = events(httpx.post(f"{server.url}/generate", json=body, **PLAIN).text)
    assert "".join(chunk["text"] for chunk in chunks) == HELLO
    assert all(len(chunk["output_ids"]) == len(chunk["meta_info"]["output_token_logprobs"]) == 1 for chunk in chunks)


def test_a_prompt_that_holds_the_beginning_of_the_reply_is_gone_on_with(
    folder: Path, client: httpx.Client, prompt: list[int]
) -> None:
    whole = generate(client, prompt)["output_ids"]
    assert generate(client, prompt + whole[:3])["output_ids"] == whole[3:]
    with FakeServer(folder, lambda _: HELLO) as other:
        body = {"input_ids": prompt + whole[:3]}
        told = httpx.post(f"{other.url}/generate", json=body, **PLAIN).json()
    assert told["output_ids"] == whole[3:]


def test_the_second_time_all_but_the_last_token_is_cached(client: httpx.Client, prompt: list[int]) -> None:
    assert generate(client, prompt)["meta_info"]["cached_tokens"] == 0
    assert generate(client, prompt)["meta_info"]["cached_tokens"] == len(prompt) - 1
    assert client.post("/flush_cache").status_code == 200
    assert generate(client, prompt)["meta_info"]["cached_tokens"] == 0


def test_a_prompt_as_long_as_the_context_is_refused(folder: Path, prompt: list[int]) -> None:
    with FakeServer(folder, reply_for, flags=Flags(context=len(prompt))) as server:
        native = httpx.post(f"{server.url}/generate", json={"input_ids": prompt}, **PLAIN)
        open_ = httpx.post(f"{server.url}/v1/chat/completions", json=chat(), **PLAIN)
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
        return httpx.post(f"{server.url}{path}", headers=headers, json={}, **PLAIN).status_code

    with FakeServer(folder, reply_for, flags=Flags(api_key="open", admin_key="sesame")) as server:
        assert httpx.get(f"{server.url}/health", **PLAIN).status_code == 200
        assert httpx.get(f"{server.url}/model_info", **PLAIN).status_code == 401
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
    with httpx.stream("POST", f"{server.url}/generate", json=body, **PLAIN) as stream:
        assert stream.status_code == 200
        server.wait_held()
    server.wait_idle()
    assert server.running == 0


def test_a_full_queue_is_503(folder: Path, prompt: list[int]) -> None:
    with FakeServer(folder, reply_for, flags=Flags(max_running=1, max_queued=0)) as server:
        server.hold()
        with httpx.Client(base_url=server.url, **PLAIN) as first:
            work = threading.Thread(target=lambda: generate(first, prompt))
            work.start()
            server.wait_held()
            answer = httpx.post(f"{server.url}/generate", json={"input_ids": prompt}, **PLAIN)
            server.release()
            work.join()
    assert (answer.status_code, answer.json()["message"]) == (503, "The request queue is full.")


def test_a_killed_server_breaks_its_streams_and_its_port(folder: Path, prompt: list[int]) -> None:
    with FakeServer(folder, reply_for) as server:
        server.hold(at=2)
        body = {"input_ids": prompt, "stream": True}
        with httpx.stream("POST", f"{server.url}/generate", json=body, **PLAIN) as stream:
            pieces = stream.iter_bytes()
            assert next(pieces).startswith(b"data: ")
            server.wait_held()
            server.kill()
            with pytest.raises(httpx.RemoteProtocolError):
                list(pieces)
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{server.url}/health", **PLAIN)
    with FakeServer(folder, reply_for, port=server.port) as again:
        assert httpx.get(f"{again.url}/health", **PLAIN).status_code == 200


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

    with FakeServer(folder, reply, flags=Flags(light=True)) as server, httpx.Client(**PLAIN) as client:
        told = client.post(f"{server.url}/generate", json={"input_ids": [1] * 3000, "return_logprob": True}).json()
        said = client.post(f"{server.url}/v1/chat/completions", json=chat()).json()
    assert set(prompts) == {""}
    assert told["meta_info"]["prompt_tokens"] == 3000
    assert len(told["output_ids"]) == len(told["meta_info"]["output_token_logprobs"]) > 3
    assert said["choices"][0]["message"]["content"] == HELLO
