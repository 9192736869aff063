"""The demonstration: an invented company with its partners, and the firm of one of them, loaded once."""

from swingby.web.demo.example import describe_logins, load
from swingby.web.demo.firm import load_firm, load_firm_vendors

__all__ = ["describe_logins", "load", "load_firm", "load_firm_vendors"]
