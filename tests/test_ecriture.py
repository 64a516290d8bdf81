"""Rules of writing: labels, French, dates, module docstrings."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise

from django.apps import apps
from django.urls import get_resolver

from contrat_ville.porteurs.lettres import DECISIONS
from participation.socle.travaux.passages import horaires
from tests.maison import APPS, GABARITS, MODULES, RACINE, code, instructions, lire
from tests.test_acces import adresses

MOTS_INTERDITS = re.compile(r"référendum|referendum|votation|droit de pétition", re.I)


def test_names_shown_begin_in_lower_case() -> None:
    """« second facteur », « SIREN » and « HTML » are right, « Nom » is not: Django adds the capital."""
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
    assert [c for c in chemins if MOTS_INTERDITS.search(lire(c))] == []


def test_no_ending_between_brackets_is_read_to_anybody() -> None:
    """« convoqué(e) » is not read aloud: the sentence is turned so that it speaks to each."""
    fins = re.compile(r"[a-zé]\((?:e|s|es|ne|trice)\)")
    chemins = [*GABARITS.rglob("*.html"), *GABARITS.rglob("*.txt")]

    assert [c for c in chemins if fins.search(lire(c))] == []


def test_no_name_of_a_class_is_a_label() -> None:
    """A renaming of classes that reaches their words is read by people."""
    de_classe = re.compile(r'label="[A-Z][a-zé]+[A-Z]')

    assert [c for c in code(*APPS) if de_classe.search(lire(c))] == []


def test_the_button_of_an_act_is_written_by_its_tag_which_knows_those_done_in_one_click() -> None:
    a_la_main = re.compile(r"\b(?:bouton|boutons\.principal)\.url\b")

    assert [c for c in GABARITS.rglob("*.html") if a_la_main.search(lire(c))] == []


# Most modules match this: they need not be parsed.
DIT_POURQUOI = re.compile(r"(?:#.*\n|\s)*r?\"{3}\s*[^\s\"]")


def test_each_module_says_what_it_is_for() -> None:
    muets = []
    for chemin in code(*APPS):
        texte = lire(chemin)
        court = (
            chemin.name in {"__init__.py", "apps.py", "wsgi.py", "celery.py"} and len(texte.splitlines()) < 60
        )
        if not court and not DIT_POURQUOI.match(texte) and not ast.get_docstring(ast.parse(texte)):
            muets.append(chemin)
    assert muets == []


# What `francais` does, written by hand.
FRANCAIS_A_LA_MAIN = re.compile(
    r"""date_format|intcomma|strftime\("%d|:%d/%m/%Y|["']s["'] if |["']s [^"'{}]+["'] if | else ["']s["']|\[(?::1|0)\]\.(?:low|upp)er\(\) ?[+}]"""
)


# French, and the other languages.
ECRIVENT = {"participation/socle/francais.py", "participation/socle/langues.py"}


def test_french_is_written_from_data_in_one_place() -> None:
    ailleurs = [
        f"{chemin.relative_to(RACINE)} : {trouve.group()}"
        for chemin in code(*APPS)
        if chemin.relative_to(RACINE).as_posix() not in ECRIVENT
        for trouve in FRANCAIS_A_LA_MAIN.finditer(lire(chemin))
    ]
    ailleurs += [
        f"{chemin.relative_to(RACINE)} : {trouve.group()}"
        for chemin in GABARITS.rglob("*")
        if chemin.is_file()
        for trouve in re.finditer(r"""\|(?:pluralize|intcomma|date:["'][^"']*[FlNH])""", lire(chemin))
    ]

    assert ailleurs == [], "Passez par participation/socle/francais.py."


UN_MOT = re.compile(r'''_?\(?"([^"]+)"\)?,? (?:reverse\()?"(\w+:\w+)"''')


def test_an_address_has_one_word_in_the_menu_and_in_the_breadcrumbs() -> None:
    mots: dict[str, set[str]] = {}
    for chemin in GABARITS.rglob("*.html"):
        for fil in re.findall(r"{% fil (.*?)%}", lire(chemin)):
            for mot, adresse in UN_MOT.findall(fil):
                mots.setdefault(adresse, set()).add(mot)
    for chemin in code(*APPS):
        for mot, adresse in re.findall(rf"\({UN_MOT.pattern}", lire(chemin)):
            mots.setdefault(adresse, set()).add(mot)

    assert {adresse: dits for adresse, dits in mots.items() if len(dits) > 1} == {}


