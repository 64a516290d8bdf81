"""What is asked for a suite: by the service, by a direction, by who follows a dossier."""

from functools import partial
from typing import Any

from django import forms

from participation.socle.forms.actes import ActeForm, champ_texte
from participation.socle.models import Commune, Direction, Dossier
from participation.suites.models import ReponseDirection, Suite
from participation.suites.workflow import A_REALISER, ARRIVEES, MOTIVES, Etat

champ_texte = partial(
    champ_texte,
    maximum=8000,
    lignes=5,
    erreur="Écrivez ce texte : il dit au public ce qui est fait, ou le sera.",
)


def choix_etats(suite: Suite) -> list[tuple[str, str]]:
    """Where the suite may go from where it stands, in the order of its life."""
    vers = ARRIVEES[suite.etat]
    return [(e.value, f"{str(e.label)[:1].upper()}{str(e.label)[1:]}") for e in Etat if e in vers]


class EtatForm(ActeForm):
    """What is said of a suite, by whoever says it. What an état owes (a reason, an authority) is checked by the act."""

    etat = forms.ChoiceField(
        label="Où en est la suite ?",
        widget=forms.RadioSelect,
        error_messages={"required": "Dites où en est la suite."},
    )
    texte_public = champ_texte("Ce qui est fait, ou le sera", "Public : des phrases simples, sans sigle.")
    motif = champ_texte(
        "Pourquoi",
        "Demandé quand la suite n’est pas donnée, ne l’est qu’en partie, ou dépend d’une autre autorité. Public.",
        lignes=3,
        requis=False,
    )
    oriente_vers = forms.CharField(
        label="Qui peut répondre",
        max_length=160,
        required=False,
        help_text="Demandé quand cela ne dépend pas de la Métropole : une commune, le Département, l’État…",
    )
    date_limite = forms.DateField(
        label="Ce sera fait avant le",
        required=False,
        help_text="Si la suite est suivie, au moins en partie, et si vous connaissez la date.",
    )
    adresse = forms.URLField(
        label="Adresse d’une page qui le montre",
        required=False,
        max_length=400,
        assume_scheme="https",
        help_text="Délibération, article, page du projet. Publique avec la réponse.",
    )
    fichier = forms.FileField(
        label="Ou un fichier",
        required=False,
        help_text="PDF, photo ou document de bureau. Public avec la réponse.",
    )

    def preparer(self) -> None:
        etat: Any = self.fields["etat"]
        etat.choices = choix_etats(self.objet)
        if not ARRIVEES[self.objet.etat] & A_REALISER:
            del self.fields["date_limite"]


class ChangerEtatForm(EtatForm):
    texte_public = champ_texte(
        "Ce qui est fait, ou le sera (public)", "Des phrases simples, sans sigle.", requis=False
    )
    intitule_preuve = forms.CharField(
        label="Ce que montre la page ou le fichier",
        max_length=160,
        required=False,
        help_text="Par exemple « Photo du carrefour refait ».",
    )

    def initiales(self) -> dict[str, Any]:
        return {"texte_public": self.objet.texte_public}


class RepondreForm(EtatForm):
    nom = forms.CharField(
        label="Votre nom",
        max_length=160,
        help_text="Pour que nous sachions qui répond. Il n’est pas publié.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Dites qui répond : prénom et nom."},
    )


class RetenirForm(ActeForm):
    objet: ReponseDirection

    texte_public = champ_texte("Ce qui sera publié", "Les mots de la direction : corrigez-les si besoin.")
    motif = champ_texte("Pourquoi (public)", lignes=3, requis=False)
    oriente_vers = forms.CharField(label="Qui peut répondre (public)", max_length=160, required=False)
    date_limite = forms.DateField(label="Ce sera fait avant le", required=False)

    def initiales(self) -> dict[str, Any]:
        return {champ: getattr(self.objet, champ) for champ in self.base_fields}

    def preparer(self) -> None:
        if self.objet.etat not in MOTIVES:
            del self.fields["motif"]
        if self.objet.etat != Etat.HORS_COMPETENCE:
            del self.fields["oriente_vers"]
        if self.objet.etat not in A_REALISER:
            del self.fields["date_limite"]


class EcarterForm(ActeForm):
    raison = champ_texte(
        "Pourquoi ne pas la publier", "La direction lit ces mots et peut répondre de nouveau.", lignes=4
    )


