"""Reception: what arrives is saved in one statement, then becomes one remontée, however often it is sent."""

import logging
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext

from participation.socle.actions import Neuf, donner_reference, exiger, ouvrir_en_nombre, references_libres
from participation.socle.actions.echeances import fixer_echeance_des_neufs
from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.champs import (
    champ_case,
    champ_choix,
    champ_courriel,
    champ_jour,
    champ_langue,
    champ_ligne,
    champ_piege,
    champ_texte,
    voies_proposees,
)
from participation.socle.forms.envois import EnvoiUnique
from participation.socle.forms.photos import PhotoField
from participation.socle.francais import majuscule
from participation.socle.langues import langue
from participation.socle.langues import plus_tard as _
from participation.socle.models import Commune, Compte, Dossier, Quartier
from participation.suites.abonnements import suivre
from remontees.categories import choix_categories, choix_communes, choix_quartiers, commune_du_quartier
from remontees.models import Categorie, Rapporteur, ReglementRemontees, Remontee, Sujet
from remontees.parts.actes import TRI
from remontees.personne import erreurs_du_contact, moyen_choisi, titre_de
from remontees.reception import lettres
from remontees.reception.lectures import commune_du_point
from remontees.reception.regles import VERBATIM_MAX, Charge, Contact, point_de, sans_la_personne
from remontees.workflow import Canal

journal = logging.getLogger(__name__)


@transaction.atomic
def saisir(remontee: Remontee, *, par: Compte | None, charge: Charge, en_nombre: bool = False) -> Remontee:
    """Register a remontée on a new row: reference, échéance of the triage, receipt.

    `en_nombre`: as in `Pas.avancer`, for a worker. Raises ErreurMetier for an empty verbatim.
    """
    pas = exiger(remontee, "saisir", par=par)
    champs = _champs(charge, par, Tables())
    pas.avancer(
        champs={**champs, "reference": donner_reference(remontee)},
        details={"canal": charge.canal},
        en_nombre=en_nombre,
    )
    _situer([remontee])
    if charge.contact != Contact():
        _nommer([remontee], [charge.contact])
    _fixer_le_tri([remontee])
    _prevenir(remontee, charge)
    return remontee


@transaction.atomic
def saisir_en_nombre(charges: Sequence[Charge]) -> list[Remontee]:
    """Register many remontées as `saisir` does, in a few statements, in the same order."""
    if not charges:
        return []
    tables, remontees = Tables(), [Remontee() for _ in charges]
    neufs = [
        Neuf(
            remontee,
            tables.compte(charge.saisie_par),
            _champs(charge, tables.compte(charge.saisie_par), tables),
            {"canal": charge.canal},
        )
        for remontee, charge in zip(remontees, charges, strict=True)
    ]
    # Last: who says something meanwhile waits for this lock.
    references = references_libres(remontees[0])
    for remontee in remontees:
        remontee.reference = next(references)
    ouvrir_en_nombre("saisir", neufs)
    _situer(remontees)
    nommes = [(r, c.contact) for r, c in zip(remontees, charges, strict=True) if c.contact != Contact()]
    _nommer([remontee for remontee, _ in nommes], [contact for _, contact in nommes])
    _fixer_le_tri(remontees)
    for remontee, charge in zip(remontees, charges, strict=True):
        if charge.contact != Contact():
            _prevenir(remontee, charge)
    return remontees


class Tables:
    """Rows of reference, each read once: a batch names the same few hundred times."""

    def __init__(self) -> None:
        self._lues: dict[tuple[type[Model], object], Any] = {}

    def _lire(self, modele: Any, cle: object) -> Any:
        if not cle:
            return None
        if (modele, cle) not in self._lues:
            self._lues[modele, cle] = modele.objects.filter(pk=cle).first()
        return self._lues[modele, cle]

    def compte(self, cle: int | None) -> Compte | None:
        compte: Compte | None = self._lire(Compte, cle)
        return compte

    def categorie(self, cle: int | None) -> Categorie | None:
        categorie: Categorie | None = self._lire(Categorie, cle)
        return categorie

    def commune(self, cle: str | None) -> Commune | None:
        commune: Commune | None = self._lire(Commune, cle)
        return commune

    def quartier(self, cle: int | None) -> Quartier | None:
        quartier: Quartier | None = self._lire(Quartier, cle)
        return quartier


