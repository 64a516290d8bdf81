"""No dead end: an act that is shown opens, and what it says must come first is done somewhere that its reader may go."""

import inspect
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import resolve

from participation.socle.management.commands.demo import DOMAINE, PERSONNAGES
from participation.socle.models import Compte, Partie, Suivi, de_quoi
from participation.socle.models.suivi import question
from participation.socle.views.pages import Page, adresse_acte, situer
from participation.socle.workflow import Role
from tests.greffons.marche import essayer

DU_BUREAU = frozenset({Role.AGENT, Role.AGENT_DIRECTION, Role.AGENT_COMMUNE, Role.ELU, Role.ACCUEIL})
# Of one kind, in one état, for one reader, this many objects are looked at; each act of them.
PAR_ETAT = 3


def objets(modele: type[Any], compte: Compte) -> Iterator[Suivi | Partie]:
    """Yield some objects of each état that this reader sees; of the parts, some of each état of what bears them."""
    visibles_par = getattr(modele.objects, "visibles_par", None)
    vus: Counter[tuple[str, str]] = Counter()
    for objet in (visibles_par(compte) if visibles_par else modele.objects.all()).order_by("-pk")[:400]:
        suivi = de_quoi(objet)[0].enfant
        ou = suivi.etat_actuel, str(getattr(objet, "etat", ""))
        vus[ou] += 1
        if vus[ou] <= PAR_ETAT:
            yield suivi if isinstance(objet, Suivi) else objet


def offerts(compte: Compte) -> Iterator[tuple[Suivi | Partie, str, str]]:
    """Yield (object, act, URL of its page) for each act shown to this reader."""
    for modele in apps.get_models():
        if not issubclass(modele, Suivi | Partie) or (issubclass(modele, Suivi) and not modele.TRANSITIONS):
            continue
        for objet in objets(modele, compte):
            for acte in objet.actes_permis_a(compte):
                adresse = adresse_acte(objet, acte)
                if adresse and a_sa_page(objet, adresse):
                    yield objet, acte, adresse


def a_sa_page(objet: Suivi | Partie, adresse: str) -> bool:
    """Whether the page of the act stands there: not a form of a screen, nor the act of the same name on another table."""
    vue: Any = resolve(adresse).func
    page = getattr(vue, "page", None)
    return isinstance(page, Page) and not page.en_un_clic and isinstance(de_quoi(objet)[0].enfant, vue.modele)


@pytest.mark.usefixtures("demonstration", "marche")
def test_an_act_that_is_shown_opens_and_each_obstacle_says_where_it_is_mended() -> None:
    fautes: dict[str, str] = {}
    for compte in Compte.objects.filter(courriel__in=[p.courriel for p in PERSONNAGES]):
        client = Client()
        client.force_login(compte)
        ouvertes: dict[str, int] = defaultdict(int)

        def ouvre(adresse: str, client: Client = client, ouvertes: dict[str, int] = ouvertes) -> int:
            route = resolve(adresse.split("#")[0]).view_name
            if route not in ouvertes:
                ouvertes[route] = essayer(client.get, adresse).status_code
            return ouvertes[route]

        for objet, acte, adresse in offerts(compte):
            # Who has no place in the office acts on pages of her own, at other addresses: `test_liens` follows them.
            if compte.roles.isdisjoint(DU_BUREAU) and ouvre(adresse) in {403, 404}:
                continue
            qui = f"{compte.courriel.removesuffix('@' + DOMAINE)} {type(objet).__name__}.{acte}"
            if (statut := ouvre(adresse)) != 200:
                fautes[qui] = f"{statut} {adresse}"
            suivi, partie = de_quoi(objet)
            for manque in situer(suivi, suivi.enfant.manques(acte, compte, partie), compte):
                if not manque.ou:
                    if suivi.transition(acte).condition not in SANS_ADRESSE:
                        fautes[f"{qui} ?"] = manque
                elif (statut := ouvre(manque.ou)) != 200:
                    fautes[f"{qui} →"] = f"{statut} {manque.ou} : {manque}"
            if vide := sans_choix(adresse, objet, acte, compte):
                fautes[f"{qui} ∅"] = f"{adresse} {vide}"
    assert not fautes, "\n".join(f"{qui} : {quoi}" for qui, quoi in sorted(fautes.items()))


def sans_choix(adresse: str, objet: Suivi | Partie, acte: str, compte: Compte) -> list[str]:
    """Return the required lists of its form that have nothing to choose: no answer would be valid."""
    page: Page[Any] = resolve(adresse).func.page  # type: ignore[attr-defined]
    suivi, partie = de_quoi(objet)
    if page.form is None or suivi.enfant.manques(acte, compte, partie):
        return []
    form: Any = page.form(objet=objet, par=compte)
    return [
        nom
        for nom, champ in form.fields.items()
        if champ.required
        and hasattr(champ, "choices")
        and not any(valeur for valeur, _ in plats(champ.choices))
    ]


