"""The options of this toolkit, as `--set name=value` gives them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from metier.errors import InputError
from metier_research.pages.tools import HITS, read_hits
from metier_research.sandbox.isolation import AUTO, REAL, WEAK
from metier_research.web.browser.command import OFF, UNSANDBOXED

_ON, _OFF = ("on", "yes", "true", "1"), ("off", "no", "false", "0")


@dataclass(frozen=True, slots=True)
class Options:
    """What the user allows and wants.

    `web` allows http and https at all. `files` are the folders below which files may be read. `isolation` is that of
    programs; `extractor` the address of a model that reads pages for a goal, empty for none. `agent` says whom a site
    may write to. `private` are hosts with their port that may be visited although they are on a private network.
    `chromium` renders pages whose text scripts make: a path, `auto` or `off`; `sandboxed` leaves it its own sandbox.
    """

    web: bool = False
    seed_names: bool = False
    files: tuple[Path, ...] = ()
    isolation: str = AUTO
    extractor: str = ""
    hits: int = HITS
    agent: str = ""
    private: frozenset[str] = frozenset()
    chromium: str = OFF
    sandboxed: bool = True


def read_options(given: Mapping[str, str]) -> Options:
    """Returns the options of this toolkit among those given; raises InputError for a value that says nothing."""
    chromium, sandboxed = _chromium(given)
    return Options(
        web=_switch(given, "web"),
        seed_names=_word(given, "names", ("plain", "seed")) == "seed",
        files=tuple(Path(name.strip()).expanduser() for name in given.get("files", "").split(",") if name.strip()),
        isolation=_word(given, "isolation", (AUTO, *REAL, *WEAK)),
        extractor=given.get("extractor", "").strip(),
        hits=read_hits(given),
        agent=given.get("agent", "").strip(),
        private=frozenset(host.strip().lower() for host in given.get("private", "").split(",") if host.strip()),
        chromium=chromium,
        sandboxed=sandboxed,
    )


def _chromium(given: Mapping[str, str]) -> tuple[str, bool]:
    """Returns which Chromium renders pages, and whether it keeps its sandbox: `PATH,unsandboxed` gives that up."""
    chosen, comma, word = (given.get("chromium", "").strip() or OFF).partition(",")
    if comma and word.strip() != UNSANDBOXED:
        raise InputError(
            f"chromium=...,{word[:40]} says nothing.", hint=f"One of: off, auto, PATH, PATH,{UNSANDBOXED}."
        )
    return chosen.strip() or OFF, not comma


def _word(given: Mapping[str, str], name: str, words: tuple[str, ...]) -> str:
    word = given.get(name, "").strip() or words[0]
    if word not in words:
        raise InputError(f"{name}={word[:40]} says nothing.", hint=f"One of: {', '.join(words)}.")
    return word


def _switch(given: Mapping[str, str], name: str) -> bool:
    word = given.get(name, "").strip().lower() or "off"
    if word not in (*_ON, *_OFF):
        raise InputError(f"{name}={word[:40]} says nothing.", hint="One of: on, off.")
    return word in _ON
