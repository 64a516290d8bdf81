"""HTML of each component."""

import re
from datetime import UTC, date, datetime, time
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import engines
from django.template.base import Node
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from participation.socle import francais
from participation.socle.graphiques import Carte, Graphique, Jauge, Repere, Serie, Tuile, pourcent
from participation.socle.graphiques.zones import dessiner
from participation.socle.templatetags import composants
from participation.socle.views.dossier import Bouton
from tests.socle.composants import galerie


def rendu(source: str, adresse: str = "/", **contexte: Any) -> str:
    gabarit = engines["django"].from_string(source)
    return re.sub(
        r"\s+",
        " ",
        gabarit.render({**contexte, "request": RequestFactory().get(adresse)}).replace("\u00a0", "~"),
    )


# Text


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        (1284, "1~284"),
        (1234567, "1~234~567"),
        (12.5, "12,5"),
        (-1200, "−1~200"),
        (0, "0"),
        (None, "–"),
        ("x", "x"),
    ],
)
def test_numbers_are_written_the_french_way(valeur: object, attendu: str):
    assert composants.nombre(valeur).replace("\u00a0", "~") == attendu


@pytest.mark.parametrize(
    ("valeur", "attendu"), [(0, ""), (1, ""), (1.5, ""), (2, "s"), ([1, 2], "s"), (None, "")]
)
def test_plural_starts_at_two(valeur: object, attendu: str):
    assert francais.pluriel(valeur) == attendu


def test_plural_takes_two_forms():
    assert (francais.pluriel(1, "al,aux"), francais.pluriel(3, "al,aux")) == ("al", "aux")


def test_days_are_written_in_full_with_the_first_of_the_month_raised():
    assert rendu("{{ d|jour }}", d=date(2027, 1, 8)) == "8~janvier 2027"
    assert rendu("{{ d|jour }}", d=date(2027, 2, 1)) == "1<sup>er</sup>~février 2027"
    assert rendu("{{ d|jour_long }}", d=date(2026, 11, 24)) == "mardi 24~novembre 2026"


def test_short_days_give_the_year_only_when_it_is_not_this_one():
    cette_annee = timezone.localdate().year
    assert ">8~juin</time>" in rendu('{{ d|temps:"court" }}', d=date(cette_annee, 6, 8))
    assert ">1<sup>er</sup>~janv. 2019</time>" in rendu('{{ d|temps:"court" }}', d=date(2019, 1, 1))


def test_instants_are_said_in_the_time_of_grenoble():
    instant = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
    assert rendu("{{ d|heure }}", d=instant) == "14~h~05"
    assert rendu("{{ d|heure }}", d=time(18, 0)) == "18~h"
    attendu = '<time datetime="2026-11-24T14:05+01:00">24~novembre 2026 à 14~h~05</time>'
    assert rendu("{{ d|temps }}", d=instant) == attendu


def test_words_given_as_a_date_come_back_escaped():
    assert rendu("{{ d|temps }}", d="<b>Aujourd’hui</b>") == "&lt;b&gt;Aujourd’hui&lt;/b&gt;"


def test_typography_escapes_then_binds():
    assert rendu("{{ t|typo }}", t="<i> l'eau : « oui » 20 % ?") == "&lt;i&gt; l’eau~: «~oui~» 20~%~?"
    assert rendu("{{ t|typo }}", t="dans 49 jours, le 12 janvier") == "dans 49~jours, le 12~janvier"
    cite = rendu("{{ t|typo }}", t="Réponse à PET-2026-0012, au 12 bis, rue Haute")
    assert cite == 'Réponse à <span class="insecable">PET-2026-0012</span>, au 12~bis,~rue Haute'
    assert rendu("{{ t|typo }}", t="https://a.fr:80/?x=1") == "https://a.fr:80/?x=1"


# Small parts


def test_an_etat_has_an_icon_and_a_word():
    html = rendu('{% etat libelle "succes" %}', libelle="<b>Rendue")
    assert 'class="etat etat-succes"' in html
    assert "#i-coche" in html
    assert 'aria-hidden="true"' in html
    assert "<span>&lt;b&gt;Rendue</span>" in html


