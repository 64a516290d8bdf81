"""Bilan of a supported projet: asked, given, typed from paper, sent back, closed; its forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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

from contrat_ville.bilan.accompagnement import demarrer
from contrat_ville.bilan.comptes import (
    desequilibre,
    ecart_de,
    rouvrir_les_comptes,
    signataire_de,
    sommes_dites,
)
from contrat_ville.bilan.indicateurs import IndicateursForm, Valeurs, poser
from contrat_ville.bilan.lectures import bilan_a_completer
from contrat_ville.models import Bilan, Convention, LigneBudget, Projet
from contrat_ville.models.projets import DEMANDES_DE_BILAN, TITRE_DU_PAPIER
from contrat_ville.porteurs.lettres import (
    c_est_dit,
    ecrire_a_l_agent,
    ecrire_a_l_equipe,
    et_l_equipe,
    lettre_vers,
    moyen_vers,
)
from contrat_ville.regles import DEPENSE, RECETTE, choix, sens_de
from contrat_ville.workflow import Etat, Sens
from participation.socle.actions import annuler_echeance, avancer, exiger, faire_echeance, fixer_echeance
from participation.socle.actions.pieces import joindre
from participation.socle.calendrier import ajouter_mois
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import (
    ChampFichier,
    champ_choix,
    champ_jour,
    champ_ligne,
    champ_nombre,
    champ_texte,
)
from participation.socle.forms.montants import ChampMontant
from participation.socle.francais import jour_texte, majuscule, montant
from participation.socle.models import Compte, Courrier
from participation.socle.views.pages import Page, acte

BILAN = "bilan"
RAPPELS_DU_BILAN = [60, 30, 7]  # days before the due date


class Mots(TypedDict):
    """Texts of a bilan: fields of `Bilan`."""

    realise: str
    changements: str
    beneficiaires: NotRequired[int | None]
    publics: NotRequired[str]
    ecarts: NotRequired[str]


@acte(
    Page[Projet](
        consequence=lambda p: et_l_equipe(
            "attendre_bilan",
            "L’équipe en reçoit la demande.",
            f"Le bilan est à rendre dans les {p.programmation.delai_bilan_mois} mois après la fin du projet. "
            "Il se demande aussi de lui-même le lendemain de cette fin.",
        )(p),
        succes=c_est_dit("attendre_bilan", "Le bilan est demandé"),
    )
)
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
    else:
        fixer_echeance(projet, BILAN, libelle="Suivre le bilan demandé dans Dauphin", date_limite=date_limite)


class DemanderBilanForm(ActeForm):
    date_limite = champ_jour("À rendre au plus tard le")


@acte(
    Page[Projet](
        form=DemanderBilanForm,
        consequence=et_l_equipe(
            "attendre_bilan", "L’équipe en reçoit la demande.", "Ce projet vient de Dauphin."
        ),
        apercu=lambda p, reponses: lettre_vers(p, "attendre_bilan", **reponses),
        retour="#apres",
        succes=c_est_dit("attendre_bilan", "Le bilan est demandé"),
    )
)
@transaction.atomic
def demander_bilan(projet: Projet, *, par: Compte, date_limite: date) -> None:
    """Ask the team of an imported projet for the bilan.

    Raises ValidationError unless the date is in the future.
    """
    pas = exiger(projet, "demander_bilan", par=par)
    if date_limite <= timezone.localdate():
        raise ValidationError({"date_limite": "Laissez du temps : choisissez une date à venir."})
    _attendre_le(projet, date_limite)
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
    ecrire_a_l_equipe(projet, "attendre_bilan", date_limite=date_limite)


@dataclass(frozen=True, slots=True)
class LigneImprevue:
    """A real expense or receipt that the budget did not plan."""

    poste: str
    montant: Decimal
    libelle: str = ""


class BilanForm(IndicateursForm):
    """Bilan of a projet: texts, real amount of each line of the budget, result of each indicator."""

    objet: Projet

    realise = champ_texte("Ce que vous avez fait", maximum=8000, lignes=8)
    beneficiaires = champ_nombre("Combien de personnes, à peu près", minimum=0, maximum=1_000_000, requis=False)  # fmt: skip
    publics = champ_texte("Qui elles sont", requis=False, maximum=2000, lignes=3)
    changements = champ_texte("Ce que cela a changé", maximum=4000, lignes=5)
    ecarts = champ_texte("Ce qui a été différent du prévu, et pourquoi", requis=False, maximum=4000, lignes=4)

    def ligne_montree(self) -> Bilan | None:
        return getattr(self.objet, "bilan", None)

    def initiales(self) -> Mapping[str, Any]:
        return {champ: getattr(self.ligne, champ) for champ in MOTS_DU_BILAN} if self.ligne else {}

    comptes_vus = forms.CharField(required=False, widget=forms.HiddenInput)

    def preparer(self) -> None:
        self.lignes = list(self.objet.budget.select_related("financeur"))
        accordes = dict(self.objet.financements.values_list("financeur", "accorde"))
        for ligne in self.lignes:
            self.fields[f"l{ligne.pk}"] = ChampMontant(
                f"{majuscule(ligne.get_sens_display())} : {ligne.financeur or ligne.intitule}"
                + (f", {ligne.libelle}" if ligne.libelle else ""),
                _prevu(ligne, accordes.get(ligne.financeur_id or 0)),
                requis=False,
            )
            self.initial[f"l{ligne.pk}"] = ligne.realise
        for rang in range(IMPREVUES):
            self.fields[f"poste_{rang}"] = champ_choix(
                "Une dépense ou une recette qui n’était pas prévue", POSTES_IMPREVUS, requis=False
            )
            self.fields[f"libelle_{rang}"] = champ_ligne("De quoi il s’agit", requis=False, maximum=160)
            self.fields[f"montant_{rang}"] = ChampMontant("Montant (€)", requis=False)
        for rang in range(FICHIERS):
            self.fields[f"fichier_{rang}"] = ChampFichier(
                label="Rapport, photo, facture",
                required=False,
                help_text="Un PDF, ou une image." if not rang else "",
            )
        self.ajouter_indicateurs("realise")
        self.helper = FormHelper(self)
        self.helper.form_tag, self.helper.disable_csrf = False, True
        self.helper.layout = Layout(*self.plan())

    def plan(self) -> list[Any]:
        """Return the layout: texts, amounts in two columns, indicators."""
        montants = [f"l{ligne.pk}" for ligne in self.lignes]
        rangees = [Row(*montants[rang : rang + 2]) for rang in range(0, len(montants), 2)]
        mots = Fieldset("Ce qui s’est passé", *(c for c in MOTS_DU_BILAN if c != "ecarts"))
        imprevues = [Row(f"poste_{n}", f"libelle_{n}", f"montant_{n}") for n in range(IMPREVUES)]
        argent = Fieldset(
            "Ce que cela a coûté, ligne par ligne", *rangees, *imprevues, "ecarts", "comptes_vus"
        )
        pieces = Fieldset("Ce que vous voulez joindre", Row(*(f"fichier_{n}" for n in range(FICHIERS))))
        indicateurs = [f"i{reponse.indicateur.pk}" for reponse in self.reponses]
        return [mots, argent, pieces, *([Fieldset("Les résultats", *indicateurs)] if indicateurs else [])]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        donnees["realises"] = {ligne.pk: donnees.pop(f"l{ligne.pk}", None) for ligne in self.lignes}
        donnees["indicateurs"] = self.reprendre_indicateurs(donnees)
        donnees["imprevues"] = self._imprevues(donnees)
        noms = [f"fichier_{rang}" for rang in range(FICHIERS)]
        donnees["fichiers"] = [fichier for nom in noms if (fichier := donnees.pop(nom, None))]
        if not self.errors:
            self._faire_relire(donnees)
        donnees.pop("comptes_vus", None)
        return donnees

    def _imprevues(self, donnees: dict[str, Any]) -> list[LigneImprevue]:
        imprevues = []
        for rang in range(IMPREVUES):
            poste, libelle, somme = (
                donnees.pop(f"{nom}_{rang}", None) for nom in ("poste", "libelle", "montant")
            )
            if poste and somme:
                imprevues.append(LigneImprevue(poste, somme, libelle or ""))
            elif somme:
                self.add_error(f"poste_{rang}", "Dites de quoi il s’agit.")
            elif poste or libelle:
                self.add_error(f"montant_{rang}", "Écrivez le montant, ou effacez la ligne.")
        return imprevues

    def _faire_relire(self, donnees: Mapping[str, Any]) -> None:
        """Show the sums before they leave: the first sending asks to read them, the second one, unchanged, passes."""
        lignes = [
            LigneBudget(sens=ligne.sens, poste=ligne.poste, realise=donnees["realises"].get(ligne.pk))
            for ligne in self.lignes
        ] + [
            LigneBudget(sens=sens_de(i.poste) or Sens.DEPENSE, poste=i.poste, realise=i.montant)
            for i in donnees["imprevues"]
        ]
        depenses, recettes = sommes_dites(lignes)
        if not depenses:
            self.add_error(None, "Dites ce qui a été dépensé, ligne par ligne.")
            return
        vus = f"{depenses}/{recettes}"
        ecart = desequilibre(depenses, recettes)
        if ecart and not donnees.get("ecarts", "").strip():
            self.add_error("ecarts", f"{ecart} Dites pourquoi.")
        elif donnees.get("comptes_vus") != vus:
            phrases = [
                f"Relisez : {montant(depenses)} dépensés, {montant(recettes)} reçus, en argent.",
                ecart,
            ]
            if recettes > depenses:
                phrases.append("Le service calcule ce qui serait à rendre aux financeurs, et vous l’écrit.")
            phrases.append("Si c’est exact, envoyez de nouveau. Un fichier joint est à choisir de nouveau.")
            self.add_error(None, " ".join(phrase for phrase in phrases if phrase))
        postees: Any = self.data
        self.data = postees.copy()
        self.data["comptes_vus"] = vus  # type: ignore[index]  # a copy may be written


@acte(
    Page[Projet](
        form=BilanForm,
        consequence=lambda p: (
            f"À compléter : {manque}"
            if (manque := bilan_a_completer(p))
            else "Dites simplement ce qui s’est passé. Le service lit tout, et vous écrit s’il manque quelque chose."
        ),
        est_publique=True,
        retour=lambda p, _: p.get_porteur_url(),
        succes="Votre bilan est rendu. Merci.",
    )
)
@transaction.atomic
def rendre_bilan(
    projet: Projet,
    *,
    par: Compte,
    realises: Mapping[int, Decimal | None],
    imprevues: Sequence[LigneImprevue] = (),
    fichiers: Sequence[UploadedFile] = (),
    indicateurs: Valeurs | None = None,
    **mots: Unpack[Mots],
) -> Bilan:
    """Record the bilan of the team, with the files that go with it.

    `realises`: {budget line: real amount}; `indicateurs`: {indicator: result}. Raises ValidationError on « ecarts »
    when both sides of the real budget differ and nothing says why.
    """
    pas = exiger(projet, "rendre_bilan", par=par)
    bilan = Bilan(projet=projet, rendu_le=timezone.now(), rendu_par=par, **mots)
    _ecrire_bilan(bilan, realises, imprevues, indicateurs)
    ecart = ecart_de(projet.budget.all())
    if ecart and not bilan.ecarts.strip():
        raise ValidationError({"ecarts": f"{ecart} Dites pourquoi."})
    for fichier in fichiers:
        joindre(projet, fichier=fichier, titre=f"{TITRE_AU_BILAN} : {fichier.name}"[:160], par=par)
    pas.avancer()
    ecrire_a_l_agent(projet, "rendre_bilan")
    return bilan


class SaisirBilanForm(BilanForm):
    """Bilan received on paper and entered by an agent: same fields, with labels for an agent."""

    recu_le = champ_jour("Reçu le", erreur="Dites quel jour le papier est arrivé.")
    fichier = ChampFichier(
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

    def _faire_relire(self, donnees: Mapping[str, Any]) -> None:
        """Ask nothing: an agent copies what the paper says, and can add nothing to it."""

    def plan(self) -> list[Any]:
        return [Fieldset("Le papier", Row("recu_le", "fichier")), *super().plan()]


@acte(
    Page[Projet](
        form=SaisirBilanForm,
        consequence=et_l_equipe(
            "saisir_bilan",
            "Un accusé de réception part à l’équipe par courriel.",
            "Recopiez ce que dit le papier, sans rien ajouter. Le bilan compte comme rendu le jour où il est arrivé.",
        ),
        apercu=lambda p, reponses: lettre_vers(p, "saisir_bilan", recu_le=reponses["recu_le"]),
        bouton="Enregistrer le bilan",
        retour="#apres",
        succes=c_est_dit("saisir_bilan", "Le bilan est saisi"),
    )
)
@transaction.atomic
def saisir_bilan(
    projet: Projet,
    *,
    par: Compte,
    recu_le: date,
    fichier: UploadedFile,
    realises: Mapping[int, Decimal | None],
    imprevues: Sequence[LigneImprevue] = (),
    fichiers: Sequence[UploadedFile] = (),
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
    _ecrire_bilan(bilan, realises, imprevues, indicateurs)
    for autre in fichiers:
        joindre(projet, fichier=autre, titre=f"{TITRE_AU_BILAN} : {autre.name}"[:160], par=par)
    pas.avancer(fait=f"Bilan saisi d’après un papier reçu le {jour_texte(recu_le)}")
    ecrire_a_l_equipe(projet, "saisir_bilan", recu_le=recu_le)
    return moyen_vers(projet, "saisir_bilan")


def _ecrire_bilan(
    bilan: Bilan,
    realises: Mapping[int, Decimal | None],
    imprevues: Sequence[LigneImprevue],
    indicateurs: Valeurs | None,
) -> None:
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
    for ordre, imprevue in enumerate(imprevues, start=projet.budget.count()):
        ajoutee = LigneBudget(
            projet=projet,
            sens=sens_de(imprevue.poste) or Sens.DEPENSE,
            poste=imprevue.poste,
            libelle=imprevue.libelle,
            montant=Decimal(0),
            realise=imprevue.montant,
            est_imprevue=True,
            ordre=ordre,
        )
        ajoutee.full_clean(exclude=["projet"])
        ajoutee.save()
    poser(projet, "realise", indicateurs or {})
    demandes = Courrier.objects.a_poster().filter(dossier=projet.pk, lettre__in=DEMANDES_DE_BILAN)
    demandes.update(abandonne_le=timezone.now())
    faire_echeance(projet, BILAN)


class RenvoyerBilanForm(ActeForm):
    motif = champ_texte("Ce qui manque", "L’équipe lit ces mots.", maximum=2000, lignes=4)
    date_limite = champ_jour("À compléter au plus tard le")


@acte(
    Page[Projet](
        form=RenvoyerBilanForm,
        consequence=et_l_equipe(
            "renvoyer_bilan",
            "Elle reçoit ces mots par courriel.",
            "L’équipe peut de nouveau écrire son bilan.",
        ),
        apercu=lambda p, reponses: lettre_vers(p, "renvoyer_bilan", **reponses),
        succes=c_est_dit("renvoyer_bilan", "Le bilan est à compléter"),
    )
)
@transaction.atomic
def renvoyer_bilan(projet: Projet, *, par: Compte, motif: str, date_limite: date) -> None:
    """Send the bilan back to the team, with what is missing and a new date. Its accounts are settled again after."""
    if date_limite < timezone.localdate():
        raise ValidationError({"date_limite": "Cette date est déjà passée."})
    exiger(projet, "renvoyer_bilan", par=par).avancer(motif=motif)
    rouvrir_les_comptes(projet)
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
    ecrire_a_l_equipe(projet, "renvoyer_bilan", motif=motif, date_limite=date_limite)


CloreForm = demander_texte("Un mot pour l’équipe", nom="mot", facultatif=True)


@acte(
    Page[Projet](
        form=CloreForm,
        consequence=et_l_equipe("clore", "L’équipe est prévenue par courriel.", "Plus rien n’est attendu."),
        succes=c_est_dit("clore", "Le dossier est clos"),
    )
)
@transaction.atomic
def clore(projet: Projet, *, par: Compte, mot: str = "") -> None:
    """Close the dossier after reading the bilan. The team is told, with `mot` if any."""
    exiger(projet, "clore", par=par).avancer(champs={"clos_le": timezone.now()}, motif=mot)
    annuler_echeance(projet)
    ecrire_a_l_equipe(projet, "clore", mot=mot)


def suivre_le_calendrier() -> int:
    """Start or end the projets according to their dates. Return their number."""
    jour = timezone.localdate()
    commencent: Any = Projet.objects.filter(etat=Etat.CONVENTIONNE, date_debut__lte=jour)
    finissent: Any = Projet.objects.filter(etat=Etat.EN_COURS, date_fin__lt=jour)
    faits = 0
    for projets, faire in ((commencent, demarrer), (finissent, attendre_bilan)):
        for projet in projets.select_related("programmation"):
            faire(projet, par=None)
            faits += 1
    return faits


IMPREVUES, FICHIERS = 3, 3  # lines and files of one sending; more come with the next ones
TITRE_AU_BILAN = "Joint au bilan"
POSTES_IMPREVUS: list[Any] = [("", "Rien"), *choix(DEPENSE), *choix(RECETTE)]
MOTS_DU_BILAN = ("realise", "beneficiaires", "publics", "changements", "ecarts")


def _prevu(ligne: LigneBudget, accorde: Decimal | None) -> str:
    """Return what was planned: for a financer, what it granted, which may not be what was asked."""
    if ligne.est_imprevue:
        return "Ajoutée par le bilan."
    if ligne.financeur_id is None or accorde is None:
        return f"Prévu : {montant(ligne.montant)}."
    return f"Accordé : {montant(accorde)} (demandé : {montant(ligne.montant)})."
