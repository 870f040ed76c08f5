"""An OpenAI-compatible endpoint on this machine, that says what it is told to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Endpoint:
    """A judge behind HTTP: `says` is its whole answer, `answer` (when set) makes the answer from what is asked."""

    def __init__(self) -> None:
        self.says: object = {}
        self.answer: Callable[[str, str], tuple[str, str]] | None = None
        self.asked: list[dict[str, object]] = []
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                endpoint.asked.append({"path": self.path, "headers": dict(self.headers), **body})
                if endpoint.answer is not None:
                    texts = json.loads(body["messages"][1]["content"])
                    verdict, span = endpoint.answer(texts["CLAIM"], texts["PASSAGE"])
                    endpoint.say(verdict=verdict, span=span)
                answer = json.dumps(endpoint.says).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.option = f"http://127.0.0.1:{self.server.server_port}/v1|a-judge"

    def say(self, **told: str) -> None:
        """Sets the answer to a chat completion with this object in it."""
        self.says = {"choices": [{"message": {"content": f"Here: {json.dumps(told)}"}}]}


@contextmanager
def serve_endpoint() -> Iterator[Endpoint]:
    """Gives an endpoint that is being served."""
    made = Endpoint()
    thread = threading.Thread(target=made.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()
        thread.join()
