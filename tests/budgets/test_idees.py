"""An idea, from its proposal to a project; its authors get a letter at each step."""

import json
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from participation.budgets.idees import actes as idees
from participation.budgets.idees import depot, reunion
from participation.budgets.idees.depot import Contact
from participation.budgets.idees.lectures import deja_proposees, semblables
from participation.budgets.models import AuteurIdee, Idee, ProjetQuartier
from participation.budgets.projets import actes as projets
from participation.socle.actions.preuves import effacer_sans_preuve
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Courriel, Quartier
from tests.budgets.factories import budget_en, ecrits, forum_le, idee_de, poser_phases, projet_de, table_de
from tests.greffons.guichet import Guichet
from tests.outils import lire
from tests.socle.factories import CompteFactory, raison

pytestmark = pytest.mark.django_db


def ecrit(**champs):
    return {
        "titre": "Un jardin partagé",
        "texte": "Derrière l’école, un terrain est vide.",
        "quartiers": [Quartier.objects.order_by("pk").first().pk],
        "cle": uuid.uuid4(),
        **champs,
    }


def test_an_idea_is_proposed_in_two_steps_without_account_and_confirmed_by_a_button(client):
    budget = budget_en("idees")
    adresse = reverse("budgets:proposer_idee", args=[budget.pk])
    dit = ecrit()

    deuxieme = client.post(adresse, dit)
    assert "Comment vous prévenir" in deuxieme.content.decode()
    assert not Idee.objects.exists()
    recu = client.post(adresse, {**dit, "envoyer": "oui", "courriel": "Lea@Example.org", "nom": "Léa"})

    idee = Idee.objects.get()
    assert recu.status_code == 303
    assert idee.reference in client.get(recu.url).content.decode()
    assert ecrits("deposer_idee") == ["lea@example.org"]
    auteur = AuteurIdee.objects.get()
    confirmer = reverse("budgets:confirmer_auteur", args=[auteur.jeton()])
    client.get(confirmer)
    auteur.refresh_from_db()
    assert not auteur.se_previent
    client.post(confirmer)
    auteur.refresh_from_db()
    assert auteur.se_previent


def test_a_point_is_on_the_map_once_an_agent_has_left_it_and_the_list_says_the_same(client, agent):
    budget = budget_en("idees")
    adresse = reverse("budgets:proposer_idee", args=[budget.pk])
    assert "geolocation=(self)" in client.get(adresse)["Permissions-Policy"]

    def proposer(titre, latitude):
        ecrite = {**ecrit(titre=titre, lieu="Chez Léa Martin"), "envoyer": "oui"}
        return client.post(adresse, {**ecrite, "latitude": latitude, "longitude": "5.72"})

    refus = proposer("Idée loin", "48.85").content.decode()
    assert "Votre position est hors du territoire" in refus
    assert "48.85" not in refus  # taken off: what she wrote is kept, and can be sent again
    for cle, latitude in (("un", "45.19"), ("deux", "45.18"), ("loin", ""), ("rien", "")):
        proposer(f"Idée {cle}", latitude)
    prises = {i.titre: i.latitude for i in Idee.objects.all()}
    assert prises == {"Idée un": 45.19, "Idée deux": 45.18, "Idée loin": None, "Idée rien": None}

    def carte():
        return client.get(reverse("budgets:carte_des_idees", args=[budget.pk])).context

    assert not carte()["points"]
    client.force_login(agent)
    for idee in Idee.objects.all():
        form = client.get(reverse("budgets:publier_idee", args=[idee.pk])).context["form"]
        lu = {**form.initial, "quartiers": [q.pk for q in idee.quartiers.all()]}
        if idee.titre == "Idée deux":  # the place would reveal where somebody lives
            lu |= {"latitude": "", "longitude": "", "lieu": "Rue des Lilas"}
        client.post(
            reverse("budgets:publier_idee", args=[idee.pk]),
            {nom: "" if valeur is None else valeur for nom, valeur in lu.items()},
        )
    client.logout()
    lue = carte()
    assert [p["titre"] for p in lue["carte_reelle"]["points"]] == ["Idée : Idée un"]
    assert [p.titre for p in lue["points"]] == ["Idée : Idée un"]
    assert [ligne.combien for ligne in lue["sans_point"]] == [3]
    page = client.get(Idee.objects.get(titre="Idée deux").get_public_url()).content.decode()
    assert "Rue des Lilas" in page
    assert "Chez Léa" not in page


