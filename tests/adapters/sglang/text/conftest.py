from collections.abc import Callable
from pathlib import Path

import pytest

from metier_sglang.text.rendering import Renderer
from metier_sglang.text.vocabulary import Vocabulary
from metier_sglang.tiny.template import CHAT_TEMPLATE
from tests.adapters.sglang.text.families import TEMPLATES, write

Open = Callable[..., Renderer]


@pytest.fixture(scope="session")
def folder_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    made: dict[str, Path] = {}

    def folder(name: str) -> Path:
        if name not in made:
            source = CHAT_TEMPLATE if name == "tiny" else (TEMPLATES / f"{name}.jinja").read_text(encoding="utf-8")
            made[name] = write(tmp_path_factory.mktemp("weights") / name, name, source)
        return made[name]

    return folder


@pytest.fixture(scope="session")
def renderer_of(folder_of: Callable[[str], Path]) -> Open:
    made: dict[tuple[str, str], Renderer] = {}

    def renderer(name: str, style: str = "") -> Renderer:
        key = (name, style)
        if key not in made:
            made[key] = Renderer.read(folder_of(name), style=style)
        return made[key]

    return renderer


@pytest.fixture(scope="session")
def vocabulary(folder_of: Callable[[str], Path]) -> Vocabulary:
    return Vocabulary.read(folder_of("qwen3"))
