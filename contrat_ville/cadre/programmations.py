"""A programmation and its call: prepared, set, opened, extended, closed; what it supports, in figures; its public pages."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from contrat_ville.bilan import indicateurs
from contrat_ville.cadre import actes
from contrat_ville.cadre.actes import champ_nombre
from contrat_ville.models import Contrat, Financement, Programmation, Projet, TypePiece
from contrat_ville.trouver import programmation_du_bureau
from contrat_ville.workflow import REGLES_D_EXCEDENT, Etape, EtatProgrammation
from participation.socle.actions import avancer, exiger
from participation.socle.collectivite import ici_plus_tard
from participation.socle.erreurs import ActeInterdit
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import (
    champ_case,
    champ_choix,
    champ_jour,
    champ_ligne,
    champ_parmi,
    champ_texte,
)
from participation.socle.forms.montants import ChampMontant
from participation.socle.francais import jour_texte, periode_texte
from participation.socle.graphiques import Graphique, Serie
from participation.socle.http.decorateurs import publique, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Compte
from participation.socle.views.dossier import Boutons, avec_actes, boutons_de, pages_du_journal
from participation.socle.views.pages import Page, acte, pages_de
from participation.socle.workflow import Role

MONTRES = 6


@dataclass(frozen=True, slots=True)
class Soutien:
    """The published projets of the last year that has some. `derniers`: the last ones announced."""

    annee: int
    combien: int
    accorde: Decimal
    communes: int
    derniers: Sequence[Projet]
    financeurs: Graphique
    quartiers: Graphique


def soutien() -> Soutien | None:
    """Return None while no projet is published. Three queries, and those of what is prefetched."""
    dernier = Projet.objects.soutenus_en_public().values_list("programmation__annee", flat=True).first()
    if dernier is None:
        return None
    projets: list[Any] = list(
        Projet.objects.soutenus_en_public()
        .filter(programmation__annee=dernier)
        .select_related("programmation", "porte_par")
        .prefetch_related("quartiers__commune")
    )
    sommes = list(
        Financement.objects.filter(projet__in=projets, accorde__gt=0)
        .values("financeur__nom")
        .annotate(somme=Sum("accorde"))
        .order_by("-somme", "financeur__nom")
        .values_list("financeur__nom", "somme")
    )
    quartiers = Counter(quartier.nom for projet in projets for quartier in projet.quartiers.all())
    ranges = sorted(quartiers.items(), key=lambda paire: (-paire[1], paire[0]))
    return Soutien(
        annee=dernier,
        combien=len(projets),
        accorde=sum((somme for _, somme in sommes), Decimal(0)),
        communes=len({q.commune_id for projet in projets for q in projet.quartiers.all()}),
        derniers=projets[:MONTRES],
        financeurs=Graphique(
            titre="Qui finance",
            identifiant="t-financeurs",
            description="Sommes accordées à ces projets par chaque partenaire.",
            colonne="Partenaire",
            categories=[nom for nom, _ in sommes],
            series=[Serie("Accordé", [float(somme) for _, somme in sommes])],
            unite="€",
        ),
        quartiers=Graphique(
            titre="Où se passent les projets",
            identifiant="t-quartiers",
            description="Nombre de projets dans chaque quartier. Un projet peut en toucher plusieurs.",
            colonne="Quartier",
            categories=[nom for nom, _ in ranges],
            series=[Serie("Projets", [n for _, n in ranges])],
        ),
    )


class ProgrammationForm(ActeForm):
    CHAMPS = (
        "contrat",
        "annee",
        "titre",
        "texte_appel",
        "eligibilite",
        "date_ouverture",
        "date_cloture",
        "date_comite_technique",
        "date_comite_pilotage",
        "delai_recevabilite_jours",
        "delai_avis_jours",
        "delai_complement_jours",
        "escalade_jours",
        "instructeurs_par_projet",
        "ecart_a_discuter",
        "part_maximale",
        "delai_bilan_mois",
        "regle_excedent",
        "seuil_reversement",
        "delai_reversement_jours",
        "envois_reseau_par_jour",
        "delai_recours_mois",
        "signataire",
        "conservation_mois",
        "source",
        "est_a_confirmer",
    )
    objet: Programmation

    contrat = champ_parmi("Contrat", Contrat.objects.all(), vide=None)
    annee = champ_nombre("annee")
    titre = champ_ligne("Titre", "Par exemple « Appel à projets 2027 ».", maximum=160)
    texte_appel = champ_texte(
        "L’appel à projets", "Pour qui, pour quoi, comment : ce que lit le public.", lignes=10
    )
    eligibilite = champ_texte("Qui peut déposer, et pour quoi", "Une condition par ligne.", lignes=5)
    date_ouverture = champ_jour("Ouverture de l’appel")
    date_cloture = champ_jour("Dernier jour de l’appel", "L’appel se ferme ce jour-là à minuit.")
    date_comite_technique = champ_jour("Comité technique prévu le", requis=False)
    date_comite_pilotage = champ_jour("Comité de pilotage prévu le", requis=False)
    delai_recevabilite_jours = champ_nombre("delai_recevabilite_jours")
    delai_avis_jours = champ_nombre("delai_avis_jours")
    delai_complement_jours = champ_nombre("delai_complement_jours")
    escalade_jours = champ_nombre("escalade_jours")
    instructeurs_par_projet = champ_nombre("instructeurs_par_projet")
    ecart_a_discuter = champ_nombre("ecart_a_discuter")
    part_maximale = champ_nombre("part_maximale")
    delai_bilan_mois = champ_nombre("delai_bilan_mois")
    regle_excedent = champ_choix(
        "Quand le bilan laisse de l’argent",
        REGLES_D_EXCEDENT,
        "À confirmer par les financeurs.",
        boutons=True,
    )
    seuil_reversement = ChampMontant(
        "Trop-perçu en dessous duquel rien n’est repris, en euros",
        "À confirmer par les financeurs. Zéro : tout est repris.",
        vide=Decimal(0),
        requis=False,
    )
    delai_reversement_jours = champ_nombre("delai_reversement_jours")
    envois_reseau_par_jour = champ_nombre("envois_reseau_par_jour")
    delai_recours_mois = champ_nombre("delai_recours_mois")
    signataire = champ_ligne(
        "Qui signe les lettres de décision",
        ici_plus_tard("Au bas de chaque lettre de décision : prénom, nom et qualité ({loi_signature})."),
        maximum=160,
    )
    conservation_mois = champ_nombre("conservation_mois")
    source = champ_ligne("Ce qui fonde ces règles", "Délibération, note de cadrage, lien.", maximum=300)
    est_a_confirmer = champ_case(
        "Ces chiffres sont à confirmer par les partenaires", "La page publique le dit.", requis=False
    )

    def initiales(self) -> Mapping[str, Any]:
        return {
            champ: getattr(self.objet, f"{champ}_id" if champ == "contrat" else champ)
            for champ in self.CHAMPS
        }


@acte(
    Page[Programmation](
        ouvre=True,
        form=ProgrammationForm,
        consequence="Rien n’est publié avant que vous ouvriez l’appel.",
        retour=lambda p, _: p.get_absolute_url() if p.pk else reverse("contrat_ville:programmations"),
        succes="La programmation est préparée.",
    )
)
def preparer_programmation(programmation: Programmation, *, par: Compte, **champs: Any) -> Programmation:
    """Save a new programmation. Its grid and envelopes are written next, on its page."""
    avancer(programmation, "preparer_programmation", par=par, champs=champs)
    return programmation


@acte(Page[Programmation](form=ProgrammationForm))
def regler_programmation(programmation: Programmation, *, par: Compte, **champs: Any) -> None:
    avancer(programmation, "regler_programmation", par=par, champs=champs)


@acte(
    Page[Programmation](
        consequence=lambda p: (
            f"La page de l’appel est publique. Les projets se déposent {periode_texte(p.date_ouverture, p.date_cloture)}. "
            "Le règlement et la grille ne changent plus."
        ),
        succes="L’appel à projets est publié.",
    )
)
def ouvrir_appel(programmation: Programmation, *, par: Compte) -> None:
    """Publish the call. Projets can be filed from its first day."""
    avancer(programmation, "ouvrir_appel", par=par)


class ProlongerForm(ActeForm):
    date_cloture = champ_jour("Nouveau dernier jour de l’appel")
    motif = champ_texte("Pourquoi", "Publié avec la nouvelle date.", maximum=1000, lignes=3)


@acte(
    Page[Programmation](
        form=ProlongerForm,
        consequence=lambda p: f"L’appel finit aujourd’hui le {jour_texte(p.date_cloture)}.",
    )
)
@transaction.atomic
def prolonger_appel(programmation: Programmation, *, par: Compte, date_cloture: date, motif: str) -> None:
    """Extend the call. Raises ValidationError when the new day is not later."""
    pas = exiger(programmation, "prolonger_appel", par=par)
    if date_cloture <= programmation.date_cloture:
        raise ValidationError({"date_cloture": "La nouvelle clôture est après celle d’aujourd’hui."})
    pas.avancer(champs={"date_cloture": date_cloture}, motif=motif, est_publique=True)


@acte(
    Page[Programmation](
        consequence="Plus aucun projet ne se dépose en ligne. L’appel se clôt de lui-même le lendemain de son dernier jour.",
        succes="L’appel à projets est clos.",
    )
)
def clore_appel(programmation: Programmation, *, par: Compte | None) -> None:
    avancer(programmation, "clore_appel", par=par)


def clore_les_appels_passes() -> int:
    """Close the calls whose last day is past. Return their number."""
    passes = Programmation.objects.filter(
        etat=EtatProgrammation.OUVERTE, date_cloture__lt=timezone.localdate()
    )
    for programmation in passes:
        with suppress(ActeInterdit):  # an agent closed it in the meantime
            clore_appel(programmation, par=None)
    return len(passes)


@publique
@require_safe
def appels(request: HttpRequest) -> HttpResponse:
    """The contrat and its yearly calls."""
    return render(
        request,
        "contrat_ville/publiques/appels.html",
        {
            "contrat": Contrat.objects.prefetch_related("axes__objectifs").first(),
            "programmations": Programmation.objects.publiques(),
            "ouvertes": Programmation.objects.ouvertes(),
            "soutien": soutien(),
        },
    )


@publique
@require_safe
def appel(request: HttpRequest, annee: int) -> HttpResponse:
    trouve = get_object_or_404(Programmation.objects.publiques().select_related("contrat"), annee=annee)
    criteres = list(trouve.criteres.all())
    return render(
        request,
        "contrat_ville/publiques/appel.html",
        {
            "programmation": trouve,
            "recevabilite": [c for c in criteres if c.etape == Etape.RECEVABILITE],
            "merite": [c for c in criteres if c.etape == Etape.MERITE],
            "pieces": TypePiece.objects.filter(est_active=True),
        },
    )


A_REPLIER = {"clore_appel"}
DANS_LA_PAGE = frozenset(pages_de(Programmation, actes, indicateurs))


@reserve_a(Role.AGENT)
@require_safe
def programmations(request: RequeteConnectee) -> HttpResponse:
    lignes = [
        (programmation, programmation.ensuite())
        for programmation in Programmation.objects.select_related("contrat")
    ]
    return render(request, "contrat_ville/cadre/programmations.html", {"lignes": lignes})


@reserve_a(Role.AGENT)
@require_safe
def programmation(request: RequeteConnectee, pk: int) -> HttpResponse:
    """State of a programmation: calendar, grid, envelopes, journal."""
    trouvee, compte = programmation_du_bureau(request, pk), request.user
    apparence, mots = trouvee.apparence, trouvee.mots_de_suite()
    criteres = trouvee.criteres.select_related("programmation")
    enveloppes = trouvee.enveloppes.select_related("programmation", "financeur", "axe", "quartier")
    return render(
        request,
        "contrat_ville/cadre/programmation.html",
        {
            "programmation": trouvee,
            "apparence": apparence,
            "ensuite": apparence.ensuite.format_map(mots),
            "pour_vous": avec_actes(trouvee, compte, apparence.pour.get(Role.AGENT, "")),
            "boutons": boutons_de_la_programmation(trouvee, compte),
            "manques": trouvee.manques("ouvrir_appel", compte)
            if trouvee.permet("ouvrir_appel", compte)
            else [],
            "grille": [
                (etape, [(c, boutons_de(c, compte)) for c in criteres if c.etape == etape.value])
                for etape in Etape
            ],
            "enveloppes": [(e, boutons_de(e, compte)) for e in enveloppes],
            "gel_de_la_grille": trouvee.gel_de_la_grille(),
            "gel_des_enveloppes": trouvee.gel_des_enveloppes(),
            "total_enveloppes": sum((e.montant for e in enveloppes), start=Decimal(0)),
            "dans_la_page": {b.acte: b for b in boutons_de(trouvee, compte) if b.acte in DANS_LA_PAGE},
            "combien": trouvee.projets.deposes().count(),
            "journal": pages_du_journal(request, trouvee),
        },
    )


def boutons_de_la_programmation(programmation: Programmation, compte: Compte) -> Boutons:
    """Main button: open the call. Beside: the other acts. Folded: close the call."""
    offerts = [b for b in boutons_de(programmation, compte) if b.acte not in DANS_LA_PAGE]
    principal = next((b for b in offerts if b.acte == "ouvrir_appel"), None)
    return Boutons(
        principal,
        [b for b in offerts if b is not principal and b.acte not in A_REPLIER],
        [b for b in offerts if b.acte in A_REPLIER],
    )
