"""What this toolkit can use from outside, and whether it is there."""

import os

from metier.toolkit import Need, Settings
from metier_research.live import PROVIDERS
from metier_research.options import read_options
from metier_research.sandbox.isolation import AUTO, INSTALL, WEAK, available
from metier_research.wiki.collections import list_wikis


def list_needs(settings: Settings) -> tuple[Need, ...]:
    """Returns something to read, which is required, and what is optional: the web, keys, a sandbox, an extractor."""
    options = read_options(settings.options)
    wikis = tuple(wiki.name for wiki in list_wikis(settings.data))
    keyed = tuple(provider.name for provider in PROVIDERS if _has_key(provider.secrets, settings))
    return (
        Need(
            name=f"pages to read ({', '.join(wikis[:8])})" if wikis else "pages to read",
            kind="data",
            present=bool(wikis),
            required=True,
            fix="metier research sample, or metier research add DUMP",
        ),
        Need(
            name=f"search providers with a key ({', '.join(keyed)})" if keyed else "a search provider with a key",
            kind="key",
            present=bool(keyed),
            required=False,
            fix="name one in metier.toml, [toolkits.research] providers, and set its key; pages need --set web=on",
        ),
        _sandbox(options.isolation),
        Need(
            name="a model that reads pages for a goal",
            kind="program",
            present=bool(options.extractor),
            required=False,
            fix="--set extractor=http://host:port/v1?model=NAME; without it passages are chosen by their words",
        ),
    )


def _sandbox(wanted: str) -> Need:
    found = available()
    there = [standing.strength for standing in found.standings if not standing.missing]
    in_force = found.strongest if wanted == AUTO else wanted
    return Need(
        name=f"a sandbox for programs ({in_force})" if in_force else "a sandbox for programs",
        kind="program",
        present=in_force in (*there, *WEAK),
        required=False,
        fix=INSTALL,
    )


def _has_key(names: tuple[str, ...], settings: Settings) -> bool:
    return any(settings.options.get(name) or os.environ.get(name) for name in names)
