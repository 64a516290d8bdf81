"""Where files are kept: as Django does, and nothing is left of one that could not be written to its end."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class Stockage(FileSystemStorage):
    def _save(self, name: str, content: Any) -> str:
        """A full disk leaves no half file: nobody would ever look for it again."""
        existait = self.exists(name)
        try:
            garde: str = super()._save(name, content)  # type: ignore[misc]  # not in the stubs
            return garde
        except OSError:
            if not existait:
                with suppress(OSError):
                    Path(self.path(name)).unlink()
            raise
