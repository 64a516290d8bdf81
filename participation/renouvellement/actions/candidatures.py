"""Acts on a candidature: request, confirmation by link, correction, withdrawal, check by an agent."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from participation.renouvellement import notifications
from participation.renouvellement.actions.effacement import effacer_lettres
from participation.renouvellement.models import Campagne, Candidature, CollegeCampagne
from participation.renouvellement.models.candidature import CandidatureQuerySet
from participation.renouvellement.workflow import Eligibilite, EtatCandidature, Motif
from participation.socle.actions.avancer import Pas, avancer, consigner, exiger
from participation.socle.adresses import canoniser
from participation.socle.calendrier import debut_du_jour, il_y_a_plus_de
from participation.socle.erreurs import ActeInterdit
from participation.socle.models import Compte, Restauration
from participation.socle.verrous import verrou

MONTREES = 20  # in the letter of the day
SANS_CHOIX: dict[str, Any] = {"choix": "", "rang_attente": None, "choix_motif": ""}


@transaction.atomic
def candidater(college: CollegeCampagne, **reponses: Any) -> None:
    """Save a candidature sent without account, and write its confirmation link to the address.

    It counts only once confirmed. The page is the same for every address: only a letter says that a
    candidature exists already. Every request is saved; a mailbox gets `courriels_max` letters for the
    campaign, then one per day that lists all pending requests. Raises ActeInterdit when the call is not open.
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
    candidature = _du_meme_nom(siennes, reponses) or Candidature(campagne=campagne)
    candidature.college = college
    candidature.cree_le = timezone.now()  # a new request restarts the delay of its link
    for champ, valeur in reponses.items():
        setattr(candidature, champ, valeur)
    candidature.full_clean(exclude=["courriel_canonique"])
    candidature.save()
    _ecrire(candidature)


def _du_meme_nom(siennes: CandidatureQuerySet, reponses: Mapping[str, Any]) -> Candidature | None:
    """Return the pending request of the same person, which the new one replaces."""
    en_attente = siennes.filter(etat=EtatCandidature.A_CONFIRMER)
    return en_attente.filter(
        prenom__iexact=reponses.get("prenom", ""), nom__iexact=reponses.get("nom", "")
    ).first()


def _ecrire(candidature: Candidature) -> None:
    """Write the link, up to the limit of the mailbox; then today's letter, else mark it due later."""
    campagne = candidature.campagne
    siennes = campagne.candidatures.filter(
        courriel_canonique=candidature.courriel_canonique, etat=EtatCandidature.A_CONFIRMER
    )
    candidature.lettre_due = False
    if (siennes.aggregate(n=Sum("lettres_ecrites"))["n"] or 0) < campagne.courriels_max:
        candidature.lettres_ecrites += 1
        notifications.candidater(candidature)
    elif not siennes.filter(reservee_le__gte=debut_du_jour()).exists():
        candidature.reservee_le = timezone.now()
        siennes.update(lettre_due=False)
        notifications.candidatures_du_jour(candidature, list(siennes.order_by("-cree_le", "-pk")[:MONTREES]))
    else:
        candidature.lettre_due = True
    candidature.save(update_fields=["lettres_ecrites", "reservee_le", "lettre_due"])


def ecrire_lettres_dues() -> int:
    """Write the letters due from a former day; return how many."""
    ecrites = 0
    for candidature in Candidature.objects.filter(lettre_due=True).select_related("campagne", "college"):
        with transaction.atomic():
            verrou(f"renouvellement:candidater:{candidature.campagne_id}:{candidature.courriel_canonique}")
            candidature.refresh_from_db(fields=["etat", "lettre_due"])
            attend = candidature.lettre_due and candidature.etat == EtatCandidature.A_CONFIRMER
            if attend and candidature.campagne.recoit():
                _ecrire(candidature)
                ecrites += not candidature.lettre_due
    return ecrites


@transaction.atomic
def confirmer_candidature(candidature: Candidature) -> None:
    """Confirm a candidature and number it. A second call changes nothing.

    Raises ErreurMetier when the address already has a confirmed one, ActeInterdit after the grace period.
    """
    pas = exiger(candidature, "confirmer_candidature", par=None)
    if candidature.est_deposee:
        return
    depot = _depot(candidature.campagne)
    pas.avancer(champs=depot, fait=f"Candidature n° {depot['numero']} déposée")
    notifications.confirmer_candidature(candidature)


def _depot(campagne: Campagne) -> dict[str, Any]:
    """Return the fields of a counted candidature. The campaign must be locked."""
    derniere = campagne.candidatures.filter(numero__isnull=False).order_by("-numero").first()
    numero = Restauration.objects.numero_apres(
        derniere.numero or 0 if derniere else 0,
        donne_le=(derniere and derniere.deposee_le) or campagne.cree_le,
    )
    return {"etat": EtatCandidature.DEPOSEE, "numero": numero, "deposee_le": timezone.now()}


@transaction.atomic
def corriger_candidature(candidature: Candidature, **reponses: Any) -> None:
    """Correct a candidature by its link. The address proves who writes and cannot change."""
    pas = exiger(candidature, "corriger_candidature", par=None)
    reponses.pop("courriel", None)
    if candidature.eligibilite != Eligibilite.A_VERIFIER:
        # What was checked has changed: check again.
        reponses |= {"eligibilite": Eligibilite.A_VERIFIER, "motif": ""}
    _corriger(candidature, pas, reponses, "corrigée par son auteur")


