"""What a `Login` says of the OAuth client: what to register, or what was registered by hand. Pure."""

from mcp.client.auth.utils import is_valid_client_metadata_url
from mcp.shared.auth import OAuthClientInformationFull, OAuthClientMetadata
from pydantic import AnyUrl

from metier.servers.definition import Login

_REDIRECT = AnyUrl("http://127.0.0.1/callback")  # stands in until a login listens on a port of its own


def metadata_of(login: Login) -> OAuthClientMetadata:
    """Returns what a client of this login registers with."""
    by_program = login.grant == "client_credentials"
    return OAuthClientMetadata(
        client_name="metier",
        redirect_uris=None if by_program else [_REDIRECT],
        grant_types=["client_credentials"] if by_program else ["authorization_code", "refresh_token"],
        scope=" ".join(login.scopes) or None,
    )


def document_of(login: Login) -> str | None:
    """Returns the address of a client metadata document, when that is what the client id is."""
    return login.client_id if is_valid_client_metadata_url(login.client_id) else None


def client_of(login: Login) -> OAuthClientInformationFull | None:
    """Returns the client that was registered by hand, or None when there is none."""
    if not login.client_id or document_of(login) is not None:
        return None
    return OAuthClientInformationFull(client_id=login.client_id, client_secret=login.client_secret or None)
