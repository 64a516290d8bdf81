"""Letters to who said something at a table and left an address."""

from django.urls import reverse
from django.utils import timezone

from participation.rencontres.models import AuteurDeNote, Groupe, Note
from participation.socle.courriels import porte
from participation.socle.courriels.ecriture import Destinataire, ecrire_a_plusieurs
from participation.socle.courriels.porte import lu
from participation.socle.models import Moderation


def suivre_note(auteur: AuteurDeNote) -> None:
    """Ask for the proof of the address, through the gate, at most once a day."""
    rencontre = auteur.note.table.rencontre
    porte.ecrire(
        "rencontres/suivre_note",
        a=auteur.courriel,
        sujet=rencontre,
        dossier=rencontre,
        cle=f"{auteur.CLE}:{auteur.pk}:suivre:{timezone.localdate():%Y%m%d}",
        mots={
            "titre": lu(rencontre, "titre"),
            "debut": rencontre.debut,
            "lien": reverse("rencontres:suivre_note", args=[auteur.jeton()]),
        },
    )


def dire_ce_que_devient(groupe: Groupe) -> int:
    """Tell each author who proved her address, once a group. Return how many letters."""
    adresses = AuteurDeNote.objects.filter(note__groupe=groupe, confirme_le__isnull=False)
    return ecrire_a_plusieurs(
        "rencontres/dire_ce_que_devient",
        [Destinataire(a) for a in sorted(set(adresses.values_list("courriel", flat=True)))],
        contexte={
            "groupe": groupe,
            "rencontre": groupe.rencontre,
            "lien": f"{groupe.rencontre.get_public_url()}#recolte",
        },
        dossier=groupe.rencontre,
        cle=f"rencontres-groupe:{groupe.pk}",
    )


def ecarter_note(note: Note, moderation: Moderation) -> None:
    """Tell each author who proved her address why it is not shown, and how to contest."""
    ecrire_a_plusieurs(
        "rencontres/ecarter_note",
        [Destinataire(adresse) for adresse in moderation.adresses],
        contexte={"note": note, "rencontre": note.table.rencontre, "moderation": moderation},
        dossier=note.table.rencontre,
        cle=f"rencontres-note-ecartee:{moderation.pk}",
    )
