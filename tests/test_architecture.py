"""The shape of the code: sizes, names, exports, and that the core stands alone."""

import ast
import re
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

import metier

ROOT = Path(__file__).parents[1]
SOURCES = (ROOT / "sdk", ROOT / "toolkits")
LONGEST_FILE, LONGEST_FUNCTION, MOST_NAMES = 300, 40, 25
LEFTOVER = re.compile(r"\.py[co]$|^\.DS_Store$|^Thumbs\.db$|~$|\.(orig|rej|swp)$")
BANNED_NAMES = {"utils", "util", "helpers", "helper", "manager", "base", "common", "misc"}


def modules() -> Iterator[Path]:
    for source in SOURCES:
        yield from (
            path for path in source.rglob("*.py") if "templates" not in path.parts and ".venv" not in path.parts
        )


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def body_length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    docstring = node.body[0] if ast.get_docstring(node, clean=False) is not None else None
    skipped = (docstring.end_lineno or 0) - docstring.lineno + 1 if docstring is not None else 0
    return (node.end_lineno or 0) - node.lineno + 1 - skipped


def test_no_file_is_longer_than_its_budget() -> None:
    long = {str(path.relative_to(ROOT)): n for path in modules() if (n := path.read_text().count("\n")) > LONGEST_FILE}
    assert long == {}


def test_no_function_is_longer_than_its_budget() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.name}": body_length(node)
        for path in modules()
        for node in functions(path)
        if body_length(node) > LONGEST_FUNCTION
    }
    assert long == {}


def test_modules_are_named_for_what_they_hold() -> None:
    assert [path for path in modules() if path.stem in BANNED_NAMES] == []


def test_defect_11_no_leftovers_are_committed_and_no_tool_is_written_twice() -> None:
    """The seed committed .pyc files, a .gitigore and DS_Store, and four copies of one search tool that had diverged."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = [Path(name).name for name in listed.split("\0") if name]
    assert [name for name in names if LEFTOVER.search(name)] == []
    assert {name for name in names if "ignore" in name} <= {".gitignore"}
    texts = [path.read_bytes() for path in modules() if path.name not in ("__init__.py", "__main__.py")]
    assert len(texts) == len(set(texts))


def test_the_public_face_is_small_and_every_name_of_it_exists() -> None:
    assert len(metier.__all__) <= MOST_NAMES
    assert sorted(metier.__all__) == sorted(set(metier.__all__))
    for name in metier.__all__:
        assert getattr(metier, name).__doc__, f"{name} says nothing of itself"


def test_importing_metier_loads_no_framework_and_no_toolkit() -> None:
    heavy = "{'pydantic_ai', 'mcp', 'metier_maps', 'osmium', 'typer', 'numpy'}"
    code = f"import sys, metier; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_lock_names_no_address() -> None:
    assert re.findall(r"https?://|file:|--index-url", (ROOT / "requirements.lock").read_text()) == []


@pytest.mark.timeout(300)
def test_the_core_wheel_installs_and_imports_alone(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("metier-*.whl")
    pins = re.findall(
        r"^[A-Za-z0-9_.-]+==\S+(?: ; .*?)?(?= \\$)", (ROOT / "requirements.lock").read_text(), re.MULTILINE
    )
    (tmp_path / "pins.txt").write_text("\n".join(pins))
    venv.create(tmp_path / "alone")
    python = tmp_path / "alone" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    pinned = ["-q", "--no-compile", "-c", str(tmp_path / "pins.txt")]
    subprocess.run([*pip, "install", *pinned, str(wheel)], check=True, capture_output=True)
    for line in ("import metier, metier.runtime.copilot, metier.testing", "from metier.cli.main import main; main()"):
        arguments = ["--help"] if "main()" in line else []
        done = subprocess.run([str(python), "-c", line, *arguments], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    listed = subprocess.run([*pip, "list"], capture_output=True, text=True, check=True).stdout
    assert not re.search(r"^(torch|transformers|openai|numpy|osmium) ", listed, re.MULTILINE)
