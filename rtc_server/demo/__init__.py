"""What ``visavis demo`` serves beside the server: a sample partner's site, and a mailbox that needs no key."""