@transaction.atomic
def corriger_candidature_agent(candidature: Candidature, *, par: Compte, **reponses: Any) -> None:
    """Correct a candidature by an agent, address included."""
    _corriger(candidature, exiger(candidature, "corriger_candidature_agent", par=par), reponses, "corrigée")


def _corriger(candidature: Candidature, pas: Pas, reponses: dict[str, Any], dit: str) -> None:
    _exiger_adresse_libre(candidature, reponses.get("courriel", candidature.courriel))
    if candidature.est_deposee:
        pas.avancer(champs=reponses, fait=f"Candidature n° {candidature.numero} {dit}")
        return
    # A candidature that does not count yet leaves no journal line, so that it can be erased.
    for champ, valeur in reponses.items():
        setattr(candidature, champ, valeur)
    candidature.full_clean()
    candidature.save()


@transaction.atomic
def retirer_candidature(candidature: Candidature) -> None:
    """Withdraw a candidature by its link."""
    _retirer(candidature, exiger(candidature, "retirer_candidature", par=None), "retirée par son auteur")


@transaction.atomic
def retirer_candidature_agent(candidature: Candidature, *, par: Compte, motif: str) -> None:
    """Withdraw a candidature for the person, who asked by other means."""
    _retirer(candidature, exiger(candidature, "retirer_candidature_agent", par=par), "retirée", motif)


def _retirer(candidature: Candidature, pas: Pas, dit: str, motif: str = "") -> None:
    """Erase at once a candidature never confirmed; keep another until the end of the delay."""
    if candidature.etat == EtatCandidature.RETIREE:
        return
    if candidature.etat == EtatCandidature.A_CONFIRMER:
        candidature.delete()
        return
    candidature.conserver()
    pas.avancer(
        champs={"etat": EtatCandidature.RETIREE, "retiree_le": timezone.now(), **SANS_CHOIX},
        fait=f"Candidature n° {candidature.numero} {dit}",
        motif=motif,
    )
    resserrer_attente(candidature.college)
    notifications.retirer_candidature(candidature)


@transaction.atomic
def saisir_candidature(college: CollegeCampagne, *, par: Compte, **reponses: Any) -> Candidature:
    """Save a candidature received on paper, with or without email address. It counts at once."""
    exiger(college, "saisir_candidature", par=par)
    candidature = Candidature(
        campagne=college.campagne,
        college=college,
        source=Candidature.Source.PAPIER,
        saisie_par=par,
        **_depot(college.campagne),
        **reponses,
    )
    _exiger_adresse_libre(candidature, candidature.courriel)
    candidature.full_clean()
    candidature.save()
    fait = f"Candidature n° {candidature.numero} déposée"
    consigner(candidature, "saisir_candidature", par=par, fait=fait)
    if candidature.courriel:
        notifications.confirmer_candidature(candidature)
    return candidature


def _exiger_adresse_libre(candidature: Candidature, courriel: str) -> None:
    """Raise ValidationError when the address has another candidature. The campaign must be locked."""
    if not courriel:
        return
    autres = candidature.campagne.candidatures.deposees().exclude(pk=candidature.pk)
    if autres.filter(courriel_canonique=canoniser(courriel)).exists():
        raise ValidationError({"courriel": "Une candidature est déjà déposée avec cette adresse."})


# Check by an agent


@transaction.atomic
def declarer_eligible(candidature: Candidature, *, par: Compte) -> Candidature | None:
    """Declare it eligible; return the next one to check."""
    avancer(
        candidature,
        "declarer_eligible",
        par=par,
        champs={"eligibilite": Eligibilite.ELIGIBLE, "motif": "", "motif_precision": ""},
        fait=f"Candidature n° {candidature.numero} recevable",
    )
    return candidature.prochaine_a_verifier


@transaction.atomic
def declarer_non_eligible(
    candidature: Candidature, *, par: Compte, motif: str, precision: str = ""
) -> Candidature | None:
    """Declare it not eligible, with a coded reason, and tell the person; return the next one to check."""
    avancer(
        candidature,
        "declarer_non_eligible",
        par=par,
        champs={
            "eligibilite": Eligibilite.NON_ELIGIBLE,
            "motif": motif,
            "motif_precision": precision,
            **SANS_CHOIX,
        },
        fait=f"Candidature n° {candidature.numero} non recevable : {Motif(motif).label}",
    )
    resserrer_attente(candidature.college)
    notifications.declarer_non_eligible(candidature)
    return candidature.prochaine_a_verifier


def resserrer_attente(college: CollegeCampagne) -> None:
    """Renumber the waiting list without gaps, in the same order."""
    attente = college.candidatures.filter(rang_attente__isnull=False).order_by("rang_attente", "numero")
    for rang, candidature in enumerate(attente, start=1):
        if candidature.rang_attente != rang:
            Candidature.objects.filter(pk=candidature.pk).update(rang_attente=rang)


def purger_candidatures() -> int:
    """Delete the requests not confirmed within `purge_jours`; return how many."""
    effacees = 0
    for campagne in Campagne.objects.all():
        perimees = campagne.candidatures.filter(
            etat=EtatCandidature.A_CONFIRMER, cree_le__lt=il_y_a_plus_de(campagne.purge_jours)
        )
        numeros = list(perimees.values_list("pk", flat=True))
        effacer_lettres(numeros)
        perimees.filter(pk__in=numeros).delete()
        effacees += len(numeros)
    return effacees