def test_each_colour_of_an_etat_is_in_the_theme():
    """The tag makes the name of the class: no search finds it."""
    theme = (settings.BASE_DIR / "static/css/theme.css").read_text()
    assert [c for c in composants.COULEURS if c != "neutre" and f".etat-{c} {{" not in theme] == []


def test_an_etat_refuses_a_colour_that_has_no_meaning():
    with pytest.raises(ValueError, match="Couleur"):
        composants.etat("X", "rose")


def test_the_next_step_names_the_reader_only_when_needed():
    assert "Pour vous" not in rendu('{% ensuite "le comité répond." %}')
    assert "Pour vous&nbsp;: relire." in rendu('{% ensuite "le comité répond." "relire." %}')


def test_progress_gives_values_and_leave_to_go():
    html = rendu("{% progression 142 200 %}")
    assert 'role="progressbar"' in html
    assert 'aria-valuenow="71"' in html
    assert 'width="71%"' in html
    assert "Vous pouvez quitter cette page" in html


def test_a_breadcrumb_follows_the_way_to_a_thing_or_begins_with_the_thing_itself():
    for debut in ("chemin", "commune '/vif/'"):
        html = rendu(
            "{% fil " + debut + ' "Ici" %}', chemin=[("Vif", "/vif/")], commune=SimpleNamespace(nom="Vif")
        )
        assert 'href="/vif/"' in html
        assert "Ici" in html


def test_the_stepper_says_which_step_is_current():
    html = rendu("{% etapes noms 2 %}", noms=["Idée", "Texte", "Dépôt"])
    assert html.index('class="faite"') < html.index('aria-current="step"')
    assert rendu('{% etapes noms "Texte" %}', noms=["Idée", "Texte", "Dépôt"]) == html


def test_a_timeline_carries_past_present_and_future():
    html = rendu("{% frise jalons %}", jalons=galerie.contexte()["jalons"])
    assert '<time datetime="2026-06-22">' in html
    assert html.count("<li") == 3
    assert 'class="en-cours"' in html
    assert 'class="a-venir"' in html


def test_an_empty_list_says_what_will_be_there():
    html = rendu(
        '{% vide "Aucune demande" "Les avis s’affichent ici." "Demander un avis" "/avis" niveau=3 %}'
    )
    assert "<h3>Aucune demande</h3>" in html
    assert 'href="/avis"' in html


# Charts and maps


def test_svg_lengths_use_a_dot_and_stay_in_bounds():
    assert [pourcent(x) for x in (0.856, 1 / 3, 0, 2, -1)] == ["85.6%", "33.33%", "0%", "100%", "0%"]


def test_gauges_draw_bars_cells_and_the_forbidden_zone():
    html = rendu("{% jauges jauges %}", jauges=galerie.jauges())
    assert html.count('class="jauge"') == 3
    assert html.count('rx="1.5"') == 49
    assert html.count('class="plein-rail" x="') == 21 + 2
    assert 'fill="url(#hachures-3)"' in html
    assert "~%" in html


def test_marks_at_the_ends_of_a_gauge_keep_their_words_inside():
    assert [Repere(p).ancre for p in (0, 0.5, 1)] == ["start", "middle", "end"]
    assert Jauge("x", "1", proportion=5).largeur == "100%"


def test_the_map_never_shows_a_number_under_five():
    html = rendu("{% tuiles carte %}", carte=galerie.carte())
    assert 'role="img"' in html
    assert "Signatures par commune~: Vizille 1~372, Échirolles 231" in html
    assert "Vif~: moins de~5" in html
    assert "2~communes à moins de~5~signatures" in html
    assert "66,3~%" in html


def test_a_map_of_links_names_each_commune():
    html = rendu("{% tuiles carte %}", carte=galerie.carte(liens=True))
    assert 'role="group"' in html
    assert '<a href="/communes/38545" aria-label="Vif~: moins de~5">' in html


def carre(ouest, cote=0.1):
    est = ouest + cote
    return {
        "type": "Polygon",
        "coordinates": [[[ouest, 45], [est, 45], [est, 45 + cote], [ouest, 45 + cote], [ouest, 45]]],
    }


