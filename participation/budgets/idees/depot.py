"""An idée is given: on line, by an agent, at a table of a forum; its author is known by a proved address."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from participation.budgets.idees import lettres
from participation.budgets.idees.actes import TEXTE_MAX, attendre_une_lecture, champ_quartiers, situer
from participation.budgets.models import AuteurIdee, Budget, Idee, TableForum
from participation.budgets.workflow.budget import CanalIdee
from participation.socle.actions import avancer, donner_reference, enregistrer, exiger, verrouiller
from participation.socle.bd.verrous import verrou
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    champ_choix,
    champ_courriel,
    champ_langue,
    champ_ligne,
    champ_parmi,
    champ_piege,
    champ_texte,
    voies_proposees,
)
from participation.socle.forms.envois import EnvoiUnique
from participation.socle.francais import majuscule
from participation.socle.langues import FRANCAIS, langue
from participation.socle.langues import plus_tard as _
from participation.socle.lectures.cartes import hors_du_territoire
from participation.socle.models import Compte, Quartier
from participation.socle.views.pages import Page


@dataclass(frozen=True, slots=True)
class Contact:
    """Author of the idée, with the details they chose to give."""

    nom: str = ""
    courriel: str = ""
    telephone: str = ""
    langue: str = FRANCAIS

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
    attendre_une_lecture(idee, "Lire l’idée et la publier")
    return idee


def _nommer(idee: Idee, contact: Contact, *, est_prouve: bool) -> None:
    auteur = enregistrer(
        AuteurIdee(
            idee=idee,
            nom=contact.nom,
            courriel=contact.courriel.strip().lower(),
            telephone=contact.telephone,
            langue=contact.langue,
            confirme_le=timezone.now() if est_prouve and contact.courriel else None,
        )
    )
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
                _(
                    "Votre position est hors du territoire : elle est retirée. Dites le lieu avec des mots, ou envoyez sans lieu."
                ),
            )
        return dit

    def point(self) -> dict[str, float]:
        latitude, longitude = (self.cleaned_data.get(nom) for nom in ("latitude", "longitude"))
        if latitude is None or longitude is None:
            return {}
        return {"latitude": latitude, "longitude": longitude}


class AvecContact(forms.Form):
    nom = champ_ligne(_("Nom"), maximum=120, requis=False, attributs={"autocomplete": "name"})
    courriel = champ_courriel(
        _("Adresse de courriel"),
        _("Pour savoir, à chaque étape, ce que devient l’idée. Jamais publiée."),
        requis=False,
        attributs={"autocomplete": "email", "spellcheck": "false"},
    )
    telephone = champ_ligne(
        _("Téléphone"), maximum=30, requis=False, attributs={"autocomplete": "tel", "inputmode": "tel"}
    )

    def contact(self) -> Contact:
        dit = self.cleaned_data
        return Contact(
            dit.get("nom", ""),
            dit.get("courriel", ""),
            dit.get("telephone", ""),
            dit.get("langue") or langue(),
        )


class ProposerForm(AvecPoint, EnvoiUnique):
    """First step: the idée."""

    ORIGINE = "idee"

    titre = champ_ligne(
        _("Votre idée, en une phrase"), maximum=120, erreur=_("Dites votre idée en une phrase.")
    )
    texte = champ_texte(
        _("Dites-en plus"),
        _("Pour qui, où, pourquoi. N’écrivez pas de nom de personne."),
        maximum=TEXTE_MAX,
        lignes=6,
        erreur=_("Dites-en un peu plus : pour qui, où, pourquoi."),
        attributs={"data-compteur": TEXTE_MAX},
    )
    quartiers = champ_quartiers(_("Dans quels quartiers ?"))
    lieu = champ_ligne(
        _("Où, précisément ?"),
        _("Une rue, une place, un équipement."),
        maximum=200,
        requis=False,
        attributs={"autocomplete": "off", **voies_proposees()},
    )


class SeNommerForm(AvecContact):
    """Second step: contact of the author, all optional. `est_piege`: filled in by a program."""

    site = champ_piege()

    @property
    def est_piege(self) -> bool:
        return bool(self.cleaned_data.get("site"))


class ContactNote(AvecContact):
    """The contact that somebody else writes down: the page does not say which language the author reads."""

    langue = champ_langue()


class SaisirIdeeForm(ContactNote, ActeForm):
    """Idée noted by an agent, heard or received on paper."""

    field_order = ("texte", "titre", "canal", "quartiers", "lieu", "nom", "courriel", "langue", "telephone")
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


class RecolterForm(ContactNote, EnvoiUnique):
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


def _saisir_sur_le_budget(idee: Idee, *, par: Compte, **reponses: Any) -> Idee:
    return saisir_idee(idee.budget, par=par, **reponses)


SAISIR_IDEE: Page[Idee] = Page(
    _saisir_sur_le_budget,
    SaisirIdeeForm,
    "Si la personne laisse un courriel, elle reçoit un lien pour suivre son idée.",
    bouton="Enregistrer l’idée",
    succes=lambda _, idee: f"Idée {idee.reference} enregistrée.",
    retour=lambda idee, _: reverse("budgets:idees", args=[idee.budget_id]),
    gabarit="budgets/idees/saisir_idee.html",
    contexte=lambda request, idee, form: {"sujet": idee.budget.titre},
)
