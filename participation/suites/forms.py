"""Forms of the suites: acts of the service, answer of a direction, subscription, public search."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms

from participation.socle.forms.actes import ActeForm, ToutDire
from participation.socle.forms.champs import (
    champ_case,
    champ_choix,
    champ_courriel,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
)
from participation.socle.francais import majuscule
from participation.socle.models import Commune, Direction, Dossier
from participation.suites.actions.suivi import exiger_raison
from participation.suites.models import ReponseDirection, Suite
from participation.suites.workflow import A_REALISER, ARRIVEES, MOTIVES, Etat, Origine

champ_texte = partial(
    champ_texte,
    maximum=8000,
    lignes=5,
    erreur="Écrivez ce texte : il dit au public ce qui est fait, ou le sera.",
)


def choix_etats(suite: Suite) -> list[tuple[str, str]]:
    """Return the états that the suite may reach, in the order of Etat."""
    vers = ARRIVEES[suite.etat]
    return [(e.value, majuscule(e.label)) for e in Etat if e in vers]


class EtatForm(ToutDire, ActeForm):
    """Fields common to the service and to the direction. The act checks what an état requires."""

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
    oriente_vers = champ_ligne(
        "Qui peut répondre",
        "Demandé quand cela ne dépend pas de la Métropole : une commune, le Département, l’État…",
        maximum=160,
        requis=False,
    )
    date_limite = champ_jour(
        "Ce sera fait avant le",
        "Si la suite est suivie, au moins en partie, et si vous connaissez la date.",
        requis=False,
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

    def exiger(self, dit: Mapping[str, Any]) -> None:
        exiger_raison(dit.get("etat", ""), dit.get("motif", ""), dit.get("oriente_vers", ""))


class ChangerEtatForm(EtatForm):
    texte_public = champ_texte(
        "Ce qui est fait, ou le sera (public)", "Des phrases simples, sans sigle.", requis=False
    )
    intitule_preuve = champ_ligne(
        "Ce que montre la page ou le fichier",
        "Par exemple « Photo du carrefour refait ».",
        maximum=160,
        requis=False,
    )

    def initiales(self) -> dict[str, Any]:
        return {"texte_public": self.objet.texte_public}


class RepondreForm(EtatForm):
    nom = champ_ligne(
        "Votre nom",
        "Pour que nous sachions qui répond. Il n’est pas publié.",
        maximum=160,
        erreur="Dites qui répond : prénom et nom.",
        attributs={"autocomplete": "name"},
    )


class AjouterSuiteForm(ActeForm):
    """A new suite, asked by the authors of the dossier or promised by an act of the Métropole."""

    field_order = ("intitule", "origine", "promise_le", "acte_promesse")

    intitule = champ_ligne(
        "Ce qui est attendu",
        "Un verbe et un objet : « Éclairer le passage ».",
        maximum=200,
        erreur="Dites ce qui est attendu.",
    )
    direction = champ_parmi(
        "Direction qui répond",
        Direction.objects.filter(est_active=True),
        erreur="Choisissez une direction.",
        vide="Choisir une direction",
    )
    date_limite = champ_jour(
        "À rendre avant le", "Vide : le délai visé du règlement des suites.", requis=False
    )
    texte_public = champ_texte("Précisions (publiques)", lignes=3, requis=False)
    origine = champ_choix(
        "D’où vient cette suite ?",
        [],
        "« Promis » ne se dit que de ce que la Métropole a décidé par un acte : une délibération, une réponse publique.",
        boutons=True,
        initial=Origine.DEMANDEE,
        erreur="Dites si elle est demandée ou promise.",
    )
    promise_le = champ_jour("Promis le", "Seulement si la Métropole l’a promis.", requis=False)
    acte_promesse = champ_ligne(
        "Par quel acte",
        "Par exemple « délibération n° 12 du conseil métropolitain ».",
        maximum=200,
        requis=False,
    )

    def initiales(self) -> Mapping[str, Any]:
        return {"direction": self.objet.direction_id}

    def preparer(self) -> None:
        origine: Any = self.fields["origine"]
        origine.choices = [
            (Origine.DEMANDEE.value, f"Demandé par {self.objet.qui_demande}"),
            (Origine.PROMISE.value, "Promis par la Métropole"),
        ]


class PromettreForm(ActeForm):
    promise_le = champ_jour("Promis le", erreur="Dites quand la Métropole l’a promis.")
    acte_promesse = champ_ligne(
        "Par quel acte",
        "Public. Par exemple « délibération n° 12 du conseil métropolitain ».",
        maximum=200,
        erreur="Dites par quel acte : une délibération, un arrêté, une réponse publique.",
    )


class RetenirForm(ActeForm):
    objet: ReponseDirection

    texte_public = champ_texte("Ce qui sera publié", "Les mots de la direction : corrigez-les si besoin.")
    motif = champ_texte("Pourquoi (public)", lignes=3, requis=False)
    oriente_vers = champ_ligne("Qui peut répondre (public)", maximum=160, requis=False)
    date_limite = champ_jour("Ce sera fait avant le", requis=False)

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
    raison = champ_ligne(
        "Ce qui est corrigé",
        "Public, dans l’histoire de la suite. Par exemple « Erreur sur la date des travaux ».",
        maximum=200,
    )
    est_publiee = champ_case(
        "Montrer cette suite au public",
        "Décochée, elle n’est plus sur la page du dossier ni dans le rendu compte.",
        requis=False,
    )
    prevenir = champ_case(
        "Écrire aux personnes qui suivent le dossier",
        "Quand la correction change le sens. Inutile pour une faute de frappe.",
        requis=False,
    )

    def initiales(self) -> dict[str, Any]:
        return {**super().initiales(), "est_publiee": self.objet.est_publiee}

    def preparer(self) -> None:
        if self.objet.etat not in MOTIVES:
            self.fields["motif"].widget = forms.HiddenInput()


class DeplacerDateForm(ActeForm):
    date_limite = champ_jour("Nouvelle date")
    motif = champ_texte("Pourquoi (public)", lignes=3)


class ChangerDirectionForm(ActeForm):
    direction = champ_parmi("Direction chargée", Direction.objects.filter(est_active=True))
    motif = champ_texte("Pourquoi", "Public, et envoyé aux deux directions.", lignes=3)

    def initiales(self) -> Mapping[str, Any]:
        return {"direction": self.objet.direction}


class ProuverForm(ActeForm):
    intitule = champ_ligne("Ce que cela montre", "Par exemple « Photo du carrefour refait ».", maximum=160)
    adresse = forms.URLField(label="Adresse", required=False, max_length=400, assume_scheme="https")
    fichier = forms.FileField(label="Ou un fichier", required=False)


class RelancerForm(ActeForm):
    mot = champ_texte("Un mot de votre part", "Ajouté à la lettre, avant le rappel.", lignes=3, requis=False)


class SuivreForm(forms.Form):
    courriel = champ_courriel(
        "Votre adresse électronique",
        erreur="Donnez votre adresse électronique.",
        attributs={"autocomplete": "email"},
        max_length=254,
    )


class RenduCompteForm(forms.Form):
    """Search of « Rendu compte ». An invalid value is ignored."""

    REPONSES = (
        ("", "Toutes"),
        ("oui", "Avec une réponse"),
        ("non", "Sans réponse"),
        ("a_temps", "Réponse à temps"),
        ("tard", "Réponse après la date donnée d’abord"),
        ("attendue", "Sans réponse, la date passée"),
    )

    q = champ_ligne("Mots cherchés", maximum=120, requis=False, attributs={"type": "search"})
    instrument = forms.ChoiceField(label="Ce qui a été dit par", required=False)
    origine = champ_choix(
        "Demandé ou promis",
        [("", "Tout"), ("demandee", "Seulement demandé"), ("promise", "Promis par la Métropole")],
        requis=False,
    )
    direction = champ_parmi("Direction", Direction.objects.none(), requis=False, vide="Toutes")
    commune = champ_parmi("Commune", Commune.objects.all(), requis=False, vide="Toutes")
    annee = forms.TypedChoiceField(label="Année", required=False, coerce=int, empty_value=None)
    etat = champ_choix("État", [("", "Tous"), *((e.value, majuscule(e.label)) for e in Etat)], requis=False)
    reponse = champ_choix("Réponse", REPONSES, requis=False)

    def __init__(self, data: Any, *, natures: list[str], annees: list[int], directions: list[int]) -> None:
        super().__init__(data)
        noms = Dossier.libelles_natures()
        instrument, annee = self.fields["instrument"], self.fields["annee"]
        direction = self.fields["direction"]
        assert isinstance(instrument, forms.ChoiceField)  # noqa: S101 says to the type checker what it is
        assert isinstance(annee, forms.ChoiceField)  # noqa: S101
        assert isinstance(direction, forms.ModelChoiceField)  # noqa: S101
        instrument.choices = [("", "Tous"), *((n, majuscule(noms.get(n, n))) for n in natures)]
        annee.choices = [("", "Toutes"), *((a, str(a)) for a in annees)]
        direction.queryset = Direction.objects.filter(pk__in=directions)
