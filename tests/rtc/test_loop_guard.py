"""The handler of stray exceptions."""

import asyncio

from rtc_server.rtc.loop_guard import install_loop_guard


async def test_the_loop_guard_swallows_only_the_known_slip() -> None:
    loop = asyncio.get_running_loop()
    told: list[BaseException] = []
    loop.set_exception_handler(lambda _, context: told.append(context["exception"]))
    try:
        install_loop_guard(loop)
        slip, other = known_slip(), ValueError("other")
        loop.call_exception_handler({"message": "x", "exception": slip})
        loop.call_exception_handler({"message": "x", "exception": other})
        assert told == [other]
    finally:
        loop.set_exception_handler(None)


def known_slip() -> BaseException:
    """The exception as it would come out of aioice: raised by code whose file lies in aioice."""
    code = compile("import asyncio\nraise asyncio.InvalidStateError('invalid state')", "site/aioice/stun.py", "exec")
    try:
        exec(code, {})
    except asyncio.InvalidStateError as error:
        return error
    raise AssertionError