def test_who_is_named_in_an_idea_is_masked_until_an_agent_says_that_it_may_be_public(client, agent):
    mots = "Un four à pain : appelez Marie Martin au 06 12 34 56 78."
    client.force_login(agent)
    idee = idee_de(budget_en("idees"), etat="a_lire", titre=mots, texte=mots, texte_public="")
    adresse = reverse("budgets:publier_idee", args=[idee.pk])

    page = client.get(adresse)

    assert "un numéro de téléphone" in page.content.decode()
    lu = {nom: valeur or "" for nom, valeur in page.context["form"].initial.items()}
    assert lu["texte_public"] == "Un four à pain : appelez [nom masqué] au [téléphone masqué]."
    assert "06 12" not in lu["titre"]
    lu |= {"quartiers": [q.pk for q in idee.quartiers.all()]}
    refuse = client.post(adresse, {**lu, "texte_public": mots})
    assert "06 12 34 56 78" in refuse.context["form"].errors["texte_public"][0]
    assert not Idee.objects.get().est_publie
    client.post(adresse, {**lu, "texte_public": mots, "tels_quels": "on"})
    assert Idee.objects.get().texte_public == mots


def test_the_page_that_publishes_an_idea_says_what_is_masked_and_what_is_left_to_the_agent():
    idee = idee_de(
        budget_en("idees"),
        etat="a_lire",
        titre="Un banc chez Monique Dubreuil",
        texte="Madame Monique Dubreuil, du 12 rue des Essais, ne peut plus marcher.",
        texte_public="",
        lieu="",
    )

    dit = idees.dire_avant_de_publier(idee)

    assert idees.proposer_les_mots(idee) == {
        "titre": "Un banc chez [nom masqué]",
        "texte_public": "[nom masqué], du 12 rue des Essais, ne peut plus marcher.",
        "lieu": "",
    }
    assert "Laissé tel quel : « 12 rue des Essais »." in dit
    idee.titre, idee.texte = "Un banc", "Un banc pour monique dubreuil."
    dit = idees.dire_avant_de_publier(idee)
    assert "masqué" not in dit
    assert dit.endswith("Relisez : un nom écrit autrement n’est pas reconnu.")


def test_the_same_sending_twice_is_one_idea(client):
    adresse = reverse("budgets:proposer_idee", args=[budget_en("idees").pk])
    envoi = {**ecrit(), "envoyer": "oui", "courriel": "lea@example.org"}

    client.post(adresse, envoi)
    client.post(adresse, envoi)

    assert (Idee.objects.count(), len(ecrits("deposer_idee"))) == (1, 1)


def test_a_machine_that_fills_the_trap_is_answered_the_same_and_nothing_is_kept(client):
    adresse = reverse("budgets:proposer_idee", args=[budget_en("idees").pk])

    reponse = client.post(adresse, {**ecrit(), "envoyer": "oui", "site": "http://x"})

    assert reponse.status_code == 303
    assert client.get(reponse.url).status_code == 200
    assert not Idee.objects.exists()


def test_too_many_ideas_for_one_mailbox_are_refused_and_nothing_typed_is_lost(client):
    adresse = reverse("budgets:proposer_idee", args=[budget_en("idees").pk])
    for _ in range(10):
        client.post(adresse, {**ecrit(), "envoyer": "oui", "courriel": "lea@example.org"})

    refus = client.post(adresse, {**ecrit(), "envoyer": "oui", "courriel": "lea@example.org"})

    assert refus.status_code == 429
    assert "un terrain est vide" in refus.content.decode()


