"""Which Chromium is run, and how: headless, without a way out but the proxy, leaving nothing behind."""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from typing import Final

from metier.errors import MissingError

OFF, AUTO, UNSANDBOXED = "off", "auto", "unsandboxed"
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_BUDGET_MS: Final = 8_000
_NO_UDP: Final = "disable_non_proxied_udp"
_FLAGS: Final = (
    "--headless",
    "--incognito",
    "--dump-dom",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--mute-audio",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-notifications",
    "--disable-sync",
    "--deny-permission-prompts",
    "--metrics-recording-only",
    "--blink-settings=imagesEnabled=false",
    f"--webrtc-ip-handling-policy={_NO_UDP}",
    f"--force-webrtc-ip-handling-policy={_NO_UDP}",  # its name before
    "--disable-features=HttpsUpgrades,MediaRouter,DialMediaRouteProvider,OptimizationHints,AutofillServerCommunication",
    # Nothing is resolved but by the proxy; loopback goes through the proxy as well.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--proxy-bypass-list=<-loopback>",
    f"--virtual-time-budget={_BUDGET_MS}",
)


def find_chromium(choice: str, *, sandboxed: bool) -> str:
    """Returns the path of the Chromium that is chosen: `auto` for one on PATH, else a name or a path.

    Raises MissingError when there is none, and for root: as root a Chromium has no sandbox.
    """
    names = _NAMES if choice == AUTO else (choice,)
    found = next((path for path in map(shutil.which, names) if path), None)
    if found is None:
        told = "No Chromium is found on PATH." if choice == AUTO else f"{choice[:120]!r} is no program."
        raise MissingError(told, hint="Install Chromium, name its path with chromium=PATH, or set chromium=off.")
    if sandboxed and os.geteuid() == 0:
        raise MissingError(
            "Chromium does not run as root with its own sandbox.",
            hint=f"Run as another user; or, where nothing else is at stake, set chromium={choice},{UNSANDBOXED}.",
        )
    return found


def make_command(program: str, url: str, *, folder: str, proxy: int, agent: str, sandboxed: bool) -> Sequence[str]:
    """Returns the command that prints the DOM of the page once its scripts have come to rest."""
    own = (f"--user-data-dir={folder}/profile", f"--proxy-server=http://127.0.0.1:{proxy}", f"--user-agent={agent}")
    return (program, *_FLAGS, *own, *(() if sandboxed else ("--no-sandbox",)), url)


def make_preferences() -> str:
    """Returns the preferences of a new profile (JSON), which say once more what a flag of another name would not."""
    routes = {"ip_handling_policy": _NO_UDP, "multiple_routes_enabled": False, "nonproxied_udp_enabled": False}
    return json.dumps(
        {"webrtc": routes, "dns_prefetching": {"enabled": False}, "alternate_error_pages": {"enabled": False}}
    )


def make_environment(folder: str) -> Mapping[str, str]:
    """Returns all of the environment that it has: nothing of this process's own."""
    silent = dict.fromkeys(("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"), "unix:path=/dev/null")
    return {"HOME": folder, "TMPDIR": folder, "PATH": os.defpath, "LANG": "C.UTF-8", **silent}
