"""The beginning of a document, from which its format is told."""

import codecs
import re
from dataclasses import dataclass
from typing import Final

HEAD_BYTES: Final = 65536

_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_PROLOG: Final = re.compile(
    r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>\s*)*<([A-Za-z_][^\s/>]*)([^>]*)", re.DOTALL
)
_NAMESPACE: Final = re.compile(r"\sxmlns(?::([\w.-]+))?\s*=\s*[\"']([^\"']*)[\"']")
_TOKEN: Final = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?|[{}\[\]]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Head:
    """The first HEAD_BYTES of a document, decompressed.

    `text` is a lenient decoding of them, "" for what is not text. `namespace` and `root` are of the XML root element,
    "" when there is none. `keys` are the names in the first JSON object, or the columns of a CSV header.
    """

    name: str
    data: bytes
    text: str = ""
    namespace: str = ""
    root: str = ""
    keys: tuple[str, ...] = ()


def read_head(name: str, data: bytes) -> Head:
    """Returns what the first bytes of the document `name` tell."""
    text = _decode(data)
    namespace, root = _find_root(text)
    keys = () if root else _find_keys(text)
    return Head(name, data, text, namespace, root, keys)


def _decode(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="ignore")
    if data[:4] == b"<\x00?\x00":
        return data.decode("utf-16-le", errors="ignore")
    if data[:1024].count(0) * 8 > len(data[:1024]):
        return ""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="ignore")


def _find_root(text: str) -> tuple[str, str]:
    match = _PROLOG.match(text) if text.lstrip()[:1] == "<" else None
    if match is None:
        return "", ""
    prefix, _, local = match[1].rpartition(":")
    namespaces = {found[1] or "": found[2] for found in _NAMESPACE.finditer(match[2])}
    return namespaces.get(prefix, ""), local


def _find_keys(text: str) -> tuple[str, ...]:
    if text.lstrip()[:1] in "{[" and text.strip():
        return _find_json_keys(text)
    line = text.partition("\n")[0].strip()
    if "," not in line or len(line) > 4096:
        return ()
    return tuple(column.strip().strip('"') for column in line.split(","))


def _find_json_keys(text: str) -> tuple[str, ...]:
    keys: list[str] = []
    depth = base = 0
    for token in _TOKEN.finditer(text):
        mark = token[0][0]
        if mark in "{[":
            depth += 1
            base = base or (depth if mark == "{" else 0)
        elif mark in "}]":
            if depth == base:
                break
            depth -= 1
        elif token[2] and depth == base:
            keys.append(token[1])
    return tuple(keys)
