"""The server's own secret: 32 random bytes in a file that only this user may read, made at the first start."""

import os
import secrets
from pathlib import Path

from rtc_server.settings_reader import SettingsError

KEY_BYTES = 32


def load_server_key(data_dir: Path) -> bytes:
    """Read ``server.key`` in the data folder, or make it. Raises SettingsError when it cannot be used."""
    file = data_dir / "server.key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            key = file.read_bytes()
        else:
            with os.fdopen(descriptor, "wb") as stream:
                key = secrets.token_bytes(KEY_BYTES)
                stream.write(key)
    except OSError as error:
        raise SettingsError(
            f"the server key {file} cannot be read or made ({error.strerror}): check data_dir"
        ) from error
    if len(key) < KEY_BYTES:
        raise SettingsError(f"the server key {file} is damaged: restore it, or remove it (links then stop working)")
    return key