def _champs(charge: Charge, par: Compte | None, tables: Tables) -> dict[str, Any]:
    if not charge.verbatim.strip():
        raise ErreurMetier("Écrivez ce qui a été dit.")
    jour = timezone.localdate()
    commune, quartier = _lieu(charge, tables)
    return {
        "titre": sans_la_personne(charge, charge.titre.strip() or titre_de(charge.verbatim)),
        "verbatim": charge.verbatim,
        "resume": charge.verbatim,
        "canal": charge.canal,
        "entendue_le": min(charge.entendue_le or jour, jour),
        "categorie": tables.categorie(charge.categorie),
        "commune": commune,
        "quartier": quartier,
        "lieu": charge.lieu,
        "latitude": charge.latitude,
        "longitude": charge.longitude,
        "sujet_propose": _sujet(charge),
        "au_nom_de": charge.au_nom_de,
        "est_urgente": charge.est_urgente,
        "source": charge.source,
        "auteur": par,
        "ouvert_le": timezone.now(),
    }


def _sujet(charge: Charge) -> Any:
    """Return the public sujet that the person recognised; None without one."""
    return Sujet.objects.filter(pk=charge.sujet, est_publie=True).first() if charge.sujet else None


def _lieu(charge: Charge, tables: Tables) -> tuple[Commune | None, Quartier | None]:
    """Return the commune (declared, of the quartier, or of the point) and the quartier if it is in it."""
    commune, quartier = tables.commune(charge.commune), tables.quartier(charge.quartier)
    if quartier is not None and commune is None:
        commune = quartier.commune
    if commune is None and charge.latitude is not None and charge.longitude is not None:
        commune = tables.commune(commune_du_point(charge.latitude, charge.longitude))
    return commune, quartier if quartier is None or quartier.commune == commune else None


def _situer(remontees: Sequence[Remontee]) -> None:
    """Give the communes and quartiers that the lists of all dossiers read to new remontées."""
    for champ, sien in ((Dossier.communes, "commune"), (Dossier.quartiers, "quartier")):
        lien: Any = champ.through
        lien.objects.bulk_create(
            lien(**{"dossier_id": remontee.pk, f"{sien}_id": getattr(remontee, f"{sien}_id")})
            for remontee in remontees
            if getattr(remontee, f"{sien}_id")
        )


def _fixer_le_tri(remontees: Sequence[Remontee]) -> None:
    reglement, jour = ReglementRemontees.actuel(), timezone.localdate()
    for est_urgente in (True, False):
        fixer_echeance_des_neufs(
            [remontee for remontee in remontees if remontee.est_urgente == est_urgente],
            TRI,
            libelle="Choisir qui s’en occupe",
            date_limite=jour if est_urgente else ajouter_jours_ouvres(jour, reglement.delai_tri_jours),
            est_legale=True,
            rappels=[1],
            escalade=reglement.escalade_jours,
        )


def _prevenir(remontee: Remontee, charge: Charge) -> None:
    if remontee.sujet_propose is not None and charge.contact.courriel:
        suivre(remontee.sujet_propose, charge.contact.courriel)
    if charge.accuse:
        lettres.saisir(remontee)


def _nommer(remontees: Sequence[Remontee], contacts: Sequence[Contact]) -> None:
    rapporteurs = [
        Rapporteur(
            remontee=remontee,
            nom=contact.nom,
            courriel=contact.courriel.strip().lower(),
            telephone=contact.telephone,
            adresse=contact.adresse,
            prefere=contact.prefere or Rapporteur.Prefere.COURRIEL,
            accepte_transmission=contact.accepte_transmission,
            langue=contact.langue,
        )
        for remontee, contact in zip(remontees, contacts, strict=True)
    ]
    for rapporteur in rapporteurs:
        # Of a remontée that was just made: no other has it, and the database checks the rest.
        rapporteur.full_clean(exclude={"remontee"}, validate_unique=False, validate_constraints=False)
    Rapporteur.objects.bulk_create(rapporteurs)
    for rapporteur in rapporteurs:
        rapporteur.remontee.rapporteur = rapporteur


# In the order of use at a desk; the other channels arrive automatically.
CANAUX = [
    Canal.ACCUEIL,
    Canal.TELEPHONE,
    Canal.TERRAIN,
    Canal.REUNION,
    Canal.COURRIER,
    Canal.COURRIEL,
    Canal.RESEAU,
    Canal.INSTANCE,
]


PRENABLES = ("nom", "courriel", "telephone", "adresse")
DU_CONTACT = (*PRENABLES, "prefere")


