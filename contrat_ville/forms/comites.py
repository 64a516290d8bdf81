"""Forms of the acts of the comités: séance, amounts, reason."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms

from contrat_ville.forms.montants import ChampMontant
from contrat_ville.lectures.comites import COMITES, seances_de, seances_pour
from contrat_ville.lectures.grille import grille_de
from contrat_ville.models import Projet, Recours
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_choix, champ_jour, champ_ligne, champ_parmi, champ_texte
from participation.socle.francais import heure, jour_texte, majuscule, montant
from participation.socle.models import Compte


class RefuserForm(ActeForm):
    """The reason starts with the sentences of the criteria that are not met, in the words of the letter."""

    objet: Projet

    motif = champ_texte(
        "Pourquoi",
        "Le porteur lit ces mots dans la lettre : dites-lui simplement ce qui a manqué.",
        maximum=4000,
        lignes=6,
    )

    def initiales(self) -> Mapping[str, Any]:
        phrases = grille_de(self.objet).phrases_negatives
        return {"motif": "\n".join(phrases) or self.objet.raisons_techniques}


AjournerForm = demander_texte(
    "Pourquoi, et ce qui est attendu",
    aide="Le porteur reçoit ces mots tout de suite.",
    maximum=4000,
    lignes=5,
)
LeverReserveForm = demander_texte(
    "Ce qui lève la réserve", aide="Écrit au journal, et au porteur s’il connaît déjà la décision.", lignes=4
)


class ChampSeance(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Choice of a séance, labelled by its comité and its date."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.instance.sigle}, {jour_texte(obj.debut)} : {obj.titre}"


class ChampSeanceDuComite(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Choice of a séance of a known comité, labelled by its date."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{majuscule(jour_texte(obj.debut, 'long'))}, {heure(obj.debut)}, {obj.lieu or obj.titre}"


class InscrireForm(ActeForm):
    objet: Projet

    seance = ChampSeance(
        label="À quelle séance",
        queryset=None,
        empty_label=None,
        error_messages={
            "required": "Choisissez une séance.",
            "invalid_choice": "Cette séance n’est plus à venir.",
        },
    )

    def preparer(self) -> None:
        self.choisir("seance", seances_pour(self.objet))


class InscrireEnLotForm(ActeForm):
    """One séance for all the selected projets."""

    seance = ChampSeance(
        label="À quelle séance",
        queryset=None,
        empty_label="Choisissez",
        error_messages={
            "required": "Choisissez une séance.",
            "invalid_choice": "Cette séance n’est plus à venir.",
        },
    )

    def preparer(self) -> None:
        self.choisir("seance", seances_de())


class PreparerForm(forms.Form):
    """Choice of the projets for a séance, and of how they are grouped into points."""

    seance = ChampSeanceDuComite(
        label="Séance du comité",
        queryset=None,
        empty_label=None,
        error_messages={
            "required": "Choisissez une séance.",
            "invalid_choice": "Cette séance n’est plus à venir.",
        },
    )
    points = champ_choix(
        "Combien de points",
        [("projet", "Un point par projet : chacun a son vote et ses déports"), ("axe", "Un point par axe")],
        boutons=True,
    )
    projets: Any = forms.MultipleChoiceField(
        label="Projets à examiner",
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={
            "required": "Choisissez au moins un projet.",
            "invalid_choice": "Un de ces projets est déjà à l’ordre du jour, ou déjà décidé.",
        },
    )

    def __init__(self, *args: Any, candidats: Any, seances: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seance: Any = self.fields["seance"]
        seance.queryset = seances
        champ: Any = self.fields["projets"]
        champ.choices = [(str(c.projet.pk), c.projet.reference) for c in candidats]  # the page says the rest
        self.initial.setdefault("points", "projet")


class MontantsForm(ActeForm):
    """One amount for each financer asked by the projet. `CHAMP`: field with the amounts already given."""

    CHAMP = "propose"
    objet: Projet

    def initiales(self) -> Mapping[str, Any]:
        return {
            f"montant_{f.financeur_id}": self._de_depart(f)
            for f in self.objet.financements.select_related("financeur")
        }

    def _de_depart(self, financement: Any) -> Decimal:
        dit = getattr(financement, self.CHAMP)
        depart: Decimal = financement.demande if dit is None else dit
        return depart

    def preparer(self) -> None:
        self.financeurs = {
            f"montant_{f.financeur_id}": f for f in self.objet.financements.select_related("financeur")
        }
        champs = {
            nom: ChampMontant(f"{f.financeur} donne, en euros", self._aide(f), requis=False, vide=Decimal(0))
            for nom, f in self.financeurs.items()
        }
        self.fields = {**champs, **self.fields}

    def _aide(self, financement: Any) -> str:
        aide = f"Demandé : {montant(financement.demande)}."
        if self.CHAMP == "propose" or financement.propose is None:
            return aide
        return f"{aide} Proposé par le comité technique : {montant(financement.propose)}."

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        montants = {f.financeur_id: donnees.pop(nom) for nom, f in self.financeurs.items() if nom in donnees}
        return {**donnees, "montants": montants}


class ProposerForm(MontantsForm):
    motif = champ_texte(
        "Ce que le comité technique en dit",
        "Lu par le comité de pilotage. Pas par le porteur.",
        maximum=4000,
        lignes=4,
        requis=False,
    )


class RetenirForm(MontantsForm):
    motif = champ_texte(
        "Un mot pour le porteur", "Repris dans la lettre.", maximum=4000, lignes=3, requis=False
    )
    malgre = champ_texte(
        "Pourquoi passer outre à ce que dit le règlement",
        "Demandé quand le règlement a quelque chose à redire. Écrit au journal, pas dans la lettre.",
        maximum=2000,
        lignes=2,
        requis=False,
    )

    def _de_depart(self, financement: Any) -> Decimal:
        # After a reopening, start from the proposed amounts, not from those granted before.
        depart: Decimal = financement.demande if financement.propose is None else financement.propose
        return depart

    CHAMP = "accorde"


class RetenirSousReserveForm(RetenirForm):
    reserve = champ_texte(
        "La réserve", "Ce que le porteur doit faire pour que le projet soit retenu.", maximum=2000, lignes=3
    )


class NoterDeportForm(ActeForm):
    compte = champ_parmi("Qui se déporte", Compte.objects.none(), "Parmi les membres des deux comités.")
    motif = champ_ligne("Pourquoi, si elle le dit", maximum=200, requis=False)

    def preparer(self) -> None:
        self.choisir("compte", membres_des_comites())


def membres_des_comites() -> Any:
    return Compte.objects.filter(sieges__college__mandature__instance__cle__in=COMITES).distinct()


class JoindreLettreForm(ActeForm):
    fichier = forms.FileField(
        label="La lettre signée, en PDF",
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
        error_messages={"required": "Choisissez la lettre signée.", "empty": "Ce fichier est vide."},
    )


class RecevoirRecoursForm(ActeForm):
    recu_le = champ_jour("Reçu le")
    texte = champ_texte(
        "Ce qu’il demande",
        "Ses mots, ou leur résumé : l’équipe les lit dans l’accusé de réception.",
        maximum=8000,
        lignes=6,
    )


class RepondreRecoursForm(ActeForm):
    objet: Recours

    issue = champ_choix(
        "La réponse",
        [
            (Recours.Issue.CONFIRMEE, "La décision est confirmée"),
            (
                Recours.Issue.REPRISE,
                "La décision est reprise : les montants accordés sont annulés, le comité de pilotage décide de nouveau",
            ),
        ],
        boutons=True,
    )
    reponse = champ_texte("Pourquoi", "Le porteur lit ces mots.", maximum=4000, lignes=6)

    def preparer(self) -> None:
        """Offer only « confirmée » when the decision cannot be reopened (a convention exists)."""
        if not self.objet.projet.permet("rouvrir", self.par):
            champ: Any = self.fields["issue"]
            champ.choices = [c for c in champ.choices if c[0] == Recours.Issue.CONFIRMEE]


class RouvrirForm(ActeForm):
    motif = champ_texte(
        "Pourquoi", "Le porteur lit ces mots s’il connaît déjà la décision.", maximum=2000, lignes=4
    )
    vers = champ_choix(
        "Où reprendre",
        [("propose", "Devant le comité de pilotage"), ("instruction", "À l’instruction")],
        boutons=True,
    )
