"""What must come first, as the table of acts names it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from participation.rencontres.models.inscriptions import Inscription
from participation.rencontres.models.rencontres import Rencontre
from participation.socle.models import Compte


def avant_d_ouvrir(rencontre: Rencontre, acte: str, par: Compte | None) -> list[str]:
    dits = []
    if rencontre.debut <= timezone.now():
        dits.append("La rencontre a commencé : changez d’abord sa date.")
    if rencontre.date_limite < timezone.localdate():
        dits.append("Le dernier jour pour s’inscrire est passé : changez-le d’abord.")
    return dits


def avant_de_tenir(rencontre: Rencontre, acte: str, par: Compte | None) -> list[str]:
    return ["La rencontre n’a pas encore commencé."] if rencontre.debut > timezone.now() else []


def avant_le_jour(inscription: Inscription, acte: str, par: Compte | None) -> list[str]:
    mots = inscription.rencontre.pas_encore_le_jour()
    return [mots] if mots else []


def a_effacer(rencontre: Rencontre) -> Any:
    """Return who may be erased: her time is past. For an agent, in one batch."""
    limite = timezone.localdate() - timedelta(days=rencontre.regle.conservation_jours)
    if rencontre.jour >= limite:
        return Inscription.objects.none()
    return rencontre.inscriptions.filter(efface_le=None)


def rien_a_effacer(rencontre: Rencontre, acte: str, par: Compte | None) -> list[str]:
    return [] if a_effacer(rencontre).exists() else ["Le délai n’est pas passé, ou plus personne n’est à effacer."]  # fmt: skip
