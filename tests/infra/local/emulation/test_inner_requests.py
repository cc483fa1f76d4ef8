"""What the emulator asks of itself comes by the same door as what is asked from outside."""

import asyncio
import contextvars

import pytest

from infra.local.emulation.inner_requests import InnerRequest, ask_itself

caller = contextvars.ContextVar("caller", default="nobody")
POST = InnerRequest("POST", "/api/a%20b", "x=1", {"Host": "api", "X-Twice": "1, 2"}, b"123")


def ask(application, request=POST, *, seconds=5.0):
    async def run():
        caller.set("who asks")
        outside = contextvars.Context()
        return await ask_itself(application, request, context=outside, seconds=seconds)

    return asyncio.run(run())


async def tell(scope, receive, send):
    """Answers in two parts with what it was asked."""
    asked = await receive()
    told = [scope["method"], scope["path"], scope["raw_path"].decode(), asked["body"].decode()]
    given = [scope["query_string"].decode(), *(f"{k.decode()}={v.decode()}" for k, v in sorted(
        scope["headers"])), caller.get()]  # fmt: skip
    headers = [(b"set-cookie", b"a"), (b"set-cookie", b"b")]
    await send({"type": "http.response.start", "status": 201, "headers": headers})
    for words, more in ((told, True), (given, False)):
        body = ("\n".join(words) + "\n").encode()
        await send({"type": "http.response.body", "body": body, "more_body": more})


def test_a_request_arrives_as_a_server_would_hand_it_over():
    answer = ask(tell)
    assert (answer.status, answer.headers) == (201, [("set-cookie", "a"), ("set-cookie", "b")])
    assert b"".join(answer.chunks).decode().splitlines() == [
        "POST", "/api/a b", "/api/a%20b", "123", "x=1",
        "accept-encoding=identity", "content-length=3", "host=api", "x-twice=1, 2",
        "nobody",  # nothing of who asks
    ]  # fmt: skip


def test_a_request_without_a_body_tells_no_length():
    told = b"".join(ask(tell, InnerRequest("GET", "/", "", {}, b"")).chunks)
    assert b"content-length" not in told


async def never(scope, receive, send):
    await asyncio.Event().wait()


async def break_off(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})


async def fail(scope, receive, send):
    raise KeyError("a fault of the emulator")


def test_an_answer_that_does_not_come_is_waited_for_no_longer_than_said():
    with pytest.raises(TimeoutError, match="no answer"):
        ask(never, seconds=0.05)


@pytest.mark.parametrize("application", [break_off, fail])
def test_an_answer_that_breaks_off_is_a_connection_that_does(application):
    with pytest.raises(ConnectionError, match="broke off"):
        ask(application)