def test_each_address_that_a_page_names_exists() -> None:
    """`{% url … as %}` says nothing of a name that is nobody's, or of too many arguments: its link is never shown."""
    connues = {(nom, chemin.count("<")) for nom, chemin in adresses(get_resolver())}
    nommees = {
        ((nom, len(re.sub(r" as \w+ $", " ", suite).split())), chemin.name)
        for chemin in GABARITS.rglob("*.html")
        for nom, suite in re.findall(r"""{% url ["']([^"']+)["']([^%]*)%}""", lire(chemin))
    }

    assert len(nommees) > 1000
    assert [(nommee, ou) for nommee, ou in nommees if nommee not in connues] == []


def test_a_form_that_filters_says_chercher_or_afficher() -> None:
    autres = [
        f"{chemin.relative_to(RACINE)} : {mot}"
        for chemin in GABARITS.rglob("*.html")
        for mot in re.findall(r">\s*((?:Filtrer|Rechercher)[^<]*)</(?:button|span)", lire(chemin))
    ]

    assert autres == [], "« Chercher » où l’on écrit, « Afficher » où tout se choisit : la balise `filtres`."


ARTICLE = re.compile(r"\b[LR]\.? ?\d{3,4}-\d+")


def test_an_article_of_law_is_cited_from_its_table() -> None:
    """A table of acts says its source to who reads the code; a table loaded once, to who corrects it."""
    dits = {chemin: [lire(chemin)] for chemin in GABARITS.rglob("*.*")}
    for chemin in code(*APPS):
        hors = {"workflow", "workflow.py", "management", "migrations", "lois.py"} & set(chemin.parts)
        if not hors and ARTICLE.search(lire(chemin)):
            arbre = ast.parse(lire(chemin))
            expliques = {id(n.value) for n in ast.walk(arbre) if isinstance(n, ast.Expr)}  # docstrings
            dits[chemin] = [
                n.value
                for n in ast.walk(arbre)
                if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in expliques
            ]
    ecrits = [
        f"{chemin.relative_to(RACINE)} : {article}"
        for chemin, textes in dits.items()
        for texte in textes
        for article in ARTICLE.findall(texte)
    ]

    assert ecrits == [], 'Passez par {% ici "loi_…" %} (participation/socle/regles/lois.py).'


# An instant must be converted to Paris time: the first two hours of a day fall on the day before in UTC.
DU_JOUR = {"date", "year", "month", "day", "hour", "weekday", "isocalendar", "strftime"}


# Wider than the check on the syntax tree: nine files in ten need not be parsed.
PEUT_ETRE = re.compile(
    rf"(?:_le|\))\s*\.\s*(?:{'|'.join(sorted(DU_JOUR))})\b|\.\s*days\b|\byear\s*=|(?:_le|now\(.*\))\s*(?:![rsa]\s*)?:"
)


def _est_instant(noeud: ast.expr) -> bool:
    """Return True for `timezone.now()` and for names that end in `_le`, which are instants here."""
    if isinstance(noeud, ast.Call):
        return ast.unparse(noeud.func) in {"timezone.now", "now", "datetime.now"}
    nom = noeud.attr if isinstance(noeud, ast.Attribute) else getattr(noeud, "id", "")
    return nom.endswith("_le")


def _est_date(noeud: ast.expr) -> bool:
    """Return True for the date of an instant, in Paris too: a difference of two counts no days."""
    return _est_instant(noeud) or ast.unparse(noeud) == "timezone.localtime()"


def _fautes_de_calendrier(arbre: ast.Module) -> Iterator[ast.expr]:
    for noeud in ast.walk(arbre):
        match noeud:
            case ast.Attribute(value=instant, attr=nom) if nom in DU_JOUR and _est_instant(instant):
                yield noeud
            # « (b_le - a_le).days » counts spans of 24 hours: use `jours_entre`.
            case ast.Attribute(value=ast.BinOp(left=a, op=ast.Sub(), right=b), attr="days") if _est_date(
                a
            ) or _est_date(b):
                yield noeud
            # 29 February does not exist in most years: use `ajouter_mois`.
            case ast.Call(func=ast.Attribute(attr="replace"), keywords=mots) if any(
                mot.arg == "year" for mot in mots
            ):
                yield noeud
            # « %Y%m%d… » is a key, in any time zone; « %d/%m/%Y » is read by people.
            case ast.FormattedValue(value=instant, format_spec=ast.JoinedStr() as forme) if _est_instant(
                instant
            ) and not ast.unparse(forme).strip("f'\"").startswith("%Y%m"):
                yield noeud


