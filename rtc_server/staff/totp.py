"""Codes of authenticator apps (TOTP, RFC 6238): six digits, thirty seconds, SHA-1, as every app takes them."""

import hmac

import pyotp
import zxingcpp

STEP_SECONDS = 30
DRIFT_STEPS = 1
"""How far a phone's clock may be off, in steps to either side (RFC 6238 §5.2)."""

DIGITS = 6
_QR_SCALE = 4
"""Units of the drawing for one module."""


def new_secret() -> str:
    """160 random bits in base32 (RFC 4226 §4 asks for them)."""
    return pyotp.random_base32(32)


def otpauth_uri(secret: str, email: str, issuer: str) -> str:
    """What authenticator apps read from a QR code (Key URI format)."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def qr_svg(text: str) -> str:
    """The text as a QR code, an SVG document of its own."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    return str(code.to_svg(scale=_QR_SCALE))


def code_at(secret: str, now_ms: int) -> str:
    """The code that an app shows at this moment."""
    return pyotp.TOTP(secret).generate_otp(_step(now_ms))


def matching_step(secret: str, code: str, now_ms: int) -> int | None:
    """The time step whose code this is, within the drift; None for a wrong code. Takes as long for every code."""
    totp = pyotp.TOTP(secret)
    given = code.encode("utf-8", "surrogatepass")
    found = None
    for step in range(_step(now_ms) - DRIFT_STEPS, _step(now_ms) + DRIFT_STEPS + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), given):
            found = step
    return found


def _step(now_ms: int) -> int:
    return now_ms // (STEP_SECONDS * 1000)
