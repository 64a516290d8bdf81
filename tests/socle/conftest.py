"""Fixtures of the socle tests."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.socle.boite_smtp import Boite, serveur_smtp


@pytest.fixture
def boite(settings: Any) -> Iterator[Boite]:
    """SMTP server that receives the letters."""
    boite = Boite()
    with serveur_smtp(boite) as port:
        settings.COURRIEL_TRANSPORT = {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": port,
        }
        yield boite
