"""`python -m ops.celery …`: `celery` without its interactive shell, which takes half of its loading time."""

import sys
from types import ModuleType

from celery.__main__ import main


class _SansConsole(ModuleType):
    @staticmethod
    def register_repl(*args: object, **options: object) -> None:
        """Do nothing. `celery.bin.amqp` uses no other name of `click_repl`."""


if __name__ == "__main__":
    sys.modules["click_repl"] = _SansConsole("click_repl")
    main()
