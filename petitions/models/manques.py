"""What must come before an act on a pétition, in sentences: the conditions that its rows name. Read-only."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from participation.droits.models import sans_visa
from participation.socle.erreurs import Manque
from participation.socle.francais import accorder, jour_texte
from participation.socle.models import Compte
from petitions import examen, workflow
from petitions.models.reglement import Seuil


def seuil_atteint(petition: Any, acte: str, par: Compte | None) -> list[str]:
    voies = workflow.ACTES_APRES_SEUIL[acte]
    if petition.effets_ouverts().isdisjoint(voies):
        return [f"Le seuil qui ouvre ce droit n’est pas atteint : {Seuil.Effet(voies[0]).label}."]
    if acte == "ouvrir_panel" and petition.avis_panel:
        return ["Un panel citoyen a déjà rendu son avis."]
    return []


def examen_fini(petition: Any, acte: str, par: Compte | None) -> list[str]:
    phrases: list[str] = []
    attente = petition.reformulation_ouverte()
    if attente is not None and attente.date_limite >= timezone.localdate():
        jour = jour_texte(attente.date_limite)
        dit = f"Une reformulation est attendue jusqu’au {jour} : attendez ou annulez-la."
        phrases.append(Manque(dit, petition.get_absolute_url()))
    grille = examen.manques_de_la_grille(acte, petition.grille_du_jour())
    return phrases + [Manque(phrase, acte="examiner") for phrase in grille]


def depot_complet(petition: Any, acte: str, par: Compte | None) -> list[str]:
    """What is missing, with the step where it is given: each but the co-signers is a step of the form."""
    pages = {"copetitionnaires": reverse("petitions:copetitionnaires", args=[petition.pk])}
    return [
        Manque(phrase, pages.get(etape) or reverse("petitions:rediger", args=[petition.pk, etape]))
        for etape, phrase in petition.a_completer()
    ]


def reformulation_possible(petition: Any, acte: str, par: Compte | None) -> list[str]:
    phrases = []
    if petition.auteur is None:
        phrases.append("Cette pétition n’a pas d’auteur joignable en ligne.")
    if petition.reformulation_ouverte() is not None:
        dit = "Une reformulation est déjà demandée : attendez sa réponse, ou annulez-la."
        phrases.append(Manque(dit, petition.get_absolute_url()))
    return phrases


def rapprochement_possible(petition: Any, acte: str, par: Compte | None) -> list[str]:
    if petition.auteur is None:
        return ["Cette pétition n’a pas d’auteur joignable en ligne."]
    if petition.rapprochements.proposes().exists() or petition.accueils.proposes().exists():
        dit = "Un rapprochement est déjà proposé : attendez les réponses, ou annulez-le."
        return [Manque(dit, f"{petition.get_absolute_url()}#rapprochement")]
    return []


def reformulation_demandee(petition: Any, acte: str, par: Compte | None) -> list[str]:
    demandee = petition.reformulation_ouverte() is not None
    return [] if demandee else ["Le comité ne vous demande pas de reformuler ce texte."]


def papier_admis(petition: Any, acte: str, par: Compte | None) -> list[str]:
    if petition.reglement.papier_admis:
        return []
    return ["Le règlement de cette pétition n’admet pas les signatures sur papier."]


def seuils_decides(petition: Any, acte: str, par: Compte | None) -> list[str]:
    if par is None or not petition.seuils_a_decider().exists():
        return []
    return [Manque(examen.SEUIL_A_DECIDER, petition.get_absolute_url())]


def suites_realisees(petition: Any, acte: str, par: Compte | None) -> list[str]:
    en_cours = petition.suites.ouvertes().count()
    if not en_cours:
        return []
    return [Manque(examen.suites_a_realiser(en_cours), f"{petition.get_absolute_url()}#suites")]


def conservation_passee(petition: Any, acte: str, par: Compte | None) -> list[str]:
    if petition.est_a_pseudonymiser:
        return sans_visa("petitions.signatures", petition.pk)
    fait = "Les données sont déjà pseudonymisées."
    return [fait if petition.pseudonymisee_le else "Le délai de conservation n’est pas passé."]


def message_permis(petition: Any, acte: str, par: Compte | None) -> list[str]:
    """One message at a time, within the number and the interval set by the règlement of the pétition."""
    reglement, nouvelles = petition.reglement, petition.nouvelles.all()
    if attendue := next((n for n in nouvelles if n.etat == "proposee"), None):
        jour = jour_texte(attendue.proposee_le)
        return [f"Votre message du {jour} attend d’être relu par le service : un seul à la fois."]
    publiees = sorted(n.decidee_le for n in nouvelles if n.etat in {"publiee", "depubliee"})
    if len(publiees) >= reglement.nouvelles_max:
        combien = accorder(reglement.nouvelles_max, "message")
        return [f"Le règlement permet {combien} par pétition : vous les avez tous envoyés."]
    if publiees:
        libre = timezone.localdate(publiees[-1]) + timedelta(days=reglement.nouvelles_intervalle_jours)
        if timezone.localdate() < libre:
            return [f"Vous pourrez écrire de nouveau aux signataires à partir du {jour_texte(libre)}."]
    return []
