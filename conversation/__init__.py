"""What is asked, when one may speak, and how one hears and speaks."""
