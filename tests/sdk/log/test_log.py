"""Logs are one stream, say which run they are of, and never show a secret."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from metier.errors import InputError
from metier.log import bind_run, configure_logging, hide_secrets


@pytest.fixture(autouse=True)
def restore() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def logged(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_level_time_and_name() -> None:
    stream = io.StringIO()
    configure_logging("info:json", stream=stream)
    structlog.get_logger("metier.test").info("planned", days=4)
    (line,) = logged(stream)
    assert (line["event"], line["days"], line["level"], line["logger"]) == ("planned", 4, "info", "metier.test")
    assert line["timestamp"].endswith("Z")


def test_libraries_that_use_the_standard_logging_come_out_the_same_way() -> None:
    stream = io.StringIO()
    configure_logging("warning:json", stream=stream)
    logging.getLogger("stranger").info("not shown")
    logging.getLogger("stranger").warning("slow: %s s", 3)
    assert [line["event"] for line in logged(stream)] == ["slow: 3 s"]


def test_setting_it_up_twice_writes_each_line_once() -> None:
    first, second = io.StringIO(), io.StringIO()
    configure_logging("info:json", stream=first)
    configure_logging("info:json", stream=second)
    structlog.get_logger().warning("once")
    assert (len(logged(first)), len(logged(second))) == (0, 1)


def test_every_line_of_a_run_says_so_even_from_its_tasks() -> None:
    stream = io.StringIO()
    configure_logging("info:json", stream=stream)

    async def work(name: str) -> None:
        structlog.get_logger().info(name)

    async def both() -> None:
        with bind_run("r-1"):
            one = asyncio.create_task(work("inside"))
        await one
        await work("outside")

    asyncio.run(both())
    assert [(line["event"], line.get("run")) for line in logged(stream)] == [("inside", "r-1"), ("outside", None)]


@pytest.mark.parametrize(
    "event",
    [
        {"api_key": "s3cr3t!"},
        {"event": "GET https://maps.example/geo?key=s3cr3t!&q=x"},
        {"event": "https://user:s3cr3t!@host/"},
        {"headers": {"Authorization": "Bearer s3cr3t!"}},
        {"event": "Authorization: Bearer s3cr3t!"},
        {"event": "AMAP_MAPS_API_KEY=s3cr3t! npx"},
        {"env": [{"OPENAI_API_KEY": "s3cr3t!"}]},
        {"event": '{"token": "s3cr3t!"}'},
        {"error": ValueError("password=s3cr3t!")},
    ],
)
def test_a_secret_is_never_written(event: dict[str, Any]) -> None:
    assert "s3cr3t" not in json.dumps(hide_secrets(None, "info", event))


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_secret_in_a_traceback_is_not_written_either(form: str) -> None:
    stream = io.StringIO()
    configure_logging(f"info:{form}", stream=stream)
    try:
        int("token=s3cr3t!")
    except ValueError:
        logging.getLogger("x").exception("failed")
    assert "ValueError" in stream.getvalue()
    assert "s3cr3t" not in stream.getvalue()


@given(st.dictionaries(st.sampled_from(["event", "days", "monkey", "keys"]), st.integers() | st.text("abc :=?&")))
def test_what_is_no_secret_is_left_as_it_is(event: dict[str, Any]) -> None:
    assert hide_secrets(None, "info", event) == event


@pytest.mark.parametrize("setting", ["loud", "info:xml", "1"])
def test_a_setting_that_means_nothing_is_one_line(setting: str) -> None:
    with pytest.raises(InputError, match="METIER_LOG"):
        configure_logging(setting, stream=io.StringIO())


def test_on_a_console_a_line_is_for_reading(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info:console")
    structlog.get_logger().info("planned", days=4)
    assert "planned" in capsys.readouterr().err
