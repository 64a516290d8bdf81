"""Letters of the deposit: invitations, accusé de réception, withdrawal."""

from collections.abc import Iterable

from django.urls import reverse

from participation.socle.courriels.ecriture import ecrire, ecrire_a_chacun
from participation.socle.courriels.lettres import adresses_du_service
from participation.socle.models import ReglageService
from petitions.models import Petition
from petitions.nouvelles.lettres import ecrire_aux_petitionnaires, petitionnaires


def deposer(petition: Petition) -> None:
    """Accusé de réception to the author (CRPA L112-3, R112-5), letters to the co-pétitionnaires and to the
    service."""
    contexte = {
        "petition": petition,
        "reglement": petition.reglement,
        "echeance": petition.echeance_legale(),
        "service": ReglageService.actuel(),
        "nombre": petition.copetitionnaires.confirmes().count(),
        "lien": reverse("petitions:ma_petition", args=[petition.pk]),
    }
    auteur = petition.auteur.courriel if petition.auteur else ""
    adresses = petitionnaires(petition)
    if auteur in adresses:
        cle = f"deposer:{petition.pk}"
        ecrire("petitions/deposer", a=[auteur], dossier=petition, cle=cle, contexte=contexte)
    autres = petition.copetitionnaires.confirmes().exclude(courriel__in=[auteur, ""])
    for autre in autres.select_related("petition", "texte_confirme"):
        lien = reverse("petitions:confirmer_copetitionnaire", args=[autre.jeton()])
        ecrire(
            "petitions/deposer_copetitionnaires",
            a=[autre.courriel],
            dossier=petition,
            contexte={**contexte, "lien": lien, "titre_connu": autre.connait_le_titre},
        )
    ecrire(
        "petitions/deposer_service",
        a=adresses_du_service(),
        dossier=petition,
        contexte={**contexte, "lien": petition.get_absolute_url()},
    )


def retirer(petition: Petition) -> None:
    ecrire_aux_petitionnaires(petition, "petitions/retirer", {"petition": petition})
    ecrire(
        "petitions/retirer_service",
        a=adresses_du_service(),
        dossier=petition,
        contexte={"petition": petition, "lien": petition.get_absolute_url()},
    )


def abandonner_brouillon(petition: Petition, *, adresses: Iterable[str]) -> None:
    ecrire_a_chacun(
        "petitions/abandonner_brouillon", a=adresses, dossier=petition, contexte={"petition": petition}
    )