def test_communes_are_drawn_by_their_shapes_with_their_number_where_it_has_room():
    tuiles = [Tuile("1", "Vif", "VIF", 0, 0, 30, "/vif"), Tuile("2", "Claix", "CLX", 1, 0, 1372)]
    fond = dessiner({"1": carre(5), "2": carre(5.2, 0.01)}, "Contours : essai.")
    html = rendu("{% tuiles carte %}", carte=Carte(tuiles, fond=fond))

    assert html.count("<path d=") == 2
    assert "<rect x=" not in html
    assert '<a href="/vif" aria-label="Vif~: 30">' in html
    assert ">30</text>" in html
    assert ">1~372</text>" not in html
    assert "Claix~: 1~372" in html
    assert "Contours~: essai." in html


def test_one_shape_missing_or_unreadable_and_all_communes_are_tiles():
    tuiles = [Tuile("1", "Vif", "VIF", 0, 0, 30), Tuile("2", "Claix", "CLX", 1, 0, 2)]
    for autre in ({}, [], "x", {"type": "Polygon"}, {"type": "Polygon", "coordinates": [[[1, 2]]]}):
        html = rendu("{% tuiles carte %}", carte=Carte(tuiles, fond=dessiner({"1": carre(5), "2": autre})))
        assert "<path" not in html.replace('<path d="m', "")
        assert 'class="sigle"' in html


def test_stacked_bars_give_their_totals_and_their_table():
    html = rendu("{% barres g %}", g=galerie.contexte()["services"])
    assert "suivies 19" in html
    assert '<span class="valeur">18</span>' in html
    assert html.count('<th scope="row">') == 3
    assert "<td" in html


def test_columns_cope_with_a_hundred_and_twenty_days():
    graphique: Graphique = galerie.contexte()["signatures"]
    html = rendu("{% colonnes g %}", g=graphique)
    assert 'role="img"' in html
    assert html.count('<th scope="row">') == 120
    etiquettes = [t for t in graphique.textes if t.y == "192"]
    assert 2 <= len(etiquettes) <= 9
    assert "," not in "".join(s.x + s.y + s.hauteur for s in graphique.colonnes)


def test_charts_survive_nothing_zero_and_holes():
    assert "Aucune donnée" in rendu("{% colonnes g %}", g=galerie.contexte()["rien"])
    for valeurs in ([0, 0], [None, 3], [0.2, 0.4], [1, 1]):
        g = Graphique("T", ["a", "b"], [Serie("s", valeurs)], "C")
        assert "<table" in rendu("{% colonnes g %}{% barres g %}", g=g)


def test_a_chart_refuses_five_series_or_a_missing_value():
    with pytest.raises(ValueError, match="quatre"):
        Graphique("T", [], [Serie("s", [])] * 5)
    with pytest.raises(ValueError, match="catégorie"):
        Graphique("T", ["a"], [Serie("s", [])])


# Lists


def test_pages_keep_the_filters_of_the_address():
    html = rendu("{% pages page %}", "/liste?etat=a&etat=b&page=2", page=Paginator(range(233), 20).page(2))
    assert "21 à 40 sur 233" in html
    assert 'href="?etat=a&amp;etat=b&amp;page=3"' in html
    assert 'aria-current="page" aria-label="Page 2"' in html


def test_a_sorted_head_says_its_direction_and_turns_it():
    croissant = rendu('{% tri "titre" "Titre" courant="titre" %}', "/liste?tri=titre&page=3")
    assert 'aria-sort="ascending"' in croissant
    assert 'href="?tri=-titre"' in croissant
    assert "aria-sort" not in rendu('{% tri "titre" "Titre" courant="agent" %}', "/liste?tri=titre")
    assert 'aria-sort="descending"' in rendu('{% tri "titre" "Titre" courant="-titre" %}')


# Forms


