"""Secrets that stand in a definition: found where they are, and replaced by references."""

import pytest

from metier.servers.catalog.secrecy.inlined import literal_secrets, take_secrets_out
from metier.servers.definition import Definition, Endpoint, Login, Program

SECRET = "s3cr3t-value-123"
GITHUB = "ghp_" + "a1" * 18


def program(*args: str, **env: str) -> Definition:
    return Definition("my-maps", Program("npx", args, env))


def web(url: str = "https://a/mcp", **headers: str) -> Definition:
    return Definition("my-maps", Endpoint(url, {name.replace("_", "-"): value for name, value in headers.items()}))


@pytest.mark.parametrize(
    ("definition", "references"),
    [
        (program(API_KEY=SECRET), {"API_KEY": SECRET}),
        (program("--api-key", SECRET), {"MY_MAPS_API_KEY": SECRET}),
        (program(f"--api-key={SECRET}"), {"MY_MAPS_API_KEY": SECRET}),
        (program("-e", f"MAPS_TOKEN={SECRET}"), {"MY_MAPS_MAPS_TOKEN": SECRET}),
        (program("--header", f"Authorization: Bearer {SECRET}"), {"MY_MAPS_AUTHORIZATION": SECRET}),
        (program(f"postgres://me:{SECRET}@db/x"), {"MY_MAPS_PASSWORD": SECRET}),
        (program(DATABASE_URL=f"postgres://me:{SECRET}@db/x"), {"DATABASE_URL_PASSWORD": SECRET}),
        (program(f"run {GITHUB}"), {"MY_MAPS_SECRET": GITHUB}),
        (program(NOTE=f"is {GITHUB}."), {"NOTE": GITHUB}),
        (web(Authorization=f"Bearer {SECRET}"), {"MY_MAPS_AUTHORIZATION": SECRET}),
        (web(X_API_Key=SECRET), {"MY_MAPS_X_API_KEY": SECRET}),
        (web(f"https://a/mcp?x=1&key={SECRET}&y=2"), {"MY_MAPS_KEY": SECRET}),
        (web(f"https://{SECRET}@a/mcp"), {"MY_MAPS_PASSWORD": SECRET}),
        (web("https://a/mcp?key=a"), {"MY_MAPS_KEY": "a"}),
    ],
)
def test_a_secret_is_found_and_becomes_a_reference(definition, references):
    cleaned = take_secrets_out(definition)
    assert cleaned.found == references
    assert literal_secrets(cleaned.definition) == ()
    assert all(value not in str(cleaned.definition) or len(value) == 1 for value in references.values())
    assert all(f"${{{name}}}" in str(cleaned.definition) for name in references)


@pytest.mark.parametrize(
    "definition",
    [
        program("--key", "/etc/ssl/server.pem", "--verbose", "-y", LANG="en", PATH_TO="/a"),
        program("--api-key", "${MAPS_KEY}", API_KEY="${keyring:MAPS}"),
        web("https://a/mcp?key=${KEY}", Authorization="Bearer ${TOKEN}"),
        web("https://a/mcp?monkey=1", Accept="text/html"),
        program("--url", "https://a/b?q=1"),
    ],
)
def test_what_is_no_secret_stays(definition):
    assert take_secrets_out(definition).definition == definition


def test_only_the_secret_of_a_text_is_replaced_where_its_letters_occur_again():
    cleaned = take_secrets_out(web("https://a.example/aaa?key=a&page=a")).definition
    assert cleaned.reach == Endpoint("https://a.example/aaa?key=${MY_MAPS_KEY}&page=a")


def test_what_the_definition_calls_secret_is_and_a_client_secret_too():
    login = Login("client_credentials", "me", SECRET)
    definition = Definition("x", Endpoint("https://a", {"X-Who": "Ann B"}, login), secrets=("X-Who",))
    cleaned = take_secrets_out(definition, keep="keyring")
    assert cleaned.found == {"X_X_WHO": "Ann B", "X_CLIENT_SECRET": SECRET}
    assert "${keyring:X_CLIENT_SECRET}" in str(cleaned.definition)


def test_two_servers_with_different_values_of_one_name_get_two_names():
    first = take_secrets_out(program(API_KEY="one-value"))
    second = take_secrets_out(Definition("b", Program("x", (), {"API_KEY": "other"})), taken=first.found)
    same = take_secrets_out(Definition("c", Program("x", (), {"API_KEY": "one-value"})), taken=first.found)
    assert (dict(second.found), dict(same.found)) == ({"B_API_KEY": "other"}, {"API_KEY": "one-value"})


def test_a_value_that_only_says_that_a_key_belongs_there_is_not_taken_for_one():
    cleaned = take_secrets_out(program(API_KEY="<YOUR_API_KEY>"))
    assert (cleaned.found, cleaned.notes) == ({}, ("my-maps: API_KEY has no value yet.",))
    assert cleaned.definition == program(API_KEY="${API_KEY}")
