"""Registration, proof of the address, waiting list and its offers in order, reminders, presence at the door, erasure."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from participation.droits.eliminations.actes import eliminee
from participation.inclusion.profils.actes import oublier_reponses
from participation.rencontres.inscriptions import lettres
from participation.rencontres.models import AuteurDeNote, Inscription, Rencontre
from participation.rencontres.models.manques import INSCRITS, a_effacer
from participation.rencontres.workflow import VIVANTES, Besoin, Canal, EtatInscription, EtatRencontre
from participation.socle.actions import avancer, exiger, verrouiller
from participation.socle.erreurs import ActeInterdit
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    champ_cases,
    champ_choix,
    champ_courriel,
    champ_ligne,
    champ_texte,
)
from participation.socle.forms.envois import EnvoiUnique
from participation.socle.francais import accorder, majuscule
from participation.socle.models import Compte
from participation.socle.views.pages import Page, acte

E = EtatInscription


class AvecBesoins(forms.Form):
    nom = champ_ligne("Nom", maximum=120, erreur="Dites votre nom.", attributs={"autocomplete": "name"})
    courriel = champ_courriel(
        "Adresse de courriel",
        "Vous y recevez un lien pour confirmer votre place, puis un rappel.",
        requis=False,
        attributs={"autocomplete": "email", "spellcheck": "false"},
    )
    telephone = champ_ligne(
        "Téléphone",
        "Pour vous prévenir si quelque chose change. Vous pouvez ne laisser ni adresse ni téléphone.",
        maximum=30,
        requis=False,
        attributs={"autocomplete": "tel", "inputmode": "tel"},
    )
    besoins = champ_cases(
        "De quoi avez-vous besoin pour venir ?", [(b.value, majuscule(b.label)) for b in Besoin], requis=False
    )
    langue = champ_ligne(
        "Langue de l’interprète", "Si vous demandez un interprète.", maximum=60, requis=False
    )
    enfants = forms.IntegerField(
        label="Combien d’enfants à garder ?",
        min_value=0,
        max_value=12,
        required=False,
        widget=forms.NumberInput(attrs={"class": "champ-court", "inputmode": "numeric"}),
        help_text="Si vous demandez une garde d’enfants.",
    )
    precisions = champ_texte(
        "Précisions", "Lues par qui organise, jamais publiées.", maximum=600, lignes=2, requis=False
    )

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        besoins = dit.get("besoins", [])
        if Besoin.INTERPRETE in besoins and not dit.get("langue") and "langue" not in self.errors:
            self.add_error("langue", "Dites quelle langue l’interprète doit parler.")
        if Besoin.GARDE in besoins and not dit.get("enfants") and "enfants" not in self.errors:
            self.add_error("enfants", "Dites combien d’enfants sont à garder.")
        return dit


class SInscrireForm(AvecBesoins, EnvoiUnique):
    """Public registration, without an account. `est_piege`: filled in by a program."""

    ORIGINE = "rencontres.inscription"

    site = forms.CharField(
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off", "aria-hidden": "true"}),
    )

    @property
    def est_piege(self) -> bool:
        return bool(self.cleaned_data.get("site"))

    def reponses(self) -> dict[str, Any]:
        return {nom: valeur for nom, valeur in self.cleaned_data.items() if nom not in {"site", "cle"}}


class InscrireForm(AvecBesoins, ActeForm):
    """What an agent hears by phone, reads on paper, or meets at the door."""

    canal = champ_choix(
        "Reçue",
        [(c.value, majuscule(c.label)) for c in (Canal.TELEPHONE, Canal.PAPIER, Canal.PORTE)],
        "« À l’entrée » note aussi sa présence.",
        boutons=True,
        initial=Canal.TELEPHONE,
    )
    field_order = ("canal",)

    def preparer(self) -> None:
        for champ, libelle, aide in (
            ("nom", "Nom", ""),
            ("courriel", "Adresse de courriel", "Si la personne en a une : elle y reçoit sa place."),
            ("telephone", "Téléphone", "Pour la prévenir si quelque chose change."),
            ("besoins", "Ce qu’il lui faut pour venir", ""),
            ("langue", "Langue de l’interprète", "Si un interprète est demandé."),
            ("enfants", "Enfants à garder", "Si une garde d’enfants est demandée."),
        ):
            self.fields[champ].label, self.fields[champ].help_text = libelle, aide
        self.fields["nom"].error_messages["required"] = "Écrivez le nom de la personne."


@acte(
    Page[Rencontre](
        form=InscrireForm,
        consequence=lambda rencontre: (
            f"Il reste {accorder(rencontre.places_libres, 'place')}."
            if rencontre.places_libres
            else "C’est complet : la personne entre en liste d’attente."
        ),
        bouton="Inscrire",
        succes=lambda _, faite: f"{faite} : {faite.get_etat_display()}.",
        retour="#inscriptions",
    )
)
@transaction.atomic
def inscrire(
    rencontre: Rencontre,
    *,
    par: Compte | None,
    nom: str,
    courriel: str = "",
    telephone: str = "",
    besoins: Sequence[str] = (),
    langue: str = "",
    enfants: int | None = None,
    precisions: str = "",
    canal: str = Canal.WEB,
    cle: uuid.UUID | None = None,
    est_prouve: bool = False,
) -> Inscription:
    """Give a seat, or a rank on the waiting list. The same `cle` twice makes one registration.

    Online (`par` None) with an address, nothing is given before the link of its letter proves it, unless the
    person has signed in with it (`est_prouve`). At the door (`canal`), the presence is noted, even without a
    free seat. The rencontre is locked: two requests never get the last seat. Raises ActeInterdit, ValidationError.
    """
    pas = exiger(rencontre, "inscrire", par=par)
    if cle is not None and (deja := Inscription.objects.filter(cle=cle).first()) is not None:
        deja.rencontre = rencontre
        return deja
    if par is None and not rencontre.recoit():
        raise ActeInterdit("Les inscriptions sont closes.")
    inscription = Inscription(
        rencontre=rencontre,
        canal=canal,
        nom=nom.strip(),
        courriel=courriel.strip().lower(),
        telephone=telephone.strip(),
        besoins=list(besoins),
        langue=langue if Besoin.INTERPRETE in besoins else "",
        enfants=(enfants or 0) if Besoin.GARDE in besoins else 0,
        precisions=precisions,
        cle=cle,
    )
    est_la = canal == Canal.PORTE
    if est_la and rencontre.jour > timezone.localdate():
        raise ValidationError({"canal": "La rencontre n’est pas encore là : inscrivez la personne par téléphone."})  # fmt: skip
    if par is None and inscription.courriel and not est_prouve:
        inscription.etat = E.A_CONFIRMER
    else:
        if par is None and inscription.courriel and (trop := inscription.trop_de_la_meme_boite()):
            raise ValidationError({"courriel": trop})
        inscription.etat = E.INSCRITE if est_la else _place(rencontre, inscription, par)
        inscription.confirmee_le = timezone.now()
    if est_la:
        inscription.presente_le = timezone.now()
    inscription.full_clean()
    inscription.save()
    pas.avancer(fait=f"Inscription n° {inscription.pk} : {inscription.get_etat_display()}")
    if inscription.etat == E.A_CONFIRMER:
        lettres.confirmer_inscription(inscription)
    elif not est_la:
        lettres.inscrire(inscription)
    return inscription


def _place(rencontre: Rencontre, inscription: Inscription, par: Compte | None) -> str:
    """Return the état of who is new: a seat, or a rank when all are taken or somebody waits before her."""
    if not rencontre.places_libres or rencontre.attend():
        return E.ATTENTE
    if par is None and not inscription.courriel:
        sans = rencontre.inscriptions.vivantes().filter(canal=Canal.WEB, courriel="").exclude(etat=E.ATTENTE)
        if 100 * (sans.count() + 1) > rencontre.places * rencontre.regle.part_sans_courriel:
            return E.ATTENTE
    return E.INSCRITE


@transaction.atomic
def confirmer_inscription(inscription: Inscription) -> None:
    """Prove the address by the link of the letter, and give a free seat, or the last rank. Safe to call twice."""
    verrouiller(inscription)
    if inscription.confirmee_le is not None and inscription.etat in VIVANTES:
        return
    pas = exiger(inscription, "confirmer_inscription", par=None)
    maintenant = timezone.now()
    pas.avancer(
        champs={
            "etat": _place(inscription.rencontre, inscription, None),
            "confirmee_le": maintenant,
            "inscrite_le": maintenant,
        },
        fait=f"Inscription n° {inscription.pk} : adresse confirmée",
    )
    lettres.inscrire(inscription)


@acte(Page[Inscription](retour="#inscriptions"))
@transaction.atomic
def accepter_place(inscription: Inscription, *, par: Compte | None) -> None:
    pas = exiger(inscription, "accepter_place", par=par)
    pas.avancer(
        champs={"etat": E.INSCRITE, "offerte_jusqu_a": None},
        fait=f"Inscription n° {inscription.pk} : place acceptée",
    )
    lettres.inscrire(inscription)


@acte(
    Page[Inscription](
        consequence="Sa place est proposée à la première personne qui attend.", retour="#inscriptions"
    )
)
@transaction.atomic
def annuler_inscription(inscription: Inscription, *, par: Compte | None) -> None:
    pas = exiger(inscription, "annuler_inscription", par=par)
    pas.avancer(
        champs={"etat": E.ANNULEE, "offerte_jusqu_a": None}, fait=f"Inscription n° {inscription.pk} annulée"
    )
    oublier_reponses("rencontre", inscription.rencontre_id, f"inscription:{inscription.pk}")
    lettres.annuler_inscription(inscription)
    proposer_les_places(inscription.rencontre)


def proposer_les_places(rencontre: Rencontre) -> None:
    """Offer the free seats, in order, to who waits, until the instant that the règlement gives. The caller locks."""
    maintenant = timezone.now()
    if rencontre.etat != EtatRencontre.OUVERTE or rencontre.debut <= maintenant:
        return
    fin = min(maintenant + timedelta(days=rencontre.regle.offre_jours), rencontre.debut)
    attente = rencontre.inscriptions.filter(etat=E.ATTENTE, efface_le=None).order_by("inscrite_le", "pk")
    for inscription in list(attente[: rencontre.places_libres]):
        inscription.rencontre = rencontre
        avancer(
            inscription,
            "proposer_place",
            par=None,
            champs={"etat": E.OFFERTE, "offerte_jusqu_a": fin},
            fait=f"Inscription n° {inscription.pk} : place proposée",
        )
        lettres.proposer_place(inscription)


def tenir_les_places() -> None:
    """Take back the offers that lapsed, then offer the free seats. Periodic task."""
    maintenant = timezone.now()
    passees = Inscription.objects.filter(etat=E.OFFERTE, offerte_jusqu_a__lte=maintenant)
    attendues = Inscription.objects.filter(Q(pk__in=passees.values("pk")) | Q(etat=E.ATTENTE))
    ouvertes: Any = Rencontre.objects.filter(etat=EtatRencontre.OUVERTE, pk__in=attendues.values("rencontre"))
    for rencontre in list(ouvertes.order_by("pk")):
        with transaction.atomic():
            verrouiller(rencontre)
            for inscription in list(passees.filter(rencontre=rencontre).order_by("pk")):
                inscription.rencontre = rencontre
                inscription.etat, inscription.offerte_jusqu_a = E.ANNULEE, None
                inscription.save(update_fields=["etat", "offerte_jusqu_a"])
                lettres.laisser_passer(inscription)
            proposer_les_places(rencontre)


def rappeler() -> None:
    """Remind who has a seat, at each step of the règlement, once for each day of the rencontre. Periodic task."""
    aujourd_hui = timezone.localdate()
    a_venir: Any = Rencontre.objects.filter(etat=EtatRencontre.OUVERTE, debut__gt=timezone.now())
    for rencontre in a_venir.order_by("pk"):
        jours = (rencontre.jour - aujourd_hui).days
        if jours not in rencontre.regle.rappels_jours:
            continue
        for inscription in rencontre.inscriptions.filter(etat=E.INSCRITE, efface_le=None).order_by("pk"):
            inscription.rencontre = rencontre
            lettres.rappeler(inscription, jours)


@acte(Page[Inscription](en_un_clic=True))
def noter_presence(inscription: Inscription, *, par: Compte) -> None:
    """Note a presence, with or without a seat. When two desks note it, the second is told."""
    avancer(
        inscription,
        "noter_presence",
        par=par,
        champs={"presente_le": timezone.now(), "etat": E.INSCRITE, "offerte_jusqu_a": None},
        fait=f"Inscription n° {inscription.pk} : présence notée",
    )


@acte(Page[Inscription](en_un_clic=True))
def effacer_presence(inscription: Inscription, *, par: Compte) -> None:
    avancer(
        inscription,
        "effacer_presence",
        par=par,
        champs={"presente_le": None},
        fait=f"Inscription n° {inscription.pk} : présence effacée",
    )


@acte(
    Page[Rencontre](
        consequence=lambda rencontre: (
            f"{accorder(a_effacer(rencontre).count(), 'inscription est effacée', 'inscriptions sont effacées')} : nom, "
            "coordonnées, précisions et lettres. Restent, sans nom, les besoins cochés et la présence."
        ),
        retour="#inscriptions",
    )
)
@transaction.atomic
def effacer_inscrits(rencontre: Rencontre, *, par: Compte) -> int:
    pas = exiger(rencontre, "effacer_inscrits", par=par)
    numeros = list(a_effacer(rencontre).values_list("pk", flat=True))
    Inscription.effacer(numeros)
    auteurs = AuteurDeNote.objects.filter(note__table__rencontre=rencontre)
    AuteurDeNote.effacer(list(auteurs.values_list("pk", flat=True)))
    eliminee(INSCRITS, rencontre.pk, len(numeros))
    pas.avancer(
        fait=f"Coordonnées effacées : {accorder(len(numeros), 'inscription')}",
        details={"nombre": len(numeros)},
    )
    return len(numeros)
