"""What was written is read back as it was, and a file is whole or not there."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.canonical import JSON
from metier.errors import InputError, StorageError
from metier.export.files import open_rows, read_rows
from metier.export.formats import FORMATS
from metier.export.record import Conversation, Record
from metier.limits import Limits, Usage
from metier.runtime.fold import Header
from metier.task import Task
from metier.tokens import Span, TokenRecord
from metier.trace import Stop, Trace, Turn
from metier.verdict import Finding, Outcome, verdict_of

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["<|im_end|>", '{"a":1}', "\u2028"]
)
VALUES: st.SearchStrategy[JSON] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(-1e9, 1e9) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Draws runs: tasks of any shape, hostile texts, tokens with and without probabilities, verdicts."""
    task = Task(draw(TEXT), ("toy",), draw(st.none() | st.dictionaries(TEXT, VALUES, max_size=3)), None)
    turns: list[Turn] = []
    messages: list[dict[str, JSON]] = [{"role": "user", "content": draw(TEXT)}]
    placed: dict[int, Turn] = {}
    for at in range(draw(st.integers(1, 3))):
        before = turns[-1].tokens if turns else None
        kept = 0 if before is None else draw(st.sampled_from([before.prompt, before.prompt + len(before.sampled)]))
        sampled = tuple(draw(st.lists(st.integers(0, 9), min_size=1, max_size=3)))
        logprobs = draw(st.sampled_from([(), (-0.5,) * len(sampled), (float("nan"),) * len(sampled)]))
        tokens = TokenRecord(
            str(at), before.rid if before else "", kept, (7, 8), sampled, logprobs, spans=(Span(draw(TEXT), 0, 1),)
        )
        turns.append(Turn(f"{at}/model", "m", "", "", (), 1, 1, "2026-12-01T09:00:00Z", 0.5, tokens=tokens))
        call: JSON = {"id": "c", "type": "function", "function": {"name": draw(TEXT), "arguments": draw(TEXT)}}
        placed[len(messages)] = turns[-1]
        messages += [
            {"role": "assistant", "content": draw(TEXT), **({"tool_calls": [call]} if draw(st.booleans()) else {})},
            {"role": "tool", "content": draw(TEXT), "name": draw(TEXT), "tool_call_id": "c"},
        ]
    verdict = verdict_of([Finding(draw(TEXT), "/a", draw(st.sampled_from([*Outcome])))])
    trace = Trace(
        "r", task, "react", "m", tuple(turns), (), "answer", None, verdict, Usage(), draw(st.sampled_from([*Stop]))
    )
    header = Header("r", task, "react", "m", Limits(), ("toy",), (), "0.1.0", "2026-12-01T09:00:00Z")
    tool: dict[str, JSON] = {"type": "function", "function": {"name": "t", "description": draw(TEXT), "parameters": {}}}
    return Record(header, trace, (tool,), (Conversation(draw(TEXT), tuple(messages), placed),))


@contextmanager
def place() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        yield Path(folder) / "rows"


@pytest.mark.parametrize("form", list(FORMATS))
@pytest.mark.parametrize("parquet", [False, True])
@settings(max_examples=12, deadline=None)
@given(runs=st.lists(records(), max_size=2))
def test_what_is_read_back_is_what_was_written(form: str, parquet: bool, runs: list[Record]) -> None:
    rows = [list(FORMATS[form].rows(run)) for run in runs]
    with place() as path:
        with open_rows(path, FORMATS[form].columns, parquet=parquet) as put:
            for some in rows:
                put(some)
        assert list(read_rows(path)) == [row for some in rows for row in some]


def test_a_half_sign_is_kept_in_json_and_a_question_mark_in_parquet(tmp_path: Path) -> None:
    row: dict[str, JSON] = {"text": "a\ud800b", "any": {"\ud800": 1}}
    for parquet, expected in ((False, row), (True, {"text": "a?b", "any": {"\ud800": 1}})):
        with open_rows(tmp_path / "rows", {"text": "text", "any": "json"}, parquet=parquet) as put:
            put([row])
        assert list(read_rows(tmp_path / "rows")) == [expected]


@pytest.mark.parametrize("parquet", [False, True])
def test_a_file_that_was_cut_off_is_not_there_and_the_old_one_stays(tmp_path: Path, parquet: bool) -> None:
    path = tmp_path / "rows"
    path.write_text("old")

    def write() -> None:
        with open_rows(path, {"a": "text"}, parquet=parquet) as put:
            put([{"a": "b"}])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write()
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["rows"]


@pytest.mark.parametrize("text", ["[1]\n", "{\n", "x"])
def test_what_is_no_export_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "rows").write_text(text)
    with pytest.raises(InputError):
        list(read_rows(tmp_path / "rows"))


def test_a_file_that_is_not_there_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        list(read_rows(tmp_path / "rows"))


def test_parquet_without_its_extra_says_what_to_install(tmp_path: Path) -> None:
    code = "import sys; sys.modules['pyarrow'] = None\nfrom metier.export.files import check_parquet\ncheck_parquet()"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert "pip install 'metier[parquet]'" in said.stderr
