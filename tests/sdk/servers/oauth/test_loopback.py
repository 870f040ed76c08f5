"""The port that a login listens on takes one answer, the right one, and nothing else disturbs it."""

import asyncio
import os

import pytest

from metier.errors import ServerError
from metier.servers.oauth.loopback import HOST, Loopback

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(30)]

ASKED = "https://login.example/authorize?client_id=a&state=the-state"
NOISE = (
    b"",
    b"\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET http://[::1/callback HTTP/1.1\r\n\r\n",
    b"POST /callback?code=x&state=the-state HTTP/1.1\r\n\r\n",
    b"GET /callback?code=x&state=the-state&state=the-state HTTP/1.1\r\n\r\n",
    b"GET /callback?code=x&state=the-stat\xc3\xa9 HTTP/1.1\r\n\r\n",
    b"GET /callback?code=x&state=the-stat%00 HTTP/1.1\r\n\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
    os.urandom(2_000),
)


async def send(loopback: Loopback, data: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(HOST, int(loopback.redirect.split(":")[2].split("/")[0]))
    try:
        writer.write(data)
        writer.write_eof()
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def test_noise_does_not_end_a_login_and_the_right_answer_does() -> None:
    async with Loopback("any") as loopback:
        loopback.expect(ASKED)
        for data in NOISE:
            assert b" 200 " not in (await send(loopback, data))[:20]
        page = await send(loopback, b"GET /callback?code=the-code&state=the-state&iss=me HTTP/1.1\r\nHost: a\r\n\r\n")
        assert b"You are logged in. You may close this page." in page
        assert b"the-code" not in page
        again = await send(loopback, b"GET /callback?code=other&state=the-state HTTP/1.1\r\n\r\n")
        assert b" 409 " in again
        answer = await loopback.answer(5)
    assert (answer.code, answer.state, answer.iss) == ("the-code", "the-state", "me")


async def test_an_answer_before_the_question_is_not_taken() -> None:
    async with Loopback("any") as loopback:
        assert b" 400 " in await send(loopback, b"GET /callback?code=x&state= HTTP/1.1\r\n\r\n")
        loopback.expect("https://login.example/authorize?client_id=a")  # a login without a state takes none either
        assert b" 400 " in await send(loopback, b"GET /callback?code=x&state= HTTP/1.1\r\n\r\n")


async def test_the_reason_of_a_refusal_is_told_without_signs_that_could_do_harm() -> None:
    async with Loopback("any") as loopback:
        loopback.expect(ASKED)
        await send(loopback, b"GET /callback?error=%1b[31mno%3Cscript%3E&state=the-state HTTP/1.1\r\n\r\n")
        with pytest.raises(ServerError, match=r"refused \(31mnoscript\)"):
            await loopback.answer(5)


async def test_the_port_is_given_back() -> None:
    async with Loopback("any") as loopback:
        port = int(loopback.redirect.split(":")[2].split("/")[0])
    async with Loopback("any", port=port) as loopback:
        assert f":{port}/" in loopback.redirect
