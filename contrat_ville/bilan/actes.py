"""Bilan of a supported projet: asked, given, typed from paper, sent back, closed; its forms."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NotRequired, TypedDict, Unpack

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from contrat_ville.accompagnement.actes import demarrer
from contrat_ville.bilan import lettres
from contrat_ville.indicateurs.actes import IndicateursForm, Valeurs, poser
from contrat_ville.models import Bilan, Convention, Projet
from contrat_ville.models.projets import DEMANDES_DE_BILAN, TITRE_DU_PAPIER
from contrat_ville.workflow.etats import Etat
from participation.socle.actions import annuler_echeance, avancer, exiger, faire_echeance, fixer_echeance
from participation.socle.actions.pieces import joindre
from participation.socle.calendrier import ajouter_mois
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import Fichier, champ_jour, champ_texte
from participation.socle.forms.montants import ChampMontant
from participation.socle.francais import jour_texte, majuscule, montant
from participation.socle.models import Compte, Courrier

BILAN = "bilan"
RAPPELS_DU_BILAN = [60, 30, 7]  # days before the due date


class Mots(TypedDict):
    """Texts of a bilan: fields of `Bilan`."""

    realise: str
    changements: str
    beneficiaires: NotRequired[int | None]
    publics: NotRequired[str]
    ecarts: NotRequired[str]


@transaction.atomic
def attendre_bilan(projet: Projet, *, par: Compte | None) -> None:
    """Ask for the bilan, due some months after the end of the projet (`delai_bilan_mois`).

    The periodic task (`par` None) writes to the team only if the convention is recorded here. A projet
    imported from Dauphin was asked there: its échéance is for the service, without letter or reminder, until
    an agent writes to the team (`demander_bilan`).
    """
    avancer(projet, "attendre_bilan", par=par)
    fin = projet.date_fin or timezone.localdate()
    date_limite = max(ajouter_mois(fin, projet.programmation.delai_bilan_mois), timezone.localdate())
    if par is not None or Convention.objects.filter(projet=projet.pk).exists():
        _attendre_le(projet, date_limite)
        lettres.attendre_bilan(projet)
    else:
        fixer_echeance(projet, BILAN, libelle="Suivre le bilan demandé dans Dauphin", date_limite=date_limite)


@transaction.atomic
def demander_bilan(projet: Projet, *, par: Compte, date_limite: date) -> None:
    """Ask the team of an imported projet for the bilan.

    Raises ValidationError unless the date is in the future.
    """
    pas = exiger(projet, "demander_bilan", par=par)
    if date_limite <= timezone.localdate():
        raise ValidationError({"date_limite": "Laissez du temps : choisissez une date à venir."})
    _attendre_le(projet, date_limite)
    lettres.attendre_bilan(projet)
    pas.avancer()


def _attendre_le(projet: Projet, date_limite: date) -> None:
    fixer_echeance(
        projet,
        BILAN,
        libelle="Rendre le bilan",
        date_limite=date_limite,
        rappels=RAPPELS_DU_BILAN,
        relances=[7, 30],
        escalade=projet.programmation.escalade_jours,
        responsable=signataire_de(projet),
        lien=projet.get_porteur_url(),
    )


def signataire_de(projet: Projet) -> Compte | None:
    equipier = (
        projet.equipe.presents()
        .filter(role="signataire", compte__is_active=True)
        .select_related("compte")
        .first()
    )
    return equipier.compte if equipier is not None else None


@transaction.atomic
def rendre_bilan(
    projet: Projet,
    *,
    par: Compte,
    realises: Mapping[int, Decimal | None],
    indicateurs: Valeurs | None = None,
    **mots: Unpack[Mots],
) -> Bilan:
    """Record the bilan of the team.

    `realises`: {budget line: real amount}; `indicateurs`: {indicator: result}.
    """
    pas = exiger(projet, "rendre_bilan", par=par)
    bilan = Bilan(projet=projet, rendu_le=timezone.now(), rendu_par=par, **mots)
    _ecrire_bilan(bilan, realises, indicateurs)
    pas.avancer()
    lettres.rendre_bilan(projet)
    return bilan


@transaction.atomic
def saisir_bilan(
    projet: Projet,
    *,
    par: Compte,
    recu_le: date,
    fichier: UploadedFile,
    realises: Mapping[int, Decimal | None],
    indicateurs: Valeurs | None = None,
    **mots: Unpack[Mots],
) -> str:
    """Record a bilan received on paper, typed by an agent, with its scan. Return how the team is told.

    The bilan is dated from the day of receipt. Raises ValidationError on « recu_le » and « fichier ».
    """
    pas = exiger(projet, "saisir_bilan", par=par)
    if recu_le > timezone.localdate():
        raise ValidationError({"recu_le": "Ce jour n’est pas encore passé."})
    if projet.notifie_le is not None and recu_le < timezone.localdate(projet.notifie_le):
        raise ValidationError(
            {"recu_le": f"La décision n’a été notifiée que le {jour_texte(projet.notifie_le)}."}
        )
    midi = timezone.make_aware(datetime.combine(recu_le, time(12)))
    piece = joindre(projet, fichier=fichier, titre=f"{TITRE_DU_PAPIER} {jour_texte(recu_le)}", par=par)
    bilan = Bilan(
        projet=projet,
        rendu_le=min(midi, timezone.now()),
        rendu_par=par,
        recu_sur_papier_le=recu_le,
        papier=piece,
        **mots,
    )
    _ecrire_bilan(bilan, realises, indicateurs)
    pas.avancer(fait=f"Bilan saisi d’après un papier reçu le {jour_texte(recu_le)}")
    return lettres.saisir_bilan(projet, recu_le=recu_le)


def _ecrire_bilan(bilan: Bilan, realises: Mapping[int, Decimal | None], indicateurs: Valeurs | None) -> None:
    """Replace the former bilan. Letters that ask for it and are not posted yet are cancelled."""
    projet = bilan.projet
    bilan.full_clean(exclude=["projet"])
    bilan.pk = Bilan.objects.filter(projet=projet).values_list("pk", flat=True).first()
    bilan.save()
    for ligne in projet.budget.select_for_update():
        if ligne.pk in realises:
            ligne.realise = realises[ligne.pk]
            ligne.full_clean(exclude=["projet"])
            ligne.save(update_fields=["realise"])
    poser(projet, "realise", indicateurs or {})
    demandes = Courrier.objects.a_poster().filter(dossier=projet.pk, lettre__in=DEMANDES_DE_BILAN)
    demandes.update(abandonne_le=timezone.now())
    faire_echeance(projet, BILAN)


@transaction.atomic
def renvoyer_bilan(projet: Projet, *, par: Compte, motif: str, date_limite: date) -> None:
    """Send the bilan back to the team, with what is missing and a new date."""
    if date_limite < timezone.localdate():
        raise ValidationError({"date_limite": "Cette date est déjà passée."})
    exiger(projet, "renvoyer_bilan", par=par).avancer(motif=motif)
    fixer_echeance(
        projet,
        BILAN,
        libelle="Compléter le bilan",
        date_limite=date_limite,
        rappels=[7],
        relances=[7],
        escalade=projet.programmation.escalade_jours,
        responsable=signataire_de(projet),
        lien=projet.get_porteur_url(),
    )
    lettres.renvoyer_bilan(projet, motif=motif, date_limite=date_limite)


@transaction.atomic
def clore(projet: Projet, *, par: Compte, mot: str = "") -> None:
    """Close the dossier after reading the bilan. The team is told, with `mot` if any."""
    exiger(projet, "clore", par=par).avancer(champs={"clos_le": timezone.now()}, motif=mot)
    annuler_echeance(projet)
    lettres.clore(projet, mot=mot)


def suivre_le_calendrier() -> int:
    """Start or end the projets according to their dates. Return their number."""
    jour = timezone.localdate()
    commencent: Any = Projet.objects.filter(etat=Etat.CONVENTIONNE, date_debut__lte=jour)
    finissent: Any = Projet.objects.filter(etat=Etat.EN_COURS, date_fin__lt=jour)
    faits = 0
    for projets, acte in ((commencent, demarrer), (finissent, attendre_bilan)):
        for projet in projets.select_related("programmation"):
            acte(projet, par=None)
            faits += 1
    return faits


CloreForm = demander_texte("Un mot pour l’équipe", nom="mot", facultatif=True)


class DemanderBilanForm(ActeForm):
    date_limite = champ_jour("À rendre avant le")


class RenvoyerBilanForm(ActeForm):
    motif = champ_texte("Ce qui manque", "L’équipe lit ces mots.", maximum=2000, lignes=4)
    date_limite = champ_jour("À compléter avant le")


MOTS_DU_BILAN = ("realise", "beneficiaires", "publics", "changements", "ecarts")


class BilanForm(IndicateursForm):
    """Bilan of a projet: texts, real amount of each line of the budget, result of each indicator."""

    objet: Projet

    realise = champ_texte("Ce que vous avez fait", maximum=8000, lignes=8)
    beneficiaires = forms.IntegerField(
        label="Combien de personnes, à peu près", required=False, min_value=0, max_value=1_000_000,
        widget=forms.NumberInput(attrs={"class": "champ-court", "inputmode": "numeric"}),
    )  # fmt: skip
    publics = champ_texte("Qui elles sont", requis=False, maximum=2000, lignes=3)
    changements = champ_texte("Ce que cela a changé", maximum=4000, lignes=5)
    ecarts = champ_texte("Ce qui a été différent du prévu, et pourquoi", requis=False, maximum=4000, lignes=4)

    def ligne_montree(self) -> Bilan | None:
        return getattr(self.objet, "bilan", None)

    def initiales(self) -> Mapping[str, Any]:
        return {champ: getattr(self.ligne, champ) for champ in MOTS_DU_BILAN} if self.ligne else {}

    def preparer(self) -> None:
        self.lignes = list(self.objet.budget.select_related("financeur"))
        for ligne in self.lignes:
            self.fields[f"l{ligne.pk}"] = ChampMontant(
                f"{majuscule(ligne.get_sens_display())} : {ligne.financeur or ligne.intitule}",
                f"Prévu : {montant(ligne.montant)}.",
                requis=False,
            )
            self.initial[f"l{ligne.pk}"] = ligne.realise
        self.ajouter_indicateurs("realise")
        self.helper = FormHelper(self)
        self.helper.form_tag, self.helper.disable_csrf = False, True
        self.helper.layout = Layout(*self.plan())

    def plan(self) -> list[Any]:
        """Return the layout: texts, amounts in two columns, indicators."""
        montants = [f"l{ligne.pk}" for ligne in self.lignes]
        rangees = [Row(*montants[rang : rang + 2]) for rang in range(0, len(montants), 2)]
        mots = Fieldset("Ce qui s’est passé", *(c for c in MOTS_DU_BILAN if c != "ecarts"))
        argent = Fieldset("Ce que cela a coûté, ligne par ligne", *rangees, "ecarts")
        indicateurs = [f"i{reponse.indicateur.pk}" for reponse in self.reponses]
        return [mots, argent, *([Fieldset("Les résultats", *indicateurs)] if indicateurs else [])]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        donnees["realises"] = {ligne.pk: donnees.pop(f"l{ligne.pk}", None) for ligne in self.lignes}
        donnees["indicateurs"] = self.reprendre_indicateurs(donnees)
        return donnees


class SaisirBilanForm(BilanForm):
    """Bilan received on paper and entered by an agent: same fields, with labels for an agent."""

    recu_le = champ_jour("Reçu le", erreur="Dites quel jour le papier est arrivé.")
    fichier = Fichier(
        label="Le papier, numérisé",
        help_text="Un PDF, ou une photo. Si un autre champ est à corriger, choisissez-le de nouveau.",
        error_messages={
            "required": "Joignez le papier numérisé : il reste au dossier.",
            "empty": "Ce fichier est vide.",
        },
    )

    def preparer(self) -> None:
        super().preparer()
        for champ, libelle in (
            ("realise", "Ce qui a été fait"),
            ("beneficiaires", "Combien de personnes, à peu près"),
            ("changements", "Ce que cela a changé"),
        ):
            self.fields[champ].label = libelle

    def plan(self) -> list[Any]:
        return [Fieldset("Le papier", Row("recu_le", "fichier")), *super().plan()]
