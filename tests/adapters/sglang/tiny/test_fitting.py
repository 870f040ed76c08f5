"""Fitting: run in another environment, kept under the digest of what went into it. The trainer here is a stand-in."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from metier.errors import MissingError, ModelError
from metier_sglang.tiny.fitting import Recipe, build
from metier_sglang.tiny.samples import Exchange

RECIPE = Recipe(steps=7)
MORE = (Exchange("<|im_start|>user\nMore?<|im_end|>\n<|im_start|>assistant\n", "More."),)
STAND_IN = """#!{python}
import json, sys
from pathlib import Path
job = json.loads((Path(sys.argv[-2]) / "job.json").read_text())
Path({log!r}).open("a").write("run ")
print(json.dumps({{"step": 1, "of": job["steps"], "loss": 0.5, "least": 0.25}}))
{then}
(Path(sys.argv[-1]) / "model.safetensors").write_bytes(b"fitted")
"""


def stand_in(folder: Path, then: str = "") -> Path:
    """Returns an executable that trains nothing and leaves a note of each run."""
    script = folder / "trainer"
    script.write_text(STAND_IN.format(python=sys.executable, log=str(folder / "log"), then=then))
    script.chmod(0o755)
    return script


def runs(folder: Path) -> int:
    return (folder / "log").read_text().count("run")


def test_what_was_fitted_once_is_not_fitted_again(tmp_path: Path) -> None:
    python, lines = stand_in(tmp_path), list[str]()
    first = build(tmp_path / "kept", python=python, recipe=RECIPE, report=lines.append)
    assert (first / "model.safetensors").read_bytes() == b"fitted"
    assert {"config.json", "tokenizer.json", "chat_template.jinja"} <= {path.name for path in first.iterdir()}
    assert lines == ["step 1: loss 0.5000, least certain token 0.25"]
    assert build(tmp_path / "kept", python=python, recipe=RECIPE) == first
    assert runs(tmp_path) == 1
    assert list((tmp_path / "kept").iterdir()) == [first]


def test_other_texts_or_settings_are_fitted_anew(tmp_path: Path) -> None:
    python = stand_in(tmp_path)
    built = {
        build(tmp_path, python=python, recipe=RECIPE),
        build(tmp_path, python=python, recipe=replace(RECIPE, seed=1)),
        build(tmp_path, python=python, recipe=RECIPE, exchanges=MORE),
    }
    assert len(built) == runs(tmp_path) == 3


def test_a_training_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    python = stand_in(tmp_path, then="sys.exit(1)")
    with pytest.raises(ModelError, match="did not learn"):
        build(tmp_path / "kept", python=python, recipe=RECIPE)
    assert not list((tmp_path / "kept").iterdir())


def test_an_environment_without_torch_is_named(tmp_path: Path) -> None:
    python = stand_in(tmp_path, then="import no_such_torch")
    with pytest.raises(MissingError, match="No module named 'no_such_torch'"):
        build(tmp_path, python=python, recipe=RECIPE)


def test_a_python_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="cannot be run"):
        build(tmp_path, python=tmp_path / "nowhere", recipe=RECIPE)
