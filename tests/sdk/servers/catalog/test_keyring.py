"""Secrets in the system's keyring, through the library's own interface."""

import subprocess
import sys

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from metier.errors import InputError, MissingError
from metier.servers.catalog.secrecy.entries import forget_secret, has_keyring, read_secret, set_secret

WITHOUT = """
import sys
sys.modules["keyring"] = None
from importlib.util import find_spec
from metier.errors import MissingError
from metier.servers.catalog.secrecy import entries
try:
    assert not entries.has_keyring()
    entries.read_secret("X")
except MissingError as error:
    print(error)
"""


def test_a_secret_is_kept_read_and_forgotten(memory):
    set_secret("AMAP_KEY", "abc")
    assert (has_keyring(), read_secret("AMAP_KEY")) == (True, "abc")
    assert memory.kept == {("metier", "AMAP_KEY"): "abc"}
    assert [forget_secret("AMAP_KEY"), forget_secret("AMAP_KEY")] == [True, False]
    with pytest.raises(MissingError, match="metier mcp secret AMAP_KEY"):
        read_secret("AMAP_KEY")


def test_a_machine_without_a_keyring_says_so_and_what_to_do():
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())
    try:
        assert not has_keyring()
        with pytest.raises(MissingError, match="environment variable"):
            set_secret("AMAP_KEY", "abc")
        with pytest.raises(MissingError, match="no keyring"):
            read_secret("AMAP_KEY")
    finally:
        keyring.set_keyring(before)


def test_without_the_library_the_catalog_loads_and_says_how_to_install_it():
    ran = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False)
    assert "pip install 'metier[keyring]'" in ran.stdout, ran.stderr


@pytest.mark.parametrize(("name", "value"), [("AMAP_KEY", " "), ("AMAP_KEY", "a\0b"), ("../x y", "abc"), ("", "abc")])
def test_what_is_no_secret_is_not_stored(memory, name, value):
    with pytest.raises(InputError):
        set_secret(name, value)
    assert memory.kept == {}