# Words after « de » in a template that are not names: numbers, hours, days.
NOMBRES = {
    "0", "1", "age_minimum", "communes", "debut", "dites", "delai_recevabilite_mois", "ecart", "part_max_numerateur", "secret",
}  # fmt: skip
DE_NON_ELIDE = re.compile(r"\b[Dd]e(?:&nbsp;|\s)(?:<[^>]*>)?\{\{\s*([\w.]+)((?:\|[^}\s]+)*)\s*\}\}")


CITE_A_LA_MAIN = re.compile(r"«(?:&nbsp;|\s)?\{\{[^{}]*\}\}(?:&nbsp;|\s)?»")


def test_a_name_after_de_is_elided_and_one_between_guillemets_cited_by_the_filter() -> None:
    """Never « de » before a variable (« d’AVI-2026-0008 », « d’Odile »); `citer` puts “ ” inside « »."""
    fautes = [
        f"{chemin.relative_to(GABARITS)} : {trouve[0]}"
        for chemin in sorted(GABARITS.rglob("*"))
        if chemin.suffix in {".html", ".txt"}
        for trouve in DE_NON_ELIDE.finditer(lire(chemin))
        if trouve[1].rpartition(".")[2] not in NOMBRES
        and not re.search(r"nombre|heure|temps|jour|citer", trouve[2])
    ]
    fautes += [
        f"{chemin.relative_to(GABARITS)} : {trouve[0]}"
        for chemin in sorted(GABARITS.rglob("*.html"))
        for trouve in CITE_A_LA_MAIN.finditer(lire(chemin))
    ]
    assert fautes == []


def test_a_day_is_never_asked_of_an_instant_in_utc() -> None:
    fautes = [
        f"{chemin.relative_to(RACINE)}:{faute.lineno} {ast.unparse(faute)}"
        for chemin in code(*APPS, "tests")
        if PEUT_ETRE.search(texte := lire(chemin))
        for faute in _fautes_de_calendrier(ast.parse(texte))
    ]

    assert fautes == [], "timezone.localdate(instant), ou participation.socle.calendrier."


def _enfants_sans_bloc(arbre: ast.Module) -> Iterator[int]:
    tenus = {id(tenu.context_expr) for n in ast.walk(arbre) if isinstance(n, ast.With) for tenu in n.items}
    for noeud in ast.walk(arbre):
        if (
            isinstance(noeud, ast.Call)
            and ast.unparse(noeud.func).endswith("Popen")
            and id(noeud) not in tenus
        ):
            yield noeud.lineno


def test_a_child_is_waited_for_by_its_block_or_by_who_starts_servers() -> None:
    """A child process left running gives a warning when it is collected, in an unrelated test."""
    fautes = [
        f"{chemin.relative_to(RACINE)}:{ligne}"
        for chemin in code("ops", "bench", "tests")
        if chemin != RACINE / "ops" / "services.py" and "Popen(" in (texte := lire(chemin))
        for ligne in _enfants_sans_bloc(ast.parse(texte))
    ]

    assert fautes == [], "with subprocess.Popen(…), ou ops.services.lancer"


# « avant le 3 mars » leaves out the day that « au plus tard le 3 mars » includes; a date of ours is the last day itself.
AVANT_LE_DERNIER_JOUR = re.compile(r"avant le \{\{? ?[^}]*(?:date_limite|jusqu_au|limite|jour)\b[^}]*\}")


def test_a_last_day_is_included_where_it_is_said() -> None:
    fautes = [
        f"{chemin.relative_to(RACINE)} : {trouve}"
        for chemin in [*code(*APPS), *GABARITS.rglob("*.html"), *GABARITS.rglob("*.txt")]
        for trouve in AVANT_LE_DERNIER_JOUR.findall(lire(chemin))
        if "ccspl" not in chemin.parts  # L1413-1 CGCT says « avant le 1er juillet »
    ]

    assert fautes == [], "au plus tard le …"


# The subject of a letter that tells somebody what was decided on what they asked.
DIT_UNE_DECISION = re.compile(
    r"recevable\b|ajourné|réserve est levée|candidature est (?:retenue|en liste)|n’est pas (?:retenue|publiée)|Non réalisable|est transmise à l’autorité"
)
# Signed by hand in the PDF that it brings; opinions of members among themselves.
SIGNEES_AUTREMENT = {"contrat_ville/notifier.txt", "ccspl/refuser.txt"}


