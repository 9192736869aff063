"""Erasing a person: name and mail address vanish from the database and from the files; what happened stays, by key."""

from swingby.web.erasure.database import Erased, UnknownPersonError, erase_in_database
from swingby.web.erasure.files import FilesSearched, erase_in_files
from swingby.web.erasure.needles import Needles

__all__ = ["Erased", "FilesSearched", "Needles", "UnknownPersonError", "erase_in_database", "erase_in_files"]
