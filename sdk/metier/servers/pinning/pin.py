"""The set of tools of a server that a person has approved, and how a later listing differs from it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from metier.canonical import JSON, canonical_json, digest_of
from metier.errors import ServerError
from metier.servers.definition import Definition, Program
from metier.servers.tool import ToolSpec

ALIKE = 0.9  # of the text of two tools, from which on one counts as the other under a new name
MOST_PAIRS = 400  # removed and added tools are compared pair by pair only up to here
READ = 2_000  # characters of each that are compared


@dataclass(frozen=True, slots=True)
class Pin:
    """What was approved: the tools with all that a model is shown of them, how the server was reached, and when.

    `reach` is `reach_digest` of the server's definition: a server that is reached in another way has no pin.
    """

    server: str
    reach: str
    tools: tuple[ToolSpec, ...]
    approved: str = ""

    @property
    def digests(self) -> Mapping[str, str]:
        """Returns the digest of each tool by its name."""
        return {spec.name: digest_of_tool(spec) for spec in self.tools}


@dataclass(frozen=True, slots=True)
class Difference:
    """How a listing differs from what was approved; `changed` and `renamed` hold the tool as it was and as it is."""

    added: tuple[ToolSpec, ...] = ()
    removed: tuple[ToolSpec, ...] = ()
    changed: tuple[tuple[ToolSpec, ToolSpec], ...] = ()
    renamed: tuple[tuple[ToolSpec, ToolSpec], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.renamed)

    @property
    def unapproved(self) -> Mapping[str, str]:
        """Returns the tools of the listing that may not be used, by name, each with "new", "changed" or "renamed"."""
        return {
            **{spec.name: "new" for spec in self.added},
            **{new.name: "renamed" for _, new in self.renamed},
            **{new.name: "changed" for _, new in self.changed},
        }


def content_of(spec: ToolSpec) -> dict[str, JSON]:
    """Returns all of a tool that a pin covers: its name and what a model, or metier, is told about it."""
    return {
        "name": spec.name,
        "title": spec.title,
        "description": spec.description,
        "annotations": dict(spec.annotations),
        "input schema": dict(spec.input_schema),
        "output schema": None if spec.output_schema is None else dict(spec.output_schema),
    }


def digest_of_tool(spec: ToolSpec, *, named: bool = True) -> str:
    """Returns the digest of a tool, without its name when not `named`; raises ServerError for what is not JSON."""
    content = content_of(spec)
    if not named:
        del content["name"]
    try:
        return digest_of(content)
    except (TypeError, ValueError, RecursionError) as error:
        raise ServerError(
            f"The tool {spec.name!r} has a schema that is not JSON.", hint="The server has to be mended."
        ) from error


def pin_of(specs: Iterable[ToolSpec], *, server: str = "", reach: str = "", approved: str = "") -> Pin:
    """Returns the pin of a listing that a person approves of; raises ServerError for a schema that is not JSON."""
    tools = tuple(sorted(specs, key=lambda spec: spec.name))
    for spec in tools:
        digest_of_tool(spec)
    return Pin(server, reach, tools, approved)


def compare(pin: Pin, specs: Sequence[ToolSpec]) -> Difference:
    """Returns how `specs` differ from what `pin` holds. A tool listed twice has changed unless both are as approved."""
    before, digests = {spec.name: spec for spec in pin.tools}, pin.digests
    listed = {spec.name for spec in specs}
    changed = {
        spec.name: (before[spec.name], spec)
        for spec in specs
        if spec.name in before and digest_of_tool(spec) != digests[spec.name]
    }
    removed = [spec for spec in pin.tools if spec.name not in listed]
    added = [spec for spec in {spec.name: spec for spec in specs}.values() if spec.name not in before]
    renamed = _renamed(removed, added)
    gone, come = {old.name for old, _ in renamed}, {new.name for _, new in renamed}
    return Difference(
        added=tuple(spec for spec in added if spec.name not in come),
        removed=tuple(spec for spec in removed if spec.name not in gone),
        changed=tuple(changed.values()),
        renamed=tuple(renamed),
    )


def reach_digest(definition: Definition) -> str:
    """Returns the digest of how a server is reached: its command or address. Values that are secret do not count."""
    reach = definition.reach
    if isinstance(reach, Program):
        shown: list[JSON] = [reach.command, list(reach.args), reach.cwd, _entries(reach.env, definition.secrets)]
    else:
        shown = [reach.url, _entries(reach.headers, definition.secrets)]
    return digest_of(shown)


def _entries(entries: Mapping[str, str], secrets: Sequence[str]) -> JSON:
    return {name: "" if name in secrets else value for name, value in entries.items()}


def _renamed(removed: Sequence[ToolSpec], added: Sequence[ToolSpec]) -> list[tuple[ToolSpec, ToolSpec]]:
    if len(removed) * len(added) > MOST_PAIRS:
        return []
    pairs = [(_likeness(old, new), at, old, new) for at, old in enumerate(removed) for new in added]
    found: dict[str, tuple[ToolSpec, ToolSpec]] = {}
    for likeness, _, old, new in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[3].name)):
        if likeness >= ALIKE and old.name not in found and all(new is not taken for _, taken in found.values()):
            found[old.name] = (old, new)
    return list(found.values())


def _likeness(old: ToolSpec, new: ToolSpec) -> float:
    if digest_of_tool(old, named=False) == digest_of_tool(new, named=False):
        return 1.0
    matcher = SequenceMatcher(None, _text_of(old), _text_of(new), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


def _text_of(spec: ToolSpec) -> str:
    content = content_of(spec)
    del content["name"]
    return canonical_json(content)[:READ]
