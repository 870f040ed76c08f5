"""Deep research whose every claim is held against what was read, as a toolkit of metier."""

import re
import unicodedata

from metier.answer import Answer
from metier.late import late
from metier.toolkit import Settings, Toolkit
from metier_research.checks import CHECKS
from metier_research.commands import commands
from metier_research.drafting import draft
from metier_research.instructions import INSTRUCTIONS
from metier_research.live import PROVIDERS
from metier_research.rendering import RENDERERS, show
from metier_research.report import Report

__all__ = ["toolkit"]

SAMPLE_REQUEST = "What is the population of the town where the company that built the Star of Mévörna is based?"

_install = late("metier_research.world.sample", "install_sample")
_LONGEST = 50  # characters of a folder's name


def _install_world(settings: Settings, seed: int) -> None:
    """Installs the wiki of the fictional country of a seed."""
    _install(settings, seed=seed)


def _name_folder(answer: Answer) -> str:
    """Returns the name of the folder for a report: the words of what it is about, in plain letters."""
    title = answer.title if isinstance(answer, Report) else ""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    name = "-".join(("report", *re.findall(r"[a-z0-9]+", plain)))
    return name if len(name) <= _LONGEST else name[: _LONGEST + 1].rpartition("-")[0]


toolkit = Toolkit(
    name="research",
    summary="Questions researched on wikis and the web; every claim held against what was read.",
    instructions=INSTRUCTIONS,
    server=late("metier_research.server", "make_server"),
    answer=Report,
    checks=CHECKS,
    playbook=late("metier_research.playbook", "play"),
    tasks=late("metier_research.world.tasks", "make_tasks"),
    renderers=RENDERERS,
    show=show,
    folder=_name_folder,
    commands=commands,
    needs=late("metier_research.needs", "list_needs"),
    sample=SAMPLE_REQUEST,
    world=_install_world,
    providers=PROVIDERS,
    draft=draft,
)