def test_a_field_has_its_label_hint_and_error_tied_to_it():
    html = rendu("{% crispy form %}", form=galerie.SignatureForm({"courriel": "lea@"}))
    assert '<label for="id_courriel">' in html
    assert 'aria-describedby="id_courriel_helptext id_courriel_error"' in html
    assert 'id="id_courriel_helptext"' in html
    assert 'id="id_courriel_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'autocomplete="email"' in html
    assert 'class="form-select"' in html
    assert 'type="date"' in html
    assert 'type="datetime-local"' in html
    assert 'data-compteur="2000"' in html
    assert 'enctype="multipart/form-data"' in html
    assert "novalidate" in html


def test_choices_are_a_group_with_a_legend():
    html = rendu("{{ form|crispy }}", form=galerie.SignatureForm())
    assert re.search(
        r"<fieldset [^>]*aria-describedby=\"id_mode_helptext\"[^>]*> <legend>Comment viendrez-vous~\?", html
    )
    assert '<label for="id_mode_0">En salle</label>' in html
    assert "(facultatif)" in html


def test_the_summary_comes_first_and_leads_to_each_field():
    html = rendu("{% crispy form %}", form=galerie.SignatureForm({"prenom": "Léa", "courriel": "lea@"}))
    assert html.index('class="recapitulatif" role="alert"') < html.index('id="id_prenom"')
    assert "Quatre réponses sont à corriger" in html
    assert [
        cible
        for cible in ("#id_courriel", "#id_commune", "#id_mode_0", "#id_age")
        if f'href="{cible}"' not in html
    ] == []
    assert "Comment viendrez-vous~? Choisissez une réponse." in html
    for identifiant in re.findall(r'href="#(id_\w+)"', html):
        assert f'id="{identifiant}"' in html


def test_a_date_typed_by_the_browser_comes_back_as_it_was():
    html = rendu("{{ form|crispy }}", form=galerie.SignatureForm(initial={"naissance": date(1990, 5, 2)}))
    assert 'value="1990-05-02"' in html
    assert galerie.SignatureForm({"naissance": "1990-05-02"})["naissance"].errors == []


def test_facts_and_tables_are_said_in_one_line_and_escaped():
    assert rendu('{% fait "Lieu" lieu %}', lieu="<Ici>") == "<div><dt>Lieu</dt><dd>&lt;Ici&gt;</dd></div>"
    assert '<dd class="code">' in rendu('{% fait "Lieu" lieu|typo "code" %}', lieu="Ici")
    assert rendu('{% entetes "Nom" "#Venus" an "(Acte)" %}', an=2026) == (
        '<thead><tr><th scope="col">Nom</th><th scope="col" class="nombre">Venus</th><th scope="col" class="nombre">2026</th>'
        '<th scope="col"><span class="visually-hidden">Acte</span></th></tr></thead>'
    )
    assert '<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Nom' in rendu(
        '{% entetes_empilees "Nom" %}'
    )
    assert rendu('{% rangee "Avis" un|nombre rien|nombre %}', un=1200, rien=None) == (
        '<tr><th scope="row">Avis</th><td class="nombre">1~200</td><td class="nombre">–</td></tr>'
    )
    vers = rendu('{% fil "Accueil" "socle:accueil" "Liste" "/liste/" "Fermé" "" "Ici" %}')
    assert 'href="/"' in vers
    assert 'href="/liste/"' in vers
    assert "<li><span>Fermé</span></li>" in vers


def test_filters_offer_to_show_everything_again():
    html = rendu('{% filtres form "Chercher" %}', "/liste?etat=deposee", form=galerie.FiltresForm())
    assert 'role="search"' in html
    assert '<a class="btn btn-discret btn-sm" href="/liste">' in html
    assert "Tout afficher" not in rendu('{% filtres form "Chercher" %}', "/liste", form=galerie.FiltresForm())


# Layouts and error pages


@pytest.mark.parametrize("page", ["public.html", "bureau.html"])
def test_a_layout_has_its_landmarks_and_says_an_error_in_its_title(page: str):
    html = galerie.rendre(page)
    assert re.search(r'<html lang="fr"\s+data-app="petitions">', html)
    assert "<title>Galerie – Participation, Grenoble-Alpes Métropole</title>" in html
    assert '<main id="contenu"' in html
    assert html.count("<h1") == 1
    assert "Erreur&nbsp;: Galerie" in galerie.rendre(page, form=galerie.SignatureForm({}))


