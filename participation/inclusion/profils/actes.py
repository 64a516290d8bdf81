"""The answers to the questions of the profile: given, changed, taken away; their form."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from participation.inclusion.models import DecompteDeProfil, ReglementInclusion, ReponseDeProfil
from participation.inclusion.workflow import VALEURS, Critere, OuiNon
from participation.socle.bd.verrous import verrou
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.champs import champ_case, champ_choix, champ_parmi
from participation.socle.francais import majuscule
from participation.socle.langues import plus_tard as _
from participation.socle.models import Commune
from participation.socle.vitrine import recueillir

SEL = "inclusion.profil"
TROP_TARD = _(
    "Cette page a été ouverte il y a trop longtemps. Votre participation compte ; ces questions ne sont plus posées."
)

# A ballot must stay secret even from who reads the database during the vote.
SECRETES = frozenset({"vote"})


def jeton(nature: str, numero: int, participation: str) -> str:
    """Return what the form carries: who took part (`participation`: « signature:12 ») in which démarche."""
    return signing.dumps([nature, numero, participation, timezone.localdate().isoformat()], salt=SEL)


def lire_jeton(texte: str) -> tuple[str, int, str]:
    """Raises ErreurMetier when it is not ours, or too old: the days are those of Paris."""
    try:
        nature, numero, participation, jour = signing.loads(texte, salt=SEL)
    except (signing.BadSignature, ValueError) as refus:
        raise ErreurMetier(TROP_TARD) from refus
    passes = (timezone.localdate() - date.fromisoformat(jour)).days
    if passes > ReglementInclusion.actuel().jours_pour_repondre:
        raise ErreurMetier(TROP_TARD)
    return str(nature), int(numero), str(participation)


def cle(nature: str, numero: int, participation: str, critere: str) -> str:
    """A keyed hash: without the key of the site, no answer leads to a participation, nor to another answer."""
    dit = f"{nature}|{numero}|{participation}|{critere}"
    return salted_hmac(SEL, dit, algorithm="sha256").hexdigest()


def lignes(
    nature: str, numero: int, participation: str, reponses: Mapping[str, str]
) -> list[ReponseDeProfil]:
    """Return the rows of these answers, and of the fact of answering. None for what is left empty."""
    dites = {critere: valeur for critere, valeur in reponses.items() if valeur}
    if dites:
        dites[Critere.REPONSE] = OuiNon.OUI
    return [
        ReponseDeProfil(
            cle=cle(nature, numero, participation, critere),
            nature=nature,
            numero=numero,
            critere=critere,
            valeur=valeur,
        )
        for critere, valeur in dites.items()
    ]


@transaction.atomic
def repondre(nature: str, numero: int, participation: str, reponses: Mapping[str, str]) -> None:
    """Write what was answered; what is left empty takes a former answer away."""
    verrou(cle(nature, numero, participation, ""))  # two answers at once: the last one stands, whole
    if nature in SECRETES:
        _compter(nature, numero, lignes(nature, numero, participation, reponses))
        return
    oublier_reponses(nature, numero, participation)
    # In the order of their hashes, so that the place of rows in the table does not put a person together again.
    ReponseDeProfil.objects.bulk_create(
        sorted(lignes(nature, numero, participation, reponses), key=lambda ligne: ligne.cle),
        update_conflicts=True,
        unique_fields=["cle"],
        update_fields=["valeur"],
    )


def _compter(nature: str, numero: int, dites: Sequence[ReponseDeProfil]) -> None:
    """Add these answers to the numbers, once: they cannot be found again, so nothing replaces them."""
    faites = [ligne for ligne in dites if ligne.critere == Critere.REPONSE]
    if not faites or ReponseDeProfil.objects.filter(pk=faites[0].pk).exists():
        return
    ReponseDeProfil.objects.bulk_create(faites)
    DecompteDeProfil.objects.get_or_create(nature=nature, numero=numero)
    decompte = DecompteDeProfil.objects.select_for_update().get(nature=nature, numero=numero)
    for ligne in dites:
        if ligne.critere != Critere.REPONSE:
            nombres = decompte.effectifs.setdefault(ligne.critere, {})
            nombres[ligne.valeur] = nombres.get(ligne.valeur, 0) + 1
    decompte.save()


def oublier_reponses(nature: str, numero: int, *participations: str) -> None:
    """Take the answers away: these participations were, or no longer count, or somebody asks."""
    siennes = [cle(nature, numero, p, critere) for p in participations for critere in Critere.values]
    ReponseDeProfil.objects.filter(pk__in=siennes).delete()


def _choix(critere: Critere) -> list[tuple[str, str]]:
    """Return the answers in the language of the page."""
    return [
        ("", gettext("Je ne réponds pas")),
        *((v, majuscule(str(mot))) for v, mot in VALEURS[critere].choices),
    ]


def _question(critere: Critere, libelle: str, aide: str = "") -> forms.ChoiceField:
    return champ_choix(libelle, lambda: _choix(critere), aide, requis=False)


class ProfilForm(forms.Form):
    """Six questions, none required. An answer about health is kept only with a consent of its own."""

    age = _question(Critere.AGE, _("Votre âge"))
    genre = _question(Critere.GENRE, _("Vous êtes"))
    commune = champ_parmi(_("Votre commune"), Commune.objects.all(), requis=False)
    qpv = _question(Critere.QPV, _("Habitez-vous un quartier prioritaire ?"))
    langue = _question(Critere.LANGUE, _("La langue que vous parlez le plus souvent"))
    amenagement = _question(
        Critere.AMENAGEMENT,
        _("Avez-vous besoin d’un aménagement pour participer ?"),
        _("Handicap, lecture difficile, surdité… Cette réponse peut parler de votre santé."),
    )
    accord = champ_case(
        _("J’accepte que cette dernière réponse soit comptée"), _("Elle l’est sans votre nom."), requis=False
    )

    def clean(self) -> dict[str, Any]:
        dit: dict[str, Any] = super().clean() or {}
        if dit.get("amenagement") and not dit.get("accord"):
            self.add_error(
                "accord", gettext("Cochez cette case, ou ne répondez pas à la question sur l’aménagement.")
            )
        return dit

    def reponses(self) -> dict[str, str]:
        """Return the answers by question."""
        dit = self.cleaned_data
        commune: Commune | None = dit["commune"]
        return {
            **{critere: dit[critere] for critere in VALEURS},
            Critere.COMMUNE: commune.pk if commune is not None else "",
        }


class ProfilDePapierForm(ProfilForm):
    """The same, written on paper: the agent says after which démarche of the year."""

    pour = champ_choix("Démarche", [], "Ce à quoi la personne a participé.")

    def __init__(self, donnees: Any = None, *, annee: int) -> None:
        super().__init__(donnees)
        self.order_fields(["pour"])
        self.fields["pour"].choices = [  # type: ignore[attr-defined]  # a choice field
            (f"{d.nature}:{d.numero}", d.titre) for d in recueillir("demarches", annee)
        ]

    @property
    def demarche(self) -> tuple[str, int]:
        nature, _, numero = self.cleaned_data["pour"].partition(":")
        return nature, int(numero)
