"""From the settled list to the instance that sits: nomination, waiting list, installation."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from participation.renouvellement import notifications
from participation.renouvellement.actions.candidatures import resserrer_attente
from participation.renouvellement.actions.journal import avancer, consigner, exiger
from participation.renouvellement.models import Campagne, Candidature, CollegeCampagne, EtapeInstallation
from participation.renouvellement.workflow import ETAPES_INSTALLATION, Choix, EtatCandidature
from participation.seances.actions import instances
from participation.seances.models import Mandature, Membre, Profil
from participation.socle.actions.comptes import ouvrir_compte
from participation.socle.actions.table import verrouiller
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Compte


@transaction.atomic
def nommer_membres(
    campagne: Campagne, *, par: Compte, deliberation: str, date_deliberation: date
) -> Mandature:
    """The council has named them: the mandature, its collèges, a member and an account for each. `nommer` writes to them."""
    exiger(campagne, "nommer_membres", par=par)
    if campagne.nommee_le is not None:
        raise ActeInterdit("Les membres de cette campagne sont déjà nommés.")
    retenues = list(
        campagne.candidatures.deposees()
        .filter(choix=Choix.RETENUE)
        .select_related("college", "commune", "quartier", "campagne")
        .order_by("numero")
    )
    _exiger_adresses(retenues)
    mandature = instances.ouvrir_mandature(
        campagne.instance,
        par=par,
        intitule=campagne.mandature_intitule,
        debut=campagne.mandature_debut,
        fin=campagne.mandature_fin,
        deliberation=deliberation,
    )
    for college in campagne.colleges.all():
        college.college = instances.creer_college(
            mandature,
            par=par,
            nom=college.nom,
            ordre=college.ordre,
            sieges=college.sieges,
            vote_depuis=mandature.debut if college.a_le_vote else None,
            a_des_suppleants=college.avec_suppleants,
            est_elu=not college.est_ouvert,
        )
        college.save()
    colleges = {c.pk: c for c in campagne.colleges.select_related("college")}
    avancer(
        campagne,
        "nommer_membres",
        par=par,
        details={"deliberation": deliberation, "membres": len(retenues)},
        champs={
            "deliberation": deliberation,
            "date_deliberation": date_deliberation,
            "nommee_le": timezone.now(),
            "mandature": mandature,
        },
    )
    for candidature in retenues:
        candidature.college = colleges[candidature.college_id]
        candidature.campagne = campagne
        _nommer(candidature, par=par, du=mandature.debut)
    EtapeInstallation.objects.bulk_create(
        EtapeInstallation(campagne=campagne, ordre=rang, libelle=libelle, aide=aide, est_requise=requise)
        for rang, (libelle, aide, requise) in enumerate(ETAPES_INSTALLATION, start=1)
    )
    return mandature


def _exiger_adresses(candidatures: list[Candidature]) -> None:
    """A member is convened by mail: an address is needed, her own or one that she trusts."""
    sans = [str(c.numero) for c in candidatures if not c.courriel]
    sans_suppleant = [
        str(c.numero)
        for c in candidatures
        if c.college.avec_suppleants and c.suppleant and not c.suppleant_courriel
    ]
    erreurs = []
    if sans:
        erreurs.append(
            "Il manque l’adresse de courriel où convoquer ces personnes (la leur, ou celle d’un proche) : "
            f"candidature n° {', '.join(sans)}."
        )
    if sans_suppleant:
        erreurs.append(f"Il manque l’adresse de la suppléance : candidature n° {', '.join(sans_suppleant)}.")
    if erreurs:
        raise ValidationError(erreurs)


def _nommer(candidature: Candidature, *, par: Compte | None, du: date) -> Membre:
    """One candidature becomes a member of the created collège, with her substitute when she has one."""
    campagne, college = candidature.campagne, candidature.college.college
    assert college is not None  # noqa: S101 the collèges are made before their members
    compte = ouvrir_compte(
        candidature.courriel,
        est_prouve=False,
        prenom=candidature.prenom,
        nom=candidature.nom,
        telephone=candidature.telephone,
    )
    communs: dict[str, Any] = {
        "organisme": candidature.organisme,
        "commune": candidature.commune,
        "quartier": candidature.quartier,
        "du": du,
        "nomme_par": campagne.deliberation,
    }
    membre = instances.nommer(college, compte, par=par, **communs)
    profil = Profil.de(compte)
    profil.besoins = profil.besoins or candidature.besoins
    profil.age, profil.genre = profil.age or candidature.age, profil.genre or candidature.genre
    profil.save()
    candidature.membre = membre
    candidature.save()
    if candidature.college.avec_suppleants and candidature.suppleant_courriel:
        suppleant = ouvrir_compte(
            candidature.suppleant_courriel,
            est_prouve=False,
            prenom=candidature.suppleant_prenom,
            nom=candidature.suppleant_nom,
        )
        instances.nommer(
            college, suppleant, par=par, **{**communs, "rang": Membre.Rang.SUPPLEANT, "suppleant_de": membre}
        )
    return membre


# The waiting list


def places_libres(college: CollegeCampagne) -> int:
    """Seats that nobody holds and that nobody was offered."""
    appelees = sum(1 for c in college.candidatures.filter(appelee_le__isnull=False) if c.attend_une_reponse)
    if college.college is not None:
        jour = max(timezone.localdate(), college.college.mandature.debut)
        prises = college.college.membres.titulaires().en_fonction(jour).count()
    else:
        prises = college.candidatures.deposees().filter(choix=Choix.RETENUE).count()
    return max(college.sieges - prises - appelees, 0)


def suivante(college: CollegeCampagne) -> Candidature | None:
    """The first of the waiting list who was offered nothing yet."""
    return (
        college.candidatures.deposees()
        .filter(choix=Choix.ATTENTE, appelee_le__isnull=True)
        .order_by("rang_attente", "numero")
        .first()
    )


@transaction.atomic
def appeler_suivant(college: CollegeCampagne, *, par: Compte) -> Candidature:
    """Offer the free seat to the next of the waiting list, who answers through the link of a letter before a day."""
    campagne = college.campagne
    exiger(campagne, "appeler_suivant", par=par)
    if not places_libres(college):
        raise ErreurMetier(
            "Aucune place n’est libre dans ce collège, ou la personne appelée n’a pas encore répondu."
        )
    candidature = suivante(college)
    if candidature is None:
        raise ErreurMetier("La liste d’attente de ce collège est épuisée.")
    candidature.campagne, candidature.college = campagne, college
    candidature.appelee_le = timezone.now()
    candidature.appel_jusqu_au = timezone.localdate() + timedelta(days=campagne.reponse_jours)
    candidature.save()
    consigner(
        campagne,
        "appeler_suivant",
        par=par,
        fait=f"{college} : place proposée à la candidature n° {candidature.numero}",
        candidature=candidature,
    )
    notifications.appeler_suivant(candidature)
    return candidature


@transaction.atomic
def repondre_appel(candidature: Candidature, *, accepte: bool, par: Compte | None = None) -> None:
    """Yes names the person when the mandature exists, else keeps the seat; no frees it. An agent may note what she heard."""
    campagne = candidature.campagne
    if par is None:
        verrouiller(campagne)
    else:
        exiger(campagne, "repondre_appel", par=par)
    college = candidature.college
    candidature.refresh_from_db(from_queryset=Candidature.objects.select_for_update(of=("self",)))
    candidature.campagne, candidature.college = campagne, college
    if candidature.acceptee_le is not None or candidature.declinee_le is not None:
        if accepte == (candidature.acceptee_le is not None):
            return
        raise ActeInterdit("Une réponse est déjà enregistrée. Écrivez au service si elle a changé.")
    if candidature.appelee_le is None or candidature.etat != EtatCandidature.DEPOSEE:
        raise ActeInterdit("Aucune place n’est proposée à cette candidature.")
    if not candidature.attend_une_reponse and accepte:
        raise ActeInterdit(
            "Le délai pour répondre est passé : la place a pu être proposée à une autre personne."
        )
    if accepte:
        if college.college is not None:
            _exiger_adresses([candidature])
        candidature.acceptee_le = timezone.now()
        candidature.choix, candidature.rang_attente = Choix.RETENUE, None
    else:
        candidature.declinee_le = timezone.now()
        candidature.choix, candidature.rang_attente = Choix.NON_RETENUE, None
    candidature.save()
    resserrer_attente(college)
    consigner(
        campagne,
        "repondre_appel",
        par=par,
        fait=f"Candidature n° {candidature.numero} : place {'acceptée' if accepte else 'déclinée'}",
        candidature=candidature,
    )
    if accepte and college.college is not None:
        debut = max(timezone.localdate(), college.college.mandature.debut)
        _nommer(candidature, par=par, du=debut)
    notifications.repondre_appel(candidature)


# The installation


@transaction.atomic
def cocher_etape(etape: EtapeInstallation, *, par: Compte, faite: bool) -> None:
    campagne = etape.campagne
    exiger(campagne, "cocher_etape", par=par)
    etape.refresh_from_db()
    if (etape.faite_le is not None) == faite:
        return
    etape.faite_le = timezone.localdate() if faite else None
    etape.faite_par = par if faite else None
    etape.save()
    consigner(campagne, "cocher_etape", par=par, fait=f"{etape.libelle} : {'fait' if faite else 'à refaire'}")


@transaction.atomic
def ajouter_etape(campagne: Campagne, *, par: Compte, libelle: str, aide: str = "") -> EtapeInstallation:
    exiger(campagne, "cocher_etape", par=par)
    etape = EtapeInstallation(
        campagne=campagne, libelle=libelle, aide=aide, ordre=campagne.etapes.count() + 1
    )
    etape.full_clean()
    etape.save()
    consigner(campagne, "cocher_etape", par=par, fait=f"Étape ajoutée : {libelle}")
    return etape


@transaction.atomic
def installer_mandature(campagne: Campagne, *, par: Compte, le: date) -> None:
    """The new mandature sits. The steps that the checklist calls necessary must be done."""
    exiger(campagne, "installer_mandature", par=par)
    if campagne.mandature is None:
        raise ErreurMetier("Nommez les membres avant d’installer la mandature.")
    reste = list(campagne.etapes.filter(est_requise=True, faite_le__isnull=True))
    if reste:
        raise ErreurMetier(f"Une étape nécessaire n’est pas faite : {reste[0].libelle}.")
    instances.installer(campagne.mandature, par=par, le=le)
    avancer(campagne, "installer_mandature", par=par, champs={"finie_le": timezone.now()})
