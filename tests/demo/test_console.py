"""The demo's way into the console."""

from pathlib import Path

from rtc_server.commands.demo import CONSOLE_EMAIL, console_path
from rtc_server.session.clock import unix_ms
from rtc_server.settings import Settings
from rtc_server.staff.accounts import Change
from rtc_server.staff.roles import Permission
from rtc_server.staff.totp import code_at
from rtc_server.staff_room import open_staff

LINK = "/console/#setup="


async def test_a_link_until_the_account_is_set_up_and_then_the_page(tmp_path: Path) -> None:
    async with open_staff(Settings(data_dir=str(tmp_path))) as staff:
        first, second = await console_path(staff), await console_path(staff)
        assert first.startswith(LINK)
        assert second.startswith(LINK)
        assert first != second  # a demo that is started again shows a link that works
        token = second.removeprefix(LINK)
        secret = (await staff.setup.look(token)).totp_secret
        await staff.setup.finish(token, "an umbrella stand in the hall", code_at(secret, unix_ms()))
        assert await console_path(staff) == "/console/"
        account = await staff.accounts.find(CONSOLE_EMAIL)
        assert account is not None
        assert account.permissions == frozenset(Permission)
        assert account.sees("anybody", sandbox=False)


async def test_an_account_that_is_disabled_stays_so(tmp_path: Path) -> None:
    async with open_staff(Settings(data_dir=str(tmp_path))) as staff:
        await console_path(staff)
        account = await staff.accounts.find(CONSOLE_EMAIL)
        assert account is not None
        await staff.accounts.change(account.id, Change(disabled=True))
        assert await console_path(staff) == "/console/"
