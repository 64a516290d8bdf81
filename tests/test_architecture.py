"""The style of the house, executed: what each name promises is there, and nothing is there for nobody."""

import ast
import graphlib
import importlib
import inspect
import pkgutil
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from participation.socle.forms.actes import ActeForm
from participation.socle.horloge import horaires
from participation.socle.models import Dossier, LigneDeJournal, Partie, Suivi
from participation.socle.regles.sms import couteux, simplifier
from participation.socle.workflow import PARTOUT, Role, Transition

RACINE = Path(settings.BASE_DIR)
APPS = ("participation", "petitions", "ccspl", "contrat_ville", "remontees")
GABARITS = RACINE / "templates"
NATURES = [modele for modele in apps.get_models() if issubclass(modele, Dossier) and modele is not Dossier]
SUIVIS = [modele for modele in apps.get_models() if issubclass(modele, Suivi) and modele is not Dossier]
MOTS_INTERDITS = re.compile(r"référendum|referendum|votation|droit de pétition", re.I)
# Templates that a library asks for by a name made at run time, and Django's own names.
NOMS_CONVENUS = re.compile(
    r"^(400|403|403_csrf|404|409|413|429|500|base|public|bureau)\.html$"
    r"|^(account|allauth|mfa|socialaccount|usersessions|participation|registration|admin|django)/"
)


def code(*dossiers: str) -> Iterator[Path]:
    for dossier in dossiers:
        yield from (chemin for chemin in (RACINE / dossier).rglob("*.py") if "migrations" not in chemin.parts)


def fonctions(paquet: str) -> dict[str, object]:
    """Public functions of a package of actions, of all its modules."""
    module = importlib.import_module(paquet)
    trouvees = dict(vars(module))
    for sous in pkgutil.iter_modules(getattr(module, "__path__", [])):
        trouvees |= vars(importlib.import_module(f"{paquet}.{sous.name}"))
    return {nom: objet for nom, objet in trouvees.items() if callable(objet)}


def actes(modele: type[Suivi]) -> dict[str, Transition]:
    return {**getattr(modele, "ACTES_COMMUNS", {}), **modele.TRANSITIONS}


