"""Signing in: password and code, one answer for everything that is wrong, and no hurry for those who guess."""

import hashlib
import hmac
import re
from collections.abc import Callable

from rtc_server.audit.chain import SYSTEM, Actor
from rtc_server.crypto.seal import Seal, SealError
from rtc_server.staff import totp
from rtc_server.staff.accounts import staff_of
from rtc_server.staff.errors import LockedOutError, WrongCredentialsError
from rtc_server.staff.lockout import Lockout
from rtc_server.staff.passwords import Passwords
from rtc_server.staff.roles import Staff
from rtc_server.storage.ports import StaffRecord, StaffStore
from rtc_server.storage.ports.audit import AuditLog

RECOVERY_CODES = 8
RECOVERY_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without what looks alike."""
RECOVERY_CHARACTERS = 12
"""60 bits."""

_MAX_EMAIL_CHARACTERS = 320
_TOTP_CODE = re.compile(rf"[0-9]{{{totp.DIGITS}}}")
_IGNORED = re.compile(r"[\s-]+")


class RecoveryCodes:
    """How recovery codes are kept: as HMAC-SHA256 under a key of the server's, with the account that they open."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def hash(self, staff_id: str, code: str) -> str:
        """However it was typed: spaces, hyphens and case do not count."""
        plain = _IGNORED.sub("", code).upper()
        return hmac.new(self._key, f"{staff_id}:{plain}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


class SignIn:
    """Judges a password and a code together. The same work is done whoever is named and whatever is wrong."""

    def __init__(
        self,
        store: StaffStore,
        seal: Seal,
        passwords: Passwords,
        recovery: RecoveryCodes,
        audit: AuditLog,
        now_ms: Callable[[], int],
    ) -> None:
        self._store = store
        self._seal = seal
        self._passwords = passwords
        self._recovery = recovery
        self._audit = audit
        self._now_ms = now_ms
        self._lockout = Lockout()
        self._nobodys_secret = totp.new_secret()

    async def check(self, email: str, password: str, code: str, address: str) -> Staff:
        """Whose password and code these are; a code, of an app or for recovery, counts once.

        Raises WrongCredentialsError, LockedOutError and BusyError. A lock-out is written into the audit.
        """
        name = email.strip().lower()[:_MAX_EMAIL_CHARACTERS]
        attempt = self._lockout.attempt(name, address, self._now_ms() / 1000)
        if attempt.wait_seconds > 0:
            raise LockedOutError(attempt.wait_seconds)
        record = await self._store.staff_by_email(name)
        if not await self._right(record, password, code) or record is None:
            if attempt.last_free:
                details = {"staff": record.id if record else "", "cause": "sign_in"}
                await self._audit.write(SYSTEM, "staff.locked_out", details=details)
            raise WrongCredentialsError
        self._lockout.succeeded(name, address, self._now_ms() / 1000)
        by = "app" if _TOTP_CODE.fullmatch(_IGNORED.sub("", code)) else "recovery_code"
        staff = staff_of(record)
        await self._audit.write(Actor.staff(staff.id, staff.name), "staff.signed_in", details={"code": by})
        return staff

    async def _right(self, record: StaffRecord | None, password: str, code: str) -> bool:
        """Every step is taken in any case, the last one for nobody when one before it failed."""
        known = await self._passwords.matches(password, record.password_hash if record else "")
        usable = known and record is not None and record.disabled_at is None
        secret = self._secret(record)
        plain = _IGNORED.sub("", code)
        step = totp.matching_step(secret or self._nobodys_secret, plain, self._now_ms())
        staff_id = record.id if usable and record is not None else ""
        if _TOTP_CODE.fullmatch(plain):
            # Step 0 was long ago, so nobody's code is ever of it.
            return await self._store.take_step(staff_id if secret else "", step or 0)
        return await self._store.take_recovery_code(staff_id, self._recovery.hash(staff_id, plain))

    def _secret(self, record: StaffRecord | None) -> str:
        """The secret of the account's authenticator; empty when there is none, or another server key sealed it."""
        if record is None or not record.totp_secret:
            return ""
        try:
            return self._seal.open_text(record.totp_secret, record.id)
        except SealError:
            return ""
