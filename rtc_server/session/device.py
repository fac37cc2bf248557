"""What a browser's ``User-Agent`` says about itself, in the shape of the contract (§4.7, that of express-useragent)."""

from typing import Any

from ua_parser import Device, Result, parse

MAX_USER_AGENT_CHARACTERS = 1_000
"""More than any browser sends; a longer one is cut."""

_BROWSERS = {
    "isOpera": ("Opera",),
    "isIE": ("IE",),
    "isEdge": ("Edge",),
    "isSafari": ("Safari", "Mobile Safari"),
    "isFirefox": ("Firefox",),
    "isChrome": ("Chrome", "HeadlessChrome", "Chromium"),
    "isKonqueror": ("Konqueror",),
    "isOmniWeb": ("OmniWeb",),
    "isSeaMonkey": ("SeaMonkey",),
    "isFlock": ("Flock",),
    "isAmaya": ("Amaya",),
    "isEpiphany": ("Epiphany",),
    "isSilk": ("Amazon Silk",),
    "isCurl": ("curl",),
}
"""Flag → beginnings of browser names."""

_SYSTEMS = {
    "isAndroid": ("Android",),
    "isBlackberry": ("BlackBerry",),
    "isWindowsPhone": ("Windows Phone",),
    "isChromeOS": ("Chrome OS",),
    "isBada": ("Bada",),
    "isMac": ("Mac OS",),
    "isLinux": ("Linux", "Ubuntu", "Fedora", "Debian"),
}
"""Flag → beginnings of names of operating systems."""

_PLATFORMS = (
    ("isiPhone", "iPhone"),
    ("isiPad", "iPad"),
    ("isiPod", "iPod"),
    ("isMac", "Apple Mac"),
    ("isWindowsPhone", "Windows Phone"),
    ("isWindows", "Microsoft Windows"),
    ("isAndroid", "Android"),
    ("isChromeOS", "Chrome OS"),
    ("isLinux", "Linux"),
)

_CONSOLES_AND_TELEVISIONS = ("smart-tv", "smarttv", "googletv", "appletv", "hbbtv", "netcast", "web0s", "tizen; tv")


def device_from(user_agent: str) -> dict[str, Any]:
    """The device record of a report. Every flag is there; what the text does not tell is ``false`` or ``unknown``."""
    source = user_agent[:MAX_USER_AGENT_CHARACTERS]
    found = parse(source)
    browser = found.user_agent.family if found.user_agent else "unknown"
    flags = _flags(source, found, browser)
    version = ".".join(p for p in (_parts(found.user_agent) if found.user_agent else ()) if p)
    system = " ".join(p for p in (found.os.family, found.os.major) if p) if found.os else "unknown"
    return flags | {
        "browser": _plain(browser),
        "version": version or "unknown",
        "os": system,
        "platform": next((name for flag, name in _PLATFORMS if flags[flag]), "unknown"),
        "source": source,
        "geoIp": {},
    }


def _flags(source: str, found: Result, browser: str) -> dict[str, bool]:
    lower = source.lower()
    system = found.os.family if found.os else ""
    device = found.device or Device("", "", "")
    flags = {flag: browser.startswith(names) for flag, names in _BROWSERS.items()}
    flags |= {flag: system.startswith(names) for flag, names in _SYSTEMS.items()}
    model = device.family
    flags |= {f"isi{name}": model.startswith(f"i{name}") for name in ("Pad", "Pod", "Phone")}
    flags["isWindows"] = system.startswith("Windows") and not flags["isWindowsPhone"]
    flags["isAndroidTablet"] = flags["isAndroid"] and "mobile" not in lower
    flags["isTablet"] = flags["isiPad"] or flags["isAndroidTablet"] or "tablet" in lower
    flags["isSmartTV"] = any(name in lower for name in _CONSOLES_AND_TELEVISIONS)
    flags["isBot"] = model == "Spider" or flags["isCurl"]
    handheld = ("isAndroid", "isiPhone", "isiPod", "isBlackberry", "isWindowsPhone", "isBada")
    flags["isMobile"] = not flags["isTablet"] and (any(flags[flag] for flag in handheld) or "mobile" in lower)
    flags["isMobileNative"] = flags["isAndroid"] or any(flags[flag] for flag in ("isiPhone", "isiPad", "isiPod"))
    known = bool(system)
    flags["isDesktop"] = known and not (flags["isMobile"] or flags["isTablet"] or flags["isSmartTV"] or flags["isBot"])
    flags |= {
        "isLinux64": flags["isLinux"] and "x86_64" in lower,
        "isWebkit": "applewebkit" in lower,
        "isSamsung": device.brand == "Samsung" or browser.startswith("Samsung"),
        "isRaspberry": "raspbian" in lower,
        "isKindleFire": model.startswith("Kindle"),
        "isCaptive": "captivenetworksupport" in lower,
        "isWinJs": "msapphost" in lower,
        "isIECompatibilityMode": flags["isIE"] and "compatible" in lower and "trident" in lower,
        "silkAccelerated": "silk-accelerated=true" in lower,
    }
    return flags


def _parts(browser: Any) -> tuple[str | None, ...]:
    return browser.major, browser.minor, browser.patch


def _plain(browser: str) -> str:
    """``Mobile Safari``, ``Chrome Mobile iOS`` … without what other fields say."""
    return " ".join(word for word in browser.split() if word not in ("Mobile", "iOS")) or browser
