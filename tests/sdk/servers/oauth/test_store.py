"""The file of tokens is whole at every moment, whoever writes it, and hostile content in it is only a lost login."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcp.shared.auth import OAuthToken

from metier.errors import StorageError
from metier.servers.oauth.store import Saved, TokenStore, read_file, take_turn, write_file

pytestmark = pytest.mark.timeout(60)

HAMMERING = Path(__file__).with_name("hammering.py")
WRITES = 20


def has_ended(writer: subprocess.Popen[bytes]) -> bool:
    try:
        writer.wait(0.005)
    except subprocess.TimeoutExpired:
        return False
    return True


def test_two_processes_that_write_at_once_lose_nothing_and_are_never_seen_half_way(tmp_path: Path) -> None:
    command = [sys.executable, str(HAMMERING), str(tmp_path)]
    writers = [subprocess.Popen([*command, mark, str(WRITES)]) for mark in ("a", "b")]
    seen = set()
    while any(not has_ended(writer) for writer in writers):
        path = tmp_path / "shared.json"
        if path.exists():
            tokens = Saved.model_validate_json(path.read_bytes()).tokens
            assert tokens is not None
            assert tokens.refresh_token == tokens.access_token[0] * 500
            seen.add(tokens.access_token)
    assert [writer.returncode for writer in writers] == [0, 0]
    last = read_file(tmp_path / "shared.json").tokens
    assert last is not None
    assert last.access_token.endswith(f" {2 * WRITES}")
    assert len(seen) > 1
    assert not list(tmp_path.glob("*.part"))


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_file_holds_it_is_a_login_or_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any.json"
    path.write_bytes(data)
    assert read_file(path).tokens is None


@given(
    st.builds(
        Saved,
        url=st.text(max_size=50),
        issuer=st.text(max_size=50),
        expires_at=st.none() | st.floats(allow_nan=False, allow_infinity=False),
        tokens=st.none()
        | st.builds(
            OAuthToken,
            access_token=st.text(max_size=50),
            token_type=st.just("Bearer"),
            expires_in=st.none() | st.integers(0, 10**9),
            scope=st.none() | st.text(max_size=20),
            refresh_token=st.none() | st.text(max_size=50),
        ),
        client=st.none(),
        server=st.none(),
        resource=st.none(),
    )
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_is_read_again(tmp_path: Path, saved: Saved) -> None:
    write_file(tmp_path / "any.json", saved)
    assert read_file(tmp_path / "any.json") == saved


def test_a_folder_that_others_could_read_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "tokens"
    folder.mkdir(mode=0o755)
    write_file(folder / "any.json", Saved(url="https://example.org"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "any.json").stat().st_mode) == 0o600


def test_a_turn_ends_with_whoever_had_it(tmp_path: Path) -> None:
    path = TokenStore("any", "https://example.org", folder=tmp_path).path
    first = take_turn(path)
    assert first is not None
    assert take_turn(path) is None
    first.close()
    second = take_turn(path)
    assert second is not None
    second.close()


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "tokens").write_text("a file")
    with pytest.raises(StorageError, match="tokens"):
        write_file(tmp_path / "tokens" / "any.json", Saved())
    with pytest.raises(StorageError, match="tokens"):
        take_turn(tmp_path / "tokens" / "any.json")
