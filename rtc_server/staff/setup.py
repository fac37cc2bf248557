"""Setting an account up by its link: a password, an authenticator, and codes for the day when the phone is lost."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from rtc_server.audit.chain import Actor, Draft
from rtc_server.crypto.seal import Seal, SealError
from rtc_server.staff import totp
from rtc_server.staff.accounts import token_hash
from rtc_server.staff.errors import StaffError
from rtc_server.staff.passwords import Passwords, password_problem
from rtc_server.staff.sign_in import RECOVERY_ALPHABET, RECOVERY_CHARACTERS, RECOVERY_CODES, RecoveryCodes
from rtc_server.storage.ports import StaffRecord, StaffStore

_GROUP = 4
"""Characters of a recovery code between hyphens."""


@dataclass(frozen=True, slots=True)
class SetupOffer:
    """What a link shows."""

    email: str
    name: str
    totp_secret: str
    otpauth: str


class StaffSetup:
    """Links work once, and for a day. Looking at one uses nothing up."""

    def __init__(
        self,
        store: StaffStore,
        seal: Seal,
        passwords: Passwords,
        recovery: RecoveryCodes,
        now_ms: Callable[[], int],
        issuer: str,
    ) -> None:
        """``issuer`` is what authenticator apps show above the account."""
        self._store = store
        self._seal = seal
        self._passwords = passwords
        self._recovery = recovery
        self._now_ms = now_ms
        self._issuer = issuer

    async def look(self, token: str) -> SetupOffer:
        """Raises StaffError ``setup_link_unknown``."""
        record, secret = await self._offered(token)
        return SetupOffer(record.email, record.name, secret, totp.otpauth_uri(secret, record.email, self._issuer))

    async def finish(self, token: str, password: str, code: str) -> list[str]:
        """Set password and authenticator; the recovery codes, which are told this once.

        The code shows that the authenticator works; it may be used once more, to sign in. Raises StaffError: also for a
        password that is not taken and a wrong code.
        """
        record, secret = await self._offered(token)
        if (problem := password_problem(password, record.email)) is not None:
            raise StaffError("weak_password", f"The password {problem}.", "password")
        step = totp.matching_step(secret, code.replace(" ", ""), self._now_ms())
        if step is None:
            message = "This is not the code that the app shows now; check that the clock of the phone is right."
            raise StaffError("wrong_code", message, "code")
        codes = [_new_code() for _ in range(RECOVERY_CODES)]
        hashes = [self._recovery.hash(record.id, each) for each in codes]
        password_hash = await self._passwords.hash(password)
        actor, details = Actor.staff(record.id, record.name), {"staff": record.id}
        entry = Draft(at=self._now_ms(), actor=actor, action="staff.set_up", details=details)
        if await self._store.finish_setup(token_hash(token), entry, password_hash, step - 1, hashes) is None:
            raise _unknown()
        return codes

    async def _offered(self, token: str) -> tuple[StaffRecord, str]:
        record = await self._store.staff_by_setup(token_hash(token))
        if record is None or record.setup_expires_at <= self._now_ms() or record.disabled_at is not None:
            raise _unknown()
        try:
            return record, self._seal.open_text(record.setup_totp, record.id)
        except SealError:
            raise _unknown() from None


def _new_code() -> str:
    code = "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_CHARACTERS))
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def _unknown() -> StaffError:
    message = "This link was used, has run out or was copied incompletely; ask an admin for a new one."
    return StaffError("setup_link_unknown", message, "token")
