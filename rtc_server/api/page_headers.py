"""Headers of the pages and their files: who may run, frame and read what (CSP level 3, Permissions Policy, Fetch)."""

from collections.abc import Mapping, Sequence

_POLICY = (
    "default-src 'self'; connect-src 'self'; img-src 'self' data: blob:; "
    "style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    # No text becomes markup or script, and no policy can be made that would turn it into one.
    "require-trusted-types-for 'script'; trusted-types 'none'"
)

ANYWHERE: Mapping[str, str] = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""For files that partners' pages use themselves: the widget, and the portraits that ``/avatars`` names."""

ALONE: Mapping[str, str] = {"Cross-Origin-Opener-Policy": "same-origin"}
"""For pages that nobody opens from elsewhere. Not for the session page: partners open it in windows of theirs."""


def page_headers(
    frame_ancestors: str, embedders: Sequence[str] = (), media: str = "'self' blob: mediastream:"
) -> dict[str, str]:
    """Headers of a page or one of its files: nothing from elsewhere, nothing inline.

    ``frame_ancestors``, and ``media`` for what sounds and films come from, are worded as in CSP. ``embedders`` are
    origins that may frame the page; camera, microphone and the rest are allowed to them too (contract §7.2).
    """
    allowed = " ".join(("self", *(f'"{origin}"' for origin in embedders if "*" not in origin)))
    delegated = ", ".join(f"{feature}=({allowed})" for feature in ("camera", "microphone", "autoplay", "fullscreen"))
    return {
        "Content-Security-Policy": f"{_POLICY}; media-src {media}; frame-ancestors {frame_ancestors}",
        "Permissions-Policy": f"{delegated}, geolocation=(), payment=(), usb=()",
        "Cross-Origin-Resource-Policy": "same-origin",
        # Kept, but asked for each time: an update shows at once, and ETag makes the asking cheap.
        "Cache-Control": "no-cache",
    }