def test_each_letter_of_decision_says_who_signs_it_and_in_what_quality() -> None:
    """L212-1 CRPA, and how to contest it: one part of a letter, which reads the settings by itself."""
    lettres = GABARITS / "courriels"
    decisions = [
        chemin
        for chemin in sorted(lettres.rglob("[!_]*.txt"))
        if DIT_UNE_DECISION.search("\n".join(lire(chemin).split("\n", 2)[:2]))
        and str(chemin.relative_to(lettres)) not in SIGNEES_AUTREMENT
    ]
    decisions += [lettres / f"contrat_ville/{nom}.txt" for nom in DECISIONS]

    assert len(decisions) >= 12
    sans = [c for c in decisions if "courriels/socle/_decision.txt" not in lire(c)]
    assert sans == []
    # It signs: by who decides, else by the service. Never by both.
    assert [c for c in decisions if "_signature.txt" in lire(c)] == []


def test_a_decision_on_paper_says_how_to_contest_it_as_by_mail() -> None:
    """Without it, the delay of a recours does not run (R421-5 CJA). The three letters of a selection are one on paper."""
    sur_papier, par_courriel = GABARITS / "papier", GABARITS / "courriels"
    contestables = [sur_papier / "renouvellement/arreter.txt"] + [
        chemin
        for chemin in sorted(sur_papier.rglob("[!_]*.txt"))
        if (autre := par_courriel / chemin.relative_to(sur_papier)).exists()
        and '"courriels/socle/_decision.txt" %}' in lire(autre)
    ]

    assert len(contestables) >= 5
    assert [chemin for chemin in contestables if "papier/socle/_voies.txt" not in lire(chemin)] == []


# Dividing seconds by 86,400 gives the day of UTC, which begins at one or two in Paris.
JOURS_DE_24_HEURES = re.compile(
    r"timezone\.now\(\) [+-] timedelta\((?:days|weeks|hours=24\b).*|// ?86_?400.*"
)


def test_a_day_counted_from_today_is_proposed_by_a_form_not_shown_as_a_fact() -> None:
    """Otherwise a form opened before midnight is refused after it: its object would seem to have changed."""
    fautes = []
    for chemin in code(*APPS):
        if "def initiales" not in lire(chemin):
            continue
        for fonction in instructions(lire(chemin)):
            if isinstance(fonction, ast.FunctionDef) and fonction.name == "initiales":
                texte = ast.unparse(fonction)
                dits = texte.count("localdate()") - texte.count("localdate().year")
                proposes = sum(
                    ast.unparse(appel).count("localdate()")
                    for appel in ast.walk(fonction)
                    if isinstance(appel, ast.Call) and getattr(appel.func, "id", "") == "propose"
                )
                fautes += [f"{chemin.name} : propose(…)"] if dits != proposes else []
    assert fautes == []


def test_days_are_counted_in_wall_hours() -> None:
    """With days of 24 hours, « in two days » can be the third day when the clock changes in the evening."""
    fautes = [
        f"{chemin.relative_to(RACINE)} : {trouve.strip()}"
        for chemin in code(*APPS, "tests")
        for trouve in JOURS_DE_24_HEURES.findall(lire(chemin))
    ]

    assert fautes == [], "timezone.localtime() + timedelta(days=…), ou timezone.localdate()"


# A window of 24 hours only limits a volume; it never stands for a number of days that was promised.
DELAI_A_L_HEURE = re.compile(r"timezone\.localtime\(\) - timedelta\(days=(?!1\)).*")


def test_what_is_kept_so_many_days_is_kept_whole_days() -> None:
    """Counted from the hour of the act, « effacé après 15 jours » would be done the next morning."""
    fautes = [
        f"{chemin.relative_to(RACINE)} : {trouve}"
        for chemin in code(*APPS)
        if not {"demo", "management"} & {*chemin.parts, chemin.stem}
        for trouve in DELAI_A_L_HEURE.findall(lire(chemin))
    ]

    assert fautes == [], "participation.socle.calendrier.il_y_a_plus_de(jours)"


def test_no_task_is_set_in_the_hour_that_the_spring_takes_away() -> None:
    """The hour from two to three in Paris is skipped once a year, and repeated once a year."""
    fautives = [
        nom
        for nom, tache in horaires().items()
        if hasattr(tache["schedule"], "hour") and tache["schedule"].hour == {2}
    ]

    assert fautives == []


LOURDES = {
    "participation.socle.tasks.examiner_pdf",
    "remontees.apprendre",
}  # these may wait for the next night


def test_a_task_of_each_day_is_done_on_its_day_when_the_worker_comes_back_late() -> None:
    """A worker stopped for an hour must not delay a letter to the next day, nor send it at night."""
    perdues = [
        nom
        for nom, tache in horaires().items()
        if hasattr(tache["schedule"], "hour")
        and len(tache["schedule"].hour) == 1
        and nom not in LOURDES
        and tache.get("options", {}).get("expires", 36_000) < 36_000
    ]

    assert perdues == []


