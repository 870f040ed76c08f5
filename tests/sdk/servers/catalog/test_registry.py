"""The registry's server.json: what it asks for, what it becomes when it is run."""

import json

import pytest

from metier.errors import InputError
from metier.servers.catalog.formats.manifest import MOST_BYTES, read_manifest
from metier.servers.catalog.formats.registry import Described, choices_of, describe_server
from metier.servers.definition import Endpoint, Program
from tests.sdk.servers.catalog.manifests import NPM, NUGET, OCI, PYPI, REMOTE, manifest


def describe(document: object, values: dict[str, object] | None = None, **options: object) -> Described:
    return describe_server(read_manifest(json.dumps(document).encode(), "server.json"), values or {}, **options)


def test_an_npm_package_is_run_by_npx_with_its_arguments_and_environment():
    described = describe(manifest(packages=[NPM]), {"folder": ["/a b", "/c"], "LEVEL": "debug"})
    assert described.definition.name == "maps"
    assert described.definition.reach == Program(
        "npx",
        ("-y", "@example/maps@1.2.3", "serve", "--region", "eu", "--stdio", "/a b", "/c"),
        {"MAPS_KEY": "${MAPS_KEY}", "LEVEL": "debug", "MODE": "fixed"},
    )
    assert described.definition.secrets == ("MAPS_KEY",)
    assert (described.secrets_awaited, described.secrets_found) == (("MAPS_KEY",), {})


def test_a_secret_that_is_given_is_told_and_not_kept():
    described = describe(manifest(packages=[NPM]), {"folder": "/a", "MAPS_KEY": "abc"})
    assert described.secrets_found == {"MAPS_KEY": "abc"}
    assert "abc" not in str(described.definition)
    given_by_reference = describe(manifest(packages=[NPM]), {"folder": "/a", "MAPS_KEY": "${keyring:MAPS}"})
    assert given_by_reference.definition.reach.env["MAPS_KEY"] == "${keyring:MAPS}"


@pytest.mark.parametrize(
    ("package", "values", "program"),
    [
        (PYPI, {}, Program("uvx", ("maps-server==2.0.1",))),
        (NUGET, {}, Program("dnx", ("Example.Maps@0.4.0-beta", "--yes", "--"))),
        (
            OCI,
            {"source": "/my maps"},
            Program(
                "docker",
                (
                    *("run", "-i", "--rm", "-e", "MAPS_KEY", "--mount=type=bind,src=/my maps,dst=/data"),
                    "docker.io/example/maps:1.0.0",
                ),
                {"MAPS_KEY": "${MAPS_KEY}"},
            ),
        ),
    ],
)
def test_each_kind_of_package_has_its_own_program(package, values, program):
    assert describe(manifest(packages=[package]), values).definition.reach == program


def test_a_remote_is_reached_at_its_url_with_its_headers():
    described = describe(manifest(remotes=[REMOTE]), {"tenant": "acme"})
    assert described.definition.reach == Endpoint(
        "https://acme.example.com/mcp", {"Authorization": "Bearer ${TOKEN}", "X-Region": "eu"}
    )
    assert described.secrets_awaited == ("TOKEN",)
    assert "TOKEN" in described.definition.secrets


def test_the_first_way_that_works_is_taken_or_the_one_that_is_named():
    sse = {"type": "sse", "url": "https://a/sse"}
    mcpb = {**NPM, "registryType": "mcpb", "identifier": "https://a/b.mcpb"}
    document = manifest(packages=[mcpb, PYPI], remotes=[sse, {"type": "streamable-http", "url": "https://a/mcp"}])
    assert describe(document).definition.reach.command == "uvx"
    assert describe(document, remote=1, name="mine").definition.reach == Endpoint("https://a/mcp")
    choices = choices_of(read_manifest(json.dumps(document).encode(), "f"))
    assert [(choice.kind, choice.index, bool(choice.fault)) for choice in choices] == [
        *(("package", 0, True), ("package", 1, False), ("remote", 0, True), ("remote", 1, False))
    ]
    for options, reason in (({"package": 0}, "archive"), ({"remote": 0}, "SSE"), ({"package": 7}, "has no package 7")):
        with pytest.raises(InputError, match=reason):
            describe(document, **options)
    with pytest.raises(InputError, match=r"cannot be used: .*archive.*SSE"):
        describe(manifest(packages=[mcpb], remotes=[sse]))
    with pytest.raises(InputError, match="no package and no remote"):
        describe(manifest())


def test_all_values_that_are_missing_are_listed_at_once():
    package = {
        **NPM,
        "environmentVariables": [{"name": "HOST", "isRequired": True}, {"name": "DB", "isRequired": True}],
    }
    with pytest.raises(InputError, match="not given: HOST, DB, folder"):
        describe(manifest(packages=[package]))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"LEVEL": "loud"}, "'LEVEL' cannot be 'loud'. It is one of: info, debug."),
        ({"PORT": "many"}, "'PORT' must be a number"),
        ({"folder": " "}, "'folder' must be a filepath"),
        ({"LEVEL": ["info", "debug"]}, "'LEVEL' was given 2 times"),
        ({"folder": "/a", "MODE": "other"}, "asks for no value 'MODE'"),
        ({"folder": "/a", "LEVL": "info"}, "asks for no value 'LEVL'. Did you mean LEVEL"),
    ],
)
def test_a_value_that_does_not_fit_is_refused(values, said):
    with pytest.raises(InputError) as caught:
        describe(manifest(packages=[NPM]), values)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "no-slash"}, "name: "),
        ({"name": "a/b/c"}, "name: "),
        ({"description": "x" * 101}, "description: "),
        ({"description": None}, "description: "),
        ({"version": 3}, "version: "),
        ({"packages": [{**NPM, "version": "latest"}]}, "packages.0: its version must be one version"),
        ({"packages": [{**NPM, "version": "^1.2.3"}]}, "its version must be one version"),
        ({"packages": [{**NPM, "version": "1.x"}]}, "its version must be one version"),
        ({"packages": [{"registryType": "npm"}]}, "packages.0.identifier: Field required"),
        ({"packages": [{**NPM, "transport": {"type": "ws"}}]}, "packages.0.transport.type"),
        ({"packages": [{**NPM, "packageArguments": [{"type": "named"}]}]}, "a named argument has a name"),
        ({"packages": [{**NPM, "packageArguments": [{"type": "positional"}]}]}, "has a value or a valueHint"),
        ({"remotes": [{"type": "streamable-http"}]}, "streamable-http needs a url"),
        ({"remotes": [{"type": "streamable-http", "url": "file:///etc/passwd"}]}, "remotes.0.url"),
        ({"remotes": [REMOTE] * 101}, "remotes: "),
        ({"packages": [{**NPM, "identifier": "x" * 501}]}, "packages.0.identifier"),
    ],
)
def test_a_file_against_the_schema_is_refused_with_the_place(change, said):
    with pytest.raises(InputError) as caught:
        describe({**manifest(), **change})
    assert said in str(caught.value)
    assert str(caught.value).startswith("server.json is no server.json: ")


def test_a_huge_file_is_refused_and_one_from_the_registry_is_unwrapped():
    with pytest.raises(InputError, match="larger than 256 KiB"):
        read_manifest(b" " * (MOST_BYTES + 1), "f")
    wrapped = {"server": manifest(packages=[PYPI]), "_meta": {}}
    assert describe(wrapped).definition.name == "maps"
