"""The catalog: two files, one over the other; trust in a project's; changes that lose nothing."""

import json
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from metier.errors import InputError, MissingError, StorageError
from metier.servers.catalog import Catalog
from metier.servers.definition import Definition, Endpoint, Order, Program

AMAP = Definition("amap", Program("npx", ("-y", "amap"), {"AMAP_KEY": "${AMAP_KEY}"}), policy={"quota_per_day": 100})
WEB = Definition("web", Endpoint("https://example.com/mcp"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    return folder


def write(project: Path, text: str, name: str = "metier.toml") -> Path:
    (project / name).write_text(text, "utf-8")
    return project / name


def test_a_server_is_added_found_switched_off_and_removed(home, project):
    catalog = Catalog.open(home, project)
    assert catalog.entries() == ()
    entry = catalog.add(AMAP)
    assert (entry.definition, entry.path, entry.scope, entry.trusted) == (AMAP, home / "metier.toml", "user", True)
    assert Catalog.open(home, project).find("amap") == entry
    assert not catalog.enable("amap", False).definition.enabled
    assert catalog.enable("amap").definition == AMAP
    catalog.remove("amap")
    assert Catalog.open(home, project).entries() == ()


def test_comments_and_order_of_the_file_are_kept(home, project):
    home.mkdir()
    text = "# mine\n[servers.b] # bee\ncommand = 'x'\n\n# last\n[servers.a]\ncommand = 'y'\n"
    (home / "metier.toml").write_text(text)
    Catalog.open(home, project).add(AMAP)
    written = (home / "metier.toml").read_text()
    assert written.startswith(text)
    Catalog.open(home, project).remove("amap")
    assert (home / "metier.toml").read_text().rstrip() == text.rstrip()


def test_a_server_that_is_not_registered_is_named_with_those_like_it(home, project):
    catalog = Catalog.open(home, project)
    with pytest.raises(MissingError, match="metier mcp add"):
        catalog.find("amap")
    catalog.add(AMAP)
    for act in (catalog.find, catalog.remove, catalog.enable):
        with pytest.raises(MissingError, match="Did you mean amap"):
            act("amaps")


@pytest.mark.parametrize("name", ["local", "Results", "", "a b", "../a", ".a", "a" * 61, "ä", "a/b", "a\n"])
def test_a_name_that_could_lead_elsewhere_is_refused(home, project, name):
    with pytest.raises(InputError):
        Catalog.open(home, project).add(Definition(name, AMAP.reach))
    assert not (home / "metier.toml").exists()


def test_a_name_that_is_taken_is_refused_unless_it_is_to_be_replaced(home, project):
    catalog = Catalog.open(home, project)
    catalog.add(AMAP)
    for name in ("amap", "AMAP"):
        with pytest.raises(InputError, match="registered already"):
            catalog.add(Definition(name, WEB.reach))
    assert catalog.add(Definition("amap", WEB.reach), replace=True).definition.reach == WEB.reach


def test_a_secret_is_never_written(home, project):
    catalog = Catalog.open(home, project)
    for reach in (Program("x", (), {"API_KEY": "s3cret"}), Endpoint("https://a/?key=s3cret")):
        with pytest.raises(InputError, match="secrets are not written to files"):
            catalog.add(Definition("a", reach))
    assert not (home / "metier.toml").exists()


# Projects


def test_a_projects_file_is_not_trusted_until_the_user_says_so_and_asks_again_when_it_changes(home, project):
    path = write(project, "[servers.a]\ncommand = 'x'\n[toolkits.maps]\nproviders = ['a']\n")
    catalog = Catalog.open(home, project / "sub")
    assert [(entry.definition.name, entry.trusted) for entry in catalog.entries()] == [("a", False)]
    assert catalog.untrusted() == (path,)
    for act in (lambda: catalog.find("a"), lambda: catalog.order("maps")):
        with pytest.raises(InputError, match="metier mcp trust"):
            act()
    assert [entry.trusted for entry in catalog.trust()] == [True]
    again = Catalog.open(home, project)
    assert again.find("a").definition.reach == Program("x", cwd=str(project))
    assert again.order("maps") == Order(("a",))
    record = home / "servers" / "trusted.json"
    assert stat.S_IMODE(record.stat().st_mode) == 0o600
    write(project, "# only a comment\n[servers.a]\ncommand = 'x'\n[toolkits.maps]\nproviders = ['a']\n")
    assert Catalog.open(home, project).find("a").trusted
    write(project, "[servers.a]\ncommand = 'evil'\n")
    with pytest.raises(InputError, match="not trusted as it is now"):
        Catalog.open(home, project).find("a")


def test_what_is_trusted_is_what_was_shown_and_not_what_came_after(home, project):
    write(project, "[servers.a]\ncommand = 'x'\n")
    shown = Catalog.open(home, project)
    write(project, "[servers.a]\ncommand = 'evil'\n")
    shown.trust()
    assert not Catalog.open(home, project).entries()[0].trusted


def test_trust_is_for_one_place(home, project, tmp_path):
    write(project, "[servers.a]\ncommand = 'x'\n")
    Catalog.open(home, project).trust()
    other = tmp_path / "other"
    other.mkdir()
    write(other, "[servers.a]\ncommand = 'x'\n")
    assert not Catalog.open(home, other).entries()[0].trusted
    with pytest.raises(InputError, match="is no file of this project"):
        Catalog.open(home, other).trust(project / "metier.toml")


def test_a_projects_server_stands_over_the_users_and_is_not_replaced_by_it_unasked(home, project):
    Catalog.open(home, project).add(AMAP)
    write(project, "[servers.amap]\ncommand = 'x'\n")
    with pytest.raises(InputError, match="metier mcp trust"):
        Catalog.open(home, project).find("amap")
    catalog = Catalog.open(home, project)
    catalog.trust()
    assert catalog.find("amap").scope == "project"
    catalog.remove("amap")
    assert catalog.find("amap").scope == "user"


def test_what_the_user_adds_to_a_project_is_trusted_and_what_others_wrote_there_is_not(home, project):
    catalog = Catalog.open(home, project)
    assert catalog.add(AMAP, "project").trusted
    assert catalog.add(WEB, "project").trusted
    assert Catalog.open(home, project).find("web").scope == "project"
    write(project, "[servers.theirs]\ncommand = 'x'\n")
    assert not Catalog.open(home, project).add(WEB, "project").trusted


def test_a_project_may_not_read_the_keyring_even_when_it_is_trusted(home, project):
    write(project, "[servers.a]\ncommand = 'x'\nenv = {A = '${keyring:GITHUB}'}\n")
    catalog = Catalog.open(home, project)
    catalog.trust()
    with pytest.raises(InputError, match="reads 'GITHUB' from the keyring"):
        catalog.find("a")
    with pytest.raises(InputError, match="from the keyring"):
        catalog.add(Definition("b", Program("x", ("${keyring:GITHUB}",))), "project")
    assert catalog.add(Definition("b", Program("x", ("${keyring:GITHUB}",))), "user").trusted


def test_a_project_reaches_up_to_the_root_of_its_repository_and_no_further(home, project, tmp_path):
    write(tmp_path, "[servers.outside]\ncommand = 'x'\n")
    deep = project / "a" / "b"
    deep.mkdir(parents=True)
    assert Catalog.open(home, deep).entries() == ()
    write(project, "[servers.inside]\ncommand = 'x'\n")
    assert [entry.definition.name for entry in Catalog.open(home, deep).entries()] == ["inside"]
    loose = tmp_path / "loose"
    loose.mkdir()
    assert Catalog.open(home, loose).entries() == ()


def test_the_users_own_file_is_no_projects_file(tmp_path):
    write(tmp_path, "[servers.a]\ncommand = 'x'\n")
    assert [entry.scope for entry in Catalog.open(tmp_path, tmp_path).entries()] == ["user"]


def test_paths_are_meant_from_the_file_or_from_where_the_user_is(home, project):
    sub = project / "sub"
    sub.mkdir()
    write(project, "[servers.a]\ncommand = './server'\ncwd = 'data'\n[servers.b]\ncommand = '${HOME}/x'\n")
    catalog = Catalog.open(home, sub)
    found = {entry.definition.name: entry.definition.reach for entry in catalog.trust()}
    assert found["a"] == Program(str(project / "server"), cwd=str(project / "data"))
    assert found["b"] == Program("${HOME}/x", cwd=str(project))
    assert catalog.add(Definition("mine", Program("./run"))).definition.reach == Program(str(sub / "run"))
    assert catalog.add(Definition("c", Program("./run")), "project").definition.reach.command == str(sub / "run")
    assert "sub/run" in (project / "metier.toml").read_text()


def test_another_hosts_file_in_the_project_is_read_and_never_written(home, project):
    text = json.dumps(
        {"mcpServers": {"old": {"type": "sse", "url": "https://a"}, "good": {"command": "x", "env": {"K": "${K:-v}"}}}}
    )
    path = write(project, text, ".mcp.json")
    catalog = Catalog.open(home, project)
    assert [entry.definition.name for entry in catalog.trust(path)] == ["good"]
    assert catalog.find("good").definition.reach == Program("x", env={"K": "${K:-v}"}, cwd=str(project))
    with pytest.raises(InputError, match="old SSE transport"):
        catalog.find("old")
    for act in (catalog.remove, catalog.enable):
        with pytest.raises(InputError, match="metier does not write"):
            act("good")
    assert path.read_text() == text
    write(project, "[servers.good]\nurl = 'https://a'\n")
    assert Catalog.open(home, project).entries()[0].path.name == "metier.toml"


@pytest.mark.parametrize("text", ["{", "[" * 100_000, " " * (1 << 20) + "{}", "[1]", "\ufeff\x00"])
def test_another_hosts_file_that_cannot_be_read_hinders_nothing_else_and_says_why(home, project, text):
    Catalog.open(home, project).add(Definition("mine", Program("x")))
    path = write(project, text, ".mcp.json")
    catalog = Catalog.open(home, project)
    assert ".mcp.json" in catalog.faults()[path]
    assert catalog.find("mine").definition.reach == Program("x")
    assert catalog.untrusted() == ()
    with pytest.raises(InputError, match="cannot be read"):
        catalog.find("other")
    with pytest.raises(InputError, match="nobody can trust"):
        catalog.trust(path)


def test_a_link_to_a_file_elsewhere_is_trusted_by_its_name_here_until_what_it_leads_to_changes(home, project, tmp_path):
    there = write(tmp_path, "[servers.a]\ncommand = 'x'\n", "elsewhere.toml")
    (project / "metier.toml").symlink_to(there)
    assert [entry.definition.name for entry in Catalog.open(home, project).trust(project / "metier.toml")] == ["a"]
    assert Catalog.open(home, project).find("a").definition.reach.command == "x"
    write(tmp_path, "[servers.a]\ncommand = 'y'\n", "elsewhere.toml")
    with pytest.raises(InputError, match="not trusted as it is now"):
        Catalog.open(home, project).find("a")


# Files


def test_many_who_add_at_once_lose_nothing(home, project):
    def add(number: int) -> None:
        Catalog.open(home, project).add(Definition(f"s{number}", Program("x")))

    code = (
        "import sys; from pathlib import Path; from metier.servers.catalog import Catalog;"
        "from metier.servers.definition import Definition, Program\n"
        "for n in range(5): Catalog.open(Path(sys.argv[1]), Path('.')).add("
        "Definition(f'{sys.argv[2]}{n}', Program('x')))"
    )
    children = [
        subprocess.Popen([sys.executable, "-c", code, str(home), letter], cwd=project, stderr=subprocess.PIPE)
        for letter in "pq"
    ]
    with ThreadPoolExecutor(5) as threads:
        list(threads.map(add, range(10)))
    assert [child.communicate()[1] for child in children] == [b"", b""]
    wanted = {*(f"s{n}" for n in range(10)), *(f"{letter}{n}" for letter in "pq" for n in range(5))}
    assert {entry.definition.name for entry in Catalog.open(home, project).entries()} == wanted


def test_a_link_stays_a_link_and_permissions_stay(home, project, tmp_path):
    home.mkdir()
    real = tmp_path / "dotfiles.toml"
    real.write_text("")
    real.chmod(0o640)
    (home / "metier.toml").symlink_to(real)
    Catalog.open(home, project).add(AMAP)
    assert (home / "metier.toml").is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert "amap" in real.read_text()


def test_a_new_file_of_the_user_is_the_users_alone(home, project):
    path = Catalog.open(home, project).add(AMAP).path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_files_that_cannot_be_used_are_named(home, project):
    (home / "servers").mkdir(parents=True)
    (home / "servers" / "trusted.json").write_text("[]")
    with pytest.raises(InputError, match=r"trusted\.json"):
        Catalog.open(home, project)
    (home / "servers" / "trusted.json").write_text('{"version": 9, "files": {}}')
    with pytest.raises(InputError, match="damaged"):
        Catalog.open(home, project)
    (home / "servers" / "trusted.json").unlink()
    (home / "metier.toml").mkdir()
    with pytest.raises(StorageError, match=r"metier\.toml"):
        Catalog.open(home, project)
