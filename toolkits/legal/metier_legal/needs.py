"""What this toolkit can use from outside, and whether it is there."""

from importlib.util import find_spec

from metier.errors import MissingError
from metier.toolkit import Need, Settings
from metier_legal.corpus.store import open_corpus


def list_needs(settings: Settings) -> tuple[Need, ...]:
    """Returns law, which is required, and what is optional: a judge and embeddings."""
    there = _jurisdictions(settings)
    return (
        Need(
            name=f"law ({', '.join(there[:8])})" if there else "law",
            kind="data",
            present=bool(there),
            required=True,
            fix="metier legal add PATH, or metier legal sample",
        ),
        Need(
            name="a judge of support",
            kind="program",
            present=bool(settings.options.get("judge")),
            required=False,
            fix="--set judge=http://host:port/v1|MODEL; without it support is judged by words alone",
        ),
        Need(
            name="embeddings",
            kind="package",
            present=bool(settings.options.get("embeddings")) and find_spec("numpy") is not None,
            required=False,
            fix="pip install 'metier-legal[embeddings]' and --set embeddings=http://host:port/v1|MODEL",
        ),
    )


def _jurisdictions(settings: Settings) -> tuple[str, ...]:
    try:
        return open_corpus(settings).jurisdictions()
    except MissingError:
        return ()
