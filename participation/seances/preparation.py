"""Programme a séance; change its date, its place and its rules before the convocation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms.utils import from_current_timezone
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from participation.seances.models import Instance, Mandature, Seance
from participation.seances.regles import jour_de_fin
from participation.seances.workflow import Etat
from participation.socle.actions import avancer, exiger
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    champ_case,
    champ_choix,
    champ_jour,
    champ_ligne,
    champ_nombre,
    champ_parmi,
    champ_texte,
)
from participation.socle.francais import jour_texte
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte, page_acte

# Fields announced by the convocation. Afterwards only `deplacer` changes them, with a reason.
ANNONCES = ("debut", "fin", "tenue", "lieu", "lien_visio")


def dire_modification(seance: Seance) -> str:
    if seance.etat == Etat.CONVOQUEE:
        return (
            "Les membres sont convoqués : pour changer la date, le lieu ou le lien, choisissez « Déplacer »."
        )
    return "Personne n’est encore convoqué : tout peut changer."


@transaction.atomic
def programmer(instance: Instance, *, par: Compte | None, **champs: Any) -> Seance:
    """Create a séance under the mandature and the version of the règlement in force on its day.

    Raises ErreurMetier without one of them, ValidationError on the fields.
    """
    debut = champs.get("debut")
    if debut is None:
        raise ValidationError({"debut": "Dites quand la séance commence."})
    jour = timezone.localtime(debut).date()
    reglement, mandature = instance.reglement_du(jour), instance.mandature_du(jour)
    dit = jour_texte(jour)
    if mandature is None:
        raise ErreurMetier(
            f"Aucune mandature de « {instance.sigle} » ne couvre le {dit}. Créez-la ou changez de date."
        )
    if reglement is None:
        raise ErreurMetier(
            f"Aucun règlement de « {instance.sigle} » n’est en vigueur le {dit}. Ajoutez sa version, puis recommencez."
        )
    seance = Seance(instance=instance, mandature=mandature, reglement=reglement)
    champs["nature"] = _nature_tenue(mandature, champs.get("nature", seance.nature))
    avancer(seance, "programmer", par=par, champs=champs, details={"reglement": reglement.pk})
    exiger_lien(seance)
    return seance


class QuandForm(ActeForm):
    """A day and two hours; `debut` and `fin` in the cleaned data.

    An hour that does not exist or comes twice (change of the clock) is an error.
    """

    jour = champ_jour("Jour")
    de = forms.TimeField(label="De", widget=forms.TimeInput)
    a = forms.TimeField(
        label="À", widget=forms.TimeInput, help_text="Une heure après minuit est celle du lendemain."
    )

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        jour, de, a = (donnees.pop(nom, None) for nom in ("jour", "de", "a"))
        if jour is None or de is None or a is None:
            return donnees
        for champ, jour_dit, heure, nom in (
            ("de", jour, de, "debut"),
            ("a", jour_de_fin(jour, de, a), a, "fin"),
        ):
            try:
                donnees[nom] = from_current_timezone(datetime.combine(jour_dit, heure))
            except ValidationError:
                self.add_error(
                    champ, "Cette nuit-là, l’heure change : cette heure n’existe pas, ou revient deux fois."
                )
        if "debut" in donnees and "fin" in donnees and donnees["fin"] <= donnees["debut"]:
            self.add_error("a", "La fin précède le début.")
        return donnees

    @staticmethod
    def quand(seance: Seance) -> dict[str, Any]:
        debut, fin = timezone.localtime(seance.debut), timezone.localtime(seance.fin)
        return {"jour": debut.date(), "de": debut.time(), "a": fin.time()}


class LieuForm(ActeForm):
    tenue = champ_choix("Tenue", Seance.Tenue.choices, boutons=True, initial=Seance.Tenue.SALLE)
    lieu = champ_ligne("Lieu", "Salle et adresse. Vide si tout est à distance.", maximum=200, requis=False)
    acces = champ_texte(
        "Accès", "Transports, entrée accessible, étage.", requis=False, maximum=None, lignes=2
    )
    lien_visio = forms.URLField(
        label="Lien de la visioconférence",
        max_length=400,
        required=False,
        assume_scheme="https",
        help_text="Écrit aux personnes convoquées seulement. Il peut être ajouté plus tard, avant de convoquer.",
    )


class SeanceForm(LieuForm, QuandForm):
    """Fields of a séance, to create it or to change it before the convocation."""

    field_order = (
        "instance",
        "titre",
        "nature",
        "jour",
        "de",
        "a",
        "tenue",
        "lieu",
        "acces",
        "lien_visio",
        "est_publique",
        "lien_public",
        "capacite",
    )

    titre = champ_ligne("Titre", "Par exemple « Séance plénière de juin ».", maximum=160)
    nature = champ_choix("Nature", Seance.Nature.choices)
    est_publique = champ_case(
        "Ouverte au public",
        "Elle a sa page publique. Son ordre du jour et ses documents publics y sont une fois la convocation partie.",
        requis=False,
    )
    lien_public = forms.URLField(
        label="Adresse de la retransmission",
        max_length=400,
        required=False,
        assume_scheme="https",
        help_text="Là où chacun peut regarder. Sur la page publique ; n’y mettez pas le lien des membres.",
    )
    capacite = champ_nombre("Places", "Pour une visite ou une formation.", minimum=1, requis=False)


class ModifierForm(SeanceForm):
    """All fields before the convocation; afterwards, only those that need no letter."""

    SANS_PREVENIR = ("titre", "acces", "est_publique", "lien_public", "capacite")

    def initiales(self) -> Mapping[str, Any]:
        champs = (*self.SANS_PREVENIR, "nature", "tenue", "lieu", "lien_visio")
        return {**self.quand(self.objet), **{champ: getattr(self.objet, champ) for champ in champs}}

    def preparer(self) -> None:
        if self.objet.etat == Etat.CONVOQUEE:
            self.fields = {nom: self.fields[nom] for nom in self.SANS_PREVENIR}


@acte(
    Page[Seance](
        form=ModifierForm,
        consequence=dire_modification,
        succes="La séance est modifiée.",
        gabarit="seances/programmer.html",
    )
)
@transaction.atomic
def modifier(seance: Seance, *, par: Compte, **champs: Any) -> None:
    """Change what needs no letter. Before the convocation, a new date also changes mandature and règlement.

    Raises ErreurMetier for a date, a place or a link already announced: use `deplacer`.
    """
    pas = exiger(seance, "modifier", par=par)
    if seance.etat == Etat.CONVOQUEE and any(
        champ in champs and champs[champ] != getattr(seance, champ) for champ in ANNONCES
    ):
        raise ErreurMetier(
            "Les membres sont convoqués : la date, le lieu et le lien se changent par « Déplacer », qui les prévient."
        )
    if seance.etat == Etat.PROGRAMMEE and champs.get("debut", seance.debut) != seance.debut:
        champs |= _cadre_du_jour(seance, champs["debut"])
    if "nature" in champs:
        champs["nature"] = _nature_tenue(champs.get("mandature", seance.mandature), champs["nature"])
    pas.avancer(champs=champs)
    exiger_lien(seance)


def _nature_tenue(mandature: Mandature, nature: str) -> str:
    """Return the nature to keep: where nobody has a seat (a network), a plenary becomes a meeting."""
    se_reunit = nature == Seance.Nature.PLENIERE and not mandature.colleges.exists()
    return Seance.Nature.REUNION if se_reunit else nature


def _cadre_du_jour(seance: Seance, debut: Any) -> dict[str, Any]:
    """Return the mandature and the règlement of the new day. Raises ErreurMetier without one of them."""
    jour = timezone.localtime(debut).date()
    mandature, reglement = seance.instance.mandature_du(jour), seance.instance.reglement_du(jour)
    if mandature is None or reglement is None:
        raise ErreurMetier("Ce jour-là, cette instance n’a pas de mandature ou pas de règlement en vigueur.")
    return {"mandature": mandature, "reglement": reglement}


def exiger_lien(seance: Seance) -> None:
    """Raise ValidationError if a séance held only in a room has a video link."""
    if seance.tenue == Seance.Tenue.SALLE and seance.lien_visio:
        raise ValidationError(
            {
                "lien_visio": "Une séance en salle n’a pas de lien : retirez-le, ou choisissez « en salle et à distance »."
            }
        )


class ProgrammerForm(SeanceForm):
    instance = champ_parmi(
        "Instance", Instance.objects.filter(est_active=True), vide="Choisissez", to_field_name="cle"
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"instance": self.objet.cle_demandee, "tenue": Seance.Tenue.SALLE, "nature": self.objet.nature}


@require_http_methods(["GET", "HEAD", "POST"])
def seance_a_programmer(request: RequeteConnectee) -> HttpResponse:
    nature = request.GET.get("nature", "")
    seance = Seance(nature=nature if nature in Seance.Nature.values else Seance.Nature.PLENIERE)
    seance.cle_demandee = request.GET.get("instance", "")  # type: ignore[attr-defined]  # for the form
    return page_acte(request, seance, "programmer", PROGRAMMER)


PROGRAMMER: Page[Seance] = Page(
    lambda _, par, instance, **reponses: programmer(instance, par=par, **reponses),
    ProgrammerForm,
    "Elle est régie par le règlement en vigueur ce jour-là. Personne n’est prévenu avant la convocation.",
    succes="La séance est programmée : préparez son ordre du jour.",
    retour=lambda _, faite: faite.get_absolute_url() if faite else reverse("seances:seances"),
    gabarit="seances/programmer.html",
)
