"""Pages of candidatures for agents: list, page, check, paper."""

from collections.abc import Callable
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from participation.renouvellement.classement import rang_de
from participation.renouvellement.models import Candidature, CollegeCampagne
from participation.renouvellement.trouver import trouver_campagne, trouver_candidature
from participation.renouvellement.workflow import AVANT_ARRET, Choix, Eligibilite, EtatCandidature
from participation.seances.models import Profil
from participation.socle.forms.filters import Filtres, ParmiFilter
from participation.socle.francais import majuscule
from participation.socle.http.decorateurs import reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Commune, Compte, Courriel
from participation.socle.views.colonnes import Cellule, Colonne
from participation.socle.views.dossier import Boutons, boutons_de
from participation.socle.views.listes import Liste, page_liste
from participation.socle.workflow import Role


class CandidatureFilter(Filtres):
    college = django_filters.ModelChoiceFilter(
        label="Collège", queryset=CollegeCampagne.objects.none(), empty_label="Tous"
    )
    eligibilite = django_filters.ChoiceFilter(
        label="Recevabilité",
        choices=[(e.value, majuscule(e.label)) for e in Eligibilite],
        empty_label="Toutes",
    )
    choix = django_filters.ChoiceFilter(
        label="Décision", choices=[(c.value, majuscule(c.label)) for c in Choix], empty_label="Toutes"
    )
    commune = ParmiFilter(label="Commune", queryset=Commune.objects.all(), empty_label="Toutes")
    etat = django_filters.ChoiceFilter(
        label="État", choices=[(e.value, majuscule(e.label)) for e in EtatCandidature], empty_label="Tous"
    )
    age = django_filters.ChoiceFilter(label="Âge", choices=Profil.Age.choices, empty_label="Tous")
    sans_courriel = django_filters.ChoiceFilter(
        label="Courriel", choices=[("oui", "Sans adresse")], empty_label="Tous", method="par_courriel"
    )

    class Meta:
        model = Candidature
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campagne = self.request.resolver_match.kwargs["pk"]
        self.filters["college"].queryset = CollegeCampagne.objects.filter(campagne=campagne)
        self.filters["q"].label = "Nom, numéro ou adresse"

    def chercher(self, objets: QuerySet[Any], nom: str, mots: str) -> QuerySet[Any]:
        for mot in mots.split()[:6]:
            cherche = (
                Q(nom__icontains=mot)
                | Q(prenom__icontains=mot)
                | Q(organisme__icontains=mot)
                | Q(courriel__icontains=mot)
            )
            if mot.isascii() and mot.isdigit() and len(mot) < 10:
                cherche |= Q(numero=int(mot))
            objets = objets.filter(cherche)
        return objets

    def par_courriel(self, objets: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        return objets.filter(courriel="") if valeur == "oui" else objets


COLONNES_EXPORTEES: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
    ("prenom", "Prénom", lambda c: c.prenom),
    ("nom", "Nom", lambda c: c.nom),
    ("courriel", "Courriel", lambda c: c.courriel),
    ("telephone", "Téléphone", lambda c: c.telephone),
    ("quartier", "Quartier prioritaire", lambda c: str(c.quartier or "")),
    ("age", "Âge", lambda c: c.get_age_display()),
    ("genre", "Genre", lambda c: c.get_genre_display()),
    ("choix", "Décision", lambda c: c.get_choix_display()),
    ("rang", "Rang d’attente", lambda c: c.rang_attente),
)


