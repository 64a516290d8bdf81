"""Once the list is settled: nomination, places offered from the waiting list, installation."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.renouvellement.candidatures.actes import resserrer_attente
from participation.renouvellement.candidatures.lettres import contexte_de, ecrire_au_candidat
from participation.renouvellement.models import Campagne, Candidature, CollegeCampagne, EtapeInstallation
from participation.renouvellement.workflow import ETAPES_INSTALLATION, Choix
from participation.seances.instances import actes as actes_instances
from participation.seances.membres import actes as membres
from participation.seances.membres.lectures import a_partir_du
from participation.seances.models import Mandature, Membre, Profil
from participation.socle.actions.avancer import Pas, consigner, enregistrer, exiger
from participation.socle.actions.comptes import ouvrir_compte, ouvrir_compte_par_poste
from participation.socle.courriels.ecriture import composer, ecrire
from participation.socle.courriels.lettres import adresses_du_service
from participation.socle.erreurs import ActeInterdit
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_jour, champ_ligne, propose
from participation.socle.francais import accorder
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte


def dire_l_appel(candidature: Candidature) -> None:
    lien = reverse("renouvellement:repondre_appel", args=[candidature.jeton()])
    ecrire_au_candidat("appeler_suivant", candidature, "appeler", lien=lien)


def dire_la_reponse(candidature: Candidature) -> None:
    """Tell the service that an offered seat was accepted or declined."""
    ecrire(
        "renouvellement/repondre_appel",
        a=adresses_du_service(),
        cle=f"candidature:{candidature.pk}:repondre_appel",
        contexte=contexte_de(candidature, lien=candidature.get_absolute_url()),
    )


def dire_nomination(campagne: Campagne) -> str:
    nombre = campagne.candidatures.deposees().filter(choix=Choix.RETENUE).count()
    return (
        f"La mandature {campagne.mandature_intitule} est créée avec ses collèges. {accorder(nombre, 'personne en devient membre', 'personnes en deviennent membres')} ; "
        "chaque espace est ouvert, une lettre leur dit comment entrer. Les élus se nomment ensuite sur la page de l’instance."
    )


def prochaine_place(request: RequeteConnectee, college: CollegeCampagne, form: Any) -> dict[str, Any]:
    """Return the next person on the waiting list, with the preview of their letter."""
    candidature = college.candidatures.suivante()
    if candidature is None:
        return {}
    candidature.campagne, candidature.college = college.campagne, college
    consequence = (
        f"La place est proposée à la candidature {candidature.designation} "
        f"(rang {candidature.rang_attente}). Sans réponse dans les {college.campagne.reponse_jours} jours, "
        "vous pourrez appeler la suivante."
    )
    if candidature.courriel:
        lettre = composer("renouvellement/appeler_suivant", contexte_de(candidature))
        return {"consequence": consequence, "lettre": lettre}
    return {
        "consequence": f"{consequence} Elle n’a pas d’adresse de courriel : appelez-la, puis notez sa réponse."
    }


class NommerForm(ActeForm):
    deliberation = champ_ligne(
        "Numéro de la délibération", maximum=160, erreur="Donnez le numéro de la délibération."
    )
    date_deliberation = champ_jour(
        "Date de la délibération", erreur="Donnez la date de la délibération.", court=True
    )

    def clean_date_deliberation(self) -> Any:
        le = self.cleaned_data["date_deliberation"]
        if le > timezone.localdate():
            raise forms.ValidationError("Cette date est à venir : nommez quand la délibération est prise.")
        return le


class InstallerForm(ActeForm):
    le = champ_jour("Installée le", erreur="Donnez le jour de la séance d’installation.", court=True)

    def initiales(self) -> Mapping[str, Any]:
        return {"le": propose(max(timezone.localdate(), self.objet.mandature_debut))}


class EtapeForm(ActeForm):
    libelle = champ_ligne("Étape", maximum=160, erreur="Écrivez ce qui est à faire.")
    aide = champ_ligne("Précision", maximum=300, requis=False)


@acte(Page[Campagne](form=NommerForm, consequence=dire_nomination))
@transaction.atomic
def nommer_membres(
    campagne: Campagne, *, par: Compte, deliberation: str, date_deliberation: date
) -> Mandature:
    """Create the mandature, its collèges, and one member with an account per retained candidature.

    `nommer` writes to each member.
    """
    pas = exiger(campagne, "nommer_membres", par=par)
    retenues = list(
        campagne.candidatures.deposees()
        .filter(choix=Choix.RETENUE)
        .select_related("college", "commune", "quartier", "campagne")
        .order_by("numero")
    )
    mandature = actes_instances.ouvrir_mandature(
        campagne.instance,
        par=par,
        intitule=campagne.mandature_intitule,
        debut=campagne.mandature_debut,
        fin=campagne.mandature_fin,
        deliberation=deliberation,
    )
    for college in campagne.colleges.all():
        college.college = actes_instances.creer_college(
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
    pas.avancer(
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


def _nommer(candidature: Candidature, *, par: Compte | None, du: date) -> Membre:
    """Make the candidature a member of the new collège, with its substitute if any."""
    campagne, college = candidature.campagne, candidature.college.college
    assert college is not None  # noqa: S101 the collèges are made before their members
    compte = _compte(
        candidature.courriel, prenom=candidature.prenom, nom=candidature.nom, telephone=candidature.telephone
    )
    communs: dict[str, Any] = {
        "organisme": candidature.organisme,
        "commune": candidature.commune,
        "quartier": candidature.quartier,
        "du": du,
        "nomme_par": campagne.deliberation,
    }
    membre = membres.nommer(
        college,
        compte,
        par=par,
        adresse_postale="" if candidature.courriel else candidature.adresse,
        **communs,
    )
    profil = Profil.de(compte)
    profil.besoins = profil.besoins or candidature.besoins
    profil.age, profil.genre = profil.age or candidature.age, profil.genre or candidature.genre
    profil.save()
    candidature.membre = membre
    candidature.save()
    if candidature.college.avec_suppleants and (
        candidature.suppleant_courriel or candidature.suppleant_adresse
    ):
        membres.nommer(
            college,
            _compte(
                candidature.suppleant_courriel,
                prenom=candidature.suppleant_prenom,
                nom=candidature.suppleant_nom,
            ),
            par=par,
            adresse_postale="" if candidature.suppleant_courriel else candidature.suppleant_adresse,
            rang=Membre.Rang.SUPPLEANT,
            suppleant_de=membre,
            **communs,
        )
    return membre


def _compte(courriel: str, **qui: str) -> Compte:
    """The account of who is named; without a mailbox, the letters go by post."""
    return ouvrir_compte(courriel, est_prouve=False, **qui) if courriel else ouvrir_compte_par_poste(**qui)


# Waiting list
@acte(Page[CollegeCampagne](contexte=prochaine_place, retour="#attente"))
@transaction.atomic
def appeler_suivant(college: CollegeCampagne, *, par: Compte) -> Candidature:
    """Offer the free seat to the next on the waiting list, who answers by a link within `reponse_jours`."""
    exiger(college, "appeler_suivant", par=par)
    candidature = college.candidatures.suivante()
    assert candidature is not None  # noqa: S101 what `manques` has just said
    campagne = college.campagne
    candidature.campagne, candidature.college = campagne, college
    candidature.appelee_le = timezone.now()
    candidature.appel_jusqu_au = timezone.localdate() + timedelta(days=campagne.reponse_jours)
    candidature.save()
    fait = f"{college} : place proposée à la candidature n° {candidature.numero}"
    consigner(candidature, "appeler_suivant", par=par, fait=fait)
    dire_l_appel(candidature)
    return candidature


@transaction.atomic
def repondre_appel(candidature: Candidature, *, accepte: bool) -> None:
    """Answer by the link. Yes: nominated if the mandature exists, else seat reserved. No: seat freed."""
    _repondre(candidature, exiger(candidature, "repondre_appel", par=None), accepte)


@acte(
    Page[Candidature](
        en_un_clic=True,
        succes="La réponse est notée.",
        retour=lambda candidature, _: candidature.get_absolute_url(),
    )
)
@transaction.atomic
def noter_reponse(
    candidature: Candidature, *, par: Compte, accepte: Annotated[bool, forms.BooleanField(required=False)]
) -> Candidature:
    """Note the answer that an agent received."""
    _repondre(candidature, exiger(candidature, "noter_reponse", par=par), accepte)
    return candidature


def _repondre(candidature: Candidature, pas: Pas, accepte: bool) -> None:
    if candidature.a_repondu:
        if accepte == (candidature.acceptee_le is not None):
            return
        raise ActeInterdit("Une réponse est déjà enregistrée. Écrivez au service si elle a changé.")
    if not candidature.attend_une_reponse and accepte:
        raise ActeInterdit(
            "Le délai pour répondre est passé : la place a pu être proposée à une autre personne."
        )
    nouveau = candidature.college.college
    if accepte and nouveau is not None:
        elle = Candidature.objects.filter(pk=candidature.pk).select_related("college")
        if absentes := elle.adresses_manquantes():
            raise ValidationError(absentes)
    pas.avancer(
        champs={
            "acceptee_le" if accepte else "declinee_le": timezone.now(),
            "choix": Choix.RETENUE if accepte else Choix.NON_RETENUE,
            "rang_attente": None,
        },
        fait=f"Candidature n° {candidature.numero} : place {'acceptée' if accepte else 'déclinée'}",
    )
    resserrer_attente(candidature.college)
    if accepte and nouveau is not None:
        _nommer(candidature, par=pas.par, du=max(timezone.localdate(), nouveau.mandature.debut))
    dire_la_reponse(candidature)


# Installation
@acte(Page[EtapeInstallation](en_un_clic=True, retour="#installation"))
@transaction.atomic
def cocher_etape(
    etape: EtapeInstallation, *, par: Compte, faite: Annotated[bool, forms.BooleanField(required=False)]
) -> None:
    pas = exiger(etape, "cocher_etape", par=par)
    if (etape.faite_le is not None) == faite:
        return
    pas.avancer(
        champs={"faite_le": timezone.localdate() if faite else None, "faite_par": par if faite else None},
        fait=f"{etape.libelle} : {'fait' if faite else 'à refaire'}",
    )


@acte(Page[Campagne](form=EtapeForm, succes="L’étape est ajoutée.", retour="#installation"))
@transaction.atomic
def ajouter_etape(campagne: Campagne, *, par: Compte, libelle: str, aide: str = "") -> EtapeInstallation:
    pas = exiger(campagne, "ajouter_etape", par=par)
    etape = enregistrer(
        EtapeInstallation(campagne=campagne, libelle=libelle, aide=aide, ordre=campagne.etapes.count() + 1)
    )
    pas.avancer(fait=f"Étape ajoutée : {libelle}")
    return etape


@acte(
    Page[Campagne](
        form=InstallerForm,
        consequence=lambda campagne: (
            f"La nouvelle mandature siège{a_partir_du(campagne.mandature_debut)}. La liste d’attente reste utilisable quand une place se libère."
        ),
    )
)
@transaction.atomic
def installer_mandature(campagne: Campagne, *, par: Compte, le: date) -> None:
    """Install the new mandature."""
    pas = exiger(campagne, "installer_mandature", par=par)
    assert campagne.mandature is not None  # noqa: S101 what `manques` has just said
    actes_instances.installer(campagne.mandature, par=par, le=le)
    pas.avancer(champs={"finie_le": timezone.now()})