def plats(choix: Any) -> Iterator[tuple[Any, Any]]:
    for valeur, mots in choix:
        if isinstance(mots, list | tuple):
            yield from plats(mots)
        else:
            yield str(valeur), mots


# Conditions that nobody mends by an act: they are waited for, or are so for good, and their sentence says it.
ATTEND_SON_JOUR = "the day, or the hour, is said, and nothing brings it nearer"
POUR_DE_BON = "it is so for good: the sentence says what to do instead"
QUELQU_UN_D_AUTRE = "another person, or the worker, does it"
DE_SA_FICHE = "`Joignable.sans_adresse` says it, with the page of the body"
PAR_ETAPES = "the page that files it lists what lacks, step by step"
SANS_ADRESSE = {
    "contrat_ville.models.manques.avant_de_deposer": PAR_ETAPES,
    "contrat_ville.models.manques.porteur_connu": POUR_DE_BON,  # a projet imported without its porteur
    "contrat_ville.models.reseau.Voisin.sont_du_reseau": QUELQU_UN_D_AUTRE,
    "participation.budgets.models.forums.pas_en_ligne": POUR_DE_BON,
    "participation.budgets.models.idees.Idee.avant_de_deposer": ATTEND_SON_JOUR,
    "participation.budgets.models.idees.Idee.avant_de_saisir": ATTEND_SON_JOUR,
    "participation.budgets.models.scrutins.Scrutin.avant_de_remettre": ATTEND_SON_JOUR,
    "participation.cadres.models.evaluations.sans_critere": QUELQU_UN_D_AUTRE,
    "participation.droits.models.copie_gardee": POUR_DE_BON,
    "participation.inscriptions.lectures.avant_le_jour": ATTEND_SON_JOUR,
    "participation.panels.models.manques.questionnaires_fermes": QUELQU_UN_D_AUTRE,
    "participation.renouvellement.models.campagne.Campagne.avant_de_preparer": POUR_DE_BON,
    "participation.renouvellement.models.candidature.Candidature.avant_de_confirmer": POUR_DE_BON,
    "participation.renouvellement.models.regles.CollegeCampagne.avant_d_appeler": QUELQU_UN_D_AUTRE,
    "participation.seances.models.convies.Convie.avant_d_arriver": ATTEND_SON_JOUR,
    "participation.seances.models.convies.Convie.siege": POUR_DE_BON,
    "participation.seances.models.deroule.Deport.avant_de_lever": POUR_DE_BON,
    "participation.seances.models.manques.heure_venue": ATTEND_SON_JOUR,
    "participation.seances.models.manques.jour_venu": ATTEND_SON_JOUR,
    "participation.seances.models.membres.Membre.avant_de_demander": POUR_DE_BON,
    "participation.socle.models.traductions.TexteTraduit.a_relire_par_une_autre": QUELQU_UN_D_AUTRE,
    "participation.socle.models.traductions.sans_texte_public": POUR_DE_BON,
    "participation.suites.models.suites.direction_joignable": DE_SA_FICHE,
    "participation.tirage.models.Tirage.avant_de_calculer": QUELQU_UN_D_AUTRE,
    "participation.tirage.models.Tirage.avant_de_semer": ATTEND_SON_JOUR,
    "participation.tirage.models.Tirage.avant_de_tirer": ATTEND_SON_JOUR,
    "petitions.models.copetitionnaire.CoPetitionnaire.pas_l_auteur": POUR_DE_BON,
    "petitions.models.manques.message_permis": ATTEND_SON_JOUR,
    "petitions.models.manques.reformulation_demandee": QUELQU_UN_D_AUTRE,
    "petitions.models.signature.FeuillePapier.avant_de_saisir": QUELQU_UN_D_AUTRE,
    "petitions.models.signature.FeuillePapier.saisie_par_une_autre": QUELQU_UN_D_AUTRE,
    "remontees.models.attributions.Attribution.avant_de_relancer": DE_SA_FICHE,
    "remontees.models.manques.entree_dans_le_circuit": QUELQU_UN_D_AUTRE,
}


def test_each_condition_of_an_act_that_is_shown_says_where_it_is_mended_or_why_it_does_not() -> None:
    sans = {
        ligne.condition
        for modele in apps.get_models()
        if issubclass(modele, Suivi)
        for ligne in modele.actes().values()
        if ligne.condition and not ligne.si_possible and not dit_ou(question(ligne.condition))
    }
    assert sans == set(SANS_ADRESSE)


def dit_ou(fonction: Any, vues: frozenset[str] = frozenset()) -> bool:
    """Whether this question, or one that it asks, writes a `Manque`."""
    source = inspect.getsource(fonction)
    if "Manque(" in source:
        return True
    demandees = set(re.findall(r"\b(\w+)\(", source)) - vues - {fonction.__name__}
    autres = [getattr(inspect.getmodule(fonction), nom, None) for nom in sorted(demandees)]
    return any(
        dit_ou(autre, vues | demandees)
        for autre in autres
        if inspect.isfunction(autre) and not autre.__module__.startswith("django")
    )
