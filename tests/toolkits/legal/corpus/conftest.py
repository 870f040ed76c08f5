import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from metier.answer import Value
from metier.toolkit import Settings
from metier_legal.law.case import Case
from metier_legal.law.work import Work

Writer = Callable[..., Path]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "law")


@pytest.fixture(scope="session")
def lines() -> Callable[[Iterable[Value | dict[str, Any]]], str]:
    """Gives what makes the lines of the plain schema of works, provisions, cases and coverage."""
    return lambda items: "".join(f"{_line(item)}\n" for item in items)


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Gives what writes works, provisions, cases and coverage as a file of the plain schema."""

    def write_file(items: Iterable[Value | dict[str, Any]], name: str = "law.jsonl") -> Path:
        path = tmp_path / name
        path.write_text("".join(f"{_line(item)}\n" for item in items), encoding="utf-8")
        return path

    return write_file


def _line(item: Value | dict[str, Any]) -> str:
    if isinstance(item, dict):
        return json.dumps(item, ensure_ascii=False)
    kind = "work" if isinstance(item, Work) else "case" if isinstance(item, Case) else "provision"
    fields = item.model_dump(mode="json", exclude_defaults=True)
    return json.dumps({"type": kind, **fields}, ensure_ascii=False)
