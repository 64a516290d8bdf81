"""What a séance draws at random: the code that the room shows, the name of a file on disk."""

import secrets
import uuid

from django.db import models

ALPHABET = "ACDEFGHJKLMNPQRTUVWXY34679"  # no letter that is read as another on a projected screen


def tirer_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(6))


def chemin_piece_seance(piece: models.Model, nom: str) -> str:
    return f"seances/{uuid.uuid4()}"
