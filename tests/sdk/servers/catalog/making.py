"""Strategies for definitions of servers, and a keyring in memory."""

from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from metier.servers.definition import Definition, Endpoint, Login, Program

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
# Arguments as people write them: flags, shell syntax, references, other scripts.
texts = words | st.sampled_from(
    ["-y", "--root=/tmp/a b", "${HOME:-x}", "$(touch x)", "`id`", "; ls", "\n", "#", '"', "'''", "日本"]
)
names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True).filter(
    lambda name: name.lower() not in ("local", "results")
)
variables = st.from_regex(r"[A-Z][A-Z_]{0,8}", fullmatch=True)
headers = st.from_regex(r"X-[A-Za-z-]{1,8}", fullmatch=True)
plain = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=12)
programs = st.builds(
    Program,
    command=st.sampled_from(["npx", "uvx", "/usr/bin/my server", "${HOME}/bin/server"]),
    args=st.lists(texts, max_size=4).map(tuple),
    env=st.dictionaries(variables, texts, max_size=3),
    cwd=st.sampled_from(["", "/tmp", "${HOME}"]),
)
logins = st.builds(
    Login,
    grant=st.sampled_from(["authorization_code", "client_credentials"]),
    client_id=words,
    scopes=st.lists(words, max_size=2).map(tuple),
)
endpoints = st.builds(
    Endpoint,
    url=st.sampled_from(["https://example.com/mcp", "https://${HOST}/mcp?a=1", "http://127.0.0.1:9/mcp"]),
    headers=st.dictionaries(headers, plain, max_size=3),
    login=st.none() | logins,
    insecure=st.booleans(),
)
policies = st.fixed_dictionaries(
    {},
    optional={
        "ttl_s": st.floats(0, 1e6),
        "cacheable": st.none() | st.booleans(),
        "store": st.booleans(),
        "vary": st.none() | st.dictionaries(words, words, max_size=2),
        "rate_per_s": st.none() | st.floats(0.1, 100),
        "concurrency": st.none() | st.integers(1, 50),
        "limit_key": words | st.just("none"),
        "attempts": st.integers(1, 5),
        "cap_tokens": st.none() | st.integers(1, 10**6),
    },
)
definitions = st.builds(
    Definition,
    name=names,
    reach=programs | endpoints,
    title=words,
    description=words,
    secrets=st.lists(variables, max_size=2, unique=True).map(tuple),
    enabled=st.booleans(),
    cautious=st.booleans(),
    allow=st.lists(words, max_size=2).map(tuple),
    deny=st.lists(words, max_size=2).map(tuple),
    era=st.sampled_from(["auto", "legacy", "2026-07-28"]),
    policy=policies,
    tools=st.dictionaries(words, policies, max_size=2),
)


class MemoryKeyring(KeyringBackend):
    """A keyring that forgets when the process ends."""

    priority = 9

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("no such entry")
