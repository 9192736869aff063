"""Every component in every state on one page, and sample pages, for people and for tests."""
