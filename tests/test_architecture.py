"""Structure of the code: each name that is referred to exists, and nothing is unused."""

import ast
import graphlib
import importlib
import importlib.util
import inspect
import os
import pkgutil
import re
import string
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

from participation.socle import vitrine
from participation.socle.forms.actes import ActeForm
from participation.socle.models import Dossier, LigneDeJournal, Partie, Suivi
from participation.socle.models.suivi import question
from participation.socle.regles.sms import couteux, simplifier
from participation.socle.views.dossier import ACTE_NOMME
from participation.socle.views.pages import _DES_ACTES as DES_ACTES
from participation.socle.workflow import PARTOUT, Role
from tests.maison import APPS, GABARITS, LABELS, MODULES, RACINE, code, instructions, lire

NATURES = [modele for modele in apps.get_models() if issubclass(modele, Dossier) and modele is not Dossier]
SUIVIS = [modele for modele in apps.get_models() if issubclass(modele, Suivi) and modele is not Dossier]
NOM_COMPOSE = "bibliotheques/"  # templates whose name a library builds at run time


# Modules of an app where an act is not done.
SANS_ACTES = {
    "models",
    "lectures",
    "regles",
    "notifications",
    "forms",
    "views",
    "vues",
    "urls",
    "demo",
    "management",
    "migrations",
}


@cache
def fonctions(paquet: str) -> dict[str, object]:
    """Return the public functions of an app, in all the modules where an act may be done."""
    trouvees: dict[str, object] = {}
    for module in pkgutil.walk_packages(importlib.import_module(paquet).__path__, f"{paquet}."):
        if not SANS_ACTES & set(module.name.split(".")):
            trouvees |= vars(importlib.import_module(module.name))
    return {nom: objet for nom, objet in trouvees.items() if callable(objet)}


