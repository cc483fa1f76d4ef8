"""One loop for many calls, from whichever thread."""

import asyncio
import contextvars
import threading

import pytest

from infra.local.emulation.own_loop import OwnLoop

stream = contextvars.ContextVar("stream", default="")


async def answer():
    await asyncio.sleep(0)
    return asyncio.get_running_loop(), stream.get()


def test_each_thread_is_answered_within_its_own_context():
    own, found = OwnLoop(), {}

    def ask(name):
        stream.set(name)
        found[name] = own.run(answer())

    threads = [threading.Thread(target=ask, args=(name,)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: told for name, (_, told) in found.items()} == {"a": "a", "b": "b", "c": "c"}
    assert len({loop for loop, _ in found.values()}) == 1


def test_what_fails_is_told_and_the_next_call_runs():
    async def fail():
        raise OSError("no space")

    own = OwnLoop()
    with pytest.raises(OSError, match="no space"):
        own.run(fail())
    assert own.run(answer())[1] == ""
