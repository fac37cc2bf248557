"""Settings of webhooks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """Events to customers' servers."""

    enabled: bool = True
    """Whether events are delivered; endpoints can be managed in any case."""
    timeout_seconds: float = 10.0
    """How long a receiver may take to answer."""
    disable_after_days: float = 5.0
    """Nothing but failures for so long disables an endpoint; 0 = never."""