def routes_nommees(resolveur: URLResolver, espace: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    for motif in resolveur.url_patterns:
        if isinstance(motif, URLResolver):
            yield from routes_nommees(motif, motif.namespace or espace)
        else:
            yield espace, motif.name or "", motif


# Acts of a person that need no page of their own, and where their form or their button stands.
SANS_PAGE = {
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
# Acts whose action bears another name: the same thing done by somebody else, or on another table.
FAITS_PAR = {
    "lancer_invalidation": "invalider_signatures",
    "retablir_invalidation": "retablir_signatures",
    "seances.noter_reponse": "repondre",
    "obtenir_place": "remplir_rencontres",
}
# Set by the task that does the work once the act has asked for it.
ETATS_DE_LA_TACHE = {"Invalidation": {"faite", "retablie"}}

ROUTES = list(routes_nommees(get_resolver()))


def paquet_de(modele: type[Suivi]) -> str:
    return modele.__module__.partition(".models")[0]


@pytest.mark.parametrize("modele", SUIVIS)
def test_each_act_has_the_action_of_its_name(modele: type[Suivi]) -> None:
    actions = fonctions(f"{paquet_de(modele)}.actions") | fonctions("participation.socle.actions")

    # What the clock alone does is no door: its function may be the private step of a larger one.
    manquantes = [
        acte
        for acte, transition in actes(modele).items()
        if FAITS_PAR.get(f"{modele._meta.app_label}.{acte}", FAITS_PAR.get(acte, acte)) not in actions
        and not (transition.par == {Role.SYSTEME} and f"_{acte}" in actions)
    ]
    assert manquantes == []


@pytest.mark.parametrize("modele", SUIVIS)
def test_each_act_of_a_person_has_its_page(modele: type[Suivi]) -> None:
    portes = {(espace, nom) for espace, nom, _ in ROUTES}
    sans_page = [
        acte
        for acte, transition in actes(modele).items()
        if transition.par != {Role.SYSTEME}
        and not {(modele._meta.app_label, acte), ("socle", acte)} & portes
        and acte not in SANS_PAGE
    ]
    assert sans_page == []


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
def test_each_act_says_who_how_and_on_what(modele: type[Suivi]) -> None:
    parties = {m._meta.model_name for m in apps.get_models() if issubclass(m, Partie)}
    for acte, transition in actes(modele).items():
        assert transition.par, acte
        assert transition.par <= set(Role.values), acte
        assert transition.libelle, acte
        assert transition.fait, acte
        assert transition.sur in {"", *parties}, acte
        assert len(acte) <= LigneDeJournal._meta.get_field("acte").max_length, acte


def test_an_action_takes_what_its_form_asks() -> None:
    manquent = []
    for espace, nom, motif in ROUTES:
        page = getattr(motif.callback, "page", None)
        if page is None:
            continue
        parametres = inspect.signature(page.action).parameters
        if page.form is None or any(p.kind is p.VAR_KEYWORD for p in parametres.values()):
            continue
        if page.form.clean is not ActeForm.clean:  # it gives something else than its fields
            continue
        demandes = set(page.form.base_fields) | ({"vu"} if page.form.SURVEILLES else set())
        manquent += [(f"{espace}:{nom}", champ) for champ in demandes - set(parametres)]
    assert manquent == []


@pytest.mark.parametrize("modele", NATURES)
def test_the_words_of_the_sentences_are_those_the_dossier_gives(modele: type[Dossier]) -> None:
    """`{echeance}` in a sentence and "echeance" in mots_de_suite: a missing one would be a page in error."""
    source = Path(importlib.import_module(modele.__module__).__file__).read_text(encoding="utf-8")
    fonction = next(
        noeud
        for noeud in ast.walk(ast.parse(source))
        if isinstance(noeud, ast.FunctionDef) and noeud.name == "mots_de_suite"
    )
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
        for _, mot, _, _ in string.Formatter().parse(phrase)
        if mot
    }

    assert demandes - donnes == set()


def test_each_template_is_used() -> None:
    sources = [chemin.read_text(encoding="utf-8") for chemin in code(*APPS, "tests")]
    sources += [chemin.read_text(encoding="utf-8") for chemin in GABARITS.rglob("*") if chemin.is_file()]
    tout = "\n".join(sources)

    # f"petitions/depot/{etape}.html" uses every template of the folder.
    composes = tuple(re.findall(r'f"([a-z_]+/(?:[a-z_]+/)*[a-z_]*)\{', tout))

    inutiles = []
    for chemin in sorted(GABARITS.rglob("*")):
        if not chemin.is_file():
            continue
        nom = str(chemin.relative_to(GABARITS))
        if nom.startswith(("courriels/", "sms/", "papier/")) and not chemin.name.startswith("_"):
            continue  # the letters have their own test
        court = re.sub(r"^pdf/|\.html$", "", nom)
        if (
            not NOMS_CONVENUS.match(nom)
            and not nom.startswith(composes)
            and nom not in tout
            and f'"{court}"' not in tout
        ):
            inutiles.append(nom)
    assert inutiles == []


def test_each_letter_is_written_by_a_notification_and_each_notification_has_its_letter() -> None:
    tout = "\n".join(chemin.read_text(encoding="utf-8") for chemin in code(*APPS))
    lettres = {
        str(chemin.relative_to(GABARITS / "courriels")).removesuffix(".txt")
        for chemin in (GABARITS / "courriels").rglob("*.txt")
        if not chemin.name.startswith("_")
    }
    # Either whole (« petitions/rejeter ») or, where a room writes to one app only, the act alone (« rejeter »).
    sans_auteur = {
        lettre
        for lettre in lettres
        if f'"{lettre}"' not in tout and f'"{lettre.partition("/")[2]}"' not in tout
    }
    ecrites = set(
        re.findall(
            r'(?:ecrire|composer)\(\s*"((?:socle|seances|petitions|suites|renouvellement|ccspl|contrat_ville|remontees)/[a-z0-9_]+)"',
            tout,
        )
    )

    assert sans_auteur == set(), "Lettres que personne n’écrit."
    assert ecrites - lettres == set(), "Lettres sans texte."


def test_an_sms_says_in_plain_letters_what_a_letter_says_at_length() -> None:
    """The same name, so the same notification; ours cost no more than they hold."""
    for chemin in (GABARITS / "sms").rglob("*.txt"):
        texte = chemin.read_text(encoding="utf-8")

        assert (GABARITS / "courriels" / chemin.relative_to(GABARITS / "sms")).exists(), chemin
        assert couteux(simplifier(re.sub(r"{%[^%]*%}|{{[^}]*}}", "", texte.partition("\n")[2]))) == "", chemin


def test_a_letter_has_a_subject_then_a_body() -> None:
    for chemin in (c for nom in ("courriels", "sms", "papier") for c in (GABARITS / nom).rglob("*.txt")):
        if not chemin.name.startswith("_"):
            lignes = chemin.read_text(encoding="utf-8").splitlines()
            utiles = [ligne for ligne in lignes[:4] if not re.fullmatch(r"\s*({%[^%]*%}\s*)+", ligne)]
            assert utiles[0].strip(), f"{chemin} : la première ligne est l’objet."
            assert not utiles[1].strip(), f"{chemin} : une ligne vide suit l’objet."


def test_names_shown_begin_in_lower_case() -> None:
    """« second facteur », « SIREN » and « HTML » are right, « Nom » is not: Django puts the capital."""
    noms = [
        (modele.__name__, str(nom))
        for modele in apps.get_models()
        if modele.__module__.startswith(tuple(f"{app}." for app in APPS))
        for nom in (
            modele._meta.verbose_name,
            modele._meta.verbose_name_plural,
            *(champ.verbose_name for champ in modele._meta.local_fields if not champ.auto_created),
        )
    ]

    assert len(noms) > 1000
    assert [(ou, nom) for ou, nom in noms if nom[:1].isupper() and not nom.split()[0].isupper()] == []


def test_no_word_that_a_court_took_away_is_shown() -> None:
    chemins = [*GABARITS.rglob("*.html"), *GABARITS.rglob("*.txt"), *code(*APPS)]

    assert len(chemins) > 1000
    assert [c for c in chemins if MOTS_INTERDITS.search(c.read_text(encoding="utf-8"))] == []


def test_each_module_says_what_it_is_for() -> None:
    """A first line says which question the module answers."""
    muets = []
    for chemin in code(*APPS):
        texte = chemin.read_text(encoding="utf-8")
        court = (
            chemin.name in {"__init__.py", "apps.py", "wsgi.py", "celery.py"} and len(texte.splitlines()) < 60
        )
        if not court and not ast.get_docstring(ast.parse(texte)):
            muets.append(chemin)
    assert muets == []


# What `francais` does, done by hand.
FRANCAIS_A_LA_MAIN = re.compile(
    r"""date_format|intcomma|strftime\("%d|:%d/%m/%Y|["']s["'] if |["']s [^"'{}]+["'] if | else ["']s["']"""
)


def test_french_is_written_from_data_in_one_place() -> None:
    ailleurs = [
        f"{chemin.relative_to(RACINE)} : {trouve.group()}"
        for chemin in code(*APPS)
        if chemin != RACINE / "participation/socle/francais.py"
        for trouve in FRANCAIS_A_LA_MAIN.finditer(chemin.read_text(encoding="utf-8"))
    ]
    ailleurs += [
        f"{chemin.relative_to(RACINE)} : {trouve.group()}"
        for chemin in GABARITS.rglob("*")
        if chemin.is_file()
        for trouve in re.finditer(
            r"""\|(?:pluralize|intcomma|date:["'][^"']*[FlNH])""", chemin.read_text(encoding="utf-8")
        )
    ]

    assert ailleurs == [], "Passez par participation/socle/francais.py."


# What is asked of an instant must be asked in Paris: the first two hours of a day belong, in UTC, to the day before.
DU_JOUR = {"date", "year", "month", "day", "hour", "weekday", "isocalendar", "strftime"}


def _est_instant(noeud: ast.expr) -> bool:
    """`timezone.now()`, or what the house names as an instant: `…_le`."""
    if isinstance(noeud, ast.Call):
        return ast.unparse(noeud.func) in {"timezone.now", "now"}
    nom = noeud.attr if isinstance(noeud, ast.Attribute) else getattr(noeud, "id", "")
    return nom.endswith("_le")


def _fautes_de_calendrier(arbre: ast.Module) -> Iterator[ast.expr]:
    for noeud in ast.walk(arbre):
        match noeud:
            case ast.Attribute(value=instant, attr=nom) if nom in DU_JOUR and _est_instant(instant):
                yield noeud
            # « (b_le - a_le).days » counts spans of 24 hours: see jours_entre.
            case ast.Attribute(value=ast.BinOp(left=a, op=ast.Sub(), right=b), attr="days") if _est_instant(
                a
            ) or _est_instant(b):
                yield noeud
            # 29 February has no such day in another year: see ajouter_mois.
            case ast.Call(func=ast.Attribute(attr="replace"), keywords=mots) if any(
                mot.arg == "year" for mot in mots
            ):
                yield noeud
            # « %Y%m%d… » is a key, any zone will do; « %d/%m/%Y » is read by people.
            case ast.FormattedValue(value=instant, format_spec=ast.JoinedStr() as forme) if _est_instant(
                instant
            ) and not ast.unparse(forme).strip("f'\"").startswith("%Y%m"):
                yield noeud


# What follows a « de » in a template and is no name: numbers, hours, days.
NOMBRES = {
    "0", "1", "age_minimum", "communes", "debut", "delai_recevabilite_mois", "ecart", "part_max_numerateur", "secret",
}  # fmt: skip
DE_NON_ELIDE = re.compile(r"\b[Dd]e(?:&nbsp;|\s)(?:<[^>]*>)?\{\{\s*([\w.]+)((?:\|[^}\s]+)*)\s*\}\}")


def test_a_name_after_de_is_elided_by_the_filter() -> None:
    """« d’AVI-2026-0008 », « du bureau », « d’Odile »: never « de » written before a name."""
    fautes = [
        f"{chemin.relative_to(GABARITS)} : {trouve[0]}"
        for chemin in sorted(GABARITS.rglob("*"))
        if chemin.suffix in {".html", ".txt"}
        for trouve in DE_NON_ELIDE.finditer(chemin.read_text(encoding="utf-8"))
        if trouve[1].rpartition(".")[2] not in NOMBRES
        and not re.search(r"nombre|heure|temps|jour", trouve[2])
    ]
    assert fautes == []


def test_a_day_is_never_asked_of_an_instant_in_utc() -> None:
    fautes = [
        f"{chemin.relative_to(RACINE)}:{faute.lineno} {ast.unparse(faute)}"
        for chemin in code(*APPS)
        for faute in _fautes_de_calendrier(ast.parse(chemin.read_text()))
    ]

    assert fautes == [], "timezone.localdate(instant), ou participation.socle.calendrier."


def test_no_task_is_set_in_the_hour_that_the_spring_takes_away() -> None:
    """From two to three in Paris: missing once a year, and lived twice once a year."""
    fautives = [
        nom
        for nom, tache in horaires().items()
        if hasattr(tache["schedule"], "hour") and tache["schedule"].hour == {2}
    ]

    assert fautives == []


def _imports(chemin: Path, modules: set[str]) -> set[str]:
    """Ours, wherever they stand: at the top, in a function, for the types alone."""
    lus: set[str] = set()
    for noeud in ast.walk(ast.parse(chemin.read_text())):
        if isinstance(noeud, ast.Import):
            lus |= {alias.name for alias in noeud.names} & modules
        elif isinstance(noeud, ast.ImportFrom) and noeud.module:
            for alias in noeud.names:
                lus |= {f"{noeud.module}.{alias.name}"} & modules or {noeud.module} & modules
    return lus


def test_no_file_needs_a_file_that_needs_it() -> None:
    chemins = {
        ".".join(chemin.relative_to(RACINE).with_suffix("").parts).removesuffix(".__init__"): chemin
        for chemin in code(*APPS, "ops")
    }
    graphe = {nom: _imports(chemin, set(chemins)) - {nom} for nom, chemin in chemins.items()}

    graphlib.TopologicalSorter(graphe).prepare()  # raises CycleError, which names the circle


def test_no_module_is_over_400_lines_nor_a_function_over_60():
    """A room over 400 lines becomes a folder of the same name; a module of tests is cut at its subject."""
    a_couper = {"test_acces.py", "test_architecture.py", "test_robustesse.py", "test_robustesse_seances.py"}
    longs = [
        str(chemin)
        for chemin in code(*APPS, "ops", "bench", "tests")
        if chemin.name not in a_couper and len(chemin.read_text(encoding="utf-8").splitlines()) > 400
    ]
    for chemin in code(*APPS, "ops"):
        texte = chemin.read_text(encoding="utf-8")
        longs += [
            f"{chemin} {noeud.name}"
            for noeud in ast.walk(ast.parse(texte))
            if isinstance(noeud, ast.FunctionDef | ast.AsyncFunctionDef)
            and noeud.end_lineno - noeud.lineno >= 60
        ]
    assert not longs


def test_a_page_lists_what_is_wrong_once():
    """`form|crispy` lists it already."""
    doubles = [
        str(chemin.relative_to(GABARITS))
        for chemin in GABARITS.rglob("*.html")
        if (texte := chemin.read_text(encoding="utf-8"))
        and "form|crispy" in texte
        and "participation/errors.html" in texte
    ]
    assert doubles == []
