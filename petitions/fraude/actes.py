"""Protection of the count: review of signatures set aside, invalidation by criteria, bursts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Case, CharField, Count, F, Func, Q, QuerySet, Value, When
from django.utils import timezone

from participation.inclusion.profils.actes import oublier_reponses
from participation.socle.actions import avancer, exiger
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.champs import champ_choix, champ_jour, champ_ligne, champ_nombre, champ_texte
from participation.socle.francais import accorder
from participation.socle.models import Compte
from participation.socle.travaux.differes import confier
from participation.socle.views.pages import Page, acte
from petitions.models import Invalidation, Petition, ReglageFraude, ReseauConnu, Signature
from petitions.signatures import lettres as lettres_signatures
from petitions.signatures.referentiel import choix_communes
from petitions.signatures.regles import nom_canonique
from petitions.workflow import Etat

TACHE_INVALIDER = "petitions.poursuivre_invalidation"


LOT = 2000


DOMAINE = Func(F("courriel_canonique"), Value("@"), Value(2), function="split_part", output_field=CharField())


CONFIRMEE_PAR_LA_PERSONNE = Q(confirmee_le__isnull=False)


E = Invalidation.Etat


# Signatures set aside
@transaction.atomic
def admettre_signatures(petition: Petition, *, par: Compte, signatures: Sequence[int]) -> int:
    """Admit signatures set aside; they are not checked again. Returns how many.

    The confirmed ones count; the others get their letter.
    """
    le = timezone.now()
    admises = {
        "etat": Case(
            When(CONFIRMEE_PAR_LA_PERSONNE, then=Value(Signature.Etat.CONFIRMEE)),
            default=Value(Signature.Etat.DEMANDEE),
        ),
        "admise_le": le,
        "demandee_le": Case(When(CONFIRMEE_PAR_LA_PERSONNE, then=F("demandee_le")), default=Value(le)),
        "a_ecrire": Case(When(CONFIRMEE_PAR_LA_PERSONNE, then=Value(False)), default=Value(True)),
    }
    return _juger(petition, "admettre_signatures", signatures, "admise", admises, par=par)


@transaction.atomic
def rejeter_signatures(petition: Petition, *, par: Compte, signatures: Sequence[int]) -> int:
    """Reject signatures set aside: no letter is sent.

    Can be undone (`reexaminer_signatures`). Returns how many.
    """
    rejetees = {"etat": Signature.Etat.INVALIDEE, "a_ecrire": False}
    siennes = Signature.objects.filter(petition=petition, pk__in=signatures, etat=Signature.Etat.ECARTEE)
    numeros = list(siennes.values_list("pk", flat=True))
    oublier_reponses("petition", petition.pk, *(f"signature:{pk}" for pk in numeros))
    return _juger(petition, "rejeter_signatures", signatures, "rejetée", rejetees, par=par)


@transaction.atomic
def reexaminer_signatures(petition: Petition, *, par: Compte, signatures: Sequence[int]) -> int:
    """Set rejected signatures aside again, with a whole delay before their deletion. Returns how many."""
    pas = exiger(petition, "reexaminer_signatures", par=par)
    rejetees = Signature.objects.rejetees().filter(petition=petition, pk__in=signatures)
    nombre = rejetees.update(
        etat=Signature.Etat.ECARTEE,
        demandee_le=Case(
            When(CONFIRMEE_PAR_LA_PERSONNE, then=F("demandee_le")), default=Value(timezone.now())
        ),
    )
    if nombre:
        pas.avancer(
            fait=f"{accorder(nombre, 'signature rejetée remise', 'signatures rejetées remises')} à examiner"
        )
    return nombre


def _juger(
    petition: Petition,
    acte: str,
    signatures: Sequence[int],
    fait: str,
    champs: Mapping[str, Any],
    *,
    par: Compte,
) -> int:
    pas = exiger(petition, acte, par=par)
    ecartees = Signature.objects.filter(petition=petition, pk__in=signatures, etat=Signature.Etat.ECARTEE)
    nombre = ecartees.update(**champs)
    if nombre:
        pas.avancer(
            fait=accorder(nombre, f"signature mise à l’écart {fait}", f"signatures mises à l’écart {fait}s")
        )
    return nombre


# Invalidation by criteria
def signatures_visees(petition: Petition, criteres: Mapping[str, Any]) -> QuerySet[Signature]:
    """Return the signatures, confirmed or to be confirmed, that meet every criterion given (see
    InvaliderForm)."""
    visees = Signature.objects.filter(
        petition=petition, etat__in=[Signature.Etat.CONFIRMEE, Signature.Etat.DEMANDEE]
    )
    if nom := criteres.get("nom"):
        for mot in nom_canonique(nom, "").split():
            visees = visees.filter(nom_canonique__contains=mot)
    if domaine := criteres.get("domaine"):
        visees = visees.filter(courriel_canonique__endswith="@" + domaine.lower().removeprefix("@"))
    if motif := criteres.get("courriel"):
        # « * » stands for any text: agents do not write regular expressions
        visees = visees.filter(courriel__iregex="^" + ".*".join(re.escape(m) for m in motif.split("*")) + "$")
    if reseau := criteres.get("reseau"):
        visees = visees.filter(Q(empreinte_reseau=reseau) | Q(empreinte_ip=reseau))
    if commune := criteres.get("commune"):
        visees = visees.filter(commune=commune)
    if origine := criteres.get("origine"):
        visees = visees.filter(origine=origine)
    if debut := criteres.get("debut"):
        visees = visees.filter(demandee_le__date__gte=debut)
    if fin := criteres.get("fin"):
        visees = visees.filter(demandee_le__date__lte=fin)
    return visees


def _stockables(criteres: Mapping[str, Any]) -> dict[str, str]:
    return {
        cle: valeur.isoformat() if isinstance(valeur, date) else str(valeur)
        for cle, valeur in criteres.items()
        if valeur
    }


@transaction.atomic
def preparer_invalidation(
    petition: Petition, *, par: Compte, motif: str, criteres: Mapping[str, Any]
) -> Invalidation:
    """Save the criteria and the number of signatures they match; nothing is invalidated yet.

    Raises ErreurMetier without criteria, or when no signature matches.
    """
    gardes = _stockables(criteres)
    if not gardes:
        raise ErreurMetier(
            "Donnez au moins un critère : sans critère, toutes les signatures seraient visées."
        )
    apercu = signatures_visees(petition, gardes).count()
    if not apercu:
        raise ErreurMetier("Aucune signature ne répond à ces critères.")
    return Invalidation.objects.create(
        petition=petition, criteres=gardes, motif=motif, apercu=apercu, par=par
    )


@acte(Page[Invalidation](succes="L’invalidation est lancée.", en_un_clic=True))
@transaction.atomic
def lancer_invalidation(invalidation: Invalidation, *, par: Compte) -> Invalidation:
    """Start the invalidation in the background. One line of the journal is written now, with the reason."""
    exiger(invalidation, "lancer_invalidation", par=par)
    avancer(
        invalidation.petition,
        "invalider_signatures",
        par=par,
        motif=invalidation.motif,
        details={
            "invalidation": invalidation.pk,
            "criteres": invalidation.criteres,
            "signatures": invalidation.apercu,
        },
    )
    return _confier(invalidation, E.EN_COURS)


@acte(Page[Invalidation](succes="L’invalidation est abandonnée.", en_un_clic=True))
@transaction.atomic
def abandonner_invalidation(invalidation: Invalidation, *, par: Compte) -> Invalidation:
    """Abandon an invalidation: before it starts, drop it; while it runs, restore what it has already
    invalidated."""
    exiger(invalidation, "abandonner_invalidation", par=par)
    if invalidation.etat == E.PREPAREE:
        _passer(invalidation, E.ABANDONNEE)
        return invalidation
    return _retablir(invalidation, par=par)


@acte(Page[Invalidation](succes="Le rétablissement est lancé.", en_un_clic=True))
@transaction.atomic
def retablir_invalidation(invalidation: Invalidation, *, par: Compte) -> Invalidation:
    """Restore the signatures of an invalidation, in the background."""
    exiger(invalidation, "retablir_invalidation", par=par)
    return _retablir(invalidation, par=par)


def _retablir(invalidation: Invalidation, *, par: Compte) -> Invalidation:
    avancer(
        invalidation.petition,
        "retablir_signatures",
        par=par,
        motif=invalidation.motif,
        details={"invalidation": invalidation.pk, "signatures": invalidation.traitees},
    )
    return _confier(invalidation, E.EN_RETABLISSEMENT)


def _confier(invalidation: Invalidation, etat: str) -> Invalidation:
    _passer(invalidation, etat)
    confier(TACHE_INVALIDER, invalidation.pk)
    return invalidation


def _passer(invalidation: Invalidation, etat: str) -> None:
    invalidation.etat = etat
    if etat in {E.FAITE, E.RETABLIE, E.ABANDONNEE}:
        invalidation.terminee_le = timezone.now()
    invalidation.save(update_fields=["etat", "terminee_le", "traitees"])


def poursuivre_invalidation(numero: int) -> None:
    """Process batch by batch until the end. Safe to run twice, at the same time or after a crash."""
    depuis = 0
    while True:
        with transaction.atomic():
            invalidation = (
                Invalidation.objects.select_for_update(of=("self",)).select_related("petition").get(pk=numero)
            )
            if invalidation.etat == E.EN_COURS:
                depuis = _invalider_lot(invalidation, depuis)
            elif invalidation.etat == E.EN_RETABLISSEMENT:
                depuis = _retablir_lot(invalidation, depuis)
            else:
                return
            if not depuis:
                _passer(invalidation, E.FAITE if invalidation.etat == E.EN_COURS else E.RETABLIE)
                return
            invalidation.save(update_fields=["traitees"])


def _lot(signatures: QuerySet[Signature], depuis: int) -> list[int]:
    return list(
        signatures.filter(pk__gt=depuis).order_by("pk").select_for_update().values_list("pk", flat=True)[:LOT]
    )


def _invalider_lot(invalidation: Invalidation, depuis: int) -> int:
    # Leave out requests made after the preview: the agent decided on what was shown.
    visees = signatures_visees(invalidation.petition, invalidation.criteres).filter(
        demandee_le__lte=invalidation.preparee_le
    )
    lot = _lot(visees, depuis)
    Signature.objects.filter(pk__in=lot).update(
        etat=Signature.Etat.INVALIDEE, invalidation=invalidation, a_ecrire=False
    )
    oublier_reponses("petition", invalidation.petition_id, *(f"signature:{pk}" for pk in lot))
    invalidation.traitees += len(lot)
    return lot[-1] if lot else 0


def _retablir_lot(invalidation: Invalidation, depuis: int) -> int:
    lot = _lot(Signature.objects.filter(petition=invalidation.petition, invalidation=invalidation), depuis)
    Signature.objects.filter(pk__in=lot).update(
        invalidation=None,
        etat=Case(
            When(refusee_le__isnull=False, then=Value(Signature.Etat.RETIREE)),
            When(confirmee_le__isnull=False, then=Value(Signature.Etat.CONFIRMEE)),
            default=Value(Signature.Etat.DEMANDEE),
        ),
    )
    invalidation.traitees = max(0, invalidation.traitees - len(lot))
    return lot[-1] if lot else 0


def reprendre_invalidations() -> None:
    """Resume the invalidations left unfinished by a stopped worker or a lost message."""
    for numero in Invalidation.objects.filter(etat__in=[E.EN_COURS, E.EN_RETABLISSEMENT]).values_list(
        "pk", flat=True
    ):
        confier(TACHE_INVALIDER, numero)


# Bursts
@dataclass(frozen=True, slots=True)
class Pic:
    """Many requests with something in common; `critere` and `valeur` can be used for an invalidation."""

    critere: str
    valeur: str
    libelle: str
    nombre: int


def pics_de(petition: Petition, *, heures: int, minimum: int) -> list[Pic]:
    """Return the networks, mail domains and names with at least `minimum` requests, largest first.

    Online requests of the last `heures` hours.
    """
    recentes = Signature.objects.filter(
        petition=petition, demandee_le__gte=timezone.now() - timedelta(hours=heures), origine="en_ligne"
    ).annotate(hote=DOMAINE)
    lieux = {f"connu-{lieu.pk}": str(lieu) for lieu in ReseauConnu.objects.all()}
    pics = []
    for critere, champ, debut in (
        ("reseau", "empreinte_reseau", "réseau"),
        ("domaine", "hote", "adresses en @"),
        ("nom", "nom_canonique", "nom"),
    ):
        groupes = (
            recentes.exclude(**{champ: ""})
            .values_list(champ)
            .annotate(n=Count("pk"))
            .filter(n__gte=minimum)
            .order_by("-n")[:20]
        )
        for valeur, n in groupes:
            dit = lieux.get(valeur) or (f"réseau {valeur[:8]}" if critere == "reseau" else valeur)
            libelle = (
                f"{debut}{valeur}"
                if critere == "domaine"
                else dit
                if critere == "reseau"
                else f"{debut} « {dit} »"
            )
            pics.append(Pic(critere, valeur, libelle, n))
    return sorted(pics, key=lambda pic: -pic.nombre)


def signaler_rafales() -> None:
    """Write to agents, once an hour for each pétition, about the bursts above the limit of the settings."""
    minimum = ReglageFraude.actuel().alerte_par_heure
    heure = f"{timezone.now():%Y%m%d%H}"
    for petition in Petition.objects.filter(etat=Etat.EN_COLLECTE):
        # Common providers always have many requests: a mail domain alone is no reason for an alert.
        pics = [pic for pic in pics_de(petition, heures=1, minimum=minimum) if pic.critere != "domaine"]
        if pics:
            lettres_signatures.signaler_rafale(petition, pics=pics, heure=heure)


class InvaliderForm(forms.Form):
    """Signatures must meet every criterion given; at least one is needed."""

    CRITERES = ("nom", "domaine", "courriel", "reseau", "commune", "origine", "debut", "fin")

    nom = champ_ligne(
        "Le nom contient",
        "Sans accent ni majuscule.",
        maximum=80,
        requis=False,
        attributs={"autocomplete": "off"},
    )
    domaine = champ_ligne("Domaine du courriel", "Par exemple exemple.fr.", maximum=120, requis=False)
    courriel = champ_ligne(
        "Modèle de courriel",
        "L’étoile remplace n’importe quoi. Par exemple petition*@exemple.fr.",
        maximum=120,
        requis=False,
        attributs={"autocomplete": "off"},
    )
    reseau = champ_ligne("Empreinte du réseau", "Donnée par la page des rafales.", maximum=32, requis=False)
    commune = champ_choix("Commune", lambda: [("", "Toutes"), *choix_communes()], requis=False)
    origine = champ_choix("Origine", [("", "Toutes"), *Signature.Origine.choices], requis=False)
    debut = champ_jour("Demandées à partir du", requis=False)
    fin = champ_jour("Demandées jusqu’au", requis=False)
    motif = champ_texte(
        "Motif",
        "Il reste au journal du dossier.",
        erreur="Dites pourquoi ces signatures ne comptent plus.",
        maximum=None,
        lignes=10,
    )

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        debut, fin = reponses.get("debut"), reponses.get("fin")
        if isinstance(debut, date) and isinstance(fin, date) and fin < debut:
            self.add_error("fin", "La fin précède le début.")
        return reponses

    @property
    def criteres(self) -> dict[str, Any]:
        return {cle: self.cleaned_data[cle] for cle in self.CRITERES}


class FenetreForm(forms.Form):
    heures = forms.TypedChoiceField(
        label="Période",
        coerce=int,
        choices=[(1, "Dernière heure"), (24, "Dernières 24 heures"), (168, "Sept derniers jours")],
        initial=24,
    )
    minimum = champ_nombre("À partir de", minimum=2, maximum=10_000, initial=10)


class SignaturesEcarteesForm(forms.Form):
    """Signatures chosen among `numeros`, or all of them, and the decision."""

    signatures = forms.TypedMultipleChoiceField(coerce=int, required=False)
    toutes = forms.BooleanField(required=False)
    vue = forms.IntegerField(required=False, min_value=0)  # key of the last signature when the page was shown
    decision = forms.ChoiceField(choices=[("admettre", "Admettre"), ("rejeter", "Rejeter")])

    def __init__(self, *args: Any, numeros: list[int], rejetees: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numeros = numeros
        champ, decision = self.fields["signatures"], self.fields["decision"]
        assert isinstance(champ, forms.TypedMultipleChoiceField)  # noqa: S101 for the type checker
        assert isinstance(decision, forms.ChoiceField)  # noqa: S101 as above
        champ.choices = [(n, str(n)) for n in numeros]
        if rejetees:
            decision.choices = [("reexaminer", "Remettre à examiner")]

    def clean(self) -> dict[str, Any]:
        reponses = super().clean() or {}
        if not reponses.get("toutes") and not reponses.get("signatures") and not self.errors:
            self.add_error(None, "Choisissez au moins une signature.")
        return reponses

    @property
    def choisies(self) -> list[int]:
        """Keys of the chosen signatures.

        « Toutes » leaves out those that arrived after the page was shown.
        """
        choisies: list[int] = self.cleaned_data["signatures"]
        if self.cleaned_data["toutes"]:
            derniere = self.cleaned_data["vue"]
            choisies = [n for n in self.numeros if derniere is None or n <= derniere]
        return choisies
