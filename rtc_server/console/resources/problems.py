"""What the account service refuses, as answers of HTTP."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rtc_server.api.errors import ApiError, retry_after
from rtc_server.staff.errors import BusyError, LockedOutError, StaffError, WrongCredentialsError

_STATUSES: Mapping[str, int] = {
    "setup_link_unknown": 404,
    "own_account": 403,
    "last_admin": 409,
    "email_taken": 409,
    "staff_disabled": 409,
}
"""By the code of a StaffError; 400 for the rest."""

_BUSY_SECONDS = 5.0


@contextmanager
def refusals() -> Iterator[None]:
    """Turn the errors of ``rtc_server.staff.errors`` into ApiError."""
    try:
        yield
    except StaffError as error:
        status = _STATUSES.get(error.code, 400)
        raise ApiError(status, error.code, error.message, param=error.field or None) from None
    except WrongCredentialsError:
        message = "The e-mail address, the password or the code is wrong. A code works once; wait for the next one."
        raise ApiError(401, "wrong_credentials", message) from None
    except LockedOutError as error:
        headers = retry_after(error.wait_seconds)
        message = f"Too many tries; the next one is possible in {headers['Retry-After']} s."
        raise ApiError(429, "locked_out", message, headers=headers) from None
    except BusyError:
        message = "Too many people sign in at once; try again in a moment."
        raise ApiError(503, "busy", message, headers=retry_after(_BUSY_SECONDS)) from None
