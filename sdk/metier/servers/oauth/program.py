"""Logging in as a program: with a client id and a secret of its own (client credentials), nobody is asked."""

import httpx2

from metier.errors import InputError
from metier.servers.definition import Login
from metier.servers.oauth.account import Account
from metier.servers.oauth.store import TokenStore


class Program(Account):
    """The login of a program. Its secret is only ever sent to the authorization server where it was used first.

    The SDK's own provider of this kind wants that server named beforehand, or follows whatever the tool server names.
    """

    def __init__(self, name: str, store: TokenStore, login: Login) -> None:
        if not (login.client_id and login.client_secret):
            raise InputError(
                f"The login of {name!r} as a program needs a client id and a client secret.",
                hint="Register a client with whoever runs the server.",
            )
        super().__init__(name, store, login)

    async def _authorize(self) -> httpx2.Request:
        context = self.context
        form = {"grant_type": "client_credentials"}
        form, headers = context.prepare_token_auth(form, {"Content-Type": "application/x-www-form-urlencoded"})
        if context.should_include_resource_param(context.protocol_version):
            form["resource"] = context.get_resource_url()
        if context.client_metadata.scope:
            form["scope"] = context.client_metadata.scope
        return httpx2.Request("POST", self._get_token_endpoint(), data=form, headers=headers)
