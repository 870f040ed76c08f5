"""What importing the distribution costs, and what it gives."""

import subprocess
import sys

import pytest

import metier_sglang

HEAVY = ("pydantic_ai", "httpx", "tokenizers", "jinja2", "numpy", "metier")


def test_importing_the_package_loads_nothing() -> None:
    code = f"import metier_sglang, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", metier_sglang.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(metier_sglang, name).__name__ == name
    assert name in dir(metier_sglang)


def test_another_name_is_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = metier_sglang.nothing
