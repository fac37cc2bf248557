"""Staff accounts, built from the settings."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from rtc_server.audit.head import HeadFile
from rtc_server.server_key import load_server_key
from rtc_server.session.clock import unix_ms
from rtc_server.settings import Settings
from rtc_server.staff.room import StaffRoom
from rtc_server.storage.stores import Stores, open_stores


def build_staff(settings: Settings, server_key: bytes, stores: Stores, now_ms: Callable[[], int]) -> StaffRoom:
    """Inside a running event loop."""
    return StaffRoom.of(
        stores.staff,
        stores.audit,
        server_key,
        now_ms,
        issuer=settings.company_name,
        idle_seconds=settings.console.idle_seconds,
        absolute_seconds=settings.console.sign_in_seconds,
    )


@asynccontextmanager
async def open_staff(settings: Settings) -> AsyncIterator[StaffRoom]:
    """On the database of the settings, for commands. Raises SettingsError and StorageError."""
    data_dir = Path(settings.data_dir)
    server_key = load_server_key(data_dir)
    stores = await open_stores(settings.storage_url(), audit_head=HeadFile.in_folder(data_dir, server_key))
    try:
        yield build_staff(settings, server_key, stores, unix_ms)
    finally:
        await stores.close()
