from tests.permissions.fixtures import database, django_db_setup, held_still

__all__ = ["database", "django_db_setup", "held_still"]
