"""The registry's `server.json` (schema of 2025-12-11), read and held against its rules. What it says is data."""

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from metier.errors import InputError
from metier.servers.catalog.files.documents import parse_json

MOST_BYTES = 256 * 1024
MOST_ITEMS = 100
_RANGE = re.compile(r"[\^~<>=|*\s]|(?:^|\.)[xX](?:\.|$)")

Short = Annotated[str, Field(max_length=200)]
Long = Annotated[str, Field(max_length=4096)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", alias_generator=to_camel)


class Input(_Model):
    """A value that the file fixes or that the user gives."""

    description: Long = ""
    is_required: bool = False
    is_secret: bool = False
    format: Literal["string", "number", "boolean", "filepath"] = "string"
    value: Long | None = None
    default: Long | None = None
    choices: Annotated[list[Long], Field(max_length=MOST_ITEMS)] = []


class Filled(Input):
    """An input whose `value` may have `{names}` of `variables` in it."""

    variables: Annotated[dict[Short, Input], Field(max_length=MOST_ITEMS)] = {}


class Entry(Filled):
    """An environment variable or a header."""

    name: Annotated[str, Field(min_length=1, max_length=200)]


class Argument(Filled):
    """An argument of a command line: a flag with its value, or a value alone."""

    type: Literal["positional", "named"]
    name: Short = ""
    value_hint: Short = ""
    is_repeated: bool = False

    @model_validator(mode="after")
    def _whole(self) -> "Argument":
        if self.type == "named" and not self.name:
            raise ValueError("a named argument has a name")
        if self.type == "positional" and not self.value_hint and self.value is None:
            raise ValueError("a positional argument has a value or a valueHint")
        return self


class Transport(_Model):
    """How a server is spoken to. `variables` fill the `{names}` in a remote's URL."""

    type: Literal["stdio", "streamable-http", "sse"]
    url: Annotated[str, Field(max_length=2048, pattern=r"^https?://[^\s]+$")] = ""
    headers: Annotated[list[Entry], Field(max_length=MOST_ITEMS)] = []
    variables: Annotated[dict[Short, Input], Field(max_length=MOST_ITEMS)] = {}

    @model_validator(mode="after")
    def _whole(self) -> "Transport":
        if self.type != "stdio" and not self.url:
            raise ValueError(f"{self.type} needs a url")
        return self


class Package(_Model):
    """A program that a package manager fetches and starts."""

    registry_type: Short
    registry_base_url: Long = ""
    identifier: Annotated[str, Field(min_length=1, max_length=500)]
    version: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    runtime_hint: Short = ""
    transport: Transport
    runtime_arguments: Annotated[list[Argument], Field(max_length=MOST_ITEMS)] = []
    package_arguments: Annotated[list[Argument], Field(max_length=MOST_ITEMS)] = []
    environment_variables: Annotated[list[Entry], Field(max_length=MOST_ITEMS)] = []

    @model_validator(mode="after")
    def _exact(self) -> "Package":
        if self.version is not None and (self.version == "latest" or _RANGE.search(self.version)):
            raise ValueError("its version must be one version, not 'latest' and no range")
        return self


class Manifest(_Model):
    """One MCP server, as its publisher describes it."""

    name: Annotated[str, Field(min_length=3, max_length=200, pattern=r"^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$")]
    description: Annotated[str, Field(min_length=1, max_length=100)]
    version: Short
    title: Annotated[str, Field(max_length=100)] = ""
    packages: Annotated[list[Package], Field(max_length=MOST_ITEMS)] = []
    remotes: Annotated[list[Transport], Field(max_length=MOST_ITEMS)] = []


def read_manifest(data: bytes, what: str) -> Manifest:
    """Returns what the file says; raises InputError that names `what` and the first five faults."""
    if len(data) > MOST_BYTES:
        raise InputError(f"{what} is larger than {MOST_BYTES >> 10} KiB.", hint="No server.json is.")
    document = parse_json(data, what)
    whole = document.get("server")
    if "name" not in document and isinstance(whole, dict):
        document = whole  # the registry's API wraps it
    try:
        return Manifest.model_validate(document)
    except ValidationError as error:
        faults = [_said(fault) for fault in error.errors(include_url=False, include_input=False, include_context=False)]
        more = f" (and {len(faults) - 5} more)" if len(faults) > 5 else ""
        raise InputError(
            f"{what} is no server.json: {'; '.join(faults[:5])}{more}.", hint="Its schema is that of 2025-12-11."
        ) from error


def _said(fault: Any) -> str:
    place = ".".join(str(part)[:60] for part in fault["loc"])
    said = str(fault["msg"]).removeprefix("Value error, ")
    return f"{place}: {said}" if place else said