def test_a_public_page_asks_nothing_of_the_visitor():
    html = galerie.rendre("public.html")
    assert "Pétitions" in html
    assert "X-CSRFToken" not in html


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "409", "413", "429", "500"])
def test_an_error_page_stands_without_a_context(code: str):
    html = render_to_string(f"erreurs/{code}.html")
    assert html.count("<h1>") == 1
    assert "accueil" in html or "dossier" in html


def test_a_conflict_leads_back_to_the_file():
    html = render_to_string(
        "erreurs/409.html", {"message": "Samir a rejeté <cette> pétition.", "retour": "/dossiers/1"}
    )
    assert "&lt;cette&gt;" in html
    assert 'href="/dossiers/1"' in html


def test_a_map_of_49_communes_costs_the_templates_what_a_map_of_one_costs(monkeypatch):
    tournes = []
    vrai = Node.render_annotated
    monkeypatch.setattr(Node, "render_annotated", lambda noeud, c: tournes.append(noeud) or vrai(noeud, c))

    def tours(combien):
        tournes.clear()
        rendu(
            "{% tuiles carte %}",
            carte=Carte([Tuile(str(n), "Vif", "V", n, 0, 30, "/") for n in range(combien)]),
        )
        return len(tournes)

    assert tours(49) == tours(1)


def test_what_is_repeated_for_each_commune_is_escaped():
    carte = Carte([Tuile("1", "<b>Vif</b>", "<i>", 0, 0, 30, '/?a="&b'), Tuile("2", "Claix", "CL", 1, 0)])
    html = rendu("{% tuiles carte %}", carte=carte)
    assert "<b>" not in html
    assert "<i>" not in html
    assert html.count("&lt;b&gt;Vif&lt;/b&gt;") >= 3  # title of the tile, its link, row of the table
    assert html.count('href="/?a=&quot;&amp;b"') == 2
    assert html.count('<th scope="row">') == 2


def test_the_card_of_a_row_never_says_a_dash_alone():
    """On a phone, « Porteur : – » would mean nothing: empty cells have the class `rien`, hidden in cards."""
    fautes = []
    for page in (settings.BASE_DIR / "templates").rglob("*.html"):
        dit = page.read_text(encoding="utf-8")
        cellules = re.findall(r'<td role="cell"[^>]*data-titre="[^"]+"[^>]*>.*?</td>', dit, re.S)
        fautes += [
            f"{page.name} : {c}"
            for c in cellules
            if re.search(r'%}–{%|default:"–"|>–<', c) and "rien" not in c
        ]
    assert not fautes


def test_the_button_of_an_act_done_in_one_click_is_a_form_and_that_of_a_page_a_link():
    lien, geste = Bouton("lire", "Lire", "/lire/"), Bouton("oter", "Ôter", "/oter/", True, True)
    source = '{% bouton un "btn-discret" ", " quoi danger="btn-danger" %}'

    dits = [rendu(source, un=un, quoi="<a>", csrf_token="jeton") for un in (lien, geste)]

    assert dits[0].startswith(
        '<a class="btn btn-discret" href="/lire/">Lire<span class="visually-hidden">, &lt;a'
    )
    assert dits[1].startswith(
        '<form method="post" action="/oter/"><input type="hidden" name="csrfmiddlewaretoken" value="jeton">'
    )
    assert '<button class="btn btn-danger" type="submit">' in dits[1]


def test_what_is_hidden_or_unknown_is_not_drawn():
    graphique = Graphique(
        titre="Âge",
        categories=["15 à 29 ans"],
        series=[Serie("Réponses", [None], sans="caché"), Serie("Population", [0])],
        cote_a_cote=True,
        totaux=False,
    )

    cache, nul = graphique.barres[0].segments
    assert (cache.largeur, cache.texte) == ("0", "caché")
    assert graphique.tableau[0].cellules == ["caché", "0"]
    assert nul.largeur != "0"
