"""Question 3: what each partner is worth."""
