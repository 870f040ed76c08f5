"""Serves a replay over standard input and output: `python -m metier_maps.providers.replay amap`."""

from argparse import ArgumentParser

from metier.servers.serve import serve_stdio
from metier_maps.providers.replay import Ground, Mischief, ReplayServer, make_amap_replay, make_google_replay
from metier_maps.providers.replay.sample import sample_ground

SERVERS = ("amap", "google", "cablate")


def make_replay(name: str, ground: Ground) -> ReplayServer:
    """Returns the replay of that name."""
    if name == "amap":
        return make_amap_replay(ground)
    return make_google_replay(ground, listing="google" if name == "google" else "cablate")


def main() -> None:
    """Serves the replay that the command line names, with a failure if it names one."""
    parser = ArgumentParser(prog="python -m metier_maps.providers.replay", description=__doc__)
    parser.add_argument("server", choices=SERVERS)
    parser.add_argument("--mischief", type=Mischief, choices=list(Mischief), help="how every call fails")
    given = parser.parse_args()
    replay = make_replay(given.server, sample_ground())
    replay.mischief = given.mischief
    serve_stdio(replay)


if __name__ == "__main__":
    main()
