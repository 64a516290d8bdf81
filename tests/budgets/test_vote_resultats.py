"""Count of a vote: published, replayed, set aside with a reason; receipts checked afterwards."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from participation.budgets import tasks
from participation.budgets.models import ProjetQuartier, Scrutin
from participation.budgets.vote import depouillement, scrutins
from participation.budgets.workflow.budget import EtatProjetQuartier
from participation.budgets.workflow.vote import EtatScrutin
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Courriel
from participation.suites.models import Abonnement
from tests.budgets.factories import idee_de
from tests.budgets.vote import (
    adresse,
    budget_au_vote,
    clore,
    donner,
    rejouer,
    scrutin_depouille,
    scrutin_en_preparation,
    scrutin_ouvert,
    scrutin_publie,
)

# Count and after


def test_a_closed_vote_is_counted_compared_proclaimed_told_and_replayed_from_what_is_published(
    agent, client, tmp_path
):
    scrutin = scrutin_ouvert(agent)
    projets = {projet.titre[-1]: projet for projet in ProjetQuartier.objects.all()}
    for lettre, qui in (("A", "lea"), ("B", "bo"), ("D", "dan")):
        idee_de(scrutin.budget, etat="reunie", projet_quartier=projets[lettre], courriel=f"{qui}@example.org")
    Abonnement.objects.create(
        dossier=projets["A"], courriel="abonnee@example.org", confirme_le=timezone.now()
    )
    donner(scrutin, *["1:1,2:1", "1:1", "2:1,3:1", "2:1", ""] * 4)
    clore(scrutin)
    client.force_login(agent)

    client.post(adresse("depouiller_scrutin", scrutin))
    progres = client.get(scrutin.get_absolute_url()).content.decode()
    assert 'data-hx-trigger="every 2s"' in progres
    tasks.compter_bulletins(scrutin.depouillements.get().pk)
    relu = client.get(scrutin.get_absolute_url()).content.decode().replace("\u00a0", " ")
    assert "celle du règlement" in relu
    assert "Les plus soutenus d’abord" in relu
    assert set(ProjetQuartier.objects.values_list("etat", flat=True)) == {EtatProjetQuartier.AU_VOTE}
    assert not Courriel.objects.filter(acte="budgets/proclamer_projet").exists()
    client.post(adresse("publier_resultats", scrutin))
    client.logout()

    etats = {projet.titre[-1]: projet.etat for projet in ProjetQuartier.objects.all()}
    gagne, perdu = EtatProjetQuartier.LAUREAT, EtatProjetQuartier.NON_RETENU
    assert etats == {"A": gagne, "B": gagne, "C": perdu, "D": perdu}
    assert ProjetQuartier.objects.get(titre="Projet B").phrase_du_vote == "12 bulletins l’ont choisi, sur 16."
    lettres = Courriel.objects.filter(acte="budgets/proclamer_projet")
    assert {c.destinataires[0]: c.sujet.partition(" :")[0] for c in lettres} == {
        "lea@example.org": "Lauréat",
        "bo@example.org": "Lauréat",
        "abonnee@example.org": "Lauréat",
        "dan@example.org": "Non retenu par le vote",
    }
    page = client.get(adresse("scrutin_public", scrutin)).content.decode().replace("&nbsp;", " ")
    assert "2 projets lauréats, pour 7 000 €" in page.replace("\u00a0", " ")
    assert scrutin.graine in page
    assert "12 bulletins l’ont choisi" in client.get(projets["B"].get_public_url()).content.decode()

    fichiers = {}
    for nom, url in (
        ("bulletins.pb", adresse("bulletins_pb", scrutin)),
        ("rejouer.py", reverse("budgets:rejouer_py")),
    ):
        assert url in page
        fichiers[nom] = tmp_path / nom
        fichiers[nom].write_bytes(client.get(url).content)
    assert "blancs=4" in fichiers["bulletins.pb"].read_text()
    numeros, dernier = rejouer(*fichiers.values())
    assert numeros == [str(ligne.numero) for ligne in depouillement.gagnants(scrutin)]
    assert "publié" in dernier


def test_the_receipt_says_after_the_count_what_my_voice_paid_for_and_is_only_ours(agent, client):
    from participation.budgets.vote.vues import recu

    scrutin = scrutin_depouille(agent, "1:1,2:1", "1:1", "2:1,3:1", "2:1")
    texte = recu(scrutin.pk, "1:1,2:1")
    assert (
        "ne sont pas encore publiés"
        in client.post(adresse("lire_mon_recu", scrutin), {"recu": texte}).content.decode()
    )
    depouillement.publier_resultats(scrutin, par=agent)
    page = client.post(adresse("lire_mon_recu", scrutin), {"recu": f"Mon reçu :\n{texte}"}).content.decode()
    assert "Projet A" in page
    assert "1 bulletin identique" in page.replace("\u00a0", " ").replace("&nbsp;", " ")
    faux = texte.replace("2:1", "3:1")
    assert client.post(adresse("lire_mon_recu", scrutin), {"recu": faux}).status_code == 400
    autre = recu(scrutin.pk + 1, "1:1")
    assert client.post(adresse("lire_mon_recu", scrutin), {"recu": autre}).status_code == 400


def test_a_reasoned_override_is_applied_after_the_count_within_the_budget_and_shown(agent, client):
    scrutin = scrutin_depouille(agent, "1:1,2:1", "1:1", "2:1,3:1", "2:1")
    ligne = {ligne.titre: ligne for ligne in scrutin.projets.all()}
    with pytest.raises(ErreurMetier, match="Écartez d’abord"):
        depouillement.deroger(scrutin, par=agent, ligne=ligne["Projet C"], raison="Plus utile.")
    depouillement.deroger(scrutin, par=agent, ligne=ligne["Projet A"], raison="Le terrain n’est plus libre.")
    ajout = depouillement.deroger(scrutin, par=agent, ligne=ligne["Projet C"], raison="Il prend la place.")
    assert [x.titre for x in depouillement.gagnants(scrutin)] == ["Projet B", "Projet C"]
    with pytest.raises(ErreurMetier, match="dépassé"):
        depouillement.lever_derogation(scrutin.derogations.exclude(pk=ajout.pk).get(), par=agent)
    depouillement.publier_resultats(scrutin, par=agent)
    page = client.get(adresse("scrutin_public", scrutin)).content.decode()
    assert "Le terrain n’est plus libre." in page
    assert ProjetQuartier.objects.get(titre="Projet A").etat == EtatProjetQuartier.NON_RETENU


def test_incompatible_projects_are_never_both_taken(agent):
    budget = budget_au_vote()
    scrutin = scrutin_en_preparation(agent, budget)
    a, b = ProjetQuartier.objects.order_by("pk")[:2]
    scrutins.declarer_incompatibles(scrutin, par=agent, un=b, autre=a, raison="Même place")
    with pytest.raises(ValidationError):
        scrutins.declarer_incompatibles(scrutin, par=agent, un=a, autre=b, raison="Encore")
    with pytest.raises(ValidationError, match="différents"):
        scrutins.declarer_incompatibles(scrutin, par=agent, un=a, autre=a, raison="Lui-même")
    scrutins.ouvrir_scrutin(scrutin, par=agent)
    donner(scrutin, *["1:1,2:1"] * 5)
    clore(scrutin)
    demande = depouillement.depouiller_scrutin(scrutin, par=agent)
    depouillement.compter_bulletins(demande.pk)
    assert len({x.titre for x in depouillement.gagnants(scrutin)} & {"Projet A", "Projet B"}) == 1


def test_a_count_killed_in_the_middle_is_taken_up_and_one_that_fails_three_times_says_so(agent, monkeypatch):
    scrutin = scrutin_ouvert(agent)
    donner(scrutin, "1:1")
    clore(scrutin)
    demande = depouillement.depouiller_scrutin(scrutin, par=agent)
    assert depouillement.depouillements_abandonnes() == []
    type(demande).objects.update(demande_le=timezone.now() - timedelta(minutes=10))
    assert depouillement.depouillements_abandonnes() == [demande.pk]

    def tomber(*_a, **_k):
        raise RuntimeError("en panne")

    monkeypatch.setattr(depouillement, "ecrire_pb", tomber)
    assert [depouillement.compter_bulletins(demande.pk) for _ in range(4)] == [False] * 4
    demande.refresh_from_db()
    assert (demande.etat, demande.tentatives) == ("echec", 3)
    monkeypatch.undo()
    seconde = depouillement.depouiller_scrutin(scrutin, par=agent)
    assert depouillement.compter_bulletins(seconde.pk)
    assert Scrutin.objects.get().etat == EtatScrutin.DEPOUILLE


def test_nothing_on_screen_is_called_by_a_word_that_the_law_keeps(agent, client):
    scrutin = scrutin_publie(agent, "1:1", "2:1")
    client.force_login(agent)
    pages = [
        adresse("scrutin_public", scrutin),
        scrutin.get_absolute_url(),
        adresse("lire_mon_recu", scrutin),
    ]
    for page in pages:
        assert not re.search("référendum|votation", client.get(page).content.decode(), re.IGNORECASE)
