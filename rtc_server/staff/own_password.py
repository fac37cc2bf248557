"""Staff who change their own password: they know the one before, and are signed out everywhere else."""

from collections.abc import Callable

from rtc_server.audit.chain import SYSTEM, Actor, Draft
from rtc_server.staff.errors import LockedOutError, StaffError
from rtc_server.staff.lockout import Lockout
from rtc_server.staff.passwords import Passwords, password_problem
from rtc_server.staff.sessions import SignedIn
from rtc_server.storage.ports import StaffStore
from rtc_server.storage.ports.audit import AuditLog


class OwnPassword:
    """Whoever sits down at a browser that is signed in has as few guesses as at the sign-in."""

    def __init__(self, store: StaffStore, passwords: Passwords, audit: AuditLog, now_ms: Callable[[], int]) -> None:
        self._store = store
        self._passwords = passwords
        self._audit = audit
        self._now_ms = now_ms
        self._lockout = Lockout()

    async def change(self, signed_in: SignedIn, current: str, password: str, address: str) -> None:
        """Set it, and end all other sessions of the account. In the audit as ``staff.changed``.

        Raises StaffError naming the field, LockedOutError and BusyError.
        """
        staff, now = signed_in.staff, self._now_ms() / 1000
        if (problem := password_problem(password, staff.email)) is not None:
            raise StaffError("weak_password", f"The password {problem}.", "password")
        attempt = self._lockout.attempt(staff.id, address, now)
        if attempt.wait_seconds > 0:
            raise LockedOutError(attempt.wait_seconds)
        record = await self._store.staff(staff.id)
        kept = "" if record is None else record.password_hash
        if not await self._passwords.matches(current, kept):
            if attempt.last_free:
                details = {"staff": staff.id, "cause": "own_password"}
                await self._audit.write(SYSTEM, "staff.locked_out", details=details)
            raise StaffError("wrong_password", "This is not your current password.", "current")
        self._lockout.succeeded(staff.id, address, now)
        if current == password:
            raise StaffError("weak_password", "The password is the one that you have; choose another one.", "password")
        entry = Draft(
            at=self._now_ms(),
            actor=Actor.staff(staff.id, staff.name),
            action="staff.changed",
            details={"staff": staff.id, "fields": ["password"]},
        )
        changed = await self._passwords.hash(password)
        if not await self._store.set_password(staff.id, kept, changed, entry, keep_session=signed_in.session.id):
            raise StaffError("wrong_password", "Your password was changed elsewhere just now.", "current")
