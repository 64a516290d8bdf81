"""Requests of the comité before its decision: reformulation by the author, avis of directions."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from participation.socle.actions import repondre_demande
from participation.socle.erreurs import ErreurMetier, RoleInsuffisant
from participation.socle.models import Demande
from participation.socle.regles.differences import comparer
from petitions.models import Petition
from petitions.recevabilite import actes as recevabilite
from petitions.recevabilite import decisions
from tests.outils import jour, lire
from tests.petitions.examen import DELAI, echeance, membre, tout_remplir
from tests.petitions.factories import CoPetitionnaireFactory, lettres
from tests.socle.factories import DirectionFactory

pytestmark = pytest.mark.django_db


def test_a_reworded_text_is_examined_again_and_each_sees_her_own_view(examinee, agent, client):
    elue = membre()
    tout_remplir(examinee, elue)
    tout_remplir(examinee, agent)
    recevabilite.demander_reformulation(examinee, par=agent, texte="Citez le lieu.", date_limite=jour(9))
    recevabilite.reformuler(
        examinee,
        par=examinee.auteur,
        titre="Une piste à Vizille",
        demande=examinee.demande,
        raisons=examinee.raisons,
    )
    with pytest.raises(ErreurMetier, match="Le texte a changé"):
        decisions.declarer_recevable(examinee, par=agent, raison_sans_comite="Urgence.")

    client.force_login(elue)
    assert "le texte a été reformulé" in client.get(reverse("socle:journee")).content.decode()
    client.force_login(agent)
    lire_le_texte = "Lire la nouvelle rédaction"
    assert lire_le_texte in client.get(reverse("socle:journee")).content.decode()
    dossier, url = examinee.get_absolute_url(), reverse("petitions:examiner", args=[examinee.pk])
    assert "À revoir" in client.get(dossier).content.decode()
    page = client.get(url).content.decode()
    assert "enregistrer la grille le confirme" in page
    assert str(elue) in page
    criteres = list(examinee.reglement.criteres.all())
    inchange = {f"{debut}appreciation_{c.pk}": "rempli" for c in criteres for debut in ("", "initial-")}
    client.post(url, inchange)

    assert "À revoir" not in client.get(dossier).content.decode()
    assert lire_le_texte not in client.get(reverse("socle:journee")).content.decode()
    assert examinee.examens.count() == 2 * len(criteres)
    decisions.declarer_recevable(
        Petition.objects.get(pk=examinee.pk), par=agent, raison_sans_comite="Urgence."
    )


# Reformulation


def test_a_reformulation_stops_the_clock_until_the_author_answers(examinee, agent, monkeypatch):
    demande = recevabilite.demander_reformulation(
        examinee, par=agent, texte="Citez le lieu.", proposition="À Vizille.", date_limite=jour(15)
    )
    assert echeance(examinee).suspendue_le == timezone.localdate()
    lettre = lettres("demander_reformulation").get()
    assert reverse("petitions:reformuler", args=[examinee.pk]) in lettre.corps
    assert "À Vizille." in lettre.corps

    cinq_jours = jour(5)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *a, **k: cinq_jours)
    recevabilite.reformuler(
        examinee, par=examinee.auteur, titre=examinee.titre, demande="À Vizille.", raisons=examinee.raisons
    )

    demande.refresh_from_db()
    assert demande.repondue_le is not None
    assert echeance(examinee).suspendue_le is None
    assert echeance(examinee).date_limite == cinq_jours + timedelta(days=DELAI)
    details = examinee.journal.get(acte="reformuler").details
    assert details == {
        "avant": {"demande": "Nous demandons une piste cyclable continue."},
        "apres": {"demande": "À Vizille."},
    }


def test_what_was_written_in_a_second_window_is_given_back_once_the_draft_or_the_demand_is_over(
    examinee, client
):
    client.force_login(examinee.auteur)
    ecrit = "Nous demandons une piste éclairée."
    for page in ("reformuler", "rediger", "copetitionnaires"):
        etape = ["demande"] if page == "rediger" else []
        adresse = reverse(f"petitions:{page}", args=[examinee.pk, *etape])
        reponse = client.post(adresse, {"demande": ecrit})
        assert (reponse.status_code, ecrit in reponse.content.decode()) == (409, True), page
        assert client.get(adresse).status_code == 302


def test_the_author_reformulates_when_asked_and_only_then(examinee, agent):
    textes = {"titre": "Neuf", "demande": "D", "raisons": "R"}
    with pytest.raises(ErreurMetier, match="ne vous demande pas"):
        recevabilite.reformuler(examinee, par=examinee.auteur, **textes)

    recevabilite.demander_reformulation(examinee, par=agent, texte="Ceci.", date_limite=jour(15))
    with pytest.raises(RoleInsuffisant):
        recevabilite.reformuler(examinee, par=agent, **textes)
    with pytest.raises(ErreurMetier, match="Le texte est le même"):
        recevabilite.reformuler(
            examinee,
            par=examinee.auteur,
            titre=examinee.titre,
            demande=examinee.demande,
            raisons=examinee.raisons,
        )


def test_a_comparison_gives_the_new_text_back():
    avant, apres = "Nous demandons une piste.", "Nous demandons deux pistes\net un éclairage."

    passages = comparer(avant, apres)

    assert "".join(p.mot for p in passages if p.operation != "retire") == apres
    assert "".join(p.mot for p in passages if p.operation != "ajoute") == avant
    assert passages[0] == ("egal", "Nous demandons ")


# Avis


def test_several_directions_are_asked_at_once_and_the_clock_runs_on(examinee, agent):
    directions = [DirectionFactory(), DirectionFactory()]

    recevabilite.demander_avis(
        examinee,
        par=agent,
        directions=directions,
        objet="Possible ?",
        texte="Dites-nous.",
        date_limite=jour(15),
    )

    assert {d.direction for d in examinee.demandes.filter(nature=Demande.Nature.AVIS)} == set(directions)
    assert echeance(examinee).suspendue_le is None
    assert examinee.journal.filter(acte="demander_avis").count() == 2
    repondre_demande(examinee.demandes.first(), reponse="Oui.", nom="Hélène")
    assert examinee.demandes.filter(repondue_le__isnull=False).count() == 1


def test_the_author_sees_the_request_beside_the_text_and_answers(examinee, agent, client):
    recevabilite.demander_reformulation(
        examinee, par=agent, texte="Citez le lieu exact.", date_limite=jour(15)
    )
    client.force_login(examinee.auteur)
    url = reverse("petitions:reformuler", args=[examinee.pk])

    page = lire(client.get(url))
    assert "Citez le lieu exact." in page
    reponse = client.post(
        url, {"titre": examinee.titre, "demande": "Une piste à Vizille", "raisons": "Le danger"}
    )

    assert reponse.url == reverse("petitions:ma_petition", args=[examinee.pk])
    client.force_login(agent)
    dossier = lire(client.get(reverse("petitions:dossier", args=[examinee.pk])))
    assert "<ins>" in dossier
    assert "<del>" in dossier


def test_those_who_filed_it_too_are_told_of_a_reformulation(examinee, agent, client):
    lea = CoPetitionnaireFactory(petition=examinee, confirme=True, courriel="lea@exemple.fr")
    recevabilite.demander_reformulation(examinee, par=agent, texte="Ceci.", date_limite=jour(15))

    recevabilite.reformuler(
        examinee,
        par=examinee.auteur,
        titre=examinee.titre,
        demande="Nous demandons trente bancs.",
        raisons=examinee.raisons,
    )

    prevenus = [lettre.destinataires for lettre in lettres("prevenir_du_changement")]
    assert ["lea@exemple.fr"] in prevenus
    assert [examinee.auteur.courriel] not in prevenus
    page = client.get(reverse("petitions:confirmer_copetitionnaire", args=[lea.jeton()])).content.decode()
    assert "Ce qui a changé depuis votre confirmation" in page
    assert "trente bancs" in page


def test_to_answer_later_keeps_what_was_rewritten(examinee, agent, client):
    recevabilite.demander_reformulation(examinee, par=agent, texte="Ceci.", date_limite=jour(15))
    client.force_login(examinee.auteur)
    url = reverse("petitions:reformuler", args=[examinee.pk])
    page = client.get(url)
    recrit = {"titre": "Un autre titre", "demande": "Nous demandons un banc", "raisons": ""}

    client.post(url, {**recrit, "vu": page.context["form"]["vu"].value(), "plus_tard": "oui"})

    examinee.refresh_from_db()
    assert examinee.demande != recrit["demande"]
    page = client.get(url)
    assert {nom: page.context["form"][nom].value() for nom in recrit} == recrit
    assert "Voici ce que vous aviez récrit" in page.content.decode()
    assert "un banc" not in client.get(reverse("petitions:ma_petition", args=[examinee.pk])).content.decode()

    client.post(url, {**recrit, "raisons": "Parce que.", "vu": page.context["form"]["vu"].value()})
    examinee.refresh_from_db()
    assert (examinee.titre, examinee.reformulation_gardee) == ("Un autre titre", {})


def test_the_author_s_own_text_is_no_suggestion(examinee, agent):
    demande = recevabilite.demander_reformulation(
        examinee, par=agent, texte="Ceci.", proposition=f"{examinee.demande}\r\n ", date_limite=jour(15)
    )

    assert demande.proposition == ""
