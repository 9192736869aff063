"""Asking the API as the system of one of the people of the small world."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from tests.permissions.presenting import token_of

HARBOR = "/api/v1/programs/harbor-program"


def get(address: str, *, person: str = "manager", **headers: str) -> Any:
    return Client().get(f"/api/v1{address}", headers={"Authorization": f"Bearer {token_of(person)}", **headers})


def post(address: str, body: Any, *, person: str = "manager", media_type: str = "", **headers: str) -> Any:
    return Client().post(
        f"/api/v1{address}",
        data=body if isinstance(body, bytes) else json.dumps(body).encode(),
        content_type=media_type or "application/json",
        headers={"Authorization": f"Bearer {token_of(person)}", **headers},
    )
