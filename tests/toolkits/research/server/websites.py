"""A web site on this machine, of pages that a test gives it."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, Mapping[str, str], bytes]


@dataclass
class Website:
    """A site that is being served: its `host` with its port, the paths that were asked for, and what was posted."""

    answer: Callable[[str], Answer]
    host: str = ""
    asked: list[str] = field(default_factory=list)
    posted: list[tuple[dict[str, str], str]] = field(default_factory=list)

    @property
    def root(self) -> str:
        """Returns the address of the first page."""
        return f"http://{self.host}/"


@contextmanager
def serve_pages(answer: Callable[[str], Answer]) -> Iterator[Website]:
    """Gives a site whose pages `answer` makes of their paths."""
    site = Website(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            status, headers, body = (404, {}, b"") if self.path == "/robots.txt" else site.answer(self.path)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            site.posted.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site.host = f"127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


def html(title: str, *paragraphs: str, links: Mapping[str, str] | None = None) -> bytes:
    """Returns a page."""
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    body += "".join(f'<p><a href="{url}">{words}</a></p>' for words, url in (links or {}).items())
    article = f"<article><h1>{title}</h1>{body}</article>"
    return f"<html><head><title>{title}</title></head><body>{article}</body></html>".encode()