def test_an_idea_sent_after_the_phase_is_given_back_to_who_wrote_it(client):
    budget = budget_en("vote")
    page = client.post(reverse("budgets:proposer_idee", args=[budget.pk]), {**ecrit(), "envoyer": "oui"})

    assert page.status_code == 409
    assert all(dit in lire(page) for dit in (ecrit()["titre"], ecrit()["texte"]))


def test_who_proposes_is_shown_the_published_ideas_that_say_the_same():
    budget = budget_en("idees")
    proche = idee_de(budget, titre="Jardin", texte="Un jardin partagé sur le terrain vide derrière l’école")
    idee_de(budget, texte="Un jardin partagé sur le terrain vide derrière l’école", etat="a_lire")
    idee_de(budget, texte="Réparer les lampadaires de la rue des Alpes")

    trouvees = deja_proposees(budget, "Faire un jardin partagé derrière l’école, le terrain est vide")

    assert [t.idee.pk for t in trouvees] == [proche.pk]
    assert "jardin" in trouvees[0].mots


def test_ideas_that_resemble_one_another_are_proposed_in_the_same_budget_alone():
    budget, autre = budget_en("discussion"), budget_en("discussion")
    texte = "Planter des arbres fruitiers devant les immeubles"
    une, deux = idee_de(budget, texte=texte), idee_de(budget, texte=f"{texte} et des fleurs")
    idee_de(autre, texte=texte)

    assert [s.idee.pk for s in semblables(une)] == [deux.pk]


def test_an_idea_on_paper_needs_no_confirmation_and_its_author_is_told_at_every_move(agent):
    budget = budget_en("discussion")
    idee = depot.saisir_idee(
        budget, par=agent, texte="Un four à pain. Pour tous.", canal="papier",
        contact=Contact("Omar", "omar@example.org", langue="uk"),
    )  # fmt: skip
    assert idee.titre == "Un four à pain"
    idees.publier_idee(idee, par=agent, titre="Un four", texte_public="Un four.", quartiers=[])
    projet = projets.creer_projet_quartier(budget, par=agent, titre="Cuisiner ensemble", idees=[idee])
    idee_de(budget, etat="reunie", projet_quartier=projet)
    reunion.separer_idee(idee, par=agent, motif="Ce n’est pas la même place.")

    for acte in ("saisir_idee", "publier_idee", "reunir_idee", "separer_idee"):
        assert ecrits(acte) == ["omar@example.org"], acte
    assert set(Courriel.objects.values_list("langue", flat=True)) == {"uk"}


def test_who_holds_the_link_of_a_table_writes_nothing_to_an_address():
    budget = budget_en("discussion")
    table = table_de(forum_le(budget=budget))
    depot.saisir_idee(
        budget, par=None, texte="Gagnez sur gain-facile.example", canal="atelier", table=table,
        contact=Contact("Omar", "omar@example.org"),
    )  # fmt: skip

    lettre = Courriel.objects.get()
    assert lettre.acte == "budgets/deposer_idee"
    assert "gain-facile" not in lettre.sujet + lettre.corps
    assert AuteurIdee.objects.get().confirme_le is None


def test_an_unconfirmed_address_gets_nothing_but_the_receipt(agent):
    idee = idee_de(budget_en("idees"), etat="a_lire", courriel="x@example.org", confirme=False)

    idees.publier_idee(idee, par=agent, titre="T", texte_public="T", quartiers=[])

    assert ecrits("publier_idee") == []


def test_an_address_never_confirmed_is_erased_and_the_idea_stays():
    budget = budget_en("idees")
    vieux = timezone.localtime() - timedelta(days=31)
    for nom, confirme in (("a", False), ("b", True)):
        idee_de(budget, courriel=f"{nom}@example.org", confirme=confirme)
    AuteurIdee.objects.update(cree_le=vieux)
    idee_de(budget, courriel="c@example.org", confirme=False)

    assert [effacer_sans_preuve(), effacer_sans_preuve()] == [1, 0]

    assert set(AuteurIdee.objects.values_list("courriel", flat=True)) == {
        "",
        "b@example.org",
        "c@example.org",
    }
    assert Idee.objects.count() == 3


