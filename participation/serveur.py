"""What gunicorn writes in its logs, masked as everything else: `--logger-class participation.serveur.Journal`."""

from typing import Any

from gunicorn import glogging

from participation.socle.journaux import SansSecret


class Journal(glogging.Logger):  # type: ignore[misc]
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for sortie in (*self.error_log.handlers, *self.access_log.handlers):
            sortie.setFormatter(SansSecret(sortie.formatter._fmt, sortie.formatter.datefmt))
