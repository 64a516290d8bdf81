"""Forms of a signer. Rules (uniqueness, limits) belong to constraints and actions."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_case, champ_choix, champ_ligne, champ_texte
from petitions.lectures.referentiel import choix_communes, est_une_commune
from petitions.models import Signature
from petitions.models.copetitionnaire import Qualite
from petitions.regles.adresses import nom_canonique, suggestion

ACCORDS = ("accord_nouvelles", "accord_auteur")
PERMIS = frozenset(" -'’.·")
valider_courriel = EmailValidator()


def propre(texte: str) -> str:
    """Return a name in composed form, with single spaces. Raises ValidationError if it is not a name."""
    texte = " ".join(unicodedata.normalize("NFC", texte).split())
    if not all(c in PERMIS or unicodedata.category(c)[0] in "LM" for c in texte):
        raise ValidationError("Écrivez ce nom avec des lettres, sans chiffre ni signe.")
    if not nom_canonique(texte, ""):
        raise ValidationError("Écrivez ce nom avec des lettres.")
    return texte


class CommuneField(forms.ChoiceField):
    """Choice of a commune, checked by its code: going through the choices would double the cost of the
    form."""

    def valid_value(self, value: str) -> bool:
        return est_une_commune(value)


class NomMixin(forms.Form):
    """Fields of identity; each error message says what to write."""

    prenom = champ_ligne(
        "Prénom",
        maximum=80,
        erreur="Écrivez votre prénom.",
        messages={"max_length": "Écrivez votre prénom en 80 lettres au plus."},
        attributs={"autocomplete": "given-name"},
    )
    nom = champ_ligne(
        "Nom",
        maximum=80,
        erreur="Écrivez votre nom.",
        messages={"max_length": "Écrivez votre nom en 80 lettres au plus."},
        attributs={"autocomplete": "family-name"},
    )
    commune = CommuneField(
        label="Commune",
        choices=lambda: [("", "Choisir dans la liste"), *choix_communes()],
        help_text="Là où vous habitez ou, sinon, là où vous payez un impôt local.",
        error_messages={
            "required": "Choisissez votre commune dans la liste.",
            "invalid_choice": "Choisissez votre commune dans la liste.",
        },
        widget=forms.Select(attrs={"autocomplete": "address-level2", "class": "champ-court"}),
    )

    def clean_prenom(self) -> str:
        return propre(self.cleaned_data["prenom"])

    def clean_nom(self) -> str:
        return propre(self.cleaned_data["nom"])


class SignerForm(NomMixin):
    courriel = champ_ligne(
        "Adresse de courriel",
        "Nous y envoyons un lien. Votre signature compte quand vous l’avez ouvert.",
        maximum=254,
        erreur="Écrivez votre adresse de courriel.",
        messages={"max_length": "Cette adresse est trop longue. Exemple : lea@exemple.fr"},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    # Address already questioned as a typing error: if the person sends it again, it is accepted.
    courriel_verifie = forms.CharField(required=False, max_length=254, widget=forms.HiddenInput)
    qualite = champ_choix(
        "Vous et la Métropole",
        [
            (Qualite.RESIDENT.value, "J’habite l’une des 49 communes"),
            (Qualite.CONTRIBUABLE.value, "Je n’y habite pas, mais j’y paie un impôt local"),
        ],
        erreur="Dites si vous habitez la Métropole ou si vous y payez un impôt local.",
        boutons=True,
    )
    age = champ_case(
        "J’ai l’âge demandé",
        erreur="Cochez cette case si vous avez l’âge demandé. Sinon, vous ne pouvez pas encore signer.",
    )
    accord_nouvelles = champ_case(
        "Je veux recevoir la réponse de la Métropole et les nouvelles de cette pétition", requis=False
    )
    accord_auteur = champ_case(
        "Je veux aussi recevoir ce que ses auteurs écrivent aux signataires",
        "Le service relit chaque message avant l’envoi. Vos nom et adresse ne leur sont jamais donnés.",
        requis=False,
    )

    def dire_age(self, minimum: int) -> None:
        """Put the age of the règlement in the label. Only needed when the form is displayed."""
        self.fields["age"].label = self["age"].label = f"J’ai {minimum} ans ou plus"

    def clean_courriel(self) -> str:
        courriel: str = self.cleaned_data["courriel"].strip()
        valider_courriel(courriel)
        if courriel.endswith("]"):  # an IP literal: no real mailbox, and possibly one of our machines
            raise ValidationError(valider_courriel.message)
        propose = suggestion(courriel)
        if propose and self.data.get("courriel_verifie") != courriel:
            self.data = {**{cle: self.data[cle] for cle in self.data}, "courriel_verifie": courriel}
            raise ValidationError(
                f"Vouliez-vous écrire {propose} ? Corrigez l’adresse ou, si elle est juste, envoyez de nouveau."
            )
        return courriel

    @property
    def reponses(self) -> dict[str, Any]:
        """Arguments of the action. Declarations are conditions, and are not kept."""
        return {
            cle: self.cleaned_data[cle]
            for cle in ("prenom", "nom", "courriel", "commune", "qualite", *ACCORDS)
        }


class _Partages(dict[str, forms.Field]):
    """Fields shared by all instances of a form; Django would copy them so that an instance may change
    them."""

    def __deepcopy__(self, memo: Any) -> dict[str, forms.Field]:
        return dict(self)


class LireSignatureForm(SignerForm):
    """The same form, to validate and never to display: copying its fields is a tenth of the cost of
    signing."""


LireSignatureForm.base_fields = _Partages(SignerForm.base_fields)


class CorrigerSignatureForm(NomMixin):
    accord_nouvelles = champ_case(
        "Je veux recevoir la réponse de la Métropole et les nouvelles de cette pétition", requis=False
    )
    accord_auteur = champ_case(
        "Je veux aussi recevoir ce que ses auteurs écrivent aux signataires",
        "Le service relit chaque message avant l’envoi. Vos nom et adresse ne leur sont jamais donnés.",
        requis=False,
    )

    @classmethod
    def de(cls, signature: Signature, donnees: Any = None) -> "CorrigerSignatureForm":
        return cls(
            donnees,
            initial={
                "prenom": signature.prenom,
                "nom": signature.nom,
                "commune": signature.commune_id,
                "accord_nouvelles": signature.accord_nouvelles,
                "accord_auteur": signature.accord_auteur,
            },
        )


class RetirerSignataireForm(ActeForm):
    MOYENS = ("Par téléphone", "Par lettre", "Par courriel", "Au guichet")

    moyen = champ_choix("Comment la personne l’a demandé", [(moyen, moyen) for moyen in MOYENS], boutons=True)
    motif = champ_texte(
        "Ce qu’elle a dit",
        "Il reste au journal du dossier : n’écrivez ni nom ni adresse.",
        erreur="Dites pourquoi la signature est retirée.",
        maximum=500,
    )