def test_who_stops_the_letters_of_an_idea_gets_no_more(client, agent):
    idee = idee_de(budget_en("idees"), etat="a_lire", courriel="lea@example.org")
    arret = reverse("budgets:arreter_lettres", args=[AuteurIdee.objects.get().jeton()])

    assert client.post(arret).status_code == 200
    idees.publier_idee(idee, par=agent, titre="T", texte_public="T", quartiers=[])

    assert ecrits("publier_idee") == []


def test_an_idea_set_aside_says_why_to_its_author_and_is_no_more_public(client, agent):
    idee = idee_de(budget_en("idees"), courriel="lea@example.org")

    idees.ecarter_idee(idee, par=agent, raison=raison(), motif="Elle vise une personne.")

    assert ecrits("ecarter_idee") == ["lea@example.org"]
    assert client.get(idee.get_public_url()).status_code == 404
    suivie = client.get(idee.get_suivi_url()).content.decode()
    assert "Elle vise une personne." in suivie
    assert "Contester une décision" in suivie


def test_the_author_takes_her_idea_back_by_her_link_until_it_is_part_of_a_project(client):
    budget = budget_en("discussion")
    libre, prise = idee_de(budget), projet_de(budget).idees.get()

    client.post(libre.get_suivi_url())
    refus = client.post(prise.get_suivi_url())

    libre.refresh_from_db()
    prise.refresh_from_db()
    assert (libre.etat, libre.est_publie, refus.status_code, prise.etat) == ("retiree", False, 409, "reunie")


def test_ideas_are_made_a_project_in_its_phase_only(agent):
    budget = budget_en("idees")
    idee = idee_de(budget)
    with pytest.raises(ErreurMetier, match="On pourra réunir"):
        projets.creer_projet_quartier(budget, par=agent, titre="P", idees=[idee])


def test_several_ideas_are_one_project_then_two(agent):
    budget = budget_en("discussion")
    a, b, c = (idee_de(budget, courriel=f"{nom}@example.org") for nom in "abc")
    projet = projets.creer_projet_quartier(budget, par=agent, titre="Ensemble", idees=[c, a, b])

    nouveau = projets.separer_idees(projet, par=agent, idees=[c], motif="Autre lieu.", nouveau_titre="À part")

    assert nouveau is not None
    assert [i.pk for i in nouveau.idees.all()] == [c.pk]
    assert projet.idees.count() == 2
    assert ecrits("separer_idee") == ["c@example.org"]
    with pytest.raises(ErreurMetier, match="Il ne resterait aucune idée"):
        projets.separer_idees(nouveau, par=agent, idees=[c], motif="Non.")


def test_an_abandoned_project_frees_its_ideas_whatever_the_phase(agent):
    budget = budget_en("faisabilite")
    projet = projet_de(budget, courriel="lea@example.org")
    poser_phases(budget, "vote")

    projets.abandonner_projet_quartier(projet, par=agent, motif="Doublon.")

    idee = Idee.objects.get()
    assert (idee.etat, idee.projet_quartier) == ("publiee", None)
    assert ecrits("abandonner_projet_quartier") == ["lea@example.org"]


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_make_the_same_idea_a_project_at_once_make_one():
    budget = budget_en("discussion")
    idee = idee_de(budget)
    comptes = [CompteFactory(agent=True) for _ in range(2)]

    def reunir(compte):
        try:
            projets.creer_projet_quartier(
                type(budget).objects.get(pk=budget.pk),
                par=compte,
                titre=f"Projet de {compte.pk}",
                idees=[Idee.objects.get(pk=idee.pk)],
            )
            return "fait"
        except ActeInterdit:
            return "trop tard"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as fils:
        assert sorted(fils.map(reunir, comptes)) == ["fait", "trop tard"]

    assert ProjetQuartier.objects.count() == 1


