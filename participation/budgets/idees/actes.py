"""Idées: received, read, published, set aside, gathered, withdrawn; their forms."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone

from participation.budgets.idees import lettres
from participation.budgets.models import (
    AuteurIdee,
    Budget,
    Idee,
    ProjetQuartier,
    ReglementInterQuartiers,
    TableForum,
)
from participation.budgets.workflow.budget import CanalIdee, EtatIdee
from participation.socle.actions import (
    annuler_echeance,
    avancer,
    donner_reference,
    exiger,
    faire_echeance,
    fixer_echeance,
    verrouiller,
)
from participation.socle.actions.moderation import moderer
from participation.socle.bd.verrous import verrou
from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    champ_choix,
    champ_courriel,
    champ_ligne,
    champ_parmi,
    champ_piege,
    champ_texte,
)
from participation.socle.forms.envois import EnvoiUnique
from participation.socle.forms.moderation import ModererForm
from participation.socle.francais import accorder, majuscule
from participation.socle.lectures.cartes import hors_du_territoire
from participation.socle.models import Compte, Quartier, RaisonModeration
from participation.socle.regles.traces import citer_les_traces, dire_les_traces, masquer
from participation.socle.views.pages import Page, acte

LECTURE = "lecture"


# The position is only for the public map: it is erased with the publication.
DEPUBLIEE: dict[str, Any] = {"est_publie": False, "latitude": None, "longitude": None}


def dire_avant_de_publier(idee: Idee) -> str:
    lus = "\n".join(_a_lire(idee).values())
    proposes = "\n".join(proposer_les_mots(idee).values())
    laisses = citer_les_traces(proposes)
    phrases = (
        dire_aux_auteurs(idee),
        dire_les_traces(lus),
        "Ce qui est masqué ci-dessous l’est d’office." if proposes != lus else "",
        f"Laissé tel quel : {laisses}. Retirez ce qui dit où vit une personne, ou qui elle est."
        if laisses
        else "",
        "Relisez : un nom écrit autrement n’est pas reconnu.",
    )
    return " ".join(filter(None, phrases))


def _a_lire(idee: Idee) -> dict[str, str]:
    return {"titre": idee.titre, "texte_public": idee.texte_public or idee.texte, "lieu": idee.lieu}


def proposer_les_mots(idee: Idee) -> dict[str, str]:
    """Return the words that the form shows: as received, what is recognised masked; as published afterwards."""
    mots = _a_lire(idee)
    if idee.texte_public:
        return mots
    noms = list(idee.auteurs.values_list("nom", flat=True))
    return {champ: masquer(texte, noms=noms) for champ, texte in mots.items()}


def champ_quartiers(libelle: str = "Quartiers", aide: str = "", *, requis: bool = True) -> Any:
    return forms.ModelMultipleChoiceField(
        label=libelle,
        help_text=aide,
        required=requis,
        queryset=Quartier.objects.select_related("commune"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez au moins un quartier.",
            "invalid_choice": "Choisissez les quartiers dans la liste.",
        },
    )


class LirePoint(forms.Form):
    """Position typed or removed by an agent."""

    latitude = forms.FloatField(
        label="Latitude",
        required=False,
        help_text="Pour la carte, en degrés. Le point est public : effacez-le s’il désigne un logement.",
    )
    longitude = forms.FloatField(label="Longitude", required=False)

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        if (dit.get("latitude") is None) != (dit.get("longitude") is None) and not self.errors:
            self.add_error("longitude", "Donnez la latitude et la longitude, ou aucune des deux.")
        elif not self.errors and dit.get("latitude") is not None:
            _refuser_dehors(self, dit)
        return dit


TEXTE_MAX = 3000


class LireIdeeForm(LirePoint, ActeForm):
    """Publish an idée, or correct the published text."""

    field_order = ("titre", "texte_public", "quartiers", "lieu", "latitude", "longitude")
    PUBLICS = ("titre", "texte_public", "lieu")

    titre = champ_ligne("Titre", maximum=120)
    texte_public = champ_texte(
        "Texte public", "Les mots de l’auteur, sans nom ni adresse de personne.", maximum=TEXTE_MAX, lignes=8
    )
    quartiers = champ_quartiers(requis=False)
    lieu = champ_ligne(
        "Lieu",
        "Public : une rue, une place, un équipement. Effacez un nom ou le numéro d’un logement.",
        maximum=200,
        requis=False,
    )

    def initiales(self) -> Mapping[str, Any]:
        idee: Idee = self.objet
        return {
            **proposer_les_mots(idee),
            "quartiers": list(idee.quartiers.all()),
            "latitude": idee.latitude,
            "longitude": idee.longitude,
        }


LIRE = LireIdeeForm


def dire_aux_auteurs(idee: Idee) -> str:
    combien = idee.auteurs.joignables().count()
    if not combien:
        return (
            "Personne n’est prévenu : qui a donné l’idée n’a pas laissé d’adresse, ou ne l’a pas confirmée."
        )
    return f"{accorder(combien, 'auteur est prévenu', 'auteurs sont prévenus')} par courriel."


@dataclass(frozen=True, slots=True)
class Contact:
    """Author of the idée, with the details they chose to give."""

    nom: str = ""
    courriel: str = ""
    telephone: str = ""

    def __bool__(self) -> bool:
        return bool(self.nom or self.courriel or self.telephone)


def deposer_idee(
    budget: Budget,
    *,
    titre: str,
    texte: str,
    quartiers: Iterable[Quartier] = (),
    lieu: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    contact: Contact | None = None,
    cle: uuid.UUID | None = None,
) -> Idee:
    """Record an idée online, without account. The same `cle` twice makes one idée.

    The link of the letter confirms the address. Raises ErreurMetier outside the phase of the idées.
    """
    idee = Idee(budget=budget, canal=CanalIdee.WEB, titre=titre, texte=texte, lieu=lieu, cle=cle)
    idee.latitude, idee.longitude = latitude, longitude
    return _recevoir("deposer_idee", idee, par=None, quartiers=quartiers, contact=contact)


def saisir_idee(
    budget: Budget,
    *,
    par: Compte | None,
    texte: str,
    canal: str,
    titre: str = "",
    quartiers: Iterable[Quartier] = (),
    lieu: str = "",
    table: TableForum | None = None,
    contact: Contact | None = None,
    cle: uuid.UUID | None = None,
) -> Idee:
    """Record an idée for somebody: by an agent, or by the facilitator of a table (`par` None).

    An address given to an agent needs no confirmation; one typed by a link does.
    """
    idee = Idee(budget=budget, canal=canal, titre=titre, texte=texte, lieu=lieu, table=table, cle=cle)
    return _recevoir("saisir_idee", idee, par=par, quartiers=quartiers, contact=contact)


TITRE_MAX = 90


def titre_de(texte: str) -> str:
    """Title for a text: its first sentence, cut between words."""
    phrase = " ".join(texte.split())
    for fin in (". ", " ! ", " ? ", "… "):
        debut, trouve, _ = phrase.partition(fin)
        if trouve and len(debut) >= 10:
            phrase = debut
    phrase = phrase.rstrip(".")
    if len(phrase) <= TITRE_MAX:
        return phrase
    return f"{phrase[: TITRE_MAX - 1].rsplit(' ', 1)[0]}…"


@transaction.atomic
def _recevoir(
    acte: str, idee: Idee, *, par: Compte | None, quartiers: Iterable[Quartier], contact: Contact | None
) -> Idee:
    if idee.cle is not None:
        verrou(f"idee:{idee.cle}")
        deja: Idee | None = Idee.objects.filter(cle=idee.cle).first()  # type: ignore[assignment]  # typed as the spine
        if deja is not None:
            return deja
    if not idee.texte.strip():
        raise ErreurMetier("Écrivez l’idée.")
    pas = exiger(idee, acte, par=par)
    pas.avancer(
        champs={
            "reference": donner_reference(idee),
            "titre": idee.titre.strip() or titre_de(idee.texte),
            "resume": idee.texte,
            "auteur": par,
            "ouvert_le": timezone.now(),
        },
        details={"canal": idee.canal, "table": idee.table_id},
    )
    situer(idee, quartiers)
    if contact:
        _nommer(idee, contact, est_prouve=par is not None)
    _attendre_une_lecture(idee, "Lire l’idée et la publier")
    return idee


def _attendre_une_lecture(idee: Idee, libelle: str) -> None:
    jours = ReglementInterQuartiers.actuel().delai_lecture_jours
    date_limite = ajouter_jours_ouvres(timezone.localdate(), jours)
    fixer_echeance(idee, LECTURE, libelle=libelle, date_limite=date_limite, rappels=[1])


def situer(dossier: Idee | ProjetQuartier, quartiers: Iterable[Quartier]) -> None:
    choisis = list(quartiers)
    dossier.quartiers.set(choisis)
    dossier.communes.set([quartier.commune for quartier in choisis])


def _nommer(idee: Idee, contact: Contact, *, est_prouve: bool) -> None:
    auteur = AuteurIdee(
        idee=idee,
        nom=contact.nom,
        courriel=contact.courriel.strip().lower(),
        telephone=contact.telephone,
        confirme_le=timezone.now() if est_prouve and contact.courriel else None,
    )
    auteur.full_clean()
    auteur.save()
    if not auteur.courriel:
        return
    if est_prouve:
        lettres.saisir_idee(auteur)
    else:
        lettres.deposer_idee(auteur)


@transaction.atomic
def confirmer_auteur(auteur: AuteurIdee) -> None:
    """Confirm the address by the link of the letter. Safe to call twice.

    An erased address stays erased.
    """
    verrouiller(auteur)
    if auteur.confirme_le is not None or not auteur.courriel:
        return
    avancer(auteur, "confirmer_auteur", par=None, champs={"confirme_le": timezone.now()})


def arreter_lettres(auteur: AuteurIdee) -> None:
    """Stop the letters to this author about this idée. Safe to call twice."""
    AuteurIdee.objects.filter(pk=auteur.pk, arrete_le=None).update(arrete_le=timezone.now())
    auteur.refresh_from_db()


@acte(Page[Idee](form=LIRE, consequence=dire_avant_de_publier))
@transaction.atomic
def publier_idee(
    idee: Idee,
    *,
    par: Compte,
    titre: str,
    texte_public: str,
    quartiers: Iterable[Quartier],
    lieu: str | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> None:
    """Publish the text read by the agent, without names of people.

    The position becomes the one given here. The words of the author are kept unchanged in `texte`.
    """
    avancer(
        idee,
        "publier_idee",
        par=par,
        champs={**_lu(titre, texte_public, lieu, latitude, longitude), "est_publie": True},
    )
    situer(idee, quartiers)
    faire_echeance(idee, LECTURE)
    lettres.publier_idee(idee)


@acte(Page[Idee](form=LIRE, consequence="Les mots de l’auteur restent au dossier."))
@transaction.atomic
def corriger_idee(
    idee: Idee,
    *,
    par: Compte,
    titre: str,
    texte_public: str,
    quartiers: Iterable[Quartier],
    lieu: str | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> None:
    avancer(
        idee,
        "corriger_idee",
        par=par,
        champs=_lu(titre, texte_public, lieu, latitude, longitude),
        motif=texte_public,
    )
    situer(idee, quartiers)


def _lu(
    titre: str, texte_public: str, lieu: str | None, latitude: float | None, longitude: float | None
) -> dict[str, Any]:
    """`lieu` None: unchanged."""
    return {
        **({} if lieu is None else {"lieu": lieu}),
        "titre": titre,
        "texte_public": texte_public,
        "resume": texte_public,
        "latitude": latitude,
        "longitude": longitude,
    }


@acte(Page[Idee](form=ModererForm, consequence=dire_aux_auteurs))
@transaction.atomic
def ecarter_idee(idee: Idee, *, par: Compte, raison: RaisonModeration, motif: str) -> None:
    """Set aside an idée that breaks a rule of the budget or is out of its scope. The author is told why."""
    avancer(idee, "ecarter_idee", par=par, champs={**DEPUBLIEE, "motif_refus": motif}, motif=motif)
    annuler_echeance(idee, LECTURE)
    adresses = idee.auteurs.joignables().values_list("courriel", flat=True)
    lettres.ecarter_idee(
        idee,
        moderer(idee, "ecarter_idee", dossier=idee, par=par, raison=raison, motif=motif, adresses=adresses),
    )


@acte(Page[Idee](form=demander_texte("Pourquoi"), consequence="Elle revient parmi celles à lire."))
@transaction.atomic
def reprendre_idee(idee: Idee, *, par: Compte, motif: str) -> None:
    avancer(idee, "reprendre_idee", par=par, champs={"motif_refus": ""}, motif=motif)
    _attendre_une_lecture(idee, "Relire l’idée")


@acte(
    Page[Idee](
        form=demander_texte("Comment cela vous a été demandé", facultatif=True), consequence=dire_aux_auteurs
    )
)
@transaction.atomic
def retirer_idee(idee: Idee, *, par: Compte | None, motif: str = "") -> None:
    """Withdraw the idée at the request of the author, by link or by phone.

    Not once it is part of a projet.
    """
    avancer(idee, "retirer_idee", par=par, champs=DEPUBLIEE, motif=motif)
    annuler_echeance(idee, LECTURE)
    lettres.retirer_idee(idee)


def en_ordre(idees: Iterable[Any]) -> Sequence[Any]:
    """Return the idées in the order of locking, always the same: prevents deadlocks."""
    return sorted(idees, key=lambda idee: idee.pk)


def publiees(budget: Budget) -> Any:
    """Return the idées that may be added to a projet."""
    return Idee.objects.filter(budget=budget.pk, etat=EtatIdee.PUBLIEE)


class AvecPoint(forms.Form):
    """Position of an idée, in hidden fields filled by position.js on request.

    A point outside the territory is refused, and taken off: the words of the person stay.
    """

    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        latitude, longitude = dit.get("latitude"), dit.get("longitude")
        if latitude is not None and longitude is not None and hors_du_territoire(latitude, longitude):
            donnees: Any = self.data
            self.data = propre = donnees.copy()
            propre["latitude"] = propre["longitude"] = ""
            self.add_error(
                "lieu",
                "Votre position est hors du territoire : elle est retirée. Dites le lieu avec des mots, ou envoyez sans lieu.",
            )
        return dit

    def point(self) -> dict[str, float]:
        latitude, longitude = (self.cleaned_data.get(nom) for nom in ("latitude", "longitude"))
        if latitude is None or longitude is None:
            return {}
        return {"latitude": latitude, "longitude": longitude}


def _refuser_dehors(form: forms.Form, dit: dict[str, Any]) -> None:
    if raison := hors_du_territoire(dit["latitude"], dit["longitude"]):
        form.add_error("latitude", raison)


class AvecContact(forms.Form):
    nom = champ_ligne("Nom", maximum=120, requis=False, attributs={"autocomplete": "name"})
    courriel = champ_courriel(
        "Adresse de courriel",
        "Pour savoir, à chaque étape, ce que devient l’idée. Jamais publiée.",
        requis=False,
        attributs={"autocomplete": "email", "spellcheck": "false"},
    )
    telephone = champ_ligne(
        "Téléphone", maximum=30, requis=False, attributs={"autocomplete": "tel", "inputmode": "tel"}
    )

    def contact(self) -> Contact:
        dit = self.cleaned_data
        return Contact(dit.get("nom", ""), dit.get("courriel", ""), dit.get("telephone", ""))


class ProposerForm(AvecPoint, EnvoiUnique):
    """First step: the idée."""

    ORIGINE = "idee"

    titre = champ_ligne("Votre idée, en une phrase", maximum=120, erreur="Dites votre idée en une phrase.")
    texte = champ_texte(
        "Dites-en plus",
        "Pour qui, où, pourquoi. N’écrivez pas de nom de personne.",
        maximum=TEXTE_MAX,
        lignes=6,
        erreur="Dites-en un peu plus : pour qui, où, pourquoi.",
        attributs={"data-compteur": TEXTE_MAX},
    )
    quartiers = champ_quartiers("Dans quels quartiers ?")
    lieu = champ_ligne("Où, précisément ?", "Une rue, une place, un équipement.", maximum=200, requis=False)


class SeNommerForm(AvecContact):
    """Second step: contact of the author, all optional. `est_piege`: filled in by a program."""

    site = champ_piege()

    @property
    def est_piege(self) -> bool:
        return bool(self.cleaned_data.get("site"))


class SaisirIdeeForm(AvecContact, ActeForm):
    """Idée noted by an agent, heard or received on paper."""

    field_order = ("texte", "titre", "canal", "quartiers", "lieu", "nom", "courriel", "telephone")
    texte = champ_texte(
        "L’idée", "Mot pour mot, sans nom de personne.", maximum=TEXTE_MAX, erreur="Écrivez l’idée."
    )
    titre = champ_ligne("En une phrase", "Vide : la première phrase.", maximum=120, requis=False)
    canal = champ_choix(
        "Reçue",
        [(c.value, majuscule(c.label)) for c in CanalIdee if c != CanalIdee.WEB],
        boutons=True,
        erreur="Dites comment elle est arrivée.",
    )
    quartiers = champ_quartiers(requis=False)
    lieu = champ_ligne("Lieu", maximum=200, requis=False)

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        if self.errors:
            return dit
        return {
            **{nom: dit[nom] for nom in ("texte", "titre", "canal", "quartiers", "lieu")},
            "contact": self.contact(),
        }


class RecolterForm(AvecContact, EnvoiUnique):
    """Quick form of a forum table, for a phone: an idée or a note, several in a row."""

    ORIGINE = "table"

    IDEE, NOTE = "idee", "note"

    quoi = champ_choix("C’est", [(IDEE, "Une idée"), (NOTE, "Une remarque")], boutons=True, initial=IDEE)
    texte = champ_texte("Ce qui est dit", maximum=2000, lignes=4, erreur="Écrivez ce qui est dit.")
    quartier = champ_parmi(
        "Quartier", Quartier.objects.select_related("commune"), requis=False, vide="Tous, ou non précisé"
    )

    @property
    def est_une_idee(self) -> bool:
        return bool(self.cleaned_data["quoi"] == self.IDEE)
