"""Forms of the acts of the instruction."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from contrat_ville.actions.instruction import Reponse, exiger_motive
from contrat_ville.models import (
    COMMENTABLES,
    AvisRendu,
    Critere,
    Evaluation,
    Jugement,
    Partenaire,
    Projet,
    SuiviQuartier,
)
from participation.socle.calendrier import ajouter_jours_ouvres
from participation.socle.forms.actes import ActeForm, ToutDire, demander_texte
from participation.socle.forms.champs import (
    champ_cases,
    champ_choix,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
)
from participation.socle.francais import majuscule
from participation.socle.models import Compte

DeclarerIrrecevableForm = demander_texte(
    "Pourquoi",
    aide="Le porteur lit ces mots, et rien d’autre : dites-lui ce qui manque, simplement.",
    maximum=4000,
    lignes=6,
)
RetirerForm = demander_texte("Pourquoi, si vous voulez le dire", facultatif=True)
LeverBilanForm = demander_texte("Pourquoi passer outre", aide="Écrit au journal du projet.")
MessageForm = demander_texte("Votre message", nom="texte", maximum=6000, lignes=8)
ResoudreForm = demander_texte("Votre réponse", nom="reponse", lignes=4)
CompleterForm = demander_texte(
    "Ce que vous avez complété", nom="reponse", aide="En une ou deux phrases.", lignes=4
)


class ReaffecterForm(ActeForm):
    agent = champ_parmi("Instructeur", Compte.objects.none(), vide=None)
    motif = champ_texte("Pourquoi", "La personne lit cette raison.", maximum=1000, lignes=3)

    def preparer(self) -> None:
        self.choisir("agent", Compte.objects.agents_du_service())


def dans(jours: int) -> date:
    return ajouter_jours_ouvres(timezone.localdate(), jours)


class ComplementForm(ActeForm):
    objet: Projet

    texte = champ_texte("Ce qui manque", "L’équipe lit ces mots.", maximum=4000, lignes=6)
    date_limite = champ_jour("Réponse attendue le", "Le délai du service est arrêté jusque-là.")

    def initiales(self) -> Mapping[str, Any]:
        return {"date_limite": dans(self.objet.programmation.delai_complement_jours)}


class CommenterForm(ActeForm):
    champ = champ_choix("Sur quoi", [(cle, majuscule(mot)) for cle, mot in COMMENTABLES.items()])
    texte = champ_texte("Votre question", "L’équipe du projet la lit, et y répond.", maximum=2000, lignes=4)


class DemanderAvisForm(ActeForm):
    objet: Projet

    partenaires = champ_cases("À quels partenaires", (), requis=False)
    tables = champ_cases("À quelles tables de quartier", (), requis=False)
    texte = champ_texte("Ce que vous demandez", maximum=4000, lignes=5)
    date_limite = champ_jour("Avis attendu le")

    def initiales(self) -> Mapping[str, Any]:
        communes = {quartier.commune_id for quartier in self.objet.quartiers.all()}
        demandes = set(
            self.objet.demandes.filter(nature="avis", annulee_le=None).values_list("commune", flat=True)
        )
        return {
            "partenaires": [
                str(p.pk)
                for p in Partenaire.objects.filter(est_actif=True).select_related("commune", "direction")
                if p.commune_id in communes and p.commune_id not in demandes and p.adresse_d_avis
            ],
            "texte": "Que pensez-vous de ce projet ? Répond-il à ce que vivent les habitantes et habitants du quartier ?",
            "date_limite": dans(self.objet.programmation.delai_avis_jours),
        }

    def preparer(self) -> None:
        partenaires, tables = self.fields["partenaires"], self.fields["tables"]
        partenaires.choices = [  # type: ignore[attr-defined]
            (str(p.pk), p.nom if p.adresse_d_avis else f"{p.nom} (adresse à compléter dans sa fiche)")
            for p in Partenaire.objects.filter(est_actif=True).select_related("commune", "direction")
        ]
        suivis = SuiviQuartier.objects.filter(quartier__in=self.objet.quartiers.all()).exclude(courriel="")
        tables.choices = [  # type: ignore[attr-defined]
            (str(s.pk), s.table_de_quartier or str(s.quartier))
            for s in suivis.select_related("quartier__commune")
        ]
        if not tables.choices:  # type: ignore[attr-defined]
            tables.help_text = "Aucune table de quartier n’a d’adresse dans le suivi de ces quartiers."

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        donnees["partenaires"] = list(Partenaire.objects.filter(pk__in=donnees.get("partenaires", [])))
        donnees["tables"] = list(
            SuiviQuartier.objects.filter(pk__in=donnees.get("tables", [])).select_related("quartier__commune")
        )
        if not donnees["partenaires"] and not donnees["tables"]:
            self.add_error("partenaires", "Choisissez à qui vous demandez un avis.")
        return donnees


class RendreAvisForm(ToutDire):
    sens = champ_choix("Votre avis", [(v, majuscule(t)) for v, t in AvisRendu.Sens.choices], boutons=True)
    reponse = champ_texte(
        "Pourquoi",
        "Le comité lit vos raisons. Une réserve ou un avis défavorable ne peut pas s’en passer.",
        requis=False,
        maximum=6000,
        lignes=6,
    )
    fichier = forms.FileField(
        label="Joindre un fichier",
        required=False,
        help_text="Note, plan, tableau : PDF, image ou document de bureau. Seul le service le lit.",
    )
    nom = champ_ligne(
        "Votre nom",
        "Pour que nous sachions qui répond.",
        maximum=160,
        erreur="Dites qui répond : prénom et nom.",
        attributs={"autocomplete": "name"},
    )

    def exiger(self, dit: Mapping[str, Any]) -> None:
        exiger_motive(dit.get("sens", ""), dit.get("reponse", ""))


class EvaluerForm(ActeForm):
    """The grid: for each criterion, a result or a mark, with its reason."""

    objet: Projet

    synthese = champ_texte("Votre synthèse", "Le comité la lit.", requis=False, maximum=4000, lignes=5)

    def preparer(self) -> None:
        self.criteres = list(self.objet.programmation.criteres.order_by("-etape", "ordre", "pk"))
        sienne = Evaluation.objects.filter(projet=self.objet.pk, instructeur=self.par).first()
        ecrits = {j.critere_id: j for j in sienne.jugements.all()} if sienne else {}
        for critere in self.criteres:
            self._ajouter(critere, ecrits.get(critere.pk))
        self.fields["vu"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
        self.initial["vu"] = sienne.version if sienne else 0
        self.initial["synthese"] = sienne.synthese if sienne else ""
        self.order_fields([*(nom for nom in self.fields if nom not in {"synthese", "vu"}), "synthese", "vu"])

    def _ajouter(self, critere: Critere, ecrit: Jugement | None) -> None:
        cle = f"c{critere.pk}"
        if critere.forme == Critere.Forme.NOTE:
            self.fields[cle] = forms.TypedChoiceField(
                label=critere.intitule,
                help_text=critere.aide,
                required=False,
                coerce=int,
                empty_value=None,
                choices=[
                    ("", "Pas encore noté"),
                    *((str(n), f"{n} sur {critere.note_max}") for n in range(critere.note_max + 1)),
                ],
            )
            self.initial[cle] = ecrit.note if ecrit else None
        else:
            self.fields[cle] = forms.ChoiceField(
                label=critere.intitule,
                help_text=critere.aide,
                required=False,
                choices=[("", "Pas encore jugé"), *((v, majuscule(t)) for v, t in Jugement.Resultat.choices)],
            )
            self.initial[cle] = ecrit.resultat if ecrit else ""
        self.fields[f"{cle}_raison"] = forms.CharField(label="Raison", required=False, max_length=600)
        self.initial[f"{cle}_raison"] = ecrit.raison if ecrit else ""

    def par_critere(self) -> list[tuple[Critere, Any, Any]]:
        """(criterion, its field, the field of its reason), for the page."""
        return [(c, self[f"c{c.pk}"], self[f"c{c.pk}_raison"]) for c in self.criteres]

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        reponses = {}
        for critere in self.criteres:
            valeur, raison = donnees.pop(f"c{critere.pk}", None), donnees.pop(f"c{critere.pk}_raison", "")
            if critere.forme == Critere.Forme.NOTE:
                reponses[critere.pk] = Reponse(note=valeur, raison=raison)
            else:
                reponses[critere.pk] = Reponse(resultat=valeur or "", raison=raison)
                if valeur == Jugement.Resultat.NON_REMPLI and not raison:
                    self.add_error(f"c{critere.pk}_raison", "Dites pourquoi le critère n’est pas rempli.")
        donnees["reponses"] = reponses
        return donnees
