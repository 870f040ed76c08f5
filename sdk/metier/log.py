"""Logging, set up once: structlog to standard error, as JSON lines or for a console, without secrets.

METIER_LOG is a level (debug, info, warning, error, critical), and may name a form after a colon: `info:json`,
`debug:console`. By default warnings are shown, for a console where standard error is a terminal and as JSON elsewhere.
No prompt and no document text is logged at info level.
"""

import logging
import os
import re
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import AbstractContextManager
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from metier.errors import InputError

__all__ = ["bind_run", "configure_logging", "hide_secrets", "names_secret"]

LEVELS = ("debug", "info", "warning", "error", "critical")
FORMS = ("console", "json")
MASK = "[secret]"
_WORDS = r"api[_-]?key|key|token|secret|passw(?:or)?d|authorization|cookie|credentials?"
_NAME = re.compile(rf"(?:^|[_-])(?:{_WORDS})$", re.IGNORECASE)
_IN_TEXT = re.compile(
    rf"\b((?:[\w-]*[_-])?(?:{_WORDS})[\"']?\s*[=:]\s*[\"']?)(?:Bearer\s+)?[^\s&\"',;)}}]+", re.IGNORECASE
)
_LOGIN = re.compile(r"(\w+://)[^/@\s]+@")


class _Output(logging.StreamHandler[TextIO]):
    """The one handler that metier gives the root logger."""


def configure_logging(setting: str | None = None, *, stream: TextIO | None = None) -> None:
    """Sends all logs of the process to `stream` (standard error), at the level and in the form of `setting`.

    `setting` is METIER_LOG when None. May be called again. Raises InputError for a setting that means nothing.
    """
    out = sys.stderr if stream is None else stream
    level, form = _read(os.environ.get("METIER_LOG", "") if setting is None else setting, is_terminal=out.isatty())
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = _Output(out)
    handler.setFormatter(_formatter(form, colors=out.isatty()))
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one, _Output)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())


def bind_run(run: str) -> AbstractContextManager[None]:
    """Returns a context in which every log line, of any task started inside, bears the id of the run."""
    return structlog.contextvars.bound_contextvars(run=run)


def hide_secrets(logger: WrappedLogger, method: str, event: EventDict) -> MutableMapping[str, Any]:
    """Returns the event with values masked that stand under, or in text after, the name of a secret."""
    return {name: _hide(name, value) for name, value in event.items()}


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
    ]


def _formatter(form: str, *, colors: bool) -> logging.Formatter:
    render: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if form == "console":
        render = structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)
    tidy = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    finish: list[Processor] = [tidy, structlog.processors.format_exc_info, hide_secrets, render]
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=_shared(), processors=finish)


def _hide(name: str, value: object) -> object:
    if names_secret(name) and value is not None:
        return MASK
    match value:
        case str():
            return _LOGIN.sub(rf"\1{MASK}@", _IN_TEXT.sub(rf"\1{MASK}", value))
        case Mapping():
            return {key: _hide(str(key), item) for key, item in value.items()}
        case list() | tuple():
            return [_hide("", item) for item in value]
        case BaseException():
            return _hide("", repr(value))
        case _:
            return value


def names_secret(name: str) -> bool:
    """Returns whether `name`, of a field or an environment variable, is one that secrets bear."""
    return _NAME.search(name) is not None


def _read(setting: str, *, is_terminal: bool) -> tuple[str, str]:
    level, _, form = (part.strip().lower() for part in setting.partition(":"))
    level, form = level or "warning", form or ("console" if is_terminal else "json")
    if level not in LEVELS or form not in FORMS:
        raise InputError(
            f"METIER_LOG={setting!r} means nothing.", hint=f"Use one of {', '.join(LEVELS)}, then :console or :json."
        )
    return level, form
