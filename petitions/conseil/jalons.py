"""Steps of a pétition before the council and after it: kept, dated, with their documents."""

from copy import copy
from datetime import date, time
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from participation.socle.actions import enregistrer, faire_echeance, fixer_echeance
from participation.socle.actions.pieces import joindre
from participation.socle.calendrier import ajouter_mois
from participation.socle.collectivite import ici
from participation.socle.forms.champs import champ_texte
from participation.socle.models import Compte
from petitions.conseil import lettres
from petitions.models import Jalon, Petition

champ_long = partial(champ_texte, maximum=8000)


def prevoir_debat(petition: Petition) -> None:
    """Set the échéance of the debate: day of the council, or else within the months of the règlement."""
    limite = petition.date_conseil or ajouter_mois(timezone.localdate(), petition.reglement.delai_debat_mois)
    fixer_echeance(
        petition,
        "debat",
        libelle=ici("Débattre de la pétition au {conseil}"),
        date_limite=limite,
        est_legale=True,
        rappels=[60, 30, 7],
        escalade=7,
        responsable=petition.agent,
    )


def noter_jalon(petition: Petition, nature: str, jour: date, **valeurs: Any) -> Jalon:
    """Create or correct a jalon: empty values keep the former ones."""
    gardees = {champ: valeur for champ, valeur in valeurs.items() if valeur}
    jalon, _ = Jalon.objects.update_or_create(
        petition=petition, nature=nature, defaults={"date": jour, **gardees}
    )
    jalon.full_clean()
    return jalon


def fixer_jalon(
    petition: Petition, nature: str, jour: date, heures: tuple[time | None, time | None], **valeurs: Any
) -> tuple[Jalon, str]:
    """Create or correct a meeting. Returns the jalon, and what changed in it, in a sentence.

    The sequence number goes up, so that calendars update the event.
    """
    jalon = petition.jalons.filter(nature=nature).first() or Jalon(
        petition=petition, nature=nature, date=jour, sequence=-1
    )
    avant = copy(jalon) if jalon.pk else None
    jalon.date, (jalon.heure_debut, jalon.heure_fin) = jour, heures
    for champ, valeur in valeurs.items():
        setattr(jalon, champ, valeur)
    jalon.sequence += 1
    enregistrer(jalon, change_le=timezone.now())
    return jalon, lettres.ce_qui_change(avant, jalon) if avant else ""


def joindre_au_jalon(jalon: Jalon, fichier: UploadedFile | None, *, titre: str, par: Compte) -> None:
    if fichier is not None:
        jalon.pieces.add(joindre(jalon.petition, fichier=fichier, titre=titre, par=par, est_publique=True))


def dater_le_jalon(jalon: Jalon, cle: str, libelle: str) -> None:
    fixer_echeance(
        jalon.petition,
        cle,
        libelle=libelle,
        date_limite=jalon.date,
        rappels=[7],
        responsable=jalon.petition.agent,
    )


def constater_jalons() -> int:
    """Mark as done the échéances of past meetings. Returns how many; safe to run twice."""
    passes = Jalon.objects.filter(
        nature__in=[Jalon.Nature.RENCONTRE, Jalon.Nature.RESTITUTION], date__lt=timezone.localdate()
    ).select_related("petition")
    nombre = 0
    for jalon in passes.filter(petition__clos_le__isnull=True):
        nombre += jalon.petition.echeances.ouvertes().filter(cle=jalon.nature).exists()
        faire_echeance(jalon.petition, jalon.nature)
    return nombre
