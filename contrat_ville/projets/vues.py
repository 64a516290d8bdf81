"""Back office: list of projets and its filters, page of a projet."""

from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, prefetch_related_objects
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from contrat_ville.bilan import actes as bilan
from contrat_ville.bilan.actes import DemanderBilanForm
from contrat_ville.bilan.comptes import comptes_lus, reversements_de
from contrat_ville.bilan.conventions import versements_de
from contrat_ville.bilan.indicateurs import reponses_de
from contrat_ville.comites.vues import lot_inscrire
from contrat_ville.instruction import avis
from contrat_ville.instruction import lectures as lectures_instruction
from contrat_ville.instruction.dossier import budget_de, desequilibre_de, textes_de
from contrat_ville.instruction.lectures import dernier_complement, grille_de
from contrat_ville.models import (
    Axe,
    Financement,
    LigneBudget,
    Partenaire,
    Politique,
    Porteur,
    Programmation,
    Projet,
)
from contrat_ville.models.evaluation import DEPOSES, SORTS, SOUTENUS, EtatBilan, Sort, de_ce_bilan
from contrat_ville.models.porteurs import adresses_de
from contrat_ville.trouver import projet_du_bureau
from contrat_ville.workflow import ACCOMPAGNES, Etat
from participation.socle.actions import un_a_un
from participation.socle.calendrier import jours_entre
from participation.socle.collectivite import ici_plus_tard
from participation.socle.forms.filters import (
    AgentFilter,
    EcheanceFilter,
    Filtres,
    OuvertsFilter,
    ParmiFilter,
    avec_echeance,
)
from participation.socle.francais import accorder, majuscule, montant
from participation.socle.http.decorateurs import ROLES_BUREAU, reserve_a
from participation.socle.http.requete import RequeteConnectee
from participation.socle.models import Commune, Compte, Demande, Quartier
from participation.socle.views.colonnes import (
    Colonne,
    colonne_agent,
    colonne_echeance,
    colonne_etat,
    colonne_titre,
)
from participation.socle.views.dossier import ou_se_lit, page_dossier
from participation.socle.views.listes import Liste, page_liste
from participation.socle.views.lots import ActeDeLot
from participation.socle.views.pagination import page_courte
from participation.socle.workflow import Role
from participation.suites.lectures import contexte_des_suites


