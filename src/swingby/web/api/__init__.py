"""The REST API under ``/api/v1/``: the same domain functions as the screens, for other systems."""
