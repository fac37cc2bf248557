"""One-time codes: drawn, worded, and sent by e-mail or SMS, or put into the sandbox's mailbox."""