class ProjetFilter(Filtres):
    programmation = ParmiFilter(
        label="Programmation", queryset=Programmation.objects.all(), empty_label="Toutes"
    )
    etat = django_filters.ChoiceFilter(
        label="État",
        choices=[(e.value, majuscule(e.label)) for e in Etat if e != Etat.BROUILLON],
        empty_label="Tous",
    )
    sort = django_filters.ChoiceFilter(
        label="Décision",
        choices=[
            ("deposes", "Tous ceux qui sont déposés"),
            *((s.value, majuscule(s.label)) for s in Sort),
            ("soutenus", "Soutenus, décision notifiée"),
        ],
        empty_label="Toutes",
        method="par_sort",
    )
    axe = ParmiFilter(label="Axe", queryset=Axe.objects.all(), empty_label="Tous", null_label="Sans axe")
    quartier = ParmiFilter(
        label="Quartier",
        queryset=Quartier.objects.select_related("commune"),
        field_name="quartiers",
        empty_label="Tous",
        null_label="Sans quartier",
    )
    financeur = ParmiFilter(
        label="Financeur",
        queryset=Partenaire.objects.filter(est_financeur=True),
        field_name="financements__financeur",
        empty_label="Tous",
    )
    bilan = django_filters.ChoiceFilter(
        label="Bilan",
        choices=[(e.value, majuscule(e.label)) for e in EtatBilan],
        empty_label="Tous",
        method="par_bilan",
    )
    politique = ParmiFilter(
        label=ici_plus_tard("Politique {metropolitaine}"),
        queryset=Politique.objects.all(),
        field_name="politiques",
        empty_label="Toutes",
    )
    aussi = django_filters.ChoiceFilter(
        label="Compte comme",
        choices=[("est_culture", "Culture"), ("est_participation", "Participation citoyenne")],
        empty_label="Tous",
        method="par_aussi",
    )
    ouverts = OuvertsFilter(label="Dossier")
    avis = django_filters.ChoiceFilter(
        label="Avis",
        choices=(("attendus", "Il en manque"), ("rendus", "Tous rendus"), ("aucun", "Aucun demandé")),
        empty_label="Tous",
        method="par_avis",
    )
    echeance = EcheanceFilter()
    agent = AgentFilter()
    # Hidden filters, used by the links of the figures of the evaluation.
    porteur = django_filters.ChoiceFilter(
        field_name="porte_par__nature", choices=Porteur.Nature.choices, widget=forms.HiddenInput
    )
    commune = ParmiFilter(queryset=Commune.objects.all(), method="par_commune", widget=forms.HiddenInput)
    verse = django_filters.ChoiceFilter(
        choices=[("oui", "oui")], method="par_versement", widget=forms.HiddenInput
    )

    bilan_a_demander = django_filters.ChoiceFilter(
        choices=[("oui", "oui")], method="par_demande", widget=forms.HiddenInput
    )

    class Meta:
        model = Projet
        fields: list[str] = []

    def par_aussi(self, projets: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        return projets.filter(**{valeur: True})

    def par_demande(self, projets: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        return projets.filter(pk__in=Projet.objects.bilan_a_demander().values("pk"))

    def par_sort(self, projets: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        return projets.filter(SOUTENUS if valeur == "soutenus" else SORTS.get(valeur, DEPOSES))

    def par_bilan(self, projets: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        return projets.filter(de_ce_bilan(valeur))

    def par_commune(self, projets: QuerySet[Any], nom: str, commune: Commune) -> QuerySet[Any]:
        """Projets with a quartier in this commune.

        A subquery, so that a projet with two quartiers is listed once.
        """
        siens = Quartier.objects.filter(commune=commune, dossiers=OuterRef("pk"))
        return projets.filter(Exists(siens))

    def par_versement(self, projets: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        verses = Financement.objects.filter(projet=OuterRef("pk"), verse__gt=0)
        if financeur := self.form.cleaned_data.get("financeur"):
            verses = verses.filter(financeur=financeur)
        return projets.filter(Exists(verses))

    def par_avis(self, projets: QuerySet[Any], nom: str, valeur: str) -> QuerySet[Any]:
        demandes = Demande.objects.filter(
            dossier=OuterRef("pk"), nature=Demande.Nature.AVIS, annulee_le__isnull=True
        )
        attendus = Exists(demandes.filter(repondue_le__isnull=True))
        if valeur == "attendus":
            return projets.filter(attendus)
        return (
            projets.filter(Exists(demandes), ~attendus)
            if valeur == "rendus"
            else projets.filter(~Exists(demandes))
        )


BUREAU = (Role.AGENT, Role.AGENT_DIRECTION, Role.AGENT_COMMUNE)

PROJETS_MONTRES = 20  # of the porteur, on a page of a projet


def _attente(projet: Projet) -> str:
    """Number of days since the deposit, for a projet that nobody has taken; else ""."""
    if projet.etat != Etat.DEPOSE or projet.agent_id or projet.depose_le is None:
        return ""
    jours = jours_entre(projet.depose_le, timezone.now())
    return f"{accorder(jours, 'jour')} d’attente" if jours else ""


COLONNES = [
    colonne_titre("Projet"),
    colonne_etat("etat"),
    Colonne("porteur", "Porteur", lambda p: p.porte_par, tri="porte_par__nom"),
    Colonne("axe", "Axe", lambda p: p.axe, tri="axe__ordre", a_l_ecran=False),
    Colonne(
        "demande",
        "Demandé",
        lambda p: montant(p.montant_demande),
        export=lambda p: p.montant_demande,
        tri="montant_demande",
        nombre=True,
    ),
    Colonne("avis", "Avis", lambda p: f"{p.avis_rendus}/{p.avis_demandes}" if p.avis_demandes else None),
    Colonne("dauphin", "Dauphin", lambda p: p.numero_dauphin or None, a_l_ecran=False),
    colonne_echeance(avec_libelle=False, precision=_attente),
    colonne_agent(),
]


def lot_demander_bilan(compte: Compte) -> ActeDeLot:
    """Ask several projets from Dauphin for their bilan."""
    return ActeDeLot(
        "demander_bilan",
        "Demander le bilan à l’équipe",
        lambda projets, reponses: un_a_un(projets, lambda p: bilan.demander_bilan(p, par=compte, **reponses)),
        form=DemanderBilanForm,
        consequence="Chaque équipe reçoit un courriel. Pour celles qu’aucun courriel ne joint, un courrier s’écrit : à imprimer ensemble, et à poster.",
    )


def lot_demander_avis(compte: Compte) -> ActeDeLot:
    """Ask partners for their opinions on several projets, by one letter each."""
    return ActeDeLot(
        "demander_avis",
        "Demander des avis",
        lambda projets, reponses: avis.demander_avis_en_lot(projets, par=compte, **reponses),
        form=avis.DemanderAvisEnLotForm,
        consequence="Chaque partenaire reçoit une seule lettre, avec la liste des projets et un lien pour répondre sur chacun. Il est rappelé avant le jour dit, et relancé après.",
        paquet=100,
    )


@reserve_a(*BUREAU)
@require_http_methods(["GET", "HEAD", "POST"])
def projets(request: RequeteConnectee) -> HttpResponseBase:
    """List of the projets filed, the first due at the top."""
    objets = avec_echeance(
        Projet.objects.deposes()
        .visibles_par(request.user)
        .avec_avis()
        .select_related("porte_par", "axe", "agent")
    )
    return page_liste(
        request,
        Liste(
            cle="contrat_ville:projets",
            titre="Projets du Contrat de Ville",
            objets=objets,
            filtres=ProjetFilter,
            colonnes=COLONNES,
            tri="echeance_le",
            singulier="projet",
            pluriel="projets",
            app="contrat_ville",
            chapeau="Ce qui est dû d’abord.",
            vide="Les projets déposés par les porteurs, ou venus de Dauphin, s’affichent ici.",
            lots=[
                lot_demander_avis(request.user),
                lot_inscrire(request.user),
                lot_demander_bilan(request.user),
            ]
            if request.user.est_agent
            else [],
        ),
        "contrat_ville/projets/projets.html",
    )


@reserve_a(*ROLES_BUREAU)
@require_safe
def projet(request: RequeteConnectee, pk: int) -> HttpResponse:
    trouve = projet_du_bureau(request, pk)
    if not request.user.est_agent and not Projet.objects.au_bureau_de(request.user).filter(pk=pk).exists():
        return ou_se_lit(trouve)
    complement = dernier_complement(trouve) if request.user.est_agent else None
    # Its budget and its demandes are read once, by all that follows.
    budget = Prefetch("budget", LigneBudget.objects.select_related("financeur"))
    prefetch_related_objects([trouve], budget, "demandes")
    return page_dossier(
        request,
        trouve,
        "contrat_ville/projets/projet.html",
        {
            "projet": trouve,
            "voit_la_liste": not request.user.roles.isdisjoint(BUREAU),
            "textes": textes_de(trouve, complement.changements if complement is not None else None),
            "complement_recu": complement,
            "budget": budget_de(trouve, trouve.budget.all()),
            "budget_faux": " ".join(desequilibre_de(trouve)),
            "indicateurs": reponses_de(trouve),
            "financements": trouve.financements.select_related("financeur"),
            "equipe": trouve.equipe.select_related("compte"),
            "quartiers": trouve.quartiers.select_related("commune"),
            "politiques": trouve.politiques.all(),
            **contexte_des_suites(trouve, request.user),
            **(contexte_instruction(request, trouve) if request.user.est_agent else {}),
        },
    )


def contexte_instruction(request: RequeteConnectee, projet: Projet) -> dict[str, Any]:
    """Context for the agents: grid, opinions, letters, messages, payments, history of the porteur."""
    avis = lectures_instruction.avis_de(projet)
    historique = lectures_instruction.historique_du_porteur(projet)
    lettre = projet.lettre_courante() if projet.decide_le else None
    return {
        "url_adresse": projet.get_adresse_url()
        if projet.permet("corriger_adresse_postale", request.user)
        else "",
        "grille": grille_de(projet),
        "lettre": lettre,
        "est_a_poster": lettre and lettre.signee and not projet.notifie_le and not adresses_de(projet),
        "lettres_d_avant": projet.lettres.filter(annulee_le__isnull=False).exclude(signee=""),
        "recours": [(r, r.actes_permis_a(request.user)) for r in projet.recours.all()],
        "etats_accompagnes": ACCOMPAGNES | {Etat.CLOS},
        "convention": getattr(projet, "convention", None),
        "bilan": getattr(projet, "bilan", None),
        "accompagnements": [
            (ligne, ligne.actes_permis_a(request.user))
            for ligne in projet.accompagnements.select_related("par")
        ],
        "versements": versements_de(projet, request.user),
        "comptes": comptes_lus(projet),
        "reversements": reversements_de(projet, request.user),
        "avis": avis,
        "compte_des_avis": lectures_instruction.compte_des_avis(avis),
        "pourquoi": lectures_instruction.pourquoi_moi(projet),
        "historique": page_courte(historique, PROJETS_MONTRES, request.GET.get("du_porteur")),
        "accordes": historique.filter(etat__in=ACCOMPAGNES | {Etat.CLOS}).count(),
        "bilans_en_retard": projet.bilans_en_retard,
        "adresse_subventions": settings.ADRESSE_SUBVENTIONS.format(siret=projet.porte_par.siret)
        if settings.ADRESSE_SUBVENTIONS and projet.porte_par is not None
        else "",
        "commentaires": [
            (c, c.actes_permis_a(request.user)) for c in lectures_instruction.commentaires_de(projet)
        ],
        "messages_projet": [
            (m, m.actes_permis_a(request.user)) for m in lectures_instruction.messages_de(projet)
        ],
    }
