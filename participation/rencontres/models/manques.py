"""What must come first, as the table of acts names it."""

from typing import Any

from django.utils import timezone

from participation.rencontres.models.recolte import Note
from participation.rencontres.models.rencontres import Rencontre
from participation.socle.erreurs import Manque
from participation.socle.francais import accorder
from participation.socle.models import Compte


def avant_d_ouvrir(rencontre: Rencontre, acte: str, par: Compte | None) -> list[str]:
    dits: list[str] = []
    if rencontre.debut <= timezone.now():
        dits.append(Manque("La rencontre a commencé : changez d’abord sa date.", acte="modifier_rencontre"))
    if rencontre.date_limite < timezone.localdate():
        dits.append(
            Manque(
                "Le dernier jour pour s’inscrire est passé : changez-le d’abord.", acte="modifier_rencontre"
            )
        )
    return dits


def avant_de_tenir(rencontre: Rencontre, acte: str, par: Compte | None) -> list[str]:
    return (
        [Manque("La rencontre n’a pas encore commencé.", acte="modifier_rencontre")]
        if rencontre.debut > timezone.now()
        else []
    )


def sans_deroule(rencontre: Rencontre, acte: str, par: Compte | None) -> list[str]:
    return [] if rencontre.blocs.exists() else ["Écrivez d’abord le déroulé."]


def rien_a_retablir(rencontre: Rencontre, acte: str, par: Compte | None) -> list[str]:
    return [] if rencontre.blocs.filter(jouees__isnull=False).exists() else ["Le déroulé est celui qui était prévu."]  # fmt: skip


def sans_table(rencontre: Rencontre, acte: str, par: Compte | None) -> list[str]:
    return [] if rencontre.tables.exists() else ["Dressez d’abord les tables."]


def sans_plan(rencontre: Rencontre, acte: str, par: Compte | None) -> list[str]:
    return [] if rencontre.plan else ["Dressez d’abord les tables."]


def libres(rencontre: Rencontre) -> Any:
    """Return the notes that are in no group."""
    return Note.objects.filter(table__rencontre=rencontre, groupe=None, ecartee_le=None).order_by("table__numero", "pk")  # fmt: skip


def sans_note(rencontre: Rencontre, acte: str, par: Compte | None) -> list[str]:
    return [] if libres(rencontre).exists() else ["Aucune note n’attend d’être groupée."]


def avant_de_clore(rencontre: Rencontre, acte: str, par: Compte | None) -> list[str]:
    """What was said is owed an answer."""
    dits: list[str] = []
    if seules := libres(rencontre).count():
        dits.append(
            Manque(
                f"{accorder(seules, 'note n’est', 'notes ne sont')} dans aucun groupe : groupez ou écartez.",
                acte="grouper_notes",
            )
        )
    if sans := rencontre.groupes.filter(fait_le=None).count():
        dits.append(
            Manque(
                f"{accorder(sans, 'groupe attend', 'groupes attendent')} de savoir ce qu’il devient.",
                rencontre.get_absolute_url(),
            )
        )
    return dits
