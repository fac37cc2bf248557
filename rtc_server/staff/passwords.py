"""Passwords: which ones are taken, and how they are kept (Argon2id, RFC 9106)."""

import asyncio
import secrets
import unicodedata

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from rtc_server.staff.errors import BusyError

MIN_CHARACTERS = 12
MAX_CHARACTERS = 256

MEMORY_KIB = 19_456
ITERATIONS = 2
LANES = 1
"""With the two above: what OWASP's Password Storage Cheat Sheet names first. About 30 ms."""

_SALT_BYTES = 16
_HASH_BYTES = 32
_AT_ONCE = 2
_WAIT_SECONDS = 10.0
"""How long somebody waits for their turn."""

_FEW = 4
"""A password with no more different characters than this is a pattern."""

_COMMON_TEXT = """
123456789012 1234567890123 12345678901234 123456789123 1234567891011 111222333444 112233445566 987654321098
1q2w3e4r5t6y 1qaz2wsx3edc 1qaz2wsx3edc4rfv qazwsxedcrfv q1w2e3r4t5y6 qwertyuiop12 qwertyuiop123 qwertyuiop[]
qwerty123456 qwerty1234567 qwerty12345678 123456qwerty 1234567qwerty asdfghjkl123 asdfghjklzxcvbnm zxcvbnm12345
abcdefghijkl abcdefghijklm abcdefghijklmnop abcd12345678 abc123456789 abcdef123456 a1b2c3d4e5f6 aa1234567890
password1234 password12345 password123456 passwordpassword password2023! password2024! password2025! password2026!
p@ssw0rd1234 p@ssword1234 passw0rd1234 mypassword123 mypassword1234 changeme1234 changeme12345 changemenow1
letmein12345 letmein123456 welcome12345 welcome123456 welcome2024! welcome2025! welcome2026! iloveyou1234
iloveyou12345 iloveyouforever administrator administrator1 administrator123 admin1234567 admin12345678 adminadmin123
adminadminadmin superadmin123 rootrootroot test12345678 testtesttest testtest1234 football1234 baseball1234
basketball12 liverpool123 manchester123 princess1234 sunshine1234 superman1234 dragon123456 monkey123456
michael12345 jennifer1234 internet1234 computer1234 trustno11234 whatever1234 summer202024 winter202024
spring2024!! summer2024!! autumn2024!! winter2024!! summer2025!! winter2025!! visavisvisavis visavis12345
correcthorsebatterystaple thisisapassword thisismypassword
"""
_COMMON = frozenset(_COMMON_TEXT.split())
"""The commonest ones that are long enough, in lower case."""


def normal(password: str) -> bytes:
    """One form for what keyboards write in different ways (NIST SP 800-63B §3.1.1.2: NFKC), for hashing."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def password_problem(password: str, email: str) -> str | None:
    """Why a password is not taken, as the end of a sentence that begins with "The password"; None = it is."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    if len(password) < MIN_CHARACTERS:
        return f"needs at least {MIN_CHARACTERS} characters; a sentence is easy to remember"
    if len(password) > MAX_CHARACTERS:
        return f"may have {MAX_CHARACTERS} characters at most"
    local_part = email.partition("@")[0].casefold()
    if plain == email.casefold() or (len(local_part) >= MIN_CHARACTERS and plain == local_part):
        return "must not be the e-mail address"
    if plain in _COMMON or len(set(plain)) <= _FEW:
        return "is one of those that are tried first; choose another one"
    return None


class Passwords:
    """Hashes and compares in threads, a few at a time: each takes 19 MiB and a core."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(_AT_ONCE)
        # What an account without a password is compared with. Nobody knows what it was made of.
        self._nobodys = _hash(secrets.token_bytes(_HASH_BYTES))

    async def hash(self, password: str) -> str:
        """Argon2id in PHC form. Raises BusyError."""
        async with _Turn(self._places):
            return await asyncio.to_thread(_hash, normal(password))

    async def matches(self, password: str, kept: str) -> bool:
        """Whether it is the one that was hashed; an empty ``kept`` matches nothing and takes as long. BusyError."""
        async with _Turn(self._places):
            same = await asyncio.to_thread(_same, normal(password[: MAX_CHARACTERS + 1]), kept or self._nobodys)
        return same and bool(kept)


class _Turn:
    """A place, waited for within bounds."""

    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places = places

    async def __aenter__(self) -> None:
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            raise BusyError("too many people sign in at once") from None

    async def __aexit__(self, *_error: object) -> None:
        self._places.release()


def _hash(password: bytes) -> str:
    salt = secrets.token_bytes(_SALT_BYTES)
    argon2 = Argon2id(salt=salt, length=_HASH_BYTES, iterations=ITERATIONS, lanes=LANES, memory_cost=MEMORY_KIB)
    return argon2.derive_phc_encoded(password)


def _same(password: bytes, kept: str) -> bool:
    try:
        Argon2id.verify_phc_encoded(password, kept)
    except InvalidKey:
        return False
    return True
