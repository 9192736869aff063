"""Badges: certifications held, as Open Badges 3.0 that anybody can verify, and badges that others issued."""
