"""What is no model is refused before anything is started."""

from pathlib import Path

import pytest

from metier.errors import InputError, MissingError
from metier_sglang.serving.weights.folder import read_weights


@pytest.mark.parametrize(
    "model", ["-x", "--help", "-x/y", "a/..", "~nobody-of-that-name/x", "a" * 5000, "a\0b", "a/b --flag", "a/b\n"]
)
def test_a_name_that_could_be_anything_else_is_no_model(model: str) -> None:
    with pytest.raises(MissingError) as caught:
        read_weights(model)
    assert str(caught.value).isprintable()


def test_a_repository_is_taken_by_its_name() -> None:
    assert read_weights("Qwen/Qwen3-0.6B").model == "Qwen/Qwen3-0.6B"


def test_a_config_without_a_bottom_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"a":' + "[" * 100_000)
    with pytest.raises(InputError, match="no JSON"):
        read_weights(str(tmp_path))