def test_the_merging_page_shows_what_resembles_first_and_says_who_acted_before(client, agent):
    budget = budget_en("discussion")
    texte = "Planter des arbres fruitiers devant les immeubles"
    une, deux = idee_de(budget, texte=texte, titre="Z"), idee_de(budget, texte=texte, titre="Y")
    idee_de(budget, texte="Réparer les lampadaires", titre="A")
    client.force_login(agent)
    adresse = reverse("budgets:creer_projet_quartier", args=[budget.pk])

    page = client.get(f"{adresse}?idee={une.pk}").content.decode()
    assert re.findall(r'for="id_idees_\d+">(\w)<', page) == ["Y", "Z", "A"]
    assert page.count("Mots communs") == 1
    Idee.objects.filter(pk=deux.pk).update(etat="retiree")
    refus = client.post(adresse, {"idees": [une.pk, deux.pk], "titre": "P"})

    assert "par quelqu’un d’autre" in refus.content.decode()
    assert not ProjetQuartier.objects.exists()


def test_the_open_data_hold_nothing_of_who_gave_the_idea(client):
    budget = budget_en("discussion")
    idee_de(budget, courriel="lea@example.org")
    idee_de(budget, etat="a_lire", titre="Pas encore lue")
    projet_de(budget, courriel="omar@example.org")

    for quoi in ("idees", "projets"):
        csv = client.get(reverse("budgets:donnees_budget_csv", args=[budget.pk, quoi]))
        lu = client.get(reverse("budgets:donnees_budget_json", args=[budget.pk, quoi]))
        corps = b"".join(csv.streaming_content).decode() if csv.streaming else csv.content.decode()
        texte = b"".join(lu.streaming_content).decode() if lu.streaming else lu.content.decode()
        for secret in ("example.org", "Léa", "Pas encore lue"):
            assert secret not in corps + texte
        assert len(json.loads(texte)[quoi]) == (2 if quoi == "idees" else 1)
        assert csv["Access-Control-Allow-Origin"] == "*"


def test_an_agent_of_another_service_does_not_see_who_gave_an_idea(client):
    idee = idee_de(budget_en("idees"), courriel="lea@example.org")
    client.force_login(CompteFactory(role="accueil"))

    page = client.get(idee.get_absolute_url())

    assert page.status_code == 302
    assert page.url == idee.get_public_url()


def test_who_goes_back_a_step_finds_what_she_typed(client):
    budget, dit = budget_en("idees"), ecrit()

    page = client.post(reverse("budgets:proposer_idee", args=[budget.pk]), {**dit, "revenir": "oui"})

    assert page.status_code == 200
    assert [page.context["form"][nom].value() for nom in ("titre", "texte")] == [dit["titre"], dit["texte"]]
    assert [int(pk) for pk in page.context["form"]["quartiers"].value()] == dit["quartiers"]
    assert not Idee.objects.exists()


def test_an_agent_notes_an_idea_and_corrects_its_public_text_not_the_words_of_its_author(agent):
    budget, guichet = budget_en("idees"), Guichet(agent, en_hate=True)
    quartier = Quartier.objects.order_by("pk").first()
    page = reverse("budgets:saisir_idee", args=[budget.pk])

    guichet.valider(page, titre="Des bancs")
    assert not Idee.objects.exists()
    guichet.valider(
        texte="À l’ombre.", quartiers=quartier.pk, canal="atelier", courriel="lea@example.org", nom="Léa"
    )
    idee = Idee.objects.get()
    assert f"Idée {idee.reference} enregistrée." in guichet.dit
    assert (idee.texte, idee.canal, idee.quartiers.get()) == ("À l’ombre.", "atelier", quartier)

    corriger = reverse("budgets:corriger_idee", args=[idee.pk])
    assert guichet.client.get(corriger).status_code == 409  # nobody has read it yet
    Idee.objects.filter(pk=idee.pk).update(etat="publiee", texte_public="À l’ombre.")
    guichet.valider(corriger, titre="Des bancs à l’ombre", texte_public="Sous les arbres.")
    idee.refresh_from_db()
    assert (idee.titre, idee.texte_public, idee.texte) == (
        "Des bancs à l’ombre",
        "Sous les arbres.",
        "À l’ombre.",
    )
    assert idee.journal.get(acte="corriger_idee").motif == "Sous les arbres."
