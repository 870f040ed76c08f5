"""What the tests of the fake server ask, and how they read its answers."""

import json
from typing import Any

import httpx

PLAIN: dict[str, Any] = {"trust_env": False, "verify": False, "timeout": 20}  # http: no certificates to load
HELLO = "Hello from a tiny model."


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
