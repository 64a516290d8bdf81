"""`python -m ops.celery …`: `celery` without its interactive shell, which takes half of its loading time."""

import sys
from types import ModuleType

import django
from celery.__main__ import main

from ops.depart import charger_puis_attendre


class _SansConsole(ModuleType):
    @staticmethod
    def register_repl(*args: object, **options: object) -> None:
        """Do nothing. `celery.bin.amqp` uses no other name of `click_repl`."""


def _charger() -> None:
    from participation.celery import app  # it names the settings

    django.setup()
    app.autodiscover_tasks(force=True)


if __name__ == "__main__":
    sys.modules["click_repl"] = _SansConsole("click_repl")
    charger_puis_attendre(_charger)
    main()
