"""The processes of the web application: database, web server, worker, and the supervisor above them."""

from __future__ import annotations

from swingby.web.server.embedded import Database, Role, open_database

__all__ = ["Database", "Role", "open_database"]
