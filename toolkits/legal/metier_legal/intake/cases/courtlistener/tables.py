r"""The bulk CSV of CourtListener, as PostgreSQL's COPY writes it: every field quoted, quotes and backslashes escaped.

Source: the load script that comes with the bulk data (FORMAT csv, QUOTE '"', ESCAPE '\', HEADER).
"""

import codecs
import csv
from collections.abc import Iterator, Sequence
from typing import Final

from metier.errors import InputError
from metier_legal.intake.files.document import Document, Stream

FIELD_CHARACTERS: Final = 32 * 1024 * 1024
_CHUNK: Final = 1 << 20


def read_rows(document: Document, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    """Returns the rows of a table, only the named columns; "" for a column that it does not have and for NULL.

    Rows are streamed: memory holds one row. Raises InputError with the line for a row that is cut off or too long.
    """
    # The limit is the module's own and the only way to read an opinion of more than 128 KB.
    csv.field_size_limit(max(csv.field_size_limit(), FIELD_CHARACTERS))
    with document.open() as stream:
        reader = csv.reader(_decode(stream, document.name), escapechar="\\", strict=True)
        try:
            header = next(reader, [])
            places = [(name, header.index(name)) for name in columns if name in header]
            for row in reader:
                if not row:
                    continue
                if len(row) != len(header):
                    raise _broken(document, reader.line_num, f"{len(row)} fields where {len(header)} belong")
                yield dict.fromkeys(columns, "") | {name: row[place] for name, place in places}
        except csv.Error as error:
            raise _broken(document, reader.line_num, str(error)) from error


def _broken(document: Document, line: int, reason: str) -> InputError:
    return InputError(f"{document.name}, line {line}: no row of the table: {reason}.", hint="Fetch the file again.")


def _decode(stream: Stream, name: str) -> Iterator[str]:
    """Returns the lines with their ends. Lines end at a line feed only: other separators are text."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    rest = ""
    try:
        while chunk := stream.read(_CHUNK):
            *lines, rest = (rest + decoder.decode(chunk)).split("\n")
            if len(rest) > FIELD_CHARACTERS:
                raise InputError(f"{name} has a line that is too long for a table.", hint="Fetch the file again.")
            yield from (line + "\n" for line in lines)
        rest += decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 text.", hint="Fetch the file again.") from error
    if rest:
        yield rest
