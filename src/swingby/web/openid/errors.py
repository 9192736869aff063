"""Why a provider's word was not taken."""

from __future__ import annotations


class ProviderError(Exception):
    """A provider cannot be reached or says something that cannot be trusted; the text is for the person."""