# Look like paths but are not: the name of a format, a network, files made at run time.
PAS_DES_CHEMINS = {"participation/seance", "192.0.2.0/24", ".data/journaux/", ".data/audit.csv"}
ETAGES = ("", "participation", *(module.replace(".", "/") for module in MODULES))


def test_what_the_documents_quote_exists() -> None:
    """Checks each path, `make` command and name of the code quoted in the documents."""
    noms = set(re.findall(r"\w+", "".join(lire(c) for c in code(*APPS, "tests", "ops"))))
    cibles = set(re.findall(r"^([\w-]+):", (RACINE / "Makefile").read_text(encoding="utf-8"), re.M))
    perdus = []
    for document in [*RACINE.glob("*.md"), *(RACINE / "docs").rglob("*.md")]:
        texte = document.read_text(encoding="utf-8")
        citations = set(re.findall(r"`([^`\n]+)`", texte)) - PAS_DES_CHEMINS
        chemins = {
            c for c in citations if re.fullmatch(r"(?!\.data/)[\w.-]+(/[\w.-]+)+/?", c)
        }  # made as it runs
        perdus += [
            f"{document.name} : {chemin}"
            for chemin in chemins
            if not any((RACINE / e / f"{chemin}{fin}").exists() for e in ETAGES for fin in ("", ".py"))
        ]
        liens = {lien for lien in re.findall(r"\]\(([^)#]+)", texte) if "://" not in lien}
        perdus += [f"{document.name} : {lien}" for lien in liens if not (document.parent / lien).exists()]
        commandes = re.findall(r"(?:^|`)make ([\w-]+)", texte, re.M)
        perdus += [f"{document.name} : make {c}" for c in commandes if c not in cibles]
        points = {c.partition("(")[0] for c in citations if re.fullmatch(r"[a-z_]+(\.\w+)+(\(.*\))?", c)}
        points -= {c for c in points if c.endswith((".js", ".md", ".toml"))}
        perdus += [f"{document.name} : {c}" for c in points if not set(c.split(".")) <= noms]
    assert perdus == []


def titres(texte: str) -> set[str]:
    """Return the anchors of the headings of a document."""
    dits = re.findall(r"^#+ (.+)$", texte, re.M)
    return {re.sub(r"[^\w\- ]", "", dit.strip().lower()).replace(" ", "-") for dit in dits}


def test_each_link_to_a_heading_of_a_document_finds_it() -> None:
    textes = {
        d.resolve(): d.read_text(encoding="utf-8")
        for d in [*RACINE.glob("*.md"), *RACINE.glob("docs/**/*.md")]
    }
    perdus = [
        f"{document.name} : {fichier}#{ancre}"
        for document, texte in textes.items()
        for fichier, ancre in re.findall(r"\]\(([\w./-]+\.md)?#([^)]+)\)", texte)
        if ancre not in titres(textes[(document.parent / fichier).resolve() if fichier else document])
    ]
    assert perdus == []


# A click, a key or a tap returns before the page that it opens has a body, and before a script has done its work.
GESTES = {"click", "press", "tap", "dblclick"}
LECTURES = {
    *("evaluate", "count", "is_visible", "inner_text", "all_inner_texts", "text_content", "content"),
    *("controler", "fautes_d_axe", "goto", "refresh_from_db", "get", "exists", "first", "latest"),
}


def appels(instruction: ast.AST) -> set[str]:
    return {
        noeud.func.attr if isinstance(noeud.func, ast.Attribute) else getattr(noeud.func, "id", "")
        for noeud in ast.walk(instruction)
        if isinstance(noeud, ast.Call)
    }


def test_no_browser_test_reads_at_once_what_a_click_has_set_off() -> None:
    """Between the two: `expect(…)`, or the click itself is given to `suivre` (tests/greffons/navigateur.py)."""
    fautes = []
    for chemin in code("tests"):
        texte = lire(chemin)
        if not any(f".{geste}(" in texte for geste in GESTES):
            continue
        suites = [getattr(noeud, "body", None) for noeud in ast.walk(ast.parse(texte))]
        fautes += [
            f"{chemin.relative_to(RACINE)}:{suivante.lineno}"
            for suite in suites
            if isinstance(suite, list)
            for geste, suivante in pairwise(suite)
            if isinstance(geste, ast.Expr) and appels(geste) & GESTES
            if isinstance(suivante, ast.Assert)
            or (appels(suivante) & LECTURES and "expect" not in appels(suivante))
        ]
    assert fautes == []
