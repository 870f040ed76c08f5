"""A tiny server whose listing a test can change, a keyring in memory, and no keyring of this machine."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

SERVER = Path(__file__).parent / "tiny_server.py"
FORECAST = {
    "name": "forecast",
    "description": "The weather of a city.",
    "inputSchema": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
        "required": ["city"],
    },
    "annotations": {"readOnlyHint": True},
}
BOOK = {
    "name": "book",
    "description": "Books a table.",
    "inputSchema": {"type": "object"},
    "annotations": {"readOnlyHint": False},
}

Listing = Callable[..., list[str]]


def tool(name: str, description: str = "", **more: Any) -> dict[str, Any]:
    return {"name": name, "description": description or f"Does {name}.", "inputSchema": {"type": "object"}, **more}


class Memory(KeyringBackend):
    """A keyring that forgets everything with the test."""

    priority = 1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop(username, None) is None:
            raise keyring.errors.PasswordDeleteError("not there")


@pytest.fixture(autouse=True)
def no_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def vault(no_keyring: None) -> Memory:
    memory = Memory()
    keyring.set_keyring(memory)
    return memory


@pytest.fixture
def listing(tmp_path: Path) -> Listing:
    """Writes what the tiny server lists, and returns the command that starts it."""
    file = tmp_path / "tools.json"

    def write(*tools: dict[str, Any]) -> list[str]:
        file.write_text(json.dumps(tools or [FORECAST, BOOK]))
        return ["--", sys.executable, str(SERVER), str(file)]

    return write
