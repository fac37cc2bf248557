"""The console of those who look after sessions."""
