"""What sessions come to: facts, numbers, reviews, reports on paper."""
