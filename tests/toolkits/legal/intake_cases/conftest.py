import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from metier_legal.intake.batch import Item
from metier_legal.intake.reading import read_batches

Reader = Callable[..., list[Item]]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Gives what writes files (name: text, bytes, or a value to be JSON) into a folder and reads them all."""

    def read_files(format: str = "", **files: Any) -> list[Item]:
        folder = tmp_path / "source"
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            path = folder / name.replace("__", ".").replace("_to_", "-")
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
                path.write_text(text, encoding="utf-8")
        source = folder if len(files) > 1 else path
        return [item for batch in read_batches(source, format=format) for item in batch.items]

    return read_files
