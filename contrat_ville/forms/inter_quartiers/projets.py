"""Forms of the projets de quartier: text, study by the directions, works."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from contrat_ville.actions.idees import publiees
from contrat_ville.actions.projets_quartier import exiger_complet
from contrat_ville.forms.inter_quartiers.champs import LirePoint, champ_quartiers
from contrat_ville.forms.montants import ChampMontant
from contrat_ville.models import Idee, ProjetQuartier, ReglementInterQuartiers
from contrat_ville.workflow.inter_quartiers import Verdict
from participation.socle.forms.actes import ActeForm, ToutDire
from participation.socle.forms.champs import champ_choix, champ_jour, champ_ligne, champ_parmi, champ_texte
from participation.socle.francais import majuscule
from participation.socle.models import Direction


class ChoixDIdees(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Idee) -> str:
        return f"{obj.reference} · {obj.titre}"


def champ_idees(libelle: str = "Idées") -> ChoixDIdees:
    return ChoixDIdees(
        label=libelle,
        queryset=Idee.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Choisissez au moins une idée.",
            "invalid_choice": "Une de ces idées vient d’être réunie ou retirée par quelqu’un d’autre. Relisez la liste.",
        },
    )


class CreerProjetForm(ActeForm):
    """Merge several idées into a projet with a title."""

    idees = champ_idees("Idées à réunir")
    titre = champ_ligne("Titre du projet", maximum=120, erreur="Donnez un titre au projet.")
    description = champ_texte(
        "Description", "Vide pour l’instant si vous voulez.", maximum=6000, lignes=5, requis=False
    )

    def preparer(self) -> None:
        self.choisir("idees", publiees(self.objet).order_by("titre"))


class AjouterIdeesForm(ActeForm):
    idees = champ_idees()

    def preparer(self) -> None:
        self.choisir("idees", publiees(self.objet.budget).order_by("titre"))


class SeparerIdeesForm(ActeForm):
    idees = champ_idees("Idées à séparer")
    motif = champ_texte("Pourquoi", "Dit à leurs auteurs.", maximum=1000, lignes=2, erreur="Dites pourquoi.")
    nouveau_titre = champ_ligne(
        "Titre d’un nouveau projet",
        "Pour en faire un autre projet. Vide : elles redeviennent libres.",
        maximum=120,
        requis=False,
    )

    def preparer(self) -> None:
        self.choisir("idees", self.objet.idees.order_by("titre"))


class RedigerProjetForm(LirePoint, ActeForm):
    field_order = ("titre", "description", "quartiers", "lieu", "latitude", "longitude")
    titre = champ_ligne("Titre", maximum=120)
    description = champ_texte(
        "Description", "Ce qui sera fait, pour qui, où. Public.", maximum=6000, lignes=8
    )
    quartiers = champ_quartiers()
    lieu = champ_ligne("Lieu", maximum=200, requis=False)

    def initiales(self) -> Mapping[str, Any]:
        projet: ProjetQuartier = self.objet
        champs = ("titre", "description", "lieu", "latitude", "longitude")
        return {**{nom: getattr(projet, nom) for nom in champs}, "quartiers": list(projet.quartiers.all())}


class DemanderFaisabiliteForm(ActeForm):
    direction = champ_parmi(
        "Direction",
        Direction.objects.filter(est_active=True),
        erreur="Choisissez une direction.",
        vide="Choisir une direction",
    )
    texte = champ_texte("Ce que vous lui demandez", maximum=3000, lignes=3)
    date_limite = champ_jour("Réponse attendue le")

    def initiales(self) -> Mapping[str, Any]:
        delai = ReglementInterQuartiers.actuel().delai_etude_jours
        return {
            "texte": "Dites si ce projet est réalisable, ce qu’il coûterait, et pourquoi.",
            "date_limite": timezone.localdate() + timedelta(days=delai),
        }


VERDICTS = [(v.value, majuscule(v.label)) for v in Verdict]


class VerdictForm(ToutDire):
    def exiger(self, dit: Mapping[str, Any]) -> None:
        if "verdict" in dit:
            exiger_complet(
                dit["verdict"],
                cout=dit.get("cout"),
                motif=dit.get("motif", ""),
                changements=dit.get("changements", ""),
            )


class RendreFaisabiliteForm(VerdictForm):
    """Answer of a direction, through the signed link of the letter."""

    verdict = champ_choix("Ce projet est", VERDICTS, boutons=True, erreur="Dites s’il est réalisable.")
    cout = ChampMontant(
        "Coût estimé (€)",
        "Tout compris : études, achats, travaux. Demandé s’il est réalisable.",
        requis=False,
        positif=True,
    )
    changements = champ_texte(
        "Ce qu’il faut changer",
        "Demandé s’il est réalisable avec des changements.",
        maximum=3000,
        lignes=3,
        requis=False,
    )
    motif = champ_texte(
        "Pourquoi",
        "Le service participation s’en sert pour écrire la raison publique.",
        maximum=3000,
        lignes=5,
    )
    fichier = forms.FileField(
        label="Joindre un fichier", required=False, help_text="Note, plan, devis. Seul le service le lit."
    )
    nom = champ_ligne(
        "Votre nom et votre service",
        maximum=160,
        erreur="Dites qui répond : prénom, nom, service.",
        attributs={"autocomplete": "name"},
    )


class DeclarerFaisableForm(VerdictForm, ActeForm):
    verdict = champ_choix(
        "Le projet est",
        [v for v in VERDICTS if v[0] != Verdict.INFAISABLE],
        boutons=True,
        erreur="Dites s’il est réalisable tel quel ou avec des changements.",
    )
    cout = ChampMontant("Coût estimé (€)", "Public : c’est ce coût qui compte au vote.", positif=True)
    changements = champ_texte(
        "Ce qui change par rapport aux idées",
        "Public. Demandé s’il y a des changements.",
        maximum=3000,
        lignes=3,
        requis=False,
    )
    motif = champ_texte(
        "Ce que disent les directions", "Public, en phrases simples.", maximum=3000, lignes=4, requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        """Combine the answers of the directions; their costs are added up."""
        avis = [a for a in self.objet.avis_faisabilite.all() if a.verdict and a.verdict != Verdict.INFAISABLE]
        if not avis:
            return {"cout": self.objet.cout}
        return {
            "verdict": Verdict.MODIFIE
            if any(a.verdict == Verdict.MODIFIE for a in avis)
            else Verdict.FAISABLE,
            "cout": sum((a.cout for a in avis if a.cout is not None), Decimal(0)) or None,
            "changements": "\n".join(a.changements for a in avis if a.changements),
            "motif": "\n".join(a.motif for a in avis if a.motif),
        }


class DeclarerInfaisableForm(ActeForm):
    motif = champ_texte(
        "Pourquoi",
        "Public, en phrases simples.",
        maximum=3000,
        lignes=5,
        erreur="Dites pourquoi : la raison est publique.",
    )

    def initiales(self) -> Mapping[str, Any]:
        avis = self.objet.avis_faisabilite.filter(verdict=Verdict.INFAISABLE)
        return {"motif": "\n".join(avis.values_list("motif", flat=True))}


class LancerRealisationForm(ActeForm):
    direction = champ_parmi(
        "Direction qui réalise",
        Direction.objects.filter(est_active=True),
        erreur="Choisissez une direction.",
        vide="Choisir une direction",
    )


class JalonForm(ActeForm):
    titre = champ_ligne("Étape", "Un nom court : « Plantation », « Pose des bancs ».", maximum=160)
    date_prevue = champ_jour("Prévue le")


class FranchirJalonForm(ActeForm):
    fait_le = champ_jour("Faite le")
    texte = champ_texte("Ce qui a été fait", "Public, et dit à qui suit le projet.", maximum=3000, lignes=4)
    depense = ChampMontant("Dépensé pour cette étape (€)", requis=False)
    photo = forms.FileField(
        label="Photo",
        required=False,
        help_text="JPEG, PNG ou WebP. Publique. Personne n’y est reconnaissable sans son accord.",
    )
    description_photo = champ_ligne(
        "Ce que montre la photo", "Lue par qui ne voit pas l’image.", maximum=200, requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"fait_le": timezone.localdate()}


class DeplacerJalonForm(ActeForm):
    date_prevue = champ_jour("Nouvelle date")
    motif = champ_texte("Pourquoi", "Public, et dit à qui suit le projet.", maximum=1000, lignes=2)

    def initiales(self) -> Mapping[str, Any]:
        return {"date_prevue": self.objet.date_prevue}
