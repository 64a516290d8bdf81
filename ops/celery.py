"""`python -m ops.celery …`: what `celery …` does, but for its interactive shell: loading it was half of what celery itself takes to load."""

import sys
from types import ModuleType

from celery.__main__ import main


class _SansConsole(ModuleType):
    @staticmethod
    def register_repl(*args: object, **options: object) -> None:
        """`celery.bin.amqp` asks for nothing else."""


if __name__ == "__main__":
    sys.modules["click_repl"] = _SansConsole("click_repl")
    main()
