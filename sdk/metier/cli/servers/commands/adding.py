"""`metier mcp add`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from metier.cli.boundary import FAILED, complain
from metier.cli.context import count, open_console
from metier.cli.servers.desk import Desk, open_desk, reach, visit
from metier.cli.servers.drafting import Wanted, draft, read_pairs, refine
from metier.cli.servers.keeping import Plan, plan_secrets
from metier.cli.servers.report import how_reached, say, short_path
from metier.cli.servers.review import review
from metier.errors import InputError, MetierError
from metier.servers.catalog import Entry
from metier.servers.catalog.files.documents import read_file
from metier.servers.catalog.formats.manifest import read_manifest
from metier.servers.catalog.formats.registry import describe_server
from metier.servers.definition import Definition, Scope

app = typer.Typer(add_completion=False)

Texts = list[str] | None


@app.command()
def add(  # noqa: PLR0913 - a command has a parameter for each option
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What to call the server.")],
    command: Annotated[
        Texts, typer.Argument(help="After --, the command that starts it.", metavar="-- COMMAND")
    ] = None,
    url: Annotated[str, typer.Option(help="Its address, for a server over HTTP.")] = "",
    server_json: Annotated[Path | None, typer.Option(help="A registry's server.json that describes it.")] = None,
    package: Annotated[int | None, typer.Option(help="Which package of the server.json, from 0.")] = None,
    remote: Annotated[int | None, typer.Option(help="Which remote of the server.json, from 0.")] = None,
    env: Annotated[Texts, typer.Option(help="A variable for it, NAME=VALUE. Repeatable.")] = None,
    header: Annotated[Texts, typer.Option(help="A header for it, NAME=VALUE. Repeatable.")] = None,
    secret: Annotated[Texts, typer.Option(help="A variable or header that is asked for, NAME. Repeatable.")] = None,
    login: Annotated[str, typer.Option(help="Log in by OAuth: browser, or client-credentials.")] = "",
    client_id: Annotated[str, typer.Option(help="The id of a client that is known to the login.")] = "",
    login_scope: Annotated[Texts, typer.Option(help="What to ask the login for. Repeatable.")] = None,
    setting: Annotated[
        Texts, typer.Option("--set", help="NAME=VALUE, or TOOL.NAME=VALUE: timeout_s=20. Repeatable.")
    ] = None,
    allow: Annotated[Texts, typer.Option(help="Only these tools, * and ? allowed. Repeatable.")] = None,
    deny: Annotated[Texts, typer.Option(help="Never these tools. Repeatable.")] = None,
    cautious: Annotated[bool, typer.Option("--cautious", help="Ask before every call that may write.")] = False,
    insecure: Annotated[bool, typer.Option("--insecure", help="Allow http to another machine.")] = False,
    scope: Annotated[str, typer.Option(help="Whose it is: user, or project.")] = "user",
    replace: Annotated[bool, typer.Option("--replace", help="Replace one of that name.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Approve its tools unless a warning is serious.")] = False,
    accept: Annotated[bool, typer.Option("--accept-warnings", help="With --yes: approve all the same.")] = False,
) -> None:
    """Register a server, connect to it, and look at its tools.

    Exit 0: its tools are approved and can be used. Exit 1: it is registered, but could not be reached, or its tools
    are not approved yet. Exit 2: nothing was registered.
    """
    wanted = _wanted(context.params)
    desk, owner = open_desk(), read_scope(scope)
    if server_json is not None:
        definition, given = _described(wanted, server_json, package, remote)
    else:
        definition, given = draft(wanted), {}
    plan = plan_secrets(definition, owner, given=given)
    entry = desk.catalog.add(plan.definition, owner, replace=replace)
    plan.store()
    tell_registered(entry, plan)
    if not _approved(desk, entry.definition, plan, yes=yes, accept=accept):
        raise typer.Exit(FAILED)


def _wanted(given: Mapping[str, Any]) -> Wanted:
    """Returns what was said about the server, from the options of the command."""
    many = ("command", "env", "header", "secret", "login_scope", "setting", "allow", "deny")
    command, env, headers, secrets, scopes, settings, allow, deny = (tuple(given[name] or ()) for name in many)
    return Wanted(
        given["name"],
        command=command,
        url=given["url"],
        env=env,
        headers=headers,
        secrets=secrets,
        login=given["login"],
        client_id=given["client_id"],
        login_scopes=scopes,
        settings=settings,
        allow=allow,
        deny=deny,
        cautious=given["cautious"],
        insecure=given["insecure"],
    )


def read_scope(text: str) -> Scope:
    """Returns whose a server is; raises InputError for anything else."""
    match text:
        case "user" | "project":
            return text
    raise InputError(f"There is no scope {text!r}.", hint="Use user, or project.")


def tell_registered(entry: Entry, plan: Plan) -> None:
    """Prints where a server was registered, where its secrets went, and which variables the user has to set."""
    console = open_console()
    name = entry.definition.name
    say(console, f"Registered {name} in {short_path(entry.path)}: {how_reached(entry.definition)}")
    if plan.stored:
        say(console, f"In the keyring: {', '.join(sorted(plan.stored))}.")
    for variable in plan.exported:
        say(console, f"Set this before you use it: export {variable}=...")


def _approved(desk: Desk, definition: Definition, plan: Plan, *, yes: bool, accept: bool) -> bool:
    """Returns whether the new server was reached and its tools approved; prints what to do next."""
    name = definition.name
    try:
        seen = visit(reach(desk, definition, environ=plan.environ))
    except MetierError as error:
        complain(f"{name} is registered, but was not reached: {error} Then: metier mcp approve {name}")
        return False
    console = open_console()
    say(console, f"It has {count(len(seen.specs), 'tool')} (MCP {seen.protocol}, {seen.elapsed_s:.1f} s).\n")
    if not review(desk, definition, seen.specs, yes=yes, accept=accept):
        return False
    say(console, f"Next: metier mcp call {name} TOOL name=value, or metier run --server {name} TOOLKIT REQUEST")
    return True


def _described(
    wanted: Wanted, path: Path, package: int | None, remote: int | None
) -> tuple[Definition, dict[str, str]]:
    """Returns the definition from a server.json, and the secrets that were given for it by name of reference."""
    if wanted.command or wanted.url or wanted.login:
        raise InputError(
            "A server.json says how the server is reached.", hint="Leave out the command, --url and --login."
        )
    data = read_file(path)
    if data is None:
        raise InputError(f"There is no file {path}.", hint="Give the path of a server.json.")
    values: dict[str, str | Sequence[str]] = {
        **read_pairs(wanted.env, "--env"),
        **read_pairs(wanted.headers, "--header"),
    }
    found = describe_server(read_manifest(data, str(path)), values, name=wanted.name, package=package, remote=remote)
    for note in found.notes:
        say(open_console(), note)
    return refine(found.definition, wanted), dict(found.secrets_found)
