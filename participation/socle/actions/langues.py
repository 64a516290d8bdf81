"""A person who knows a language says that its sentences are right, or that they are to be read again."""

from django.core.cache import caches

from participation.socle.lectures.langues import CLE, empreinte, est_relue
from participation.socle.models import Compte, RelectureLangue


def relire_langue(code: str, *, par: Compte, est_lue: bool, remarque: str = "") -> None:
    """Write it in the journal of the language, unless it is already so. Pages say it within a minute."""
    caches["processus"].delete(CLE)
    if est_relue(code) == est_lue:
        return
    RelectureLangue.objects.create(
        langue=code, est_relue=est_lue, empreinte=empreinte(code), remarque=remarque, par=par
    )
    caches["processus"].delete(CLE)
