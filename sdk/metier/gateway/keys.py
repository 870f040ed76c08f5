"""The key of an answer in the cache: what was asked, of whom, under which conditions. Pure."""

from collections.abc import Mapping

from metier.canonical import JSON, digest_of
from metier.errors import InputError


def key_of(identity: str, tool: str, arguments: Mapping[str, JSON], vary: Mapping[str, str] | None = None) -> str:
    """Returns the key of the call: 64 hexadecimal digits, which give away nothing of the arguments.

    `identity` says how the server is reached, `vary` what else the answer depends on: a locale, a date. The order of
    arguments does not matter; 1, 1.0 and true are different, and so are two Unicode spellings of one word. Raises
    InputError for arguments that are not JSON.
    """
    try:
        return digest_of([identity, tool, dict(arguments), dict(vary or {})])
    except (TypeError, ValueError) as error:
        raise InputError(f"The arguments of {tool!r} are not JSON: {error}.") from error
