"""Forms of the idées: proposed online, entered by an agent, noted at a table, published, merged."""

from collections.abc import Mapping
from typing import Any

from django import forms

from contrat_ville.forms.inter_quartiers.champs import (
    AvecContact,
    AvecPoint,
    LirePoint,
    champ_piege,
    champ_quartiers,
)
from contrat_ville.models import Idee, ProjetQuartier
from contrat_ville.workflow.inter_quartiers import EN_PREPARATION, CanalIdee
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_choix, champ_ligne, champ_parmi, champ_texte
from participation.socle.forms.envois import EnvoiUnique
from participation.socle.francais import majuscule
from participation.socle.models import Quartier

TEXTE_MAX = 3000


class ProposerForm(AvecPoint, EnvoiUnique):
    """First step: the idée."""

    ORIGINE = "idee"

    titre = champ_ligne("Votre idée, en une phrase", maximum=120, erreur="Dites votre idée en une phrase.")
    texte = champ_texte(
        "Dites-en plus",
        "Pour qui, où, pourquoi. N’écrivez pas de nom de personne.",
        maximum=TEXTE_MAX,
        lignes=6,
        erreur="Dites-en un peu plus : pour qui, où, pourquoi.",
        attributs={"data-compteur": TEXTE_MAX},
    )
    quartiers = champ_quartiers("Dans quels quartiers ?")
    lieu = champ_ligne("Où, précisément ?", "Une rue, une place, un équipement.", maximum=200, requis=False)


class SeNommerForm(AvecContact):
    """Second step: contact of the author, all optional. `est_piege`: filled in by a program."""

    site = champ_piege()

    @property
    def est_piege(self) -> bool:
        return bool(self.cleaned_data.get("site"))


class SaisirIdeeForm(AvecContact, ActeForm):
    """Idée noted by an agent, heard or received on paper."""

    field_order = ("texte", "titre", "canal", "quartiers", "lieu", "nom", "courriel", "telephone")
    texte = champ_texte(
        "L’idée", "Mot pour mot, sans nom de personne.", maximum=TEXTE_MAX, erreur="Écrivez l’idée."
    )
    titre = champ_ligne("En une phrase", "Vide : la première phrase.", maximum=120, requis=False)
    canal = champ_choix(
        "Reçue",
        [(c.value, majuscule(c.label)) for c in CanalIdee if c != CanalIdee.WEB],
        boutons=True,
        erreur="Dites comment elle est arrivée.",
    )
    quartiers = champ_quartiers(requis=False)
    lieu = champ_ligne("Lieu", maximum=200, requis=False)

    def clean(self) -> dict[str, Any]:
        dit = super().clean() or {}
        if self.errors:
            return dit
        return {
            **{nom: dit[nom] for nom in ("texte", "titre", "canal", "quartiers", "lieu")},
            "contact": self.contact(),
        }


class RecolterForm(AvecContact, EnvoiUnique):
    """Quick form of a forum table, for a phone: an idée or a note, several in a row."""

    ORIGINE = "table"

    IDEE, NOTE = "idee", "note"

    quoi = champ_choix("C’est", [(IDEE, "Une idée"), (NOTE, "Une remarque")], boutons=True, initial=IDEE)
    texte = champ_texte("Ce qui est dit", maximum=2000, lignes=4, erreur="Écrivez ce qui est dit.")
    quartier = champ_parmi(
        "Quartier", Quartier.objects.select_related("commune"), requis=False, vide="Tous, ou non précisé"
    )

    @property
    def est_une_idee(self) -> bool:
        return bool(self.cleaned_data["quoi"] == self.IDEE)


class LireIdeeForm(LirePoint, ActeForm):
    """Publish an idée, or correct the published text."""

    field_order = ("titre", "texte_public", "quartiers", "lieu", "latitude", "longitude")

    titre = champ_ligne("Titre", maximum=120)
    texte_public = champ_texte(
        "Texte public", "Les mots de l’auteur, sans nom ni adresse de personne.", maximum=TEXTE_MAX, lignes=8
    )
    quartiers = champ_quartiers(requis=False)
    lieu = champ_ligne(
        "Lieu",
        "Public : une rue, une place, un équipement. Effacez un nom ou le numéro d’un logement.",
        maximum=200,
        requis=False,
    )

    def initiales(self) -> Mapping[str, Any]:
        idee: Idee = self.objet
        return {
            "titre": idee.titre,
            "texte_public": idee.texte_public or idee.texte,
            "quartiers": list(idee.quartiers.all()),
            "lieu": idee.lieu,
            "latitude": idee.latitude,
            "longitude": idee.longitude,
        }


class ChoixDeProjet(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: ProjetQuartier) -> str:
        return f"{obj.reference} · {obj.titre}"


class ReunirIdeeForm(ActeForm):
    projet = ChoixDeProjet(
        label="Projet",
        queryset=ProjetQuartier.objects.none(),
        empty_label="Choisir un projet",
        error_messages={"required": "Choisissez le projet."},
    )

    def preparer(self) -> None:
        siens = ProjetQuartier.objects.filter(budget=self.objet.budget_id, etat__in=sorted(EN_PREPARATION))
        self.choisir("projet", siens.order_by("titre"))
