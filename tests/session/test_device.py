"""The device record: the contract's flags, all of them, from what browsers really send."""

import json

import pytest

from rtc_server.session.device import MAX_USER_AGENT_CHARACTERS, device_from

FLAG_NAMES = """
isMobile isMobileNative isTablet isiPad isiPod isiPhone isAndroid isAndroidTablet isBlackberry isOpera isIE isEdge
isIECompatibilityMode isSafari isFirefox isWebkit isChrome isKonqueror isOmniWeb isSeaMonkey isFlock isAmaya isEpiphany
isDesktop isWindows isWindowsPhone isLinux isLinux64 isMac isChromeOS isBada isSamsung isRaspberry isBot isCurl isWinJs
isKindleFire isSilk isCaptive isSmartTV silkAccelerated
"""
"""Contract §4.7."""
FLAGS = FLAG_NAMES.split()

WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
BROWSERS = {
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 "
    "Mobile/15E148 Safari/604.1": (
        {"isMobile", "isMobileNative", "isiPhone", "isSafari", "isWebkit"},
        ("Safari", "17.4", "iOS 17", "iPhone"),
    ),
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/124.0.0.0 Safari/537.36 Edg/124.0.0.0": (
        {"isDesktop", "isEdge", "isWebkit", "isWindows"},
        ("Edge", "124.0.0", "Windows 10", "Microsoft Windows"),
    ),
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Chrome/124.0.0.0 Safari/537.36": (
        {"isChrome", "isDesktop", "isMac", "isWebkit"},
        ("Chrome", "124.0.0", "Mac OS X 10", "Apple Mac"),
    ),
    f"Mozilla/5.0 (Linux; Android 14; SM-X910) {WEBKIT} Chrome/124.0.0.0 Safari/537.36": (
        {"isAndroid", "isAndroidTablet", "isChrome", "isMobileNative", "isTablet", "isWebkit"},
        ("Chrome", "124.0.0", "Android 14", "Android"),
    ),
    f"Mozilla/5.0 (Linux; Android 14; SM-S918B) {WEBKIT} Chrome/124.0.0.0 Mobile Safari/537.36": (
        {"isAndroid", "isChrome", "isMobile", "isMobileNative", "isSamsung", "isWebkit"},
        ("Chrome", "124.0.0", "Android 14", "Android"),
    ),
    "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0": (
        {"isDesktop", "isFirefox", "isLinux", "isLinux64"},
        ("Firefox", "125.0", "Linux", "Linux"),
    ),
    "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 "
    "Mobile/15E148 Safari/604.1": (
        {"isMobileNative", "isSafari", "isTablet", "isWebkit", "isiPad"},
        ("Safari", "16.6", "iOS 16", "iPad"),
    ),
    "curl/8.1.2": ({"isBot", "isCurl"}, ("curl", "8.1.2", "unknown", "unknown")),
    "": (set(), ("unknown", "unknown", "unknown", "unknown")),
}


@pytest.mark.parametrize("user_agent", BROWSERS, ids=lambda text: text[13:40] or "none")
def test_browsers_are_described(user_agent: str) -> None:
    device = device_from(user_agent)
    flags, (browser, version, system, platform) = BROWSERS[user_agent]
    assert {name for name in FLAGS if device[name]} == flags
    assert (device["browser"], device["version"], device["os"], device["platform"]) == (
        browser,
        version,
        system,
        platform,
    )
    assert device["source"] == user_agent


def test_every_member_of_the_contract_is_there_and_nothing_else() -> None:
    device = device_from("anything")
    assert set(device) == {*FLAGS, "browser", "version", "os", "platform", "source", "geoIp"}
    assert all(isinstance(device[name], bool) for name in FLAGS)


def test_strange_text_is_described_too() -> None:
    for text in ("\ud800", "\0" * 50, "Mozilla/" * 5_000, "()" * 400):
        device = device_from(text)
        assert len(device["source"]) <= MAX_USER_AGENT_CHARACTERS
        json.dumps(device)
