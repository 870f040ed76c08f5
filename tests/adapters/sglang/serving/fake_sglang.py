"""A program that starts as SGLang does: `python fake_sglang.py [how] --port N ...`. A child of it outlives its death.

Its first argument says how it goes: "well", "oom", "port", "mute" (dies without a word), "key" (logs the environment
variable SECRET), "keys" (dies once the file of its --config is gone), "late": once it is ready it dies when asked for
/die, and says that a part of it did for /crash.
"""

import http.server
import os
import subprocess
import sys

LOG = "[2026-11-26 09:20:34] server_args={'model_path': 'tiny'}\n[2026-11-26 09:20:56] Load weight begin.\n"
DEATHS = {
    "oom": "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 20.00 GiB.\n",
    "port": "OSError: [Errno 98] Address already in use\n",
    "mute": "",
    "other": "Traceback (most recent call last):\nValueError: rank 7 is not even\n",
}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        if self.path == "/die":
            self.wfile.flush()
            os._exit(3)
        if self.path == "/crash":
            sys.stdout.write("Subprocess detokenizer (pid=7) crashed with exit code -9. Triggering SIGQUIT\n")
            sys.stdout.flush()

    def log_message(self, format: str, *args: object) -> None:
        pass


class KeyedServer(http.server.HTTPServer):
    """Dies once the file of the keys is gone, and also when it stays."""

    looks = 2000

    def service_actions(self) -> None:
        gone = not os.path.exists(sys.argv[sys.argv.index("--config") + 1])
        self.looks -= 1
        if gone or self.looks < 0:
            sys.stdout.write(f"ValueError: the keys {'are gone' if gone else 'stay'}\n")
            sys.stdout.flush()
            os._exit(1)


def main() -> None:
    how, port = sys.argv[1], int(sys.argv[sys.argv.index("--port") + 1])
    child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    sys.stdout.write(f"child {child.pid}\n{LOG}")
    if how == "key":
        sys.stdout.write(f"api_key={os.environ['SECRET']}\n")
    sys.stdout.flush()
    if how in DEATHS:
        sys.stdout.write(DEATHS[how])
        sys.stdout.flush()
        os._exit(1)
    server = KeyedServer if how == "keys" else http.server.HTTPServer
    server(("127.0.0.1", port), Handler).serve_forever(poll_interval=0.01)


if __name__ == "__main__":
    main()
