"""What a browser's User-Agent says about the device (contract §4.7)."""

from ua_parser import parse

from rtc_server.storage.ports import Json


def device_from(user_agent: str) -> Json:
    """The device as the report shows it."""
    found = parse(user_agent).with_defaults()
    return {
        "browser": found.user_agent.family,
        "version": ".".join(part for part in (found.user_agent.major, found.user_agent.minor) if part),
        "os": found.os.family,
        "platform": found.device.family,
        "source": user_agent,
    }
