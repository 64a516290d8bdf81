"""Forms of a candidature, online or on paper."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from participation.renouvellement.models import Candidature, CollegeCampagne
from participation.seances.models import Profil
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    champ_case,
    champ_cases,
    champ_choix,
    champ_courriel,
    champ_ligne,
    champ_parmi,
    champ_texte,
)
from participation.socle.francais import a_qui, majuscule
from participation.socle.models import Commune, Quartier

PERMIS = frozenset(" -'’.·")
MOTIVATION_MAX = 3000
REPONSE_MAX = 1500
TEXTES = (
    "prenom",
    "nom",
    "courriel",
    "telephone",
    "adresse",
    "organisme",
    "suppleant_prenom",
    "suppleant_nom",
    "suppleant_courriel",
    "motivation",
    "precisions",
    "age",
    "genre",
)


def propre(texte: str) -> str:
    """Return the name in NFC with single spaces. Raises ValidationError for other signs than letters."""
    texte = " ".join(unicodedata.normalize("NFC", texte).split())
    if texte and not all(c in PERMIS or unicodedata.category(c)[0] in "LM" for c in texte):
        raise ValidationError("Écrivez ce nom avec des lettres, sans chiffre ni signe.")
    return texte


def _nom(libelle: str, erreur: str, usage: str, *, maximum: int = 80) -> forms.CharField:
    """Field of a name. `usage`: value of autocomplete."""
    return champ_ligne(libelle, maximum=maximum, erreur=erreur, attributs={"autocomplete": usage})


class CandidatureForm(ActeForm):
    """Questions of a collège, or of a candidature to correct.

    `papier`: typed by an agent; what the paper does not say may stay empty. `correction`: by the link.
    `est_piege`: the honeypot field was filled.
    """

    papier = False
    correction = False

    prenom = _nom("Prénom", "Écrivez votre prénom.", "given-name")
    nom = _nom("Nom", "Écrivez votre nom.", "family-name")
    organisme = _nom("Nom de l’association", "Écrivez le nom de l’association.", "organization", maximum=160)
    courriel = champ_courriel(
        "Adresse de courriel",
        "Nous y envoyons un lien. Votre candidature compte une fois que vous l’avez confirmée par ce lien.",
        erreur="Écrivez votre adresse de courriel.",
        attributs={"autocomplete": "email", "spellcheck": "false"},
    )
    telephone = champ_ligne(
        "Téléphone",
        maximum=20,
        requis=False,
        court=True,
        attributs={"autocomplete": "tel", "inputmode": "tel"},
    )
    adresse = champ_ligne(
        "Adresse postale",
        "Pour écrire à une personne sans adresse de courriel.",
        maximum=240,
        requis=False,
        attributs={"autocomplete": "street-address"},
    )
    commune = champ_parmi(
        "Commune où vous habitez",
        Commune.objects.all(),
        erreur="Choisissez votre commune dans la liste.",
        messages={"invalid_choice": "Choisissez votre commune dans la liste."},
        court=True,
        attributs={"autocomplete": "address-level2"},
        vide="Choisir dans la liste",
    )
    suppleant_prenom = _nom(
        "Prénom du suppléant ou de la suppléante",
        "Écrivez le prénom de la personne qui vous remplacera.",
        "off",
    )
    suppleant_nom = _nom(
        "Nom du suppléant ou de la suppléante", "Écrivez le nom de la personne qui vous remplacera.", "off"
    )
    suppleant_courriel = champ_courriel(
        "Adresse de courriel du suppléant ou de la suppléante",
        requis=False,
        attributs={"autocomplete": "off", "spellcheck": "false"},
    )
    motivation = forms.CharField(
        max_length=MOTIVATION_MAX,
        help_text="Quelques phrases suffisent. Ce qui compte : ce que vous vivez, ce qui vous intéresse.",
        widget=forms.Textarea(attrs={"rows": 6, "data-compteur": MOTIVATION_MAX}),
    )
    disponibilites = champ_cases(
        "Quand pouvez-vous venir ?",
        [(v.value, majuscule(v.label)) for v in Candidature.Disponibilite],
        "Cochez tout ce qui vous va.",
        requis=False,
    )
    besoins = champ_cases(
        "De quoi avez-vous besoin pour participer ?",
        [(v.value, majuscule(v.label)) for v in Profil.Besoin],
        "Votre réponse n’est pas montrée au comité de sélection.",
        requis=False,
    )
    precisions = champ_ligne("Précisions", maximum=300, requis=False)
    age = champ_choix(
        "Votre âge", [("", "Je préfère ne pas répondre"), *Profil.Age.choices], requis=False, court=True
    )
    genre = champ_choix(
        "Votre genre",
        [("", "Je préfère ne pas répondre"), *((v.value, majuscule(v.label)) for v in Profil.Genre)],
        requis=False,
        court=True,
    )
    quartier = champ_parmi(
        "Votre quartier prioritaire",
        Quartier.objects.select_related("commune"),
        requis=False,
        vide="Aucun, ou je préfère ne pas répondre",
    )
    atteste_age = champ_case("J’ai l’âge demandé")
    atteste_lieu = champ_case(
        "J’habite l’une des 49 communes de la Métropole",
        erreur="Il faut habiter l’une des 49 communes pour rejoindre ce collège.",
    )
    atteste_elu = champ_case(
        "Je n’ai pas de mandat d’élu local",
        erreur="Ce collège n’est pas ouvert aux personnes qui ont un mandat d’élu local.",
    )
    accord_vivier = champ_case(
        "Si ma candidature n’est pas retenue, gardez mes coordonnées pour me proposer d’autres façons de participer",
        requis=False,
    )
    # honeypot
    site = forms.CharField(required=False, widget=forms.HiddenInput)

    def initiales(self) -> Mapping[str, Any]:
        if isinstance(self.objet, CollegeCampagne):
            return {}
        candidature: Candidature = self.objet
        valeurs: dict[str, Any] = {nom: getattr(candidature, nom) for nom in TEXTES}
        valeurs |= {
            "commune": candidature.commune_id,
            "quartier": candidature.quartier_id,
            "disponibilites": candidature.disponibilites,
            "besoins": candidature.besoins,
            "accord_vivier": candidature.accord_vivier,
        }
        return valeurs | {f"question_{cle}": texte for cle, texte in candidature.reponses.items()}

    def preparer(self) -> None:
        college = self.objet if isinstance(self.objet, CollegeCampagne) else self.objet.college
        campagne = college.campagne
        self.est_piege = False
        self.questions = list(campagne.questions.all())
        self.noms_questions = [f"question_{q.pk}" for q in self.questions]
        age = self.fields["atteste_age"]
        age.label = f"J’ai {campagne.age_minimum} ans ou plus"
        age.error_messages["required"] = f"Il faut avoir {campagne.age_minimum} ans pour candidater."
        motivation = self.fields["motivation"]
        motivation.label = f"Pourquoi voulez-vous rejoindre {campagne.denomination} ?"
        motivation.error_messages["required"] = (
            f"Dites en quelques mots pourquoi vous voulez rejoindre {campagne.denomination}."
        )
        if college.est_associatif:
            self.fields["commune"].label = "Commune de l’association"
            motivation.label = f"Pourquoi votre association veut-elle rejoindre {campagne.denomination} ?"
            motivation.help_text = "Ce qu’elle fait, pour qui, et ce qu’elle apporterait."
        self._poser_les_questions()
        if self.papier:
            self._accepter_les_blancs()
        for nom in self._de_trop(college):
            self.fields.pop(nom, None)

    def _poser_les_questions(self) -> None:
        for question in self.questions:
            self.fields[f"question_{question.pk}"] = champ_texte(
                question.libelle,
                question.aide,
                maximum=REPONSE_MAX,
                requis=question.est_requise and not self.papier,
                erreur="Répondez à cette question, même en un mot.",
                lignes=4,
                attributs={"data-compteur": REPONSE_MAX},
            )

    def _accepter_les_blancs(self) -> None:
        for nom in ("courriel", "motivation", "suppleant_prenom", "suppleant_nom", "commune"):
            self.fields[nom].required = False
        self.fields["courriel"].help_text = "Si le formulaire en donne une : la personne reçoit un accusé."
        self.fields["motivation"].help_text = "Recopiez ce qui est écrit."

    def _de_trop(self, college: CollegeCampagne) -> list[str]:
        """Return the fields not asked by this collège, on paper or in a correction."""
        attestations = ["atteste_age", "atteste_lieu", "atteste_elu"]
        if college.est_associatif:
            noms = ["atteste_lieu", "atteste_elu", "quartier"]
        else:
            noms = ["organisme", *([] if college.exclut_elus else ["atteste_elu"])]
        if not college.avec_suppleants:
            noms += ["suppleant_prenom", "suppleant_nom", "suppleant_courriel"]
        noms += [*attestations, "site"] if self.papier else ["adresse"]
        if self.correction:
            noms += ["courriel", *attestations, "site"]
        return noms

    def clean_prenom(self) -> str:
        return propre(self.cleaned_data["prenom"])

    def clean_nom(self) -> str:
        return propre(self.cleaned_data["nom"])

    def clean(self) -> dict[str, Any]:
        lus: dict[str, Any] = super().clean() or {}
        quartier, commune = lus.get("quartier"), lus.get("commune")
        if quartier is not None and commune is not None and quartier.commune_id != commune.pk:
            self.add_error(
                "quartier",
                f"Ce quartier est {a_qui(quartier.commune.en_phrase)}, pas {a_qui(commune.en_phrase)}.",
            )
        suppleant, courriel = lus.get("suppleant_courriel"), lus.get("courriel")
        if suppleant and courriel and suppleant.strip().lower() == courriel.strip().lower():
            self.add_error("suppleant_courriel", "Donnez une autre adresse : celle-ci est déjà la vôtre.")
        self.est_piege = bool(lus.get("site"))
        return self._reponses(lus)

    def _reponses(self, lus: dict[str, Any]) -> dict[str, Any]:
        """Return the arguments of the action. The attestations are required and not kept."""
        gardes = (*TEXTES, "commune", "quartier", "disponibilites", "besoins", "accord_vivier")
        reponses = {nom: lus[nom] for nom in gardes if nom in lus}
        reponses["reponses"] = {
            str(q.pk): lus[f"question_{q.pk}"] for q in self.questions if lus.get(f"question_{q.pk}")
        }
        return reponses


class CorrectionForm(CandidatureForm):
    """Correction by the link: the address cannot change."""

    correction = True


class PapierForm(CandidatureForm):
    papier = True
