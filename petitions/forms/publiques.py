"""Search, filters and sort order of the public list."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Q, QuerySet

from participation.socle.forms.champs import champ_choix, champ_ligne, champ_parmi
from participation.socle.francais import majuscule
from participation.socle.models import Commune
from petitions.models import Petition
from petitions.workflow import Etat

# A dossier may be closed without an answer, when no threshold was reached: hence the test on `repondue_le`.
ONGLETS: dict[str, Q] = {
    "ouvertes": Q(etat__in=[Etat.EN_COLLECTE, Etat.SUSPENDUE]),
    "conseil": Q(etat__in=[Etat.A_DEBATTRE, Etat.EN_PANEL, Etat.DEBATTUE]),
    "repondues": Q(etat__in=[Etat.REPONDUE, Etat.CLOSE], repondue_le__isnull=False),
    "closes": Q(etat__in=[Etat.COLLECTE_CLOSE, Etat.RETIREE]) | Q(etat=Etat.CLOSE, repondue_le__isnull=True),
    "refusees": Q(etat__in=[Etat.IRRECEVABLE, Etat.TRANSMISE]),
    "toutes": Q(),
}


class ListeForm(forms.Form):
    LIBELLES: ClassVar[dict[str, str]] = {
        "ouvertes": "À signer ou suspendues",
        "conseil": "Au conseil",
        "repondues": "Avec une réponse",
        "closes": "Closes sans débat",
        "refusees": "Non recevables",
        "toutes": "Toutes",
    }
    TRIS: ClassVar[list[tuple[str, str]]] = [
        ("", "Ordre conseillé"),
        ("recentes", "Les plus récentes"),
        ("signees", "Les plus signées"),
        ("fin", "Celles qui finissent bientôt"),
    ]

    q = champ_ligne("Mots cherchés", maximum=120, requis=False, attributs={"type": "search"})
    commune = champ_parmi("Commune concernée", Commune.objects.all(), requis=False, vide="Toutes")
    theme = forms.ChoiceField(label="Thème", required=False)
    tri = champ_choix("Trier par", TRIS, requis=False)
    liste = forms.ChoiceField(
        choices=[(nom, nom) for nom in ONGLETS], required=False, widget=forms.HiddenInput
    )

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        themes = champ_choix(
            "Thème", [("", "Tous"), *((mot, majuscule(mot)) for mot in themes_publies())], requis=False
        )
        self.fields["theme"] = themes

    @property
    def cherche(self) -> bool:
        return any(self.cleaned_data.get(champ) for champ in ("q", "commune", "theme"))

    @property
    def onglet(self) -> str:
        """Return the tab asked for. By default a search covers all tabs, otherwise « ouvertes »."""
        demande: str = self.cleaned_data.get("liste") or ""
        return demande or ("toutes" if self.cherche else "ouvertes")

    def chercher(self, petitions: QuerySet[Petition]) -> QuerySet[Petition]:
        mots = self.cleaned_data.get("q")
        if mots:
            requete = SearchQuery(mots, config="french", search_type="websearch")
            petitions = petitions.annotate(rang=SearchRank(F("recherche"), requete)).filter(
                Q(recherche=requete, texte_masque=False)  # so that a search cannot reveal a hidden text
                | Q(titre__trigram_word_similar=mots)
                | Q(titre__icontains=mots)
                | Q(reference__iexact=mots)
            )
        commune = self.cleaned_data.get("commune")
        if commune:
            concernees = Petition.objects.filter(Q(communes=commune) | Q(commune_auteur=commune))
            petitions = petitions.filter(pk__in=concernees.values("pk"))
        theme = self.cleaned_data.get("theme")
        return petitions.filter(mots_cles__contains=[theme]) if theme else petitions

    def trier(self, petitions: QuerySet[Petition], onglet: str) -> QuerySet[Petition]:
        recentes = (F("decidee_le").desc(nulls_last=True), "-pk")
        fin = (F("date_fin_collecte").asc(nulls_last=True), "pk")
        tri = self.cleaned_data.get("tri")
        if tri == "signees":
            return petitions.order_by(F("decompte__total").desc(nulls_last=True), "-pk")
        if tri == "fin":
            return petitions.order_by(*fin)
        if tri == "recentes":
            return petitions.order_by(*recentes)
        if self.cleaned_data.get("q"):
            return petitions.order_by(F("rang").desc(), "-pk")
        return petitions.order_by(*fin) if onglet == "ouvertes" else petitions.order_by(*recentes)


def themes_publies() -> list[str]:
    """Return the keywords given by agents to published pétitions."""
    mots = Petition.objects.publiees().order_by().values_list("mots_cles", flat=True).distinct()
    return sorted({mot for liste in mots for mot in liste})
