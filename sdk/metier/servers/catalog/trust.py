"""Which files of projects the user trusts: by their place and by the digest of what they define."""

import json
from pathlib import Path

from metier.errors import InputError
from metier.home import make_folder
from metier.servers.catalog.files.documents import is_mapping, parse_json, read_file
from metier.servers.catalog.files.editing import replace_file

VERSION = 1


def trusted_files(home: Path) -> dict[str, str]:
    """Returns the digests that are trusted, by path of file; raises InputError for a damaged record."""
    path = _place(home)
    data = read_file(path)
    if data is None:
        return {}
    record = parse_json(data, str(path))
    files = record.get("files")
    if record.get("version") != VERSION or not is_mapping(files):
        raise InputError(f"{path} is damaged.", hint="Delete it, and trust each project again: metier mcp trust")
    return {name: digest for name, digest in files.items() if isinstance(digest, str)}


def trust_file(home: Path, path: Path, digest: str) -> None:
    """Notes that the user trusts the file as long as it defines what has `digest`. The caller holds the lock."""
    files = {**trusted_files(home), str(path): digest}
    make_folder(_place(home).parent)
    record = json.dumps({"version": VERSION, "files": dict(sorted(files.items()))}, indent=1)
    replace_file(_place(home), record.encode(), mode=0o600)


def _place(home: Path) -> Path:
    return home / "servers" / "trusted.json"
