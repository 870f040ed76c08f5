"""Pieces of server.json files, after the schema of 2025-12-11. The servers in them are made up."""

from typing import Any

NPM: dict[str, Any] = {
    "registryType": "npm",
    "identifier": "@example/maps",
    "version": "1.2.3",
    "transport": {"type": "stdio"},
    "packageArguments": [
        {"type": "positional", "value": "serve"},
        {"type": "named", "name": "--region", "default": "eu", "choices": ["eu", "us"]},
        {"type": "named", "name": "--stdio"},
        {"type": "named", "name": "--verbose", "description": "say more"},
        {"type": "positional", "valueHint": "folder", "format": "filepath", "isRequired": True, "isRepeated": True},
    ],
    "environmentVariables": [
        {"name": "MAPS_KEY", "isRequired": True, "isSecret": True},
        {"name": "LEVEL", "default": "info", "choices": ["info", "debug"]},
        {"name": "PORT", "format": "number"},
        {"name": "MODE", "value": "fixed"},
    ],
}
PYPI = {"registryType": "pypi", "identifier": "maps-server", "version": "2.0.1", "transport": {"type": "stdio"}}
OCI: dict[str, Any] = {
    "registryType": "oci",
    "identifier": "docker.io/example/maps:1.0.0",
    "transport": {"type": "stdio"},
    "runtimeHint": "docker",
    "runtimeArguments": [
        {"type": "positional", "value": "run"},
        {"type": "named", "name": "-i"},
        {
            "type": "named",
            "name": "--mount",
            "value": "type=bind,src={source},dst={target}",
            "variables": {"source": {"isRequired": True, "format": "filepath"}, "target": {"default": "/data"}},
        },
    ],
    "environmentVariables": [{"name": "MAPS_KEY", "isRequired": True, "isSecret": True}],
}
NUGET = {"registryType": "nuget", "identifier": "Example.Maps", "version": "0.4.0-beta", "transport": {"type": "stdio"}}
REMOTE: dict[str, Any] = {
    "type": "streamable-http",
    "url": "https://{tenant}.example.com/mcp",
    "variables": {"tenant": {"isRequired": True}},
    "headers": [
        {
            "name": "Authorization",
            "value": "Bearer {token}",
            "variables": {"token": {"isRequired": True, "isSecret": True}},
        },
        {"name": "X-Region", "default": "eu"},
    ],
}


def manifest(**parts: Any) -> dict[str, Any]:
    """Returns a whole file with `parts`."""
    return {"name": "io.github.example/maps", "description": "Maps.", "version": "1.2.3", **parts}