@reserve_a(Role.AGENT)
@require_safe
def candidatures(request: RequeteConnectee, pk: int) -> HttpResponseBase:
    campagne = trouver_campagne(request, pk)
    return page_liste(
        request,
        Liste(
            cle="renouvellement:candidatures",
            titre=f"Candidatures, {campagne}",
            objets=campagne.candidatures.select_related("college", "commune", "quartier__commune"),
            filtres=CandidatureFilter,
            colonnes=[
                Colonne(
                    "personne",
                    "Candidature",
                    lambda c: Cellule(
                        c.nom_affiche or "Sans nom",
                        sous=f"n° {c.numero}" if c.numero else "pas encore confirmée",
                    ),
                    export=lambda c: c.nom_affiche,
                    tri=("nom", "prenom"),
                ),
                Colonne("numero", "Numéro", lambda c: c.numero, tri="numero", nombre=True, a_l_ecran=False),
                Colonne(
                    "suite",
                    "État",
                    lambda c: Cellule(capfirst(c.libelle_etat), couleur=c.couleur_suite),
                    export=lambda c: c.libelle_etat,
                    tri=("etat", "eligibilite", "choix"),
                ),
                Colonne("college", "Collège", lambda c: str(c.college), tri="college__ordre"),
                Colonne("commune", "Commune", lambda c: str(c.commune or ""), tri="commune__cle_tri"),
                Colonne("source", "Reçue", lambda c: c.get_source_display(), tri="source"),
                Colonne("deposee_le", "Déposée le", lambda c: c.deposee_le, tri="deposee_le"),
                *(Colonne(*colonne, a_l_ecran=False) for colonne in COLONNES_EXPORTEES),
            ],
            tri="-deposee_le",
            singulier="candidature",
            pluriel="candidatures",
            app=campagne.instance.app,
            vide="Les candidatures s’affichent ici dès qu’elles sont envoyées.",
        ),
        "renouvellement/candidatures/candidatures.html",
        {
            "campagne": campagne,
            "colleges": [
                c
                for c in campagne.colleges.all()
                if c.est_ouvert and c.permet("saisir_candidature", request.user)
            ],
        },
    )


@reserve_a(Role.AGENT)
@require_safe
def candidature(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouvee = trouver_candidature(request, pk)
    campagne = trouvee.campagne
    semblables, ailleurs = campagne.candidatures.none(), campagne.candidatures.none()
    if trouvee.nom and not trouvee.effacee_le:
        meme_nom = Q(nom__iexact=trouvee.nom, prenom__iexact=trouvee.prenom)
        if trouvee.organisme:
            meme_nom |= Q(organisme__iexact=trouvee.organisme)
        semblables = campagne.candidatures.deposees().filter(meme_nom).exclude(pk=pk)[:5]
    if trouvee.courriel_canonique:
        # Same mailbox in another current call: if both retain the person, they must choose one.
        ailleurs = Candidature.objects.deposees().filter(
            courriel_canonique=trouvee.courriel_canonique, campagne__etat__in=AVANT_ARRET
        )
        ailleurs = ailleurs.exclude(campagne=campagne).select_related("campagne")
    return render(
        request,
        "renouvellement/candidatures/candidature.html",
        {
            "candidature": trouvee,
            "campagne": campagne,
            "college": trouvee.college,
            "reponses_aux_questions": trouvee.reponses_aux_questions(),
            "disponibilites": [Candidature.Disponibilite(d).label for d in trouvee.disponibilites],
            "besoins": [Profil.Besoin(b).label for b in trouvee.besoins],
            "semblables": semblables,
            "ailleurs": ailleurs,
            "lectures": trouvee.lectures.select_related("relecteur__compte").prefetch_related(
                "notes__critere"
            ),
            "rang": rang_de(trouvee) if trouvee.eligibilite == Eligibilite.ELIGIBLE else None,
            "courriels": Courriel.objects.filter(cle__startswith=f"candidature:{pk}:").order_by("-pk"),
            "journal": trouvee.journal.select_related("par"),
            "boutons": boutons(trouvee, request.user),
            "peut_noter": trouvee.attend_une_reponse and trouvee.permet("noter_reponse", request.user),
        },
    )


def boutons(candidature: Candidature, compte: Compte) -> Boutons | None:
    """Return the buttons: main act, others, dangerous ones folded; None when withdrawn or erased."""
    if not candidature.est_deposee or candidature.effacee_le is not None:
        return None
    offerts = {b.acte: b for b in boutons_de(candidature, compte) if b.acte != "noter_reponse"}
    principal = offerts.pop("decider_candidature", None) or offerts.pop("declarer_eligible", None)
    return Boutons(
        principal,
        [b for b in offerts.values() if not b.est_dangereux],
        [b for b in offerts.values() if b.est_dangereux],
    )
