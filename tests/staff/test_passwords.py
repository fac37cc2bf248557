"""Which passwords are taken, and that only the right one matches."""

import asyncio

import pytest

from rtc_server.staff.passwords import Passwords, password_problem


async def test_only_the_password_itself_matches() -> None:
    passwords = Passwords()
    kept = await passwords.hash("a sentence that nobody guesses")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")  # what OWASP names
    assert kept != await passwords.hash("a sentence that nobody guesses")  # salted
    assert await passwords.matches("a sentence that nobody guesses", kept)
    for wrong in ("", "a sentence that nobody guesse", "A sentence that nobody guesses", "x" * 10_000, "\ud800"):
        assert not await passwords.matches(wrong, kept)
    assert not await passwords.matches("", "")


async def test_keyboards_that_write_accents_in_two_ways_write_the_same_password() -> None:
    passwords = Passwords()
    kept = await passwords.hash("un caf\u00e9 \uff11\uff12 le soir")
    assert await passwords.matches("un cafe\u0301 12 le soir", kept)


async def test_the_event_loop_goes_on_meanwhile() -> None:
    passwords, turns = Passwords(), 0
    hashing = asyncio.gather(*(passwords.hash("a sentence that nobody guesses") for _ in range(4)))
    while not hashing.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 20
    await hashing


@pytest.mark.parametrize("password", ["umbrella stand", "12 Monkeys & tea", "пароль из слов", "x7!kQ2#mZ9$p"])
def test_what_is_long_and_uncommon_is_taken(password: str) -> None:
    assert password_problem(password, "mia@example.org") is None


@pytest.mark.parametrize(
    "password",
    [
        "",
        "eleven char",
        "x" * 257,
        "abababababab",
        "111122223333",
        "PASSWORD12345",
        "mia.lopez@example.org",
        "Mia.Lopez.12",
    ],
)
def test_what_is_short_common_or_the_address_is_not(password: str) -> None:
    email = "mia.lopez.12@example.org" if password == "Mia.Lopez.12" else "mia.lopez@example.org"
    assert password_problem(password, email) is not None
