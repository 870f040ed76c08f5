"""A home of its own for every test, and a keyring in memory for those that ask for one."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from tests.sdk.servers.catalog.making import MemoryKeyring


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def memory() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    mine = MemoryKeyring()
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)
