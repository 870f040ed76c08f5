"""What is secret in how a server is reached is known, wherever it stands."""

from base64 import b64encode

import pytest
from mcp import StdioServerParameters

from metier.servers.target import HttpTarget, Target, redaction_for, secrets_in

PAIR = b64encode(b"ada:op3n-sesame").decode()


@pytest.mark.parametrize(
    ("target", "found"),
    [
        (StdioServerParameters(command="x", args=["--api-key", "k3y-one", "--city", "Pau"]), {"k3y-one"}),
        (StdioServerParameters(command="x", args=["--api-key=k3y-one", "token"]), {"k3y-one"}),
        (StdioServerParameters(command="x", env={"MAPS_KEY": "k3y-one", "LANG": "en"}), {"k3y-one"}),
        (StdioServerParameters(command="x", env={"DB": "pg://ada:op3n%2Fs@h/d"}), {"op3n%2Fs", "op3n/s"}),
        (HttpTarget("https://h/", {"Authorization": "Bearer t0ken"}), {"Bearer t0ken", "t0ken"}),
        (
            HttpTarget("https://h/", {"Authorization": f"Basic {PAIR}"}),
            {f"Basic {PAIR}", PAIR, "ada:op3n-sesame", "op3n-sesame"},
        ),
        (HttpTarget("https://h/?city=Pau&key=k3y-one", {"X-Trace": "1"}), {"k3y-one"}),
        ("https://ada:op3n@h/?key=k3y-one", {"op3n", "k3y-one"}),
        ("no address", set()),
    ],
)
def test_what_is_named_like_a_secret_is_found(target: Target, found: set[str]) -> None:
    assert set(secrets_in(target)) == found


def test_what_the_caller_knows_to_be_secret_is_hidden_too() -> None:
    target = HttpTarget("https://h/", {"Authorization": "Bearer t0ken"})
    assert redaction_for(target, ["0ther"]).text("t0ken 0ther Pau") == "[secret] [secret] Pau"
