"""Installs toolkits of strangers for a test, as packages with metadata on the import path."""

from collections.abc import Callable
from pathlib import Path

import pytest

Install = Callable[..., None]

GOOD = """
from metier.answer import Answer
from metier.toolkit import Toolkit

toolkit = Toolkit(
    name={name!r}, summary="A trade.", instructions="", server=lambda settings: None, answer=Answer, checks=(), {more}
)
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    monkeypatch.setenv("METIER_TOOLKITS", "")

    def put(name: str, *, module: str, code: str | None = None, more: str = "", distribution: str = "") -> None:
        folder = tmp_path / module
        record = folder / f"{module}-1.5.dist-info"
        record.mkdir(parents=True)
        (folder / f"{module}.py").write_text(GOOD.format(name=name, more=more) if code is None else code)
        (record / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution or module}\nVersion: 1.5\n")
        (record / "entry_points.txt").write_text(f"[metier.toolkits]\n{name} = {module}:toolkit\n")
        monkeypatch.syspath_prepend(str(folder))

    return put