class CorrigerForm(ActeForm):
    SURVEILLES = ("texte_public", "motif")

    texte_public = champ_texte("Texte public", requis=False)
    motif = champ_texte("Pourquoi (public)", lignes=3, requis=False)
    raison = forms.CharField(
        label="Ce qui est corrigé",
        max_length=200,
        help_text="Public, dans l’histoire de la suite. Par exemple « Erreur sur la date des travaux ».",
    )
    est_publiee = forms.BooleanField(
        label="Montrer cette suite au public",
        required=False,
        help_text="Décochée, elle n’est plus sur la page du dossier ni dans le rendu compte.",
    )
    prevenir = forms.BooleanField(
        label="Écrire aux personnes qui suivent le dossier",
        required=False,
        help_text="Quand la correction change le sens. Inutile pour une faute de frappe.",
    )

    def initiales(self) -> dict[str, Any]:
        return {**super().initiales(), "est_publiee": self.objet.est_publiee}

    def preparer(self) -> None:
        if self.objet.etat not in MOTIVES:
            self.fields["motif"].widget = forms.HiddenInput()


class DeplacerDateForm(ActeForm):
    date_limite = forms.DateField(label="Nouvelle date")
    motif = champ_texte("Pourquoi (public)", lignes=3)


class ChangerDirectionForm(ActeForm):
    direction = forms.ModelChoiceField(
        label="Direction chargée", queryset=Direction.objects.filter(est_active=True)
    )
    motif = champ_texte("Pourquoi", "Public, et envoyé aux deux directions.", lignes=3)


class ProuverForm(ActeForm):
    intitule = forms.CharField(
        label="Ce que cela montre", max_length=160, help_text="Par exemple « Photo du carrefour refait »."
    )
    adresse = forms.URLField(label="Adresse", required=False, max_length=400, assume_scheme="https")
    fichier = forms.FileField(label="Ou un fichier", required=False)


class RelancerForm(ActeForm):
    mot = champ_texte("Un mot de votre part", "Ajouté à la lettre, avant le rappel.", lignes=3, requis=False)


class SuivreForm(forms.Form):
    courriel = forms.EmailField(
        label="Votre adresse électronique",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Donnez votre adresse électronique.",
            "invalid": "Cette adresse n’est pas complète : elle ressemble à prenom.nom@exemple.fr.",
        },
    )


class RenduCompteForm(forms.Form):
    """How the public page is searched. Whatever is not understood filters nothing."""

    REPONSES = (
        ("", "Toutes"),
        ("oui", "Avec une réponse"),
        ("non", "Sans réponse"),
        ("a_temps", "Réponse à temps"),
        ("tard", "Réponse après la date promise"),
        ("attendue", "Sans réponse, la date passée"),
    )

    q = forms.CharField(
        label="Mots cherchés",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    instrument = forms.ChoiceField(label="Ce qui a été dit par", required=False)
    direction = forms.ModelChoiceField(
        label="Direction", queryset=Direction.objects.none(), required=False, empty_label="Toutes"
    )
    commune = forms.ModelChoiceField(
        label="Commune", queryset=Commune.objects.defer("contour"), required=False, empty_label="Toutes"
    )
    annee = forms.TypedChoiceField(label="Année", required=False, coerce=int, empty_value=None)
    etat = forms.ChoiceField(
        label="État",
        required=False,
        choices=[("", "Tous"), *((e.value, f"{str(e.label)[:1].upper()}{str(e.label)[1:]}") for e in Etat)],
    )
    reponse = forms.ChoiceField(label="Réponse", required=False, choices=REPONSES)

    def __init__(self, data: Any, *, natures: list[str], annees: list[int]) -> None:
        super().__init__(data)
        noms = Dossier.libelles_natures()
        instrument, annee = self.fields["instrument"], self.fields["annee"]
        direction = self.fields["direction"]
        assert isinstance(instrument, forms.ChoiceField)  # noqa: S101 says to the type checker what it is
        assert isinstance(annee, forms.ChoiceField)  # noqa: S101
        assert isinstance(direction, forms.ModelChoiceField)  # noqa: S101
        instrument.choices = [("", "Tous"), *((n, str(noms.get(n, n)).capitalize()) for n in natures)]
        annee.choices = [("", "Toutes"), *((a, str(a)) for a in annees)]
        direction.queryset = Direction.objects.filter(
            pk__in=Suite.objects.publiques().order_by().values("direction")
        )
