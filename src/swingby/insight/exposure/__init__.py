"""Question 4: how much hangs on a few partners."""
