"""The people who watch over sessions: their accounts and roles, how they sign in, and what is hidden from whom."""
