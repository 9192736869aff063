"""The demonstration: an invented company with its partners, loaded once."""

from swingby.web.demo.example import describe_logins, load

__all__ = ["describe_logins", "load"]
