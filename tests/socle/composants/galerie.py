"""Every component once, with invented figures, for the tests and the browser."""

import math
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone

from participation.socle.forms.champs import ChampChoix
from participation.socle.graphiques import Carte, EtapeFrise, Graphique, Jauge, Repere, Serie, Tuile
from participation.socle.http.menus import rubrique

GABARIT = Path(__file__).with_suffix(".html")

# Twelve communes are enough for a map: (code, nom, sigle, x, y)
COMMUNES = [
    ("38057", "Bresson", "BRE", 3, 5),
    ("38151", "Échirolles", "ÉCH", 2, 5),
    ("38158", "Eybens", "EYB", 2, 4),
    ("38169", "Fontaine", "FON", 1, 3),
    ("38185", "Grenoble", "GRE", 2, 3),
    ("38200", "Jarrie", "JAR", 3, 6),
    ("38317", "Le Pont-de-Claix", "PDC", 1, 5),
    ("38229", "Meylan", "MEY", 4, 2),
    ("38252", "Montchaboud", "MTC", 4, 6),
    ("38421", "Saint-Martin-d’Hères", "SMH", 3, 3),
    ("38545", "Vif", "VIF", 1, 8),
    ("38562", "Vizille", "VIZ", 4, 7),
]
NOMBRES: list[int | None] = [17, 231, 78, 0, 135, 168, 34, 6, None, 22, None, 1372]


