"""What sessions come to when many are looked at, or when a person looks at one: numbers, reviews, reports on paper."""
