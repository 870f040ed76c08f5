"""Ending a login: the authorization server is told to forget its tokens (RFC 7009), and the file goes."""

from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

import httpx2
from mcp.shared.auth import OAuthClientInformationFull

from metier.home import storage_error
from metier.servers.definition import Login
from metier.servers.oauth.client import client_of
from metier.servers.oauth.safety import may_send
from metier.servers.oauth.store import Saved, blocking_turn, read_file, token_file

WAIT_S = 10.0


def forget(name: str, folder: Path, login: Login | None = None) -> bool:
    """Ends the login to the server `name`: its tokens are revoked where its server says how, and removed from here.

    A client that was registered by hand revokes with its own credentials, which `login` holds. Returns whether the
    server said that the tokens are revoked. Raises InputError for a name that could lead elsewhere, and StorageError
    when the file cannot be removed.
    """
    path = token_file(name, folder)
    if not path.exists():
        return False
    with blocking_turn(path):
        revoked = _revoke(read_file(path), client_of(login) if login is not None else None)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise storage_error(path.parent, error) from error
    return revoked


def _revoke(saved: Saved, given: OAuthClientInformationFull | None) -> bool:
    client = given or saved.client
    endpoint = str(saved.server.revocation_endpoint or "") if saved.server is not None else ""
    if saved.tokens is None or client is None or not may_send(endpoint, server=saved.url):
        return False
    tokens = {"refresh_token": saved.tokens.refresh_token, "access_token": saved.tokens.access_token}
    try:
        with httpx2.Client(timeout=WAIT_S) as http:
            answers = [
                http.post(endpoint, data=_form(client, kind, token), headers=_headers(client))
                for kind, token in tokens.items()
                if token
            ]
    except httpx2.HTTPError:
        return False  # the server cannot be reached: the tokens end by themselves, and here they are gone
    return all(answer.is_success for answer in answers)


def _form(client: OAuthClientInformationFull, kind: str, token: str) -> dict[str, str]:
    form = {"token": token, "token_type_hint": kind, "client_id": client.client_id}
    if client.token_endpoint_auth_method != "client_secret_basic":
        form["client_secret"] = client.client_secret or ""  # RFC 6749, 2.3.1: a public client's secret is empty
    return form


def _headers(client: OAuthClientInformationFull) -> dict[str, str]:
    if client.token_endpoint_auth_method != "client_secret_basic":
        return {}
    pair = f"{quote(client.client_id, safe='')}:{quote(client.client_secret or '', safe='')}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