class SignatureForm(forms.Form):
    prenom = forms.CharField(label="Prénom", widget=forms.TextInput(attrs={"autocomplete": "given-name"}))
    courriel = forms.EmailField(
        label="Adresse de courriel",
        help_text="Nous y envoyons un lien. Votre signature compte quand vous l'avez ouvert.",
        error_messages={"invalid": "Il manque la fin de l'adresse, après « @ »."},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    commune = forms.ChoiceField(
        choices=[("", "Choisir dans la liste"), *((c[0], c[1]) for c in COMMUNES)],
        error_messages={"required": "Choisissez votre commune dans la liste."},
    )
    naissance = forms.DateField(label="Date de naissance", required=False)
    rendez_vous = forms.DateTimeField(label="Rendez-vous", required=False)
    motif = forms.CharField(
        max_length=2000, widget=forms.Textarea, required=False, help_text="Il sera publié."
    )
    piece = forms.FileField(label="Pièce jointe", required=False)
    mode = ChampChoix(
        label="Comment viendrez-vous ?",
        choices=[("salle", "En salle"), ("visio", "À distance")],
        widget=forms.RadioSelect,
        help_text="Vous pourrez changer d'avis.",
    )
    themes = forms.MultipleChoiceField(
        label="Thèmes",
        choices=[("eau", "Eau"), ("dechets", "Déchets")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    age = forms.BooleanField(
        label="J'ai 16 ans ou plus",
        error_messages={"required": "Cochez cette case si vous avez 16 ans ou plus."},
    )
    jeton = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.add_input(Submit("signer", "Recevoir le lien de signature", css_class="btn-lg"))
        return helper


class FiltresForm(forms.Form):
    mots = forms.CharField(
        label="Mots, référence ou personne", required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    etat = forms.ChoiceField(label="État", required=False, choices=[("", "Tous"), ("deposee", "Déposée")])
    agent = forms.ChoiceField(label="Suivie par", required=False, choices=[("", "Tout le monde")])


def carte(*, liens: bool = False) -> Carte:
    return Carte(
        [
            Tuile(*c, n, f"/communes/{c[0]}" if liens else None)
            for c, n in zip(COMMUNES, NOMBRES, strict=True)
        ],
        titre="Signatures par commune",
        total=2068,
    )


def jauges() -> list[Jauge]:
    return [
        Jauge(
            "Signatures vérifiées",
            "1 284",
            "sur 1 500",
            0.856,
            reperes=[Repere(0.533, "800"), Repere(1, "1 500")],
            phrase="800 atteint le 4 novembre. Encore 216 pour le second seuil.",
        ),
        Jauge(
            "Communes représentées",
            "21",
            "sur 49",
            cases=(21, 49),
            reperes=[Repere(0.242, "minimum 12")],
            phrase="Il en faut au moins 12 : c'est acquis.",
            ton="atteint",
        ),
        Jauge(
            "Part de la première commune",
            "29 %",
            "Vizille",
            0.29,
            reperes=[Repere(1 / 3, "maximum un tiers")],
            phrase="Un tiers au plus : respecté, mais proche de la limite.",
            ton="proche",
            interdit=1 / 3,
        ),
    ]


def contexte() -> dict[str, Any]:
    debut = date(2026, 9, 8).toordinal()
    jours = [date.fromordinal(debut + i) for i in range(120)]
    return {
        "jauges": jauges(),
        "carte": carte(),
        "carte_liens": carte(liens=True),
        "premieres": Graphique(
            "Les trois premières communes",
            ["Vizille", "Échirolles", "Jarrie"],
            [Serie("Signatures", [1372, 231, 168])],
            "Commune",
        ),
        "services": Graphique(
            "Les préconisations, par service",
            ["Eau et assainissement", "Déchets", "Pompes funèbres"],
            [
                Serie("suivies", [9, 6, 4]),
                Serie("suivies en partie", [4, 3, 1]),
                Serie("non suivies", [2, 3, 0]),
                Serie("en attente", [3, 2, 1]),
            ],
            "Service",
            "Nombre de préconisations et ce qu'elles sont devenues.",
        ),
        "presence": Graphique(
            "Présence en séance",
            ["Habitants", "Associations", "Élus"],
            [Serie("Part", [84, 78, 62.5])],
            "Collège",
            unite="%",
            maximum=100,
        ),
        "delais": Graphique(
            "Délai de réponse",
            ["T1 25", "T2", "T3", "T4", "T1 26", "T2", "T3"],
            [Serie("Jours", [78, 71, 66, 58, 52, 47, 44])],
            "Trimestre",
            cible=60,
            cible_libelle="l'objectif, 60 jours",
        ),
        "signatures": Graphique(
            "Signatures par jour",
            [f"{j.day}/{j.month}" for j in jours],
            [
                Serie(
                    "Signatures",
                    [round(40 * abs(math.sin(i / 9)) + (90 if i == 30 else 0)) for i in range(120)],
                )
            ],
            "Jour",
        ),
        "deux_series": Graphique(
            "Signatures, en ligne et sur papier",
            ["sept.", "oct.", "nov.", "déc."],
            [Serie("en ligne", [310, 420, 280, 1500]), Serie("sur papier", [40, 0, 122, 12])],
            "Mois",
        ),
        "rien": Graphique("Rien encore", [], [Serie("Signatures", [])], "Mois"),
        "noms_etapes": ["Votre idée", "Le texte", "Les co-pétitionnaires", "Vérifier et déposer"],
        "jalons": [
            EtapeFrise("Déposée", date(2026, 6, 22), "Par 58 habitants de 9 communes."),
            EtapeFrise("Signatures en cours", "Aujourd’hui", statut="en_cours"),
            EtapeFrise("Réponse de la Métropole", "Avant le 18 mars 2027", "Publiée ici.", "a_venir"),
        ],
        "demain": date(2026, 12, 1),
        "instant": timezone.make_aware(datetime(2026, 11, 24, 14, 5)),
        "page": Paginator(range(233), 20).page(6),
        "form_filtres": FiltresForm(),
        "form_faux": SignatureForm({"prenom": "Léa", "courriel": "lea@", "motif": "x"}),
        "mention_accessibilite": "partiellement conforme",
        "joindre_le_service": {"courriel": "participation@example.org", "telephone": "04 00 00 00 00"},
        "menu_public": [
            rubrique("Agir", [(mot, "#", mot == "Pétitions") for mot in ("Pétitions", "Signaler", "Voter")]),
            rubrique("Suivre", [(mot, "#", False) for mot in ("Engagements", "Réponses rendues")]),
        ],
        "menu_bureau": [
            SimpleNamespace(
                titre="",
                est_plie=False,
                entrees=[
                    SimpleNamespace(
                        libelle="Ma journée",
                        url="#",
                        icone="accueil",
                        app="",
                        nombre=9,
                        retards=0,
                        actif=True,
                    ),
                    SimpleNamespace(
                        libelle="Séances",
                        url="#",
                        icone="calendrier",
                        app="",
                        nombre=0,
                        retards=0,
                        actif=False,
                    ),
                ],
            ),
            SimpleNamespace(
                titre="Domaines",
                est_plie=False,
                entrees=[
                    SimpleNamespace(
                        libelle="Pétitions",
                        url="#",
                        icone="",
                        app="petitions",
                        nombre=2,
                        retards=0,
                        actif=False,
                    ),
                    SimpleNamespace(
                        libelle="CCSPL", url="#", icone="", app="ccspl", nombre=1, retards=1, actif=False
                    ),
                ],
            ),
        ],
    }


def rendre(socle_page: str = "public.html", **extra: Any) -> str:
    """Render the gallery in one of the two layouts, as HTML."""
    request = RequestFactory().get("/galerie", {"etat": "deposee", "tri": "-titre"})
    donnees = {**contexte(), "messages": [], "socle_page": socle_page, **extra}
    gabarit = engines["django"].from_string(GABARIT.read_text())
    return gabarit.render(donnees, request)
