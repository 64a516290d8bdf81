"""Forms for the author of a pétition and for its co-pétitionnaires."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from participation.socle.adresses import canoniser
from participation.socle.forms.actes import ActeForm, demander_texte
from participation.socle.forms.champs import champ_case, champ_choix, champ_courriel, champ_ligne, champ_texte
from participation.socle.francais import majuscule
from participation.socle.models import Commune
from petitions.actions.copetitionnaires import Invitation
from petitions.models import CoPetitionnaire, Petition
from petitions.models.copetitionnaire import Qualite

DEMANDE_MAX = 2000
RAISONS_MAX = 4000
COMPETENCE_MAX = 1000
LIGNES_MAX = 200
LISTE_MAX = 40_000  # characters


def zone(maximum: int, lignes: int, **attributs: str) -> forms.Textarea:
    """Return a text area that shows how many characters are left."""
    return forms.Textarea(attrs={"rows": lignes, "data-compteur": maximum, **attributs})


class EtapeForm(ActeForm):
    """A step of the draft. With « Plus tard », it is saved even if incomplete."""

    objet: Petition
    TOUJOURS_REQUIS: ClassVar[tuple[str, ...]] = ()

    def preparer(self) -> None:
        if "plus_tard" in (self.data or {}):
            for nom, champ in self.fields.items():
                champ.required = nom in self.TOUJOURS_REQUIS


class TexteForm(EtapeForm):
    """The text of a pétition: first step of the draft, and reformulation."""

    SURVEILLES = ("titre", "demande", "raisons")
    TOUJOURS_REQUIS = ("titre",)

    titre = champ_ligne(
        "Titre",
        "Une phrase courte qui dit le sujet et le lieu. Par exemple : « Ouvrir les déchèteries le dimanche matin ».",
        maximum=Petition._meta.get_field("titre").max_length,
        erreur="Donnez un titre à la pétition.",
        attributs={"autocomplete": "off"},
    )
    demande = champ_ligne(
        "Ce que vous demandez",
        "Commencez par « Nous demandons… ». Dites où, quand, pour qui.",
        maximum=DEMANDE_MAX,
        erreur="Dites ce que vous demandez à la Métropole.",
        widget=zone(DEMANDE_MAX, 6),
    )
    raisons = champ_ligne(
        "Pourquoi",
        "Ce qui ne va pas aujourd’hui, des faits, ce que cela changerait.",
        maximum=RAISONS_MAX,
        erreur="Dites pourquoi vous le demandez.",
        widget=zone(RAISONS_MAX, 8),
    )


class ReformulerForm(TexteForm):
    """Reformulation by the author; starts from what was kept for later, or from the current text."""

    def initiales(self) -> Mapping[str, Any]:
        return {**super().initiales(), **self.objet.reformulation_gardee}


class CompetenceForm(EtapeForm):
    SURVEILLES = ("competence",)

    competence = champ_ligne(
        "Que peut faire la Métropole ?",
        "Le sujet dans la liste, ou le service concerné. Si vous n’êtes pas sûr, dites-le : le comité vérifie.",
        maximum=COMPETENCE_MAX,
        erreur="Dites ce que la Métropole peut faire, même si vous n’êtes pas sûr.",
        widget=zone(COMPETENCE_MAX, 4),
    )
    communes = forms.ModelMultipleChoiceField(
        label="Communes concernées",
        queryset=Commune.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Ne cochez rien si la demande concerne toute la Métropole.",
    )

    def initiales(self) -> Mapping[str, Any]:
        return {**super().initiales(), "communes": self.objet.communes.all()}


class CommuneField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "queryset": Commune.objects.all(),
                "label": "Commune",
                "empty_label": "Choisir dans la liste",
                "help_text": "Là où vous habitez ou, sinon, là où vous payez un impôt local.",
                "error_messages": {
                    "required": "Choisissez votre commune dans la liste.",
                    "invalid_choice": "Choisissez votre commune dans la liste.",
                },
                "widget": forms.Select(attrs={"autocomplete": "address-level2", "class": "champ-court"}),
                **kwargs,
            }
        )


class PersonneForm(ActeForm):
    """Identity and declarations of a person. The minimum age is that of the règlement."""

    objet: Petition

    prenom = champ_ligne(
        "Prénom", maximum=80, erreur="Écrivez votre prénom.", attributs={"autocomplete": "given-name"}
    )
    nom = champ_ligne(
        "Nom", maximum=80, erreur="Écrivez votre nom.", attributs={"autocomplete": "family-name"}
    )
    commune = CommuneField()
    qualite = champ_choix(
        "Votre lien avec la Métropole",
        [(valeur, majuscule(libelle)) for valeur, libelle in Qualite.choices],
        erreur="Dites si vous habitez la Métropole ou si vous y payez un impôt local.",
        boutons=True,
    )
    atteste_age = champ_case("J’ai l’âge requis")

    def preparer(self) -> None:
        minimum = self.objet.reglement.age_minimum
        age = self.fields["atteste_age"]
        age.label = f"J’ai {minimum} ans ou plus"
        age.error_messages["required"] = f"Il faut avoir {minimum} ans pour porter une pétition."
        # prenom and nom side by side, other fields below.
        autres = [nom for nom in self.fields if nom not in {"prenom", "nom"}]
        self.helper = FormHelper(self)
        self.helper.form_tag, self.helper.disable_csrf = False, True
        self.helper.layout = Layout(Row("prenom", "nom"), *autres)


class VousForm(PersonneForm):
    nom_auteur = champ_ligne(
        "Nom publié avec la pétition",
        "Votre prénom et votre nom, ou le nom de votre collectif. C’est le seul nom que tout le monde verra.",
        maximum=160,
        erreur="Dites sous quel nom la pétition est publiée.",
        attributs={"autocomplete": "name"},
    )
    field_order = ["prenom", "nom", "nom_auteur", "commune", "qualite", "atteste_age"]

    def initiales(self) -> Mapping[str, Any]:
        """Return the answers already given for this pétition, or those of the account."""
        petition, auteur = self.objet, self.objet.auteur
        moi = petition.copetitionnaires.filter(courriel=auteur.courriel).first() if auteur else None
        nom_public = petition.nom_auteur or (auteur.get_full_name() if auteur else "")
        reponses = {"nom_auteur": nom_public, "commune": petition.commune_auteur_id}
        if moi is not None:
            return {**reponses, **{c: getattr(moi, c) for c in ("prenom", "nom", "qualite", "atteste_age")}}
        return {**reponses, "prenom": auteur.prenom if auteur else "", "nom": auteur.nom if auteur else ""}


class ConfirmerCopetitionnaireForm(PersonneForm):
    def __init__(self, data: Any = None, files: Any = None, *, objet: CoPetitionnaire) -> None:
        self.copetitionnaire = objet
        super().__init__(data, files, objet=objet.petition)

    def initiales(self) -> Mapping[str, Any]:
        return {c: getattr(self.copetitionnaire, c) for c in ("prenom", "nom", "commune", "qualite")}


class PieceForm(ActeForm):
    titre = champ_ligne(
        "Ce que montre ce fichier",
        "Par exemple : « Photo du carrefour, octobre 2026 ».",
        maximum=160,
        erreur="Dites ce que montre ce fichier.",
    )
    fichier = forms.FileField(
        label="Fichier",
        help_text="PDF, photo ou document de texte.",
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )


class CopetitionnaireForm(ActeForm):
    prenom = champ_ligne("Prénom", maximum=80, requis=False, attributs={"autocomplete": "off"})
    nom = champ_ligne("Nom", maximum=80, requis=False, attributs={"autocomplete": "off"})
    courriel = champ_courriel(
        "Adresse de courriel",
        erreur="Écrivez l’adresse de courriel de cette personne.",
        attributs={"spellcheck": "false", "autocomplete": "off"},
    )


class ListeForm(ActeForm):
    liste = champ_texte(
        "Les personnes à inviter",
        "Une par ligne : « Prénom Nom <adresse> », ou l’adresse seule. Vous pouvez coller une liste.",
        erreur="Écrivez au moins une adresse.",
        maximum=None,
        attributs={"spellcheck": "false", "autocomplete": "off"},
    )

    def clean_liste(self) -> "ListeLue":
        if len(self.cleaned_data["liste"]) > LISTE_MAX:
            raise ValidationError("Cette liste est trop longue : collez-la en plusieurs fois.")
        lue = lire_liste(self.cleaned_data["liste"])
        if not lue.personnes:
            raise ValidationError("Aucune adresse n’a été comprise. Écrivez une personne par ligne.")
        if len(lue.personnes) > LIGNES_MAX:
            raise ValidationError(f"Collez au plus {LIGNES_MAX} personnes à la fois.")
        return lue


class RejoindreForm(PersonneForm):
    """Request to become a co-pétitionnaire, from the shared link; a letter then proves the address."""

    courriel = champ_courriel(
        "Adresse de courriel",
        "Nous y envoyons un lien. Votre réponse compte quand vous l’avez confirmée.",
        erreur="Écrivez votre adresse de courriel.",
        attributs={"autocomplete": "email", "spellcheck": "false"},
    )
    field_order = ["prenom", "nom", "courriel", "commune", "qualite", "atteste_age"]


RetirerForm = demander_texte(
    "Pourquoi la retirez-vous ?",
    aide="Si vous voulez. Ce que vous écrivez est publié avec le retrait.",
    maximum=1000,
    facultatif=True,
)


@dataclass(slots=True)
class ListeLue:
    """A pasted list: people understood, duplicates, and lines without an address (number, text)."""

    personnes: list[Invitation] = field(default_factory=list)
    doubles: list[str] = field(default_factory=list)
    incomprises: list[tuple[int, str]] = field(default_factory=list)


# Linear-time pattern: starts only at the start of a word, with possessive quantifiers.
ADRESSE = re.compile(r"(?<![^\s<>,;\"'()@])[^\s<>,;\"'()@]++@[^\s<>,;\"'()]++")


def lire_liste(texte: str) -> ListeLue:
    """Parse « Prénom Nom <mail> », « Prénom;Nom;mail », a mail alone, or several mails on one line."""
    lue = ListeLue()
    vues: set[str] = set()
    for numero, ligne in enumerate(texte.splitlines(), start=1):
        if not ligne.strip():
            continue
        # Mail programs put several people on one line: each part ends with its address.
        bornes = [0, *(m.end() for m in ADRESSE.finditer(ligne))]
        morceaux = [ligne[a:b] for a, b in pairwise(bornes)] if len(bornes) > 2 else [ligne]
        for morceau in morceaux:
            personne = _lire_personne(morceau)
            if personne is None:
                lue.incomprises.append((numero, morceau.strip()[:80]))
            elif canoniser(personne.courriel) in vues:
                lue.doubles.append(personne.courriel)
            else:
                vues.add(canoniser(personne.courriel))
                lue.personnes.append(personne)
    return lue


def _lire_personne(morceau: str) -> Invitation | None:
    trouvee = ADRESSE.search(morceau)
    if trouvee is None:
        return None
    courriel = trouvee.group().strip(".").lower()
    try:
        validate_email(courriel)
    except ValidationError:
        return None
    reste = morceau[: trouvee.start()] + " " + morceau[trouvee.end() :]
    mots = re.sub(r"[<>,;\"()\t]+", " ", reste).split()
    prenom, nom = (mots[0], " ".join(mots[1:])) if mots else ("", "")
    return Invitation(courriel, prenom[:80], nom[:80])
