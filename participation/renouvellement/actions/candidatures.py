"""Applying: asked on a page, counted once the address is proved; changed or taken back until the end of the call; checked by an agent."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from participation.renouvellement import notifications
from participation.renouvellement.actions.journal import consigner, exiger
from participation.renouvellement.models import Campagne, Candidature, CollegeCampagne
from participation.renouvellement.workflow import Eligibilite, EtatCandidature, Motif
from participation.socle.actions.table import verrouiller
from participation.socle.adresses import canoniser
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Compte
from participation.socle.verrous import verrou


@transaction.atomic
def candidater(college: CollegeCampagne, **reponses: Any) -> None:
    """Somebody without an account applies: a letter goes to the address, and nothing counts before its link is used.

    The answer of the page is the same whatever the address: who has applied already learns it by letter alone. Nobody
    gets more letters than the campaign allows.
    """
    campagne = college.campagne
    if not campagne.recoit():
        raise ActeInterdit("L’appel à candidatures n’est pas ouvert : cette candidature n’est pas reçue.")
    boite = canoniser(reponses["courriel"])
    verrou(f"renouvellement:candidater:{campagne.pk}:{boite}")
    siennes = Candidature.objects.filter(campagne=campagne, courriel_canonique=boite)
    deposee = siennes.deposees().select_related("campagne", "college").first()
    if deposee is not None:
        notifications.deja_candidat(deposee)
        return
    if siennes.filter(etat=EtatCandidature.A_CONFIRMER).count() >= campagne.courriels_max:
        return
    candidature = Candidature(campagne=campagne, college=college, **reponses)
    candidature.full_clean(exclude=["courriel_canonique"])
    candidature.save()
    notifications.candidater(candidature)


@transaction.atomic
def confirmer_candidature(candidature: Candidature) -> None:
    """The holder of the address confirms: the candidature gets its number. Pressed twice, it counts once.

    Raises ErreurMetier when another candidature of the same address was confirmed, ActeInterdit once the delay is past.
    """
    campagne = candidature.campagne
    verrouiller(campagne)
    _relire(candidature)
    if candidature.etat == EtatCandidature.DEPOSEE:
        return
    if candidature.etat == EtatCandidature.RETIREE:
        raise ActeInterdit(
            "Cette candidature a été retirée. Vous pouvez en envoyer une autre tant que l’appel est ouvert."
        )
    if not campagne.confirme():
        raise ActeInterdit("Le délai pour confirmer est passé : cette candidature ne peut plus compter.")
    if campagne.candidatures.deposees().filter(courriel_canonique=candidature.courriel_canonique).exists():
        raise ErreurMetier(
            "Une candidature est déjà déposée avec cette adresse : une personne compte une fois."
        )
    deposer(candidature)
    notifications.confirmer_candidature(candidature)


def deposer(candidature: Candidature) -> None:
    """Number and date it. The campaign must be locked."""
    campagne = candidature.campagne
    dernier = campagne.candidatures.aggregate(n=Max("numero"))["n"] or 0
    candidature.etat = EtatCandidature.DEPOSEE
    candidature.numero = dernier + 1
    candidature.deposee_le = timezone.now()
    candidature.full_clean(exclude=["courriel_canonique"])
    candidature.save()
    consigner(
        campagne,
        "confirmer_candidature",
        par=candidature.saisie_par,
        fait=f"Candidature n° {candidature.numero} déposée",
        candidature=candidature,
    )


@transaction.atomic
def corriger_candidature(candidature: Candidature, *, par: Compte | None = None, **reponses: Any) -> None:
    """By its author through the link until the end of the call; by an agent as long as the list is not settled.

    The address is what proves who writes: it does not change through the link.
    """
    campagne = candidature.campagne
    if par is None:
        verrouiller(campagne)
        reponses.pop("courriel", None)
        if not campagne.recoit():
            raise ActeInterdit("L’appel est clos : la candidature ne change plus.")
    else:
        exiger(campagne, "verifier_eligibilite", par=par)
    _relire(candidature)
    if candidature.etat == EtatCandidature.RETIREE:
        raise ActeInterdit("Cette candidature est retirée.")
    _exiger_adresse_libre(candidature, reponses.get("courriel", candidature.courriel))
    for champ, valeur in reponses.items():
        setattr(candidature, champ, valeur)
    if par is None and candidature.eligibilite != Eligibilite.A_VERIFIER:
        # What was checked has changed: to be checked again.
        candidature.eligibilite, candidature.motif = Eligibilite.A_VERIFIER, ""
    candidature.full_clean(exclude=["courriel_canonique"])
    candidature.save()
    if candidature.etat == EtatCandidature.DEPOSEE:
        consigner(
            campagne,
            "corriger_candidature",
            par=par,
            fait=f"Candidature n° {candidature.numero} corrigée{'' if par else ' par son auteur'}",
            candidature=candidature,
        )


@transaction.atomic
def retirer_candidature(candidature: Candidature, *, par: Compte | None = None, motif: str = "") -> None:
    """Taken back. What she wrote is forgotten at once when it never counted, else at the end of the delay."""
    campagne = candidature.campagne
    if par is None:
        verrouiller(campagne)
    else:
        exiger(campagne, "verifier_eligibilite", par=par)
    _relire(candidature)
    if candidature.etat == EtatCandidature.RETIREE:
        return
    if candidature.etat == EtatCandidature.A_CONFIRMER:
        candidature.delete()
        return
    if candidature.membre_id is not None:
        raise ActeInterdit("Cette personne est nommée : son départ se note sur la page de l’instance.")
    candidature.etat = EtatCandidature.RETIREE
    candidature.retiree_le = timezone.now()
    candidature.choix, candidature.rang_attente, candidature.choix_motif = "", None, ""
    candidature.conserver()
    candidature.save()
    resserrer_attente(candidature.college)
    consigner(
        campagne,
        "retirer_candidature",
        par=par,
        fait=f"Candidature n° {candidature.numero} retirée{'' if par else ' par son auteur'}",
        motif=motif,
        candidature=candidature,
    )
    notifications.retirer_candidature(candidature)


@transaction.atomic
def saisir_candidature(college: CollegeCampagne, *, par: Compte, **reponses: Any) -> Candidature:
    """An agent types what was received on paper: it counts at once, with or without a mail address."""
    campagne = college.campagne
    exiger(campagne, "saisir_candidature", par=par)
    candidature = Candidature(
        campagne=campagne, college=college, source=Candidature.Source.PAPIER, saisie_par=par, **reponses
    )
    _exiger_adresse_libre(candidature, candidature.courriel)
    candidature.full_clean(exclude=["courriel_canonique", "numero"])
    candidature.save()
    deposer(candidature)
    if candidature.courriel:
        notifications.confirmer_candidature(candidature)
    return candidature


def _exiger_adresse_libre(candidature: Candidature, courriel: str) -> None:
    """An agent is told at once that an address has its candidature already. The campaign must be locked."""
    if not courriel:
        return
    autres = candidature.campagne.candidatures.deposees().exclude(pk=candidature.pk)
    if autres.filter(courriel_canonique=canoniser(courriel)).exists():
        raise ValidationError({"courriel": "Une candidature est déjà déposée avec cette adresse."})


# Checked by an agent


@transaction.atomic
def declarer_eligible(candidature: Candidature, *, par: Compte) -> None:
    _verifier(candidature, par)
    candidature.eligibilite, candidature.motif, candidature.motif_precision = Eligibilite.ELIGIBLE, "", ""
    candidature.save()
    _noter_verification(candidature, par, "recevable")


@transaction.atomic
def declarer_non_eligible(candidature: Candidature, *, par: Compte, motif: str, precision: str = "") -> None:
    """With a coded reason; the person is told by letter."""
    _verifier(candidature, par)
    candidature.eligibilite = Eligibilite.NON_ELIGIBLE
    candidature.motif, candidature.motif_precision = motif, precision
    candidature.choix, candidature.rang_attente, candidature.choix_motif = "", None, ""
    candidature.full_clean(exclude=["courriel_canonique"])
    candidature.save()
    resserrer_attente(candidature.college)
    _noter_verification(candidature, par, f"non recevable : {Motif(motif).label}")
    notifications.declarer_non_eligible(candidature)


def _verifier(candidature: Candidature, par: Compte) -> None:
    exiger(candidature.campagne, "verifier_eligibilite", par=par)
    _relire(candidature)
    if candidature.etat != EtatCandidature.DEPOSEE:
        raise ActeInterdit("Cette candidature n’est plus déposée : elle a été retirée.")


def _noter_verification(candidature: Candidature, par: Compte, dit: str) -> None:
    consigner(
        candidature.campagne,
        "verifier_eligibilite",
        par=par,
        fait=f"Candidature n° {candidature.numero} {dit}",
        candidature=candidature,
    )


def _relire(candidature: Candidature) -> None:
    campagne, college = candidature.campagne, candidature.college
    try:
        candidature.refresh_from_db(from_queryset=Candidature.objects.select_for_update(of=("self",)))
    except Candidature.DoesNotExist as erreur:
        raise ActeInterdit("Cette demande a été effacée.") from erreur
    candidature.campagne, candidature.college = campagne, college


def resserrer_attente(college: CollegeCampagne) -> None:
    """Ranks of the waiting list without a hole, in the same order."""
    attente = college.candidatures.filter(rang_attente__isnull=False).order_by("rang_attente", "numero")
    for rang, candidature in enumerate(attente, start=1):
        if candidature.rang_attente != rang:
            Candidature.objects.filter(pk=candidature.pk).update(rang_attente=rang)


def purger_candidatures() -> int:
    """What the clock does: requests that were never confirmed, once their delay is past. Returns how many."""
    effacees = 0
    for campagne in Campagne.objects.all():
        limite = timezone.now() - timedelta(days=campagne.purge_jours)
        nombre, _ = campagne.candidatures.filter(
            etat=EtatCandidature.A_CONFIRMER, cree_le__lt=limite
        ).delete()
        effacees += nombre
    return effacees
