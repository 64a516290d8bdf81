"""Random values of a séance: its presence code and the names of its files on disk."""

import secrets
import uuid

from django.db import models

ALPHABET = "ACDEFGHJKLMNPQRTUVWXY34679"  # without letters that look alike on a projected screen


def tirer_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(6))


def chemin_piece_seance(piece: models.Model, nom: str) -> str:
    return f"seances/{uuid.uuid4()}"
