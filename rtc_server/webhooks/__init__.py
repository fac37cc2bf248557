"""Events to customers' servers: signed, retried for more than a day, recorded attempt by attempt."""
