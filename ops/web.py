"""Configuration of gunicorn under `make run`: that of the site, which opens when its database is ready."""

from typing import Any

from ops.depart import attendre_le_feu_vert
from participation.serveur import *  # noqa: F403 (gunicorn reads every name of this module)


def on_starting(server: Any) -> None:
    attendre_le_feu_vert()  # the site is loaded by now (`preload_app`), and has no socket yet
