"""Question 6: would we have won it without a partner."""
