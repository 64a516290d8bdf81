"""File storage that leaves no partly written file."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class Stockage(FileSystemStorage):
    def _save(self, name: str, content: Any) -> str:
        """Save the file; if the disk is full, delete what was written."""
        existait = self.exists(name)
        try:
            garde: str = super()._save(name, content)  # type: ignore[misc]  # not in the stubs
            return garde
        except OSError:
            if not existait:
                with suppress(OSError):
                    Path(self.path(name)).unlink()
            raise
