"""Staff accounts: roles, passwords, codes, lock-out, sessions."""
