from collections.abc import Callable
from pathlib import Path

import pytest

from metier_sglang.tiny.scripts import reply_for, script_texts
from metier_sglang.tiny.tokenizer import train_tokenizer, write_tokenizer
from tests.adapters.sglang.model.memory import MemoryTransport

Reply = Callable[[str], str]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the folder of the tiny model's tokenizer and chat template."""
    made = tmp_path_factory.mktemp("tiny")
    write_tokenizer(made, train_tokenizer(script_texts(), size=600))
    return made


@pytest.fixture
def memory(folder: Path) -> MemoryTransport:
    """Returns a transport that plays the scripts of the tiny model."""
    return MemoryTransport(folder, lambda prompt: reply_for(prompt) or "I have no reply.")
