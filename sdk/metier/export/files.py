"""Rows in files, JSON lines or Parquet: written as a whole or not at all, and read back as they were."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import file_digest
from importlib import import_module
from pathlib import Path
from typing import Any

from metier.canonical import JSON, canonical_json
from metier.errors import InputError, MissingError
from metier.home import open_atomically, storage_error

Row = dict[str, JSON]
Put = Callable[[Iterable[Row]], None]

KINDS = ("text", "texts", "count", "counts", "number", "numbers", "flag", "chat", "turns", "spans", "json")
"""What a column may hold: single values, lists of them, the messages of chats, and JSON of any shape, kept as text."""
_MAGIC = b"PAR1"
_COLUMNS = b"metier.columns"


@contextmanager
def open_rows(path: Path, columns: Mapping[str, str], *, parquet: bool) -> Iterator[Put]:
    """Gives what appends rows to a new file that becomes `path` when the block ends; nothing is left when it raises.

    A sign of which there is only half, which JSON can hold, is a question mark in Parquet.
    Raises MissingError when Parquet is asked for without its extra, and StorageError.
    """
    if not parquet:
        with open_atomically(path) as file:
            yield lambda rows: file.writelines(f"{canonical_json(row)}\n".encode() for row in rows)
        return
    arrow, tables = _arrow("pyarrow"), _arrow("pyarrow.parquet")
    schema = _schema(arrow, columns)
    with open_atomically(path) as file, tables.ParquetWriter(file, schema) as writer:

        def put(rows: Iterable[Row]) -> None:
            told = [_for_table(row, columns) for row in rows]
            try:
                table = arrow.Table.from_pylist(told, schema=schema)
            except UnicodeEncodeError:
                table = arrow.Table.from_pylist(_whole_signs(told), schema=schema)
            writer.write_table(table)

        yield put


def read_rows(path: Path) -> Iterator[Row]:
    """Yields the rows that were written to `path`, whatever it is; raises InputError for what is no such file."""
    try:
        with path.open("rb") as file:
            is_table = file.read(len(_MAGIC)) == _MAGIC
        if is_table:
            yield from _table_rows(path)
            return
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield _row_of(line)
    except OSError as error:
        raise storage_error(path, error) from error


def digest_file(path: Path) -> str:
    """Returns the SHA-256 of a file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def check_parquet() -> None:
    """Raises MissingError, which names the extra, when Parquet cannot be written here."""
    _arrow("pyarrow.parquet")


def _row_of(line: str) -> Row:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise InputError(f"This is no row: {error}.", hint="The file is damaged, or no export of metier.") from error
    if not isinstance(row, dict):
        raise InputError("A line holds no row.", hint="The file is damaged, or no export of metier.")
    return row


def _arrow(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingError(
            "Parquet needs the extra 'parquet'.", hint="Install it: pip install 'metier[parquet]'"
        ) from error


def _schema(arrow: Any, columns: Mapping[str, str]) -> Any:
    text, count, number = arrow.string(), arrow.int64(), arrow.float64()
    function = arrow.struct([("name", text), ("arguments", text)])
    call = arrow.struct([("id", text), ("type", text), ("function", function)])
    said = ("role", "content", "reasoning_content", "name", "tool_call_id")
    kinds = {
        "text": text,
        "texts": arrow.list_(text),
        "count": count,
        "counts": arrow.list_(count),
        "number": number,
        "numbers": arrow.list_(number),
        "flag": arrow.bool_(),
        "chat": arrow.list_(arrow.struct([*((name, text) for name in said), ("tool_calls", arrow.list_(call))])),
        "turns": arrow.list_(arrow.struct([("from", text), ("value", text)])),
        "spans": arrow.list_(arrow.struct([("version", text), ("start", count), ("end", count)])),
        "json": text,
    }
    fields = [(name, kinds[kind]) for name, kind in columns.items()]
    return arrow.schema(fields, metadata={_COLUMNS: canonical_json(dict(columns))})


def _for_table(row: Row, columns: Mapping[str, str]) -> Row:
    return {name: canonical_json(value) if columns[name] == "json" else value for name, value in row.items()}


def _whole_signs(value: Any) -> Any:
    """Returns the value with halves of surrogate pairs, which no UTF-8 has, as question marks in its texts."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_whole_signs(item) for item in value]
    return {name: _whole_signs(item) for name, item in value.items()} if isinstance(value, dict) else value


def _table_rows(path: Path) -> Iterator[Row]:
    tables = _arrow("pyarrow.parquet")
    with tables.ParquetFile(path) as table:
        columns = json.loads((table.schema_arrow.metadata or {}).get(_COLUMNS, b"{}"))
        for batch in table.iter_batches(batch_size=64):
            for row in batch.to_pylist():
                yield {name: _from_table(value, columns.get(name, "")) for name, value in row.items()}


def _from_table(value: Any, kind: str) -> JSON:
    read: JSON = value
    if kind == "json":
        read = json.loads(value)
    elif kind == "chat":
        read = [{name: part for name, part in message.items() if part is not None} for message in value]
    return read
