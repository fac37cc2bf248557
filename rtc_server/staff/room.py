"""Everything about staff accounts on one store."""

from collections.abc import Callable
from dataclasses import dataclass

from rtc_server.crypto.seal import Seal, derived_key
from rtc_server.staff.accounts import StaffAccounts
from rtc_server.staff.own_password import OwnPassword
from rtc_server.staff.passwords import Passwords
from rtc_server.staff.sessions import ABSOLUTE_SECONDS, IDLE_SECONDS, StaffSessions
from rtc_server.staff.setup import StaffSetup
from rtc_server.staff.sign_in import RecoveryCodes, SignIn
from rtc_server.storage.ports import StaffStore
from rtc_server.storage.ports.audit import AuditLog


@dataclass(frozen=True, slots=True)
class StaffRoom:
    """The services around one store, and the keys that they share."""

    accounts: StaffAccounts
    sign_in: SignIn
    setup: StaffSetup
    sessions: StaffSessions
    own_password: OwnPassword

    @classmethod
    def of(
        cls,
        store: StaffStore,
        audit: AuditLog,
        server_key: bytes,
        now_ms: Callable[[], int],
        *,
        issuer: str = "Visavis",
        idle_seconds: float = IDLE_SECONDS,
        absolute_seconds: float = ABSOLUTE_SECONDS,
    ) -> "StaffRoom":
        """With keys derived from the server's own."""
        seal = Seal(server_key, "staff authenticator")
        passwords = Passwords()
        recovery = RecoveryCodes(derived_key(server_key, "staff recovery code"))
        csrf_key = derived_key(server_key, "staff csrf")
        return cls(
            accounts=StaffAccounts(store, seal, passwords, now_ms),
            sign_in=SignIn(store, seal, passwords, recovery, audit, now_ms),
            setup=StaffSetup(store, seal, passwords, recovery, now_ms, issuer),
            sessions=StaffSessions(store, csrf_key, now_ms, idle_seconds, absolute_seconds),
            own_password=OwnPassword(store, passwords, audit, now_ms),
        )