def routes_nommees(resolveur: URLResolver, espace: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    for motif in resolveur.url_patterns:
        if isinstance(motif, URLResolver):
            yield from routes_nommees(motif, motif.namespace or espace)
        else:
            yield espace, motif.name or "", motif


# Acts of a person without their own page, and where their form or button is.
SANS_PAGE = {
    "adopter_recommandations": "decided in séance",
    "remarquer_pv": "under the text that members read",
    "arriver": "on the list of presences, the member's screen, the page of the code",
    "partir": "on the list of presences and the member's screen",
    "demander_la_parole": "on the screens of a séance",
    "retirer_la_parole": "on the screens of a séance",
    "donner_la_parole": "on the facilitator's screen",
    "enregistrer_brouillon": "a step of the deposit",
    "se_presenter": "a step of the deposit",
    "inviter_copetitionnaires": "a step of the deposit",
    "relancer_copetitionnaires": "a step of the deposit",
    "retirer_invitation": "a step of the deposit",
    "preparer_feuille": "a step of the deposit",
    "admettre_signatures": "on the list of the signatures set aside",
    "rejeter_signatures": "on the list of the signatures set aside",
    "reexaminer_signatures": "on the list of the signatures rejected",
    "imprimer_feuilles": "on the page of the sheets",
    "saisir_ligne": "on the page of the sheet",
    "renvoyer_feuille": "on the page of the check",
    "rejeter_feuille": "on the page of the check",
    "ajouter_reunion": "on the page of the councils",
    "modifier_point": "on the page of the point",
    "inscrire": "on the page of the visit",
    "noter_venues": "on the page of the visit",
    "donner_retour": "on the page of the visit",
    "noter_a_la_table": "on the page of the table",
    "repondre_du_sujet": "done for each by `repondre_sujet`",
}
# Acts whose action has another name: done by another role, or in another table.
FAITS_PAR = {
    "invalider_signatures": "lancer_invalidation",
    "retablir_signatures": "retablir_invalidation",
    "seances.noter_reponse": "repondre",
    "obtenir_place": "remplir_rencontres",
}
# Acts whose page stands beside their form: it looks at what the subject of the action does not know.
LOIN_DE_LEUR_ACTION = {
    "budgets:saisir_idee": "on an unsaved idée, as the budget is what the action takes",
    "contrat_ville:ajouter_suite": "on a projet or a group, as `suites` is asked",
    **dict.fromkeys(
        ("remontees:saisir", "remontees:rattacher", "remontees:attribuer_sujet"), "forms of the triage"
    ),
    "seances:noter_reponse": "the answer of a person, noted by an agent",
}
# Written by the task that does the work after the act.
ETATS_DE_LA_TACHE = {"Invalidation": {"faite", "retablie"}}

ROUTES = list(routes_nommees(get_resolver()))


def paquet_de(modele: type[Suivi]) -> str:
    return modele.__module__.partition(".models")[0]


@pytest.mark.parametrize("modele", SUIVIS)
def test_each_act_has_the_action_of_its_name(modele: type[Suivi]) -> None:
    paquets = (
        paquet_de(modele),
        *(f"participation.{nom}" for nom in ("socle", "suites", "inscriptions", "cadres")),
    )
    actions = {nom for paquet in paquets for nom in fonctions(paquet)}

    # Acts of periodic tasks only have no page: their function may be a private step of a larger one.
    manquantes = [
        acte
        for acte, transition in modele.actes().items()
        if FAITS_PAR.get(f"{modele._meta.app_label}.{acte}", FAITS_PAR.get(acte, acte)) not in actions
        and not (transition.par == {Role.SYSTEME} and f"_{acte}" in actions)
    ]
    assert manquantes == []


@pytest.mark.parametrize("modele", SUIVIS)
def test_each_act_of_a_person_has_its_page(modele: type[Suivi]) -> None:
    portes = {(espace, nom) for espace, nom, _ in ROUTES}
    sans_page = [
        acte
        for acte, transition in modele.actes().items()
        if transition.par != {Role.SYSTEME}
        and not {(app, acte) for app in (modele._meta.app_label, "socle", "cadres")} & portes
        and acte not in SANS_PAGE
    ]
    assert sans_page == []


def test_the_page_of_an_act_stands_on_its_action() -> None:
    """The mechanism has its actions under its views; a page that adapts one (for another role) has it in a lambda."""
    posees = {id(page) for page in DES_ACTES.values()}
    pages = {f"{espace}:{nom}": vars(motif.callback).get("page") for espace, nom, motif in ROUTES}
    loin = {
        nom
        for nom, page in pages.items()
        if page is not None and id(page) not in posees and page.action.__name__ != "<lambda>"
        if not page.action.__module__.startswith(("participation.socle.", "participation.suites."))
    }

    assert loin == set(LOIN_DE_LEUR_ACTION), "Pages à poser sur leur action, par @acte."


@pytest.mark.parametrize("modele", SUIVIS)
def test_each_etat_is_reached_and_has_its_appearance(modele: type[Suivi]) -> None:
    if not any(champ.name == "etat" for champ in modele._meta.fields):
        assert all(transition.de is PARTOUT for transition in modele.TRANSITIONS.values())
        return
    etats = {valeur for valeur, _ in modele._meta.get_field("etat").flatchoices}
    depart = {modele._meta.get_field("etat").default}
    atteints = depart.union(*(transition.vers for transition in modele.TRANSITIONS.values()))
    cites = set().union(*(t.de for t in modele.TRANSITIONS.values() if t.de is not PARTOUT))

    assert etats - atteints - ETATS_DE_LA_TACHE.get(modele.__name__, set()) == set(), "États où rien ne mène."
    assert (atteints | cites) - etats == set(), "États de la table qui n’existent pas."
    # Without appearances, its états are words in a list.
    assert set(modele.APPARENCES) in (set(), etats)


@pytest.mark.parametrize("modele", SUIVIS)
def test_each_etat_agrees_with_its_subject(modele: type[Suivi]) -> None:
    autre_genre = {"le": r"(ée|ue)$", "la": r"[éu]$"}.get(modele.SUJET.split()[0], "$^")
    etats = modele._meta.get_field("etat").flatchoices if hasattr(modele, "etat") else []
    assert not [dit for _, dit in etats if re.search(autre_genre, str(dit).split()[0].strip(","))]


@pytest.mark.parametrize("modele", SUIVIS)
def test_each_act_says_who_how_and_on_what(modele: type[Suivi]) -> None:
    parties = {m._meta.model_name for m in apps.get_models() if issubclass(m, Partie)}
    for acte, transition in modele.actes().items():
        assert transition.par, acte
        assert transition.par <= set(Role.values), acte
        assert transition.libelle, acte
        assert transition.fait, acte
        assert transition.sur in {"", *parties}, acte
        assert len(acte) <= LigneDeJournal._meta.get_field("acte").max_length, acte


def distingues(modele: type[Suivi]) -> Iterator[str]:
    """Yield the texts that `refus` and `manques` of the models of this app compare, or look up."""
    for chemin in code(f"{paquet_de(modele).replace('.', '/')}/models"):
        if not re.search(r"\bdef (?:refus|manques)", lire(chemin)):
            continue
        for fonction in instructions(lire(chemin)):
            if isinstance(fonction, ast.FunctionDef) and fonction.name in {"refus", "manques", "manques_de"}:
                for noeud in ast.walk(fonction):
                    if isinstance(noeud, ast.Compare | ast.Dict):
                        yield from (n.value for n in ast.walk(noeud) if isinstance(n, ast.Constant))


@pytest.mark.parametrize("modele", SUIVIS)
def test_the_condition_of_an_act_is_asked_in_one_place(modele: type[Suivi]) -> None:
    """The row names it: `refus` and `manques` have no branch of their own for this act. They may refuse a whole set of
    acts, for who acts (a member who stands aside) or by the état of the part. It takes the object, the act and who acts.
    """
    nommees = {acte: t.condition for acte, t in modele.actes().items() if t.condition}
    assert not set(nommees) & set(distingues(modele))
    for acte, chemin in nommees.items():
        assert list(inspect.signature(question(chemin)).parameters)[1:] == ["acte", "par"], acte


def test_an_action_takes_what_its_form_asks() -> None:
    manquent = []
    for espace, nom, motif in ROUTES:
        page = getattr(motif.callback, "page", None)
        if page is None:
            continue
        parametres = inspect.signature(page.action).parameters
        if page.form is None or any(p.kind is p.VAR_KEYWORD for p in parametres.values()):
            continue
        if page.form.clean is not ActeForm.clean:  # it returns something else than its fields
            continue
        demandes = set(page.form.base_fields) | ({"vu"} if page.form.SURVEILLES else set())
        manquent += [(f"{espace}:{nom}", champ) for champ in demandes - set(parametres)]
    assert manquent == []


@pytest.mark.parametrize("modele", NATURES)
def test_the_words_of_the_sentences_are_those_the_dossier_gives(modele: type[Dossier]) -> None:
    """A word used in a sentence (`{echeance}`) and missing from `mots_de_suite` would break the page."""
    fonction = ast.parse(textwrap.dedent(inspect.getsource(modele.mots_de_suite)))
    donnes = {
        cle.value
        for noeud in ast.walk(fonction)
        if isinstance(noeud, ast.Dict)
        for cle in noeud.keys
        if isinstance(cle, ast.Constant)
    }
    demandes = {
        mot
        for apparence in modele.APPARENCES.values()
        for phrase in (apparence.ensuite, *apparence.pour.values())
        for _, mot, _, _ in string.Formatter().parse(str(phrase))
        if mot
    }

    assert demandes - donnes == set()


# What is asked of an agent in these états is to wait, or is done on the parts.
ATTEND = {"Avis.transmis", "Campagne.ouverte", "ProjetQuartier.en_cours", "Remontee.transmise"}


@pytest.mark.parametrize("modele", SUIVIS)
def test_what_is_asked_of_somebody_names_an_act_that_she_may_do(modele: type[Suivi]) -> None:
    for etat, apparence in modele.APPARENCES.items():
        for role, phrase in apparence.pour.items():
            nommes = [acte for _, acte in ACTE_NOMME.findall(phrase)]
            for acte in nommes:
                ligne = modele.actes()[acte]
                assert role in ligne.par, (etat, acte)
                assert ligne.part_de(etat), (etat, acte)
            if role == Role.AGENT and f"{modele.__name__}.{etat}" not in ATTEND:
                assert nommes or "{" in phrase, (etat, role, phrase)


def test_each_template_is_used() -> None:
    sources = [lire(chemin) for chemin in code(*APPS, "tests")]
    sources += [lire(chemin) for chemin in GABARITS.rglob("*") if chemin.is_file()]
    tout = "\n".join(sources)

    # f"petitions/depot/{etape}.html" uses every template of the folder.
    composes = tuple(re.findall(r'f"([a-z_]+/(?:[a-z_]+/)*[a-z_]*)\{', tout))

    inutiles = []
    for chemin in sorted(GABARITS.rglob("*")):
        if not chemin.is_file():
            continue
        nom = str(chemin.relative_to(GABARITS))
        if nom.startswith(("courriels/", "sms/", "papier/")) and not chemin.name.startswith("_"):
            continue  # letters have their own test
        court = re.sub(r"^pdf/|\.html$", "", nom)
        if not nom.startswith((NOM_COMPOSE, *composes)) and nom not in tout and f'"{court}"' not in tout:
            inutiles.append(nom)
    assert inutiles == []


def test_each_letter_is_written_by_a_notification_and_each_notification_has_its_letter() -> None:
    tout = "\n".join(lire(chemin) for chemin in code(*APPS))
    lettres = {
        str(chemin.relative_to(GABARITS / "courriels")).removesuffix(".txt")
        for chemin in (GABARITS / "courriels").rglob("*.txt")
        if not chemin.name.startswith("_")
    }
    # Either the full name (« petitions/rejeter »), or the act alone (« rejeter ») where a folder writes to
    # one app only.
    sans_auteur = {
        lettre
        for lettre in lettres
        if f'"{lettre}"' not in tout and f'"{lettre.partition("/")[2]}"' not in tout
    }
    ecrites = set(re.findall(rf'(?:ecrire|composer)\(\s*"((?:{"|".join(LABELS)})/[a-z0-9_]+)"', tout))

    assert sans_auteur == set(), "Lettres que personne n’écrit."
    assert ecrites - lettres == set(), "Lettres sans texte."


def test_a_letter_has_a_subject_then_a_body_and_an_sms_says_it_in_plain_letters() -> None:
    """The same name in both folders makes the same notification.

    Our SMS avoid the characters that double their price.
    """
    for chemin in (c for nom in ("courriels", "sms", "papier") for c in (GABARITS / nom).rglob("*.txt")):
        if not chemin.name.startswith("_"):
            texte = lire(chemin)
            utiles = [
                ligne
                for ligne in texte.splitlines()[:4]
                if not re.fullmatch(r"\s*({%(?! translate| include)[^%]*%}\s*)+", ligne)
            ]
            assert utiles[0].strip(), f"{chemin} : la première ligne est l’objet."
            assert not utiles[1].strip(), f"{chemin} : une ligne vide suit l’objet."
            if "sms" in chemin.parts:
                dit = re.sub(r"{%[^%]*%}|{{[^}]*}}", "", texte.partition("\n")[2])
                assert (GABARITS / "courriels" / chemin.relative_to(GABARITS / "sms")).exists(), chemin
                assert couteux(simplifier(dit)) == "", chemin


def test_each_place_of_a_vitrine_is_in_its_table_asked_for_and_given() -> None:
    """Found by their names: a function whose name nobody asks for would be lost without a word."""
    tout = "\n".join(lire(chemin) for chemin in code(*APPS))
    table = set(re.findall(r"^\| (\w+) +\|", vitrine.__doc__ or "", re.M)) - {"function"}
    demandees = set(re.findall(r'(?:recueillir|fonctions)\(\s*"(\w+)"', tout))
    noms = [f"{app.name}.vitrine" for app in apps.get_app_configs()]
    vitrines = [vars(importlib.import_module(nom)) for nom in noms if importlib.util.find_spec(nom)]

    assert demandees == table, (
        "La table de `participation/socle/vitrine.py` dit chaque place, et chacune se demande."
    )
    assert {place for place in table if not any(place in sienne for sienne in vitrines)} == set()
    assert [
        f"{sienne['__name__']}.{nom}"
        for sienne in vitrines
        for nom, objet in sienne.items()
        if inspect.isfunction(objet) and objet.__module__ == sienne["__name__"] and not nom.startswith("_")
        if nom not in table and len(re.findall(rf"\b{nom}\b", tout)) == 1
    ] == [], "Ni une place de la table, ni appelée."


@cache
def _lire(chemin: Path) -> tuple[list[ast.Import | ast.ImportFrom], list[tuple[str, int]]]:
    """Parse a file once for two rules: its imports, and its functions with their lines."""
    importes, fonctions = [], []
    for noeud in instructions(lire(chemin)):
        if isinstance(noeud, ast.Import | ast.ImportFrom):
            importes.append(noeud)
        elif isinstance(noeud, ast.FunctionDef | ast.AsyncFunctionDef):
            fonctions.append((noeud.name, noeud.end_lineno - noeud.lineno))
    return importes, fonctions


def _imports(chemin: Path, modules: set[str]) -> set[str]:
    """Return the imports of our modules: at the top, in a function, or for types alone."""
    lus: set[str] = set()
    for noeud in _lire(chemin)[0]:
        if isinstance(noeud, ast.Import):
            lus |= {alias.name for alias in noeud.names} & modules
        elif isinstance(noeud, ast.ImportFrom) and noeud.module:
            for alias in noeud.names:
                lus |= {f"{noeud.module}.{alias.name}"} & modules or {noeud.module} & modules
    return lus


def test_each_constraint_says_its_sentence() -> None:
    muettes = [
        contrainte.name
        for modele in apps.get_models()
        if modele.__module__.split(".")[0] in APPS
        for contrainte in modele._meta.constraints
        if contrainte.violation_error_message == contrainte.default_violation_error_message
    ]
    assert muettes == []


def test_what_keeps_a_journal_is_changed_by_its_acts_and_not_in_the_reference_tables() -> None:
    admin.autodiscover()
    tenus = {
        champ.related_model
        for modele in apps.get_models()
        if issubclass(modele, LigneDeJournal)
        for champ in modele._meta.fields
        if champ.is_relation and champ.remote_field.related_name == "journal"
    }

    assert Dossier in tenus
    assert not [modele for modele in admin.site._registry if issubclass(modele, (Partie, *tenus))]


def test_no_file_needs_a_file_that_needs_it() -> None:
    chemins = {
        ".".join(chemin.relative_to(RACINE).with_suffix("").parts).removesuffix(".__init__"): chemin
        for chemin in code(*APPS, "ops")
    }
    graphe = {nom: _imports(chemin, set(chemins)) - {nom} for nom, chemin in chemins.items()}

    graphlib.TopologicalSorter(graphe).prepare()  # raises CycleError, which names the circle


def test_a_class_of_an_app_is_the_only_one_of_its_name() -> None:
    doubles = []
    for app in MODULES:
        ou: dict[str, list[str]] = {}
        for chemin in code(app.replace(".", "/")):
            for classe in re.findall(r"^class (\w+)", lire(chemin), re.MULTILINE):
                ou.setdefault(classe, []).append(str(chemin.relative_to(RACINE)))
        ou.pop("Command", None)  # the name that Django gives them
        doubles += [f"{nom} : {', '.join(chemins)}" for nom, chemins in ou.items() if len(chemins) > 1]
    assert not doubles


def test_no_module_is_over_510_lines_nor_a_function_over_60_nor_a_folder_over_30_entries():
    """A module over some 500 lines becomes a folder of the same name; a test module is split by subject."""
    longs = [
        str(chemin) for chemin in code(*APPS, "ops", "bench", "tests") if len(lire(chemin).splitlines()) > 510
    ]
    for chemin in code(*APPS, "ops"):
        longs += [f"{chemin} {nom}" for nom, lignes in _lire(chemin)[1] if lignes >= 60]
    for tete in (*APPS, "bench", "deploy", "docs", "ops", "static", "templates", "tests"):
        for dossier, sous, fichiers in os.walk(RACINE / tete):
            entrees = {*sous, *fichiers} - {"__pycache__"}
            # Letters are found by their act; migrations are in a row.
            if len(entrees) > 30 and "/templates/courriels/" not in dossier and "/migrations" not in dossier:
                longs.append(f"{dossier} : {len(entrees)}")
    assert not longs


def test_a_page_lists_what_is_wrong_once():
    """`form|crispy` already lists the errors."""
    doubles = [
        str(chemin.relative_to(GABARITS))
        for chemin in GABARITS.rglob("*.html")
        if (texte := lire(chemin)) and "form|crispy" in texte and "participation/errors.html" in texte
    ]
    assert doubles == []


def test_every_letter_of_decision_says_how_to_contest_it_and_who_signs():
    """CRPA, L212-1 and R421-5 of the CJA: both stand in one place, which the letters of decision include."""
    recus = {"petitions/deposer.txt", "contrat_ville/recevoir_recours.txt", "socle/_decision.txt"}
    lettres = RACINE / "templates" / "courriels"
    seules = {
        str(lettre.relative_to(lettres))
        for lettre in lettres.rglob("*.txt")
        if "voies_de_recours" in lettre.read_text(encoding="utf-8")
    }
    assert seules == recus


# Views that refuse by themselves, in the form of their programs, the one that knows no address, and the list of a table of
# one row, which leaves what is not a reading to Django.
REFUSENT_EUX_MEMES = {
    "ouverte.<locals>.repondre",
    "geo_report.<locals>.decorer.<locals>.ecrite",
    "inconnue",
    "UneLigneAdmin.changelist_view",
}


def test_each_view_says_the_methods_that_it_takes():
    """Without `require_safe`, `require_POST` or `require_http_methods`, a view takes any method."""
    maison = tuple(f"{app}." for app in APPS)
    muettes = set()
    for espace, nom, route in ROUTES:
        vue, dit = route.callback, False
        if not vue.__module__.startswith(maison) or hasattr(vue, "view_class"):
            continue
        while vue is not None and not dit:
            qualifie = vue.__code__.co_qualname
            dit = qualifie.startswith("require_http_methods.") or qualifie in REFUSENT_EUX_MEMES
            vue = getattr(vue, "__wrapped__", None)
        if not dit:
            muettes.add(f"{espace}:{nom} ({route.callback.__module__}.{route.callback.__name__})")
    assert muettes == set()


def test_a_list_with_acts_in_lots_takes_a_post() -> None:
    """`page_liste` reads the lot from a POST: a view that only reads would refuse it."""
    for chemin in code(*APPS):
        texte = lire(chemin)
        for vue in re.split(r"\n\n\n", texte):
            if re.search(r"^            lots=\[", vue, re.MULTILINE) and "Liste(" in vue:
                assert "@require_safe" not in vue, chemin.relative_to(RACINE)