class NoterForm(EnvoiUnique):
    """What an agent heard; `charge` returns it. Choices come from the process cache, without a query."""

    ORIGINE = "noter"

    verbatim = champ_texte(
        "Ce qui a été dit",
        "Mot pour mot. Le micro du clavier marche ici.",
        maximum=VERBATIM_MAX,
        lignes=5,
        erreur="Écrivez ce qui a été dit.",
        attributs={"autocapitalize": "sentences", "enterkeyhint": "enter"},
    )
    photo = PhotoField(help_text="Le lieu et la date cachés dans l’image sont retirés.")
    lieu = champ_ligne(
        "Lieu",
        "Rue, arrêt, équipement.",
        maximum=200,
        requis=False,
        attributs={"autocomplete": "off", "enterkeyhint": "next", **voies_proposees("commune")},
    )
    commune = champ_choix(
        "Commune", lambda: [("", "Non précisée"), *choix_communes()], requis=False, court=True
    )
    quartier = champ_choix(
        "Quartier prioritaire", lambda: [("", "Aucun"), *choix_quartiers()], requis=False, court=True
    )
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    canal = champ_choix(
        "Par où",
        [(c.value, majuscule(c.label)) for c in CANAUX],
        boutons=True,
        erreur="Dites par où c’est arrivé.",
    )
    categorie = champ_choix(
        "Catégorie", lambda: [("", "À choisir plus tard"), *choix_categories()], requis=False, court=True
    )
    entendue_le = champ_jour("Entendue le", requis=False)
    est_urgente = champ_case(
        "Il y a un danger", "Prévenez d’abord les secours : 112. Le tri la verra en premier.", requis=False
    )
    au_nom_de = champ_case("La personne parle au nom de quelqu’un d’autre", requis=False)
    nom = champ_ligne("Nom", maximum=120, requis=False, attributs={"autocomplete": "off"})
    courriel = champ_courriel("Courriel", requis=False)
    telephone = champ_ligne(
        "Téléphone", maximum=30, requis=False, attributs={"autocomplete": "off", "inputmode": "tel"}
    )
    adresse = champ_ligne(
        "Adresse postale", maximum=300, requis=False, attributs={"autocomplete": "off", **voies_proposees()}
    )
    prefere = champ_choix(
        "À prévenir",
        [("", "Selon ce qui est laissé"), *Rapporteur.Prefere.choices],
        "Un numéro fixe s’appelle ; il ne reçoit pas de SMS.",
        requis=False,
        court=True,
    )
    langue = champ_langue()
    accepte_transmission = champ_case(
        "Accepte que ses coordonnées soient transmises à l’organisme compétent", requis=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        initiales = {"entendue_le": timezone.localdate(), "canal": Canal.ACCUEIL.value}
        super().__init__(*args, **{"initial": initiales, **options})
        self.fields["photo"].widget.attrs["data-photo"] = ""

    @property
    def a_un_contact(self) -> bool:
        """Whether the contact section must be open: it has data or errors."""
        return self.is_bound and any(self.errors.get(nom) or self.data.get(nom) for nom in DU_CONTACT)

    def clean_entendue_le(self) -> Any:
        jour = self.cleaned_data["entendue_le"]
        if jour and jour > timezone.localdate():
            raise forms.ValidationError("Cette date n’est pas encore arrivée.")
        return jour

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        quartier, commune = dit.get("quartier"), dit.get("commune")
        if quartier and commune and commune_du_quartier(int(quartier)) != commune:
            self.add_error("quartier", "Ce quartier n’est pas dans cette commune.")
        for champ, dite in erreurs_du_contact(dit).items():
            if champ not in self.errors:
                self.add_error(champ, dite)
        return dit

    def charge(self, par: Compte) -> Charge:
        dit = self.cleaned_data
        latitude, longitude = point_de(dit)
        return Charge(
            verbatim=dit["verbatim"],
            canal=dit["canal"],
            entendue_le=dit["entendue_le"],
            categorie=int(dit["categorie"]) if dit["categorie"] else None,
            commune=dit["commune"],
            quartier=int(dit["quartier"]) if dit["quartier"] else None,
            lieu=dit["lieu"],
            latitude=latitude,
            longitude=longitude,
            au_nom_de=dit["au_nom_de"],
            est_urgente=dit["est_urgente"],
            saisie_par=par.pk,
            contact=contact_de(dit),
        )


def contact_de(dit: dict[str, Any]) -> Contact:
    """Return the contact, with the means chosen, else that of the first given: mail, telephone, address."""
    if not any(dit.get(nom) for nom in PRENABLES):
        return Contact()
    return Contact(
        **{nom: dit.get(nom, "") for nom in PRENABLES},
        prefere=moyen_choisi(dit),
        accepte_transmission=dit.get("accepte_transmission", False),
        langue=dit.get("langue") or langue(),
    )


DIT_MAX = 4000
AUCUN = "aucun"


class DireForm(forms.Form):
    """First step: what and where."""

    verbatim = champ_texte(
        _("Que voulez-vous nous dire ?"),
        _("Ce qui se passe, depuis quand. N’écrivez ni nom de personne ni plaque."),
        maximum=DIT_MAX,
        lignes=6,
        erreur=_("Écrivez ce que vous voulez nous dire."),
        attributs={"data-compteur": DIT_MAX},
    )
    lieu = champ_ligne(
        _("Où ?"),
        _("Rue, arrêt, équipement."),
        maximum=200,
        requis=False,
        attributs=voies_proposees("commune"),
    )
    commune = champ_choix(
        _("Commune"),
        lambda: [("", _("Je ne sais pas")), *choix_communes()],
        requis=False,
        court=True,
        messages={"invalid_choice": _("Choisissez la commune dans la liste.")},
    )
    quartier = champ_choix(
        _("Quartier prioritaire"),
        lambda: [("", _("Aucun, ou je ne sais pas")), *choix_quartiers()],
        requis=False,
        court=True,
        messages={"invalid_choice": _("Choisissez le quartier dans la liste.")},
    )

    latitude = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        quartier, commune = dit.get("quartier"), dit.get("commune")
        if quartier and not commune:
            dit["commune"] = commune_du_quartier(int(quartier))
        elif quartier and commune_du_quartier(int(quartier)) != commune:
            self.add_error("quartier", gettext("Ce quartier n’est pas dans cette commune."))
        a_un_point = None not in point_de(dit)
        if "lieu" in dit and not (dit["lieu"] or commune or quartier or a_un_point):
            self.add_error(
                "lieu", gettext("Dites où : une rue, un lieu, la commune, ou un point sur la carte.")
            )
        return dit


class SuivreForm(EnvoiUnique):
    """Second step: similar sujets, photo and contact. `est_piege`: the honeypot field was filled."""

    ORIGINE = "dire"

    sujet = champ_choix(
        _("Est-ce l’une de celles-ci ?"),
        [],
        boutons=True,
        erreur=_("Choisissez, ou répondez « Aucune de celles-ci »."),
    )
    photo = PhotoField(
        help_text=_("Si elle aide à comprendre. Le lieu et la date cachés dans l’image sont retirés.")
    )
    courriel = champ_courriel(
        _("Adresse de courriel"),
        _("Pour l’accusé de réception et la réponse."),
        requis=False,
        attributs={"autocomplete": "email", "spellcheck": "false"},
    )
    nom = champ_ligne(_("Nom"), maximum=120, requis=False, attributs={"autocomplete": "name"})
    accepte_transmission = champ_case(
        _("J’accepte que mes coordonnées soient transmises à l’organisme compétent, si ce n’est pas nous"),
        requis=False,
    )
    site = champ_piege()

    def __init__(self, *args: Any, proches: Sequence[Sujet], **options: Any) -> None:
        super().__init__(*args, **options)
        champ: Any = self.fields["sujet"]
        champ.choices = [(str(sujet.pk), sujet.titre) for sujet in proches] + [
            (AUCUN, _("Aucune de celles-ci"))
        ]
        if not proches:
            del self.fields["sujet"]

    def clean(self) -> dict[str, Any]:
        # Whether sujets alike were shown or not: a retry stays the same sending when one was published meanwhile.
        return {"sujet": AUCUN, **(super().clean() or {})}

    @property
    def est_piege(self) -> bool:
        return bool(self.cleaned_data.get("site"))

    def charge(self, dit: dict[str, Any], categorie: int | None) -> Charge:
        choisi = self.cleaned_data["sujet"]
        latitude, longitude = point_de(dit)
        return Charge(
            verbatim=dit["verbatim"],
            canal=Canal.SITE,
            categorie=categorie,
            commune=dit["commune"],
            quartier=int(dit["quartier"]) if dit["quartier"] else None,
            lieu=dit["lieu"],
            latitude=latitude,
            longitude=longitude,
            sujet=None if choisi == AUCUN else int(choisi),
            contact=contact_de(self.cleaned_data),
        )
