"""Models of answers: gaps, suggestions, use in an answer, editing."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from participation.socle.models import Courriel
from remontees.modeles import VARIABLES, a_completer, fautes, modeles_pour, remplir, reprendre, valeurs_de
from remontees.models import ModeleDeReponse
from tests.remontees.factories import (
    AttributionFactory,
    CategorieFactory,
    ModeleFactory,
    RapporteurFactory,
    RemonteeFactory,
    SujetFactory,
)
from tests.socle.factories import CompteFactory, commune


@pytest.fixture
def agent(client):
    compte = CompteFactory(agent=True)
    client.force_login(compte)
    return compte


def lire(reponse) -> str:
    return reponse.content.decode().replace("&nbsp;", " ").replace("\u00a0", " ").replace("&#x27;", "'")


# Gaps


@pytest.mark.parametrize(
    ("texte", "rempli"),
    [
        ("À {commune}.", "À Vif."),
        ("À {Commune}, {COMMUNE}.", "À Vif, Vif."),
        ("{reference} {Référence}", "REM-1 REM-1"),
        ("{reponse_du_service}", "Fait."),
        ("Le {date}.", "Le [à compléter : date]."),
        ("{prix}", "[à compléter : prix]"),
        ("{titre}", "Voir {commune} et {x}"),
        ("Sans variable", "Sans variable"),
    ],
)
def test_a_gap_is_filled_once_and_what_it_holds_is_never_a_gap(texte, rempli):
    valeurs = {
        "commune": "Vif",
        "référence": "REM-1",
        "réponse du service": "Fait.",
        "titre": "Voir {commune} et {x}",
        "date": "",
    }

    assert remplir(texte, valeurs) == rempli


@pytest.mark.parametrize(
    ("texte", "mot"),
    [
        ("{prix}", "« {prix} » n’est pas une variable. Choisissez parmi : référence, titre"),
        ("{remontee.rapporteur.nom}", "n’est pas une variable"),
        ("{}", "Il manque un nom entre les accolades"),
        ("{commune", "Une accolade est seule"),
        ("commune}", "Une accolade est seule"),
        ("{{commune}}", "Une accolade est seule"),
    ],
)
def test_a_gap_that_nothing_fills_is_said_in_a_sentence(texte, mot):
    (phrase,) = fautes(texte)

    assert mot in phrase


def test_each_variable_that_is_shown_is_known():
    assert fautes(" ".join(f"{{{nom}}}" for nom in VARIABLES)) == []


@given(st.text(max_size=200), st.text(max_size=50))
def test_any_text_is_filled_without_error_and_fautes_agree(texte, valeur):
    rempli = remplir(texte, dict.fromkeys(VARIABLES, valeur or "x"))

    if not fautes(texte) and not a_completer(texte + valeur):
        assert not a_completer(rempli)


@pytest.mark.parametrize(
    ("modele", "ecrit", "texte"),
    [
        ("Bonjour.", "", "Bonjour."),
        ("Bonjour.", "Mon mot.", "Bonjour.\n\nMon mot."),
        ("Il dit :\nFait.", "Fait.", "Il dit :\nFait."),
        ("A\nB", "A\r\nB\r\n\r\nMon mot.", "A\nB\n\nMon mot."),
    ],
)
def test_what_was_typed_stays_unless_the_model_says_it(modele, ecrit, texte):
    assert reprendre(modele, ecrit) == texte


# Suggestions


@pytest.mark.django_db
def test_a_model_is_proposed_for_its_category_or_theme_and_its_moment_the_nearest_first():
    theme = CategorieFactory()
    sienne, autre = CategorieFactory(parent=theme), CategorieFactory(parent=theme)
    for nom, champs in {
        "B générale": {},
        "C thème": {"categorie": theme},
        "D sienne": {"categorie": sienne},
        "A sienne au tri": {"categorie": sienne, "etat": "nouvelle"},
        "E d’une autre": {"categorie": autre},
        "F à répondre": {"etat": "a_repondre"},
        "G retirée": {"est_actif": False},
    }.items():
        ModeleFactory(nom=nom, **champs)

    def noms(dossier):
        return [modele.nom for modele in modeles_pour(dossier)]

    assert noms(RemonteeFactory(a_repondre=True, categorie=sienne)) == [
        "D sienne",
        "C thème",
        "B générale",
        "F à répondre",
    ]
    assert noms(RemonteeFactory()) == ["B générale"]
    assert noms(SujetFactory(categorie=sienne)) == ["A sienne au tri", "D sienne", "C thème", "B générale"]


@pytest.mark.django_db
def test_a_dossier_fills_every_gap_it_knows_and_names_nobody():
    categorie = CategorieFactory(adresse_demarche="https://demarches.example.org/")
    remontee = RemonteeFactory(
        a_repondre=True, categorie=categorie, commune=commune("Vif"), lieu="3 rue Haute"
    )
    RapporteurFactory(remontee=remontee)
    AttributionFactory(dossier=remontee, repondue=True)

    valeurs = valeurs_de(remontee)

    assert set(valeurs) == set(VARIABLES) == set(valeurs_de(SujetFactory()))
    assert {nom for nom, valeur in valeurs.items() if not valeur} == {"téléphone"}
    assert valeurs["lieu"] == "3 rue Haute, Vif"
    assert "Josette" not in str(valeurs)


# In an answer


@pytest.mark.django_db
@pytest.mark.parametrize("sorte", ["repondre", "repondre_sujet"])
def test_a_model_is_taken_into_the_answer_without_anything_leaving(client, agent, sorte):
    fabrique = RemonteeFactory if sorte == "repondre" else SujetFactory
    dossier = fabrique(a_repondre=True, commune=commune("Vif"))
    modele = ModeleFactory(nom="Merci", issue="traite")
    page = reverse(f"remontees:{sorte}", args=[dossier.pk])

    assert "Partir d’un modèle" in lire(client.get(page))
    vue = lire(
        client.post(
            page,
            {
                "modele": modele.pk,
                "reprendre": "oui",
                "reponse": "Mon mot à moi.",
                "date_prevue": "2030-02-03",
            },
        )
    )

    assert f"Merci pour votre remontée {dossier.reference}, à Vif." in vue
    assert "Mon mot à moi." in vue
    assert 'value="2030-02-03"' in vue
    assert "Modèle « Merci » repris" in vue
    assert "Dites ce qu’il en devient" not in vue
    dossier.refresh_from_db()
    assert dossier.etat == "a_repondre"
    assert not Courriel.objects.exists()


@pytest.mark.django_db
def test_no_model_chosen_changes_nothing_of_what_was_typed(client, agent):
    ModeleFactory()
    page = reverse("remontees:repondre", args=[RemonteeFactory(a_repondre=True).pk])

    vue = lire(client.post(page, {"modele": "", "reprendre": "oui", "reponse": "Mon mot."}))

    assert "Choisissez un modèle dans la liste" in vue
    assert "Mon mot." in vue


@pytest.mark.django_db
def test_an_answer_with_a_gap_left_does_not_leave(client, agent):
    remontee = RemonteeFactory(a_repondre=True)
    page = reverse("remontees:repondre", args=[remontee.pk])
    dit = {"issue": "traite", "reponse": "Merci, à [à compléter : commune]."}

    vue = lire(client.post(page, dit))
    assert "Complétez « [à compléter : commune] » avant d’envoyer" in vue
    client.post(page, {**dit, "reponse": "Merci, à Vif."})

    remontee.refresh_from_db()
    assert (remontee.etat, remontee.reponse) == ("repondue", "Merci, à Vif.")


@pytest.mark.django_db
def test_the_answer_to_all_of_a_sujet_is_seen_before_it_leaves(client, agent):
    sujet = SujetFactory(a_repondre=True)
    RapporteurFactory(remontee=RemonteeFactory(groupee=True, sujet_commun=sujet))
    page = reverse("remontees:repondre_sujet", args=[sujet.pk])

    vue = lire(client.post(page, {"issue": "traite", "reponse": "C’est réparé.", "apercu": "oui"}))

    assert "D’autres personnes nous ont dit la même chose" in vue
    assert not Courriel.objects.exists()


# Edited by agents


DIT = {
    "nom": "Merci",
    "categorie": "",
    "etat": "",
    "issue": "",
    "texte": "Merci, {commune}.",
    "est_actif": "on",
}


@pytest.mark.django_db
def test_a_model_is_seen_filled_before_it_is_saved(client, agent):
    remontee = RemonteeFactory(commune=commune("Vif"))
    page = reverse("remontees:nouveau_modele")

    vue = lire(client.post(page, {**DIT, "voir": "oui"}))
    assert "Merci, Vif." in vue
    assert remontee.reference in vue
    assert not ModeleDeReponse.objects.exists()

    client.post(page, DIT)
    assert ModeleDeReponse.objects.get().modifie_par == agent


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"texte": "Merci {prénom}."}, "« {prénom} » n’est pas une variable"),
        ({"texte": ""}, "Écrivez le texte du modèle"),
        ({"nom": "Pris"}, "Un modèle porte déjà ce nom"),
        ({"categorie": "999999"}, "n’est pas dans la liste"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client, agent, champs, phrase):
    ModeleFactory(nom="Pris")

    vue = lire(client.post(reverse("remontees:nouveau_modele"), {**DIT, **champs}))

    assert phrase in vue
    assert (champs.get("texte", DIT["texte"]) or DIT["nom"]) in vue
    assert ModeleDeReponse.objects.count() == 1


@pytest.mark.django_db
def test_two_agents_on_one_model_the_second_is_shown_both_texts(client, agent):
    modele = ModeleFactory(nom="Merci", texte="Premier texte.")
    page = reverse("remontees:modele", args=[modele.pk])
    vu = client.get(page).context["form"].initial["vu"]
    client.post(page, {**DIT, "texte": "Deuxième texte.", "vu": vu})

    vue = lire(client.post(page, {**DIT, "texte": "Troisième texte.", "vu": vu}))

    modele.refresh_from_db()
    assert modele.texte == "Deuxième texte."
    assert "Aujourd’hui, il est écrit : « Deuxième texte. »" in vue
    assert "Troisième texte." in vue
    assert "Premier texte." in LogEntry.objects.get(object_id=str(modele.pk)).change_message


@pytest.mark.django_db
def test_the_list_shows_what_is_proposed_first(client, agent):
    assert "Aucun modèle" in lire(client.get(reverse("remontees:modeles")))
    ModeleFactory(nom="A retiré", est_actif=False)
    ModeleFactory(nom="B proposé")

    liste = lire(client.get(reverse("remontees:modeles")))

    assert liste.index("B proposé") < liste.index("A retiré")
