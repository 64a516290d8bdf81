"""Draft, deposit and withdrawal of a pétition; its forms, step by step."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions import (
    annuler_demande,
    annuler_echeance,
    donner_reference,
    exiger,
    fixer_echeance,
    reprendre_horloge,
)
from participation.socle.actions.avancer import Pas, enregistrer
from participation.socle.calendrier import ajouter_mois
from participation.socle.collectivite import ici_plus_tard
from participation.socle.courriels.ecriture import ecrire, ecrire_a_chacun, poster, preparer
from participation.socle.courriels.lettres import adresses_du_service
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import ChampFichier, champ_ligne
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Commune, Compte, ReglageService
from participation.socle.regles.adresses import canoniser
from participation.socle.regles.versions import exiger_version
from participation.socle.views.pages import Page, acte
from petitions.copetitionnaires.actes import PersonneForm
from petitions.copetitionnaires.textes import prevenir_du_changement, retenir_le_texte
from petitions.models import CoPetitionnaire, Petition, ReglementPetition
from petitions.nouvelles import ecrire_aux_petitionnaires, petitionnaires
from petitions.workflow import Etat

BROUILLONS_MAX = 5


DOUBLE_CLIC = timedelta(seconds=30)


JOURS_D_ESCALADE = 1


def contexte_retrait(request: RequeteConnectee, petition: Petition, form: Any) -> dict[str, Any]:
    return {
        "petition": petition,
        "est_brouillon": petition.etat == Etat.BROUILLON,
        "confirmes": petition.copetitionnaires.confirmes().count(),
    }


# The draft
def reglement_en_vigueur() -> ReglementPetition:
    reglement = ReglementPetition.objects.en_vigueur()
    if reglement is None:
        raise ErreurMetier("Aucun règlement des pétitions n’est en vigueur aujourd’hui : le dépôt est fermé.")
    return reglement


@transaction.atomic
def commencer(*, par: Compte, titre: str, demande: str = "", raisons: str = "") -> Petition:
    """Open a draft, without a line in the journal: it starts with the first act that others see.

    The same draft asked for twice within seconds is created once. Raises ErreurMetier above BROUILLONS_MAX
    drafts, or when no règlement is in force.
    """
    textes = {"demande": demande, "raisons": raisons}
    # Serializes the requests of an account: limit of drafts, double click.
    Compte.objects.select_for_update().get(pk=par.pk)
    brouillons = Petition.objects.filter(auteur=par, etat=Etat.BROUILLON)
    deux_fois = brouillons.filter(titre=titre, cree_le__gte=timezone.now() - DOUBLE_CLIC, **textes).first()
    if deux_fois is not None:
        return deux_fois
    if brouillons.count() >= BROUILLONS_MAX:
        raise ErreurMetier(
            f"Vous avez déjà {BROUILLONS_MAX} brouillons : terminez-en un, ou supprimez-en un depuis « Mes pétitions »."
        )
    return enregistrer(Petition(auteur=par, reglement=reglement_en_vigueur(), titre=titre, **textes))


@transaction.atomic
def enregistrer_brouillon(
    petition: Petition, *, par: Compte, communes: Iterable[Commune] | None = None, vu: str = "", **champs: Any
) -> None:
    """Save what the author has written so far, complete or not. `communes`: communes concerned by the demand.

    `vu`: version that the page showed; raises TexteDepasse when it has changed since, in another window.
    """
    exiger(petition, "enregistrer_brouillon", par=par)
    exiger_version(petition, champs, vu)
    retenir_le_texte(petition, champs)
    if communes is not None:
        petition.communes.set(communes)
    _ecrire(petition, champs)


def _ecrire(petition: Petition, champs: Mapping[str, Any]) -> None:
    """Save fields of a draft, without a line in the journal."""
    enregistrer(petition, **champs)


@transaction.atomic
def se_presenter(
    petition: Petition,
    *,
    par: Compte,
    prenom: str,
    nom: str,
    nom_auteur: str,
    commune: Commune,
    qualite: str,
    atteste_age: bool,
) -> None:
    """Save who the author is, as the first co-pétitionnaire: confirmed, since the address is proved by
    sign-in."""
    exiger(petition, "se_presenter", par=par)
    _ecrire(petition, {"nom_auteur": nom_auteur, "commune_auteur": commune})
    if not par.get_full_name():
        par.prenom, par.nom = prenom, nom
        par.save(update_fields=["prenom", "nom"])
    moi = petition.copetitionnaires.filter(courriel_canonique=canoniser(par.courriel)).first()
    moi = moi or CoPetitionnaire(petition=petition, courriel_canonique=canoniser(par.courriel))
    moi.courriel = par.courriel
    moi.prenom, moi.nom, moi.commune, moi.qualite = prenom, nom, commune, qualite
    moi.atteste_age, moi.retire_le = atteste_age, None
    moi.confirme_le = moi.confirme_le or timezone.now()
    moi.full_clean(exclude=["courriel_canonique"])
    moi.save()


# The deposit and the withdrawal
@transaction.atomic
def deposer(petition: Petition, *, par: Compte) -> None:
    """File the pétition under the règlement of the day: reference, legal échéance, accusé de réception (CRPA
    L112-3).

    The number of co-pétitionnaires is read under the lock of the pétition, which withdrawals also take.
    """
    pas = exiger(petition, "deposer", par=par)
    reglement = reglement_en_vigueur()
    maintenant = timezone.now()
    pas.avancer(
        details={
            "reglement": reglement.version,
            "copetitionnaires": petition.copetitionnaires.confirmes().count(),
        },
        champs={
            "reglement": reglement,
            "reference": donner_reference(petition),
            "deposee_le": maintenant,
            "ouvert_le": maintenant,
        },
    )
    fixer_echeance(
        petition,
        "recevabilite",
        libelle="Répondre sur la recevabilité",
        date_limite=ajouter_mois(timezone.localdate(), reglement.delai_recevabilite_mois),
        est_legale=True,
        rappels=reglement.rappels_recevabilite,
        escalade=JOURS_D_ESCALADE,
    )
    prevenir_du_changement(petition)
    _dire_deposer(petition)


RetirerForm = demander_texte(
    "Pourquoi la retirez-vous ?",
    aide="Si vous voulez. Ce que vous écrivez est publié avec le retrait si la pétition est en ligne ; sinon, le service seul le lit.",
    maximum=1000,
    facultatif=True,
)


@acte(
    Page[Petition](
        form=RetirerForm,
        succes=lambda p, _: "Votre pétition est retirée." if p.deposee_le else "Le brouillon est supprimé.",
        retour=lambda *_: reverse("petitions:mes_petitions"),
        gabarit="petitions/depot/retirer.html",
        contexte=contexte_retrait,
        est_publique=True,
    )
)
@transaction.atomic
def retirer(petition: Petition, *, par: Compte, motif: str = "") -> None:
    """Withdraw the pétition. A draft loses all its content; a filed pétition keeps its text and its files."""
    pas = exiger(petition, "retirer", par=par)
    if petition.etat == Etat.BROUILLON:
        _abandonner_brouillon(pas, petition, par=par)
        return
    clore_attentes(petition, par=par, motif="La pétition est retirée par ses auteurs.")
    annuler_echeance(petition)
    pas.avancer(motif=motif, champs=fin_du_retrait(petition))
    ecrire_aux_petitionnaires(petition, "petitions/retirer", {"petition": petition})
    ecrire(
        "petitions/retirer_service",
        a=adresses_du_service(),
        dossier=petition,
        contexte={"petition": petition, "lien": petition.get_absolute_url()},
    )


def fin_du_retrait(petition: Petition) -> dict[str, Any]:
    """Return the values of a filed pétition that its authors stop."""
    garde = petition.reglement.conservation_sans_seuil_mois
    return {
        "etat_suspendu": "",
        "clos_le": timezone.now(),
        "conservation_jusqu_au": ajouter_mois(timezone.localdate(), garde),
    }


def clore_attentes(petition: Petition, *, par: Compte | None, motif: str) -> None:
    """Cancel the open demandes, with a letter, and end the suspensions of the clock."""
    for demande in petition.demandes.filter(repondue_le__isnull=True, annulee_le__isnull=True):
        annuler_demande(demande, par=par, motif=motif)
    for suspension in petition.suspensions.filter(fin__isnull=True):
        reprendre_horloge(suspension)


def _abandonner_brouillon(pas: Pas, petition: Petition, *, par: Compte) -> None:
    """Delete the personal data of a draft: texts, names, files, letters.

    The row, its journal and the traces of the invitations are kept.
    """
    prevenus = [
        c.courriel
        for c in petition.copetitionnaires.confirmes()
        if c.courriel_canonique != canoniser(par.courriel)
    ]
    petition.copetitionnaires.all().delete()
    petition.versions_texte.all().delete()
    petition.feuilles_copetitionnaires.all().delete()
    petition.courriels.all().delete()
    for piece in petition.pieces.all():
        transaction.on_commit(partial(piece.fichier.storage.delete, piece.fichier.name))
        piece.delete()
    pas.avancer(
        champs={
            "titre": "Brouillon abandonné",
            "demande": "",
            "raisons": "",
            "competence": "",
            "nom_auteur": "",
            "commune_auteur": None,
            "clos_le": timezone.now(),
        }
    )
    ecrire_a_chacun(
        "petitions/abandonner_brouillon", a=prevenus, dossier=petition, contexte={"petition": petition}
    )


DEMANDE_MAX = 2000


RAISONS_MAX = 4000


COMPETENCE_MAX = 1000


def zone(maximum: int, lignes: int, **attributs: str) -> forms.Textarea:
    """Return a text area that shows how many characters are left."""
    return forms.Textarea(attrs={"rows": lignes, "data-compteur": maximum, **attributs})


class EtapeForm(ActeForm):
    """A step of the draft. With « Plus tard », it is saved even if incomplete."""

    objet: Petition
    TOUJOURS_REQUIS: ClassVar[tuple[str, ...]] = ()

    def preparer(self) -> None:
        if "plus_tard" in (self.data or {}):
            for nom, champ in self.fields.items():
                champ.required = nom in self.TOUJOURS_REQUIS


class TexteForm(EtapeForm):
    """The text of a pétition: first step of the draft, and reformulation."""

    SURVEILLES = ("titre", "demande", "raisons")
    TOUJOURS_REQUIS = ("titre",)

    titre = champ_ligne(
        "Titre",
        "Une phrase courte qui dit le sujet et le lieu. Par exemple : « Ouvrir les déchèteries le dimanche matin ».",
        maximum=Petition._meta.get_field("titre").max_length,
        erreur="Donnez un titre à la pétition.",
        attributs={"autocomplete": "off"},
    )
    demande = champ_ligne(
        "Ce que vous demandez",
        "Commencez par « Nous demandons… ». Dites où, quand, pour qui.",
        maximum=DEMANDE_MAX,
        erreur=ici_plus_tard("Dites ce que vous demandez à la {metropole}."),
        widget=zone(DEMANDE_MAX, 6),
    )
    raisons = champ_ligne(
        "Pourquoi",
        "Ce qui ne va pas aujourd’hui, des faits, ce que cela changerait.",
        maximum=RAISONS_MAX,
        erreur="Dites pourquoi vous le demandez.",
        widget=zone(RAISONS_MAX, 8),
    )


class ReformulerForm(TexteForm):
    """Reformulation by the author; starts from what was kept for later, or from the current text."""

    def initiales(self) -> Mapping[str, Any]:
        return {**super().initiales(), **self.objet.reformulation_gardee}


class CompetenceForm(EtapeForm):
    SURVEILLES = ("competence",)

    competence = champ_ligne(
        ici_plus_tard("Que peut faire la {metropole} ?"),
        "Le sujet dans la liste, ou le service concerné. Si vous n’êtes pas sûr, dites-le : le comité vérifie.",
        maximum=COMPETENCE_MAX,
        erreur=ici_plus_tard("Dites ce que la {metropole} peut faire, même si vous n’êtes pas sûr."),
        widget=zone(COMPETENCE_MAX, 4),
    )
    communes = forms.ModelMultipleChoiceField(
        label="Communes concernées",
        queryset=Commune.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=ici_plus_tard("Ne cochez rien si la demande concerne toute la {metropole}."),
    )

    def initiales(self) -> Mapping[str, Any]:
        return {**super().initiales(), "communes": self.objet.communes.all()}


class VousForm(PersonneForm):
    nom_auteur = champ_ligne(
        "Nom publié avec la pétition",
        "Votre prénom et votre nom, ou le nom de votre collectif. C’est le seul nom que tout le monde verra.",
        maximum=160,
        erreur="Dites sous quel nom la pétition est publiée.",
        attributs={"autocomplete": "name"},
    )
    field_order = ["prenom", "nom", "nom_auteur", "commune", "qualite", "atteste_age"]

    def initiales(self) -> Mapping[str, Any]:
        """Return the answers already given for this pétition, or those of the account."""
        petition, auteur = self.objet, self.objet.auteur
        moi = petition.copetitionnaires.filter(courriel=auteur.courriel).first() if auteur else None
        nom_public = petition.nom_auteur or (auteur.get_full_name() if auteur else "")
        reponses = {"nom_auteur": nom_public, "commune": petition.commune_auteur_id}
        if moi is not None:
            return {**reponses, **{c: getattr(moi, c) for c in ("prenom", "nom", "qualite", "atteste_age")}}
        return {**reponses, "prenom": auteur.prenom if auteur else "", "nom": auteur.nom if auteur else ""}


class PieceForm(ActeForm):
    titre = champ_ligne(
        "Ce que montre ce fichier",
        "Par exemple : « Photo du carrefour, octobre 2026 ».",
        maximum=160,
        erreur="Dites ce que montre ce fichier.",
    )
    fichier = ChampFichier(
        label="Fichier",
        help_text="PDF, photo ou document de texte.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )


def _dire_deposer(petition: Petition) -> None:
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
    lettres = (
        preparer(
            "petitions/deposer_copetitionnaires",
            a=[autre.courriel],
            dossier=petition,
            contexte={
                **contexte,
                "lien": reverse("petitions:confirmer_copetitionnaire", args=[autre.jeton()]),
                "titre_connu": autre.connait_le_titre,
            },
        )
        for autre in autres.select_related("petition", "texte_confirme")
    )
    poster([lettre for lettre in lettres if lettre])
    ecrire(
        "petitions/deposer_service",
        a=adresses_du_service(),
        dossier=petition,
        contexte={**contexte, "lien": petition.get_absolute_url()},
    )
