"""Opinions on a projet asked of partners and tables, by signed link, once each."""

import io
import re

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contrat_ville.instruction import avis as avis_instruction
from contrat_ville.instruction.lectures import avis_de, compte_des_avis
from contrat_ville.models import Partenaire, PieceProjet, Projet, SuiviQuartier, TypePiece
from participation.socle.actions import demander
from participation.socle.actions.demandes import annoncer_la_liste, annuler_demande, relancer_demande
from participation.socle.actions.pieces import joindre
from participation.socle.erreurs import ErreurMetier
from participation.socle.models import Commune, Courriel, Demande, Piece
from tests.contrat_ville.factories import ProjetFactory
from tests.outils import ensemble, jour
from tests.socle.factories import CompteFactory, agent_de_direction


def pdf_vide() -> bytes:
    """Return an empty page."""
    tampon = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.save(tampon)
    return tampon.getvalue()


pytestmark = pytest.mark.django_db


# Opinions


def test_a_town_without_a_mailbox_is_asked_at_the_address_of_its_own_sheet(client, agent, projet):
    villes = Partenaire.objects.filter(nature="commune")
    assert not villes.filter(commune=None).exists()
    ville = villes.first()
    Commune.objects.filter(pk=ville.commune_id).update(courriel="")
    demande = {"tables": [], "texte": "Quoi ?", "date_limite": jour(10)}
    client.force_login(agent)
    adresse = reverse("contrat_ville:demander_avis", args=[projet.pk])
    page = client.get(adresse).content.decode()
    assert f"{ville.nom} (adresse à compléter" in page
    assert f'<a href="{ville.url_adresse}">{ville.nom}</a>' in page
    with pytest.raises(ErreurMetier, match="complétez sa fiche"):
        avis_instruction.demander_avis(projet, par=agent, partenaires=villes.filter(pk=ville.pk), **demande)

    villes.filter(pk=ville.pk).update(courriel="ville@example.org")
    avis_instruction.demander_avis(projet, par=agent, partenaires=villes.filter(pk=ville.pk), **demande)

    assert Courriel.objects.filter(destinataires=["ville@example.org"]).exists()


def test_who_is_asked_again_the_same_day_reads_the_next_morning_one_list_with_what_is_due_already(
    client, agent, projet
):
    ville = Partenaire.objects.filter(nature="commune").first()
    Partenaire.objects.filter(pk=ville.pk).update(courriel="ville@example.org")
    Commune.objects.filter(pk=ville.commune_id).update(courriel="")
    autre, encore, reserve = ProjetFactory(), ProjetFactory(), ProjetFactory()
    for dossier in (projet, autre, encore, reserve):
        avis_instruction.demander_avis(
            dossier,
            par=agent,
            partenaires=Partenaire.objects.filter(pk=ville.pk),
            tables=[],
            texte="Quoi ?",
            date_limite=jour(10),
        )
    Projet.objects.filter(pk=reserve.pk).update(est_reserve=True)
    demande = projet.demandes.get()

    page = client.get(projet.lien_reponse(demande)).content.decode()

    lien = autre.lien_reponse(autre.demandes.get())
    assert lien.partition(":")[0] in page  # the rest of a token says the second when it was signed
    assert reserve.titre not in page
    (premiere,) = Courriel.objects.filter(acte="socle/demander")
    assert f"({projet.reference})" in premiere.sujet
    with pytest.raises(ErreurMetier, match="part avec la prochaine liste"):
        relancer_demande(autre.demandes.get(), par=agent)
    client.force_login(agent)
    assert "Sa lettre part avec la prochaine liste" in client.get(autre.get_absolute_url()).text

    # What was reserved meanwhile has its own letter: every agent reads one of several dossiers.
    assert (annoncer_la_liste(), annoncer_la_liste()) == (2, 0)
    assert Courriel.objects.filter(acte="socle/demander", dossier=reserve.pk).exists()
    liste = Courriel.objects.get(acte="socle/demander_ensemble")
    assert liste.sujet.startswith("2 avis attendus de vous")
    nouvelles, deja = liste.corps.split("Déjà demandé, et toujours attendu de vous")
    assert [p.reference in nouvelles for p in (autre, encore, reserve)] == [True, True, False]
    assert projet.reference in deja
    annuler_demande(projet.demandes.get(), par=agent, motif="Retirée.")
    assert Courriel.objects.filter(acte="socle/annuler_demande").exists()


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_ask_one_town_at_once_send_it_one_letter():
    ville = Partenaire.objects.filter(nature="commune").first()
    Commune.objects.filter(pk=ville.commune_id).update(courriel="ville@example.org")

    def demander(projet):
        agent, quoi = CompteFactory(agent=True), {"texte": "Quoi ?", "date_limite": jour(10), "tables": []}
        siens = Partenaire.objects.filter(pk=ville.pk)
        return lambda: avis_instruction.demander_avis(projet, par=agent, partenaires=siens, **quoi)

    assert ensemble(demander(ProjetFactory()), demander(ProjetFactory())) == ["fait", "fait"]
    assert Courriel.objects.filter(acte="socle/demander").count() == 1


def test_a_town_asked_about_several_projets_at_once_gets_one_letter_with_a_link_for_each(
    client, agent, projet
):
    ville, autre_ville = Partenaire.objects.filter(nature="commune")[:2]
    for partenaire in (ville, autre_ville):
        Partenaire.objects.filter(pk=partenaire.pk).update(courriel=f"ville{partenaire.pk}@example.org")
        Commune.objects.filter(pk=partenaire.commune_id).update(courriel="")
    deux, clos = ProjetFactory(), ProjetFactory(etat="retire")
    demande = {"partenaires": [ville.pk], "texte": "Quoi ?", "date_limite": jour(10).isoformat()}
    client.force_login(agent)
    for partenaires in ([ville.pk], [ville.pk, autre_ville.pk]):
        client.post(
            reverse("contrat_ville:projets"),
            {
                "lot": "demander_avis",
                "reste": f"{projet.pk},{deux.pk},{clos.pk}",
                **demande,
                "partenaires": partenaires,
            },
        )

    # The first town owed both when the second was asked as well: it is not asked twice.
    lettre, autre = Courriel.objects.filter(acte="socle/demander_ensemble").order_by("pk")
    assert [lettre.destinataires, autre.destinataires] == [
        [f"ville{p.pk}@example.org"] for p in (ville, autre_ville)
    ]
    assert lettre.sujet.startswith("2 avis attendus de vous")
    for dossier in (projet, deux):
        assert f"({dossier.reference})" in lettre.corps
        (lien,) = re.findall(
            rf"\({dossier.reference}\)[^\n]*\s+\S+?(/contrat-de-ville/avis/\S+)", lettre.corps
        )
        assert dossier.titre in client.get(lien).content.decode()
    assert not clos.demandes.exists()


def test_partners_answer_by_a_signed_link_with_a_sense(client, agent, projet):
    etat, table = Partenaire.objects.get(nature="etat"), SuiviQuartier.objects.first()
    Partenaire.objects.filter(pk=etat.pk).update(courriel="ville@etat.example.org")
    SuiviQuartier.objects.filter(pk=table.pk).update(courriel="table@example.org")
    avis_instruction.demander_avis(
        projet,
        par=agent,
        partenaires=Partenaire.objects.filter(pk=etat.pk),
        tables=SuiviQuartier.objects.filter(pk=table.pk),
        texte="Qu’en pensez-vous ?",
        date_limite=jour(10),
    )
    lettre = Courriel.objects.get(destinataires=["ville@etat.example.org"])
    (lien,) = re.findall(r"/repondre/\S+", lettre.corps)
    adresse = client.get(lien).url

    assert adresse.startswith("/contrat-de-ville/avis/")
    assert client.get(adresse).status_code == 200
    client.post(
        adresse,
        {
            "sens": "reserve",
            "reponse": "Si le lieu convient.",
            "nom": "Odile",
            "fichier": SimpleUploadedFile("note.pdf", pdf_vide(), "application/pdf"),
        },
    )

    lus = avis_de(projet)
    # The letter gives the sense: « Si le lieu convient. » alone would read as a yes.
    assert (
        "La réponse, avis favorable avec réserve" in Courriel.objects.get(acte="socle/repondre_demande").corps
    )
    # The file is for the service: neither the other partners nor the team can read it.
    piece = lus[0].demande.piece
    assert not projet.pieces_a_lire().exists()
    voir = reverse("socle:piece", args=[piece.pk])
    porteuse = CompteFactory()
    Projet.objects.filter(pk=projet.pk).update(auteur=porteuse)
    for qui, statut in ((porteuse, 404), (agent, 200)):
        client.force_login(qui)
        page = client.get(voir)
        page.getvalue()
        assert page.status_code == statut
    assert voir in client.get(projet.get_absolute_url()).content.decode()
    assert [a.sens for a in lus] == ["favorable avec réserve", "attendu"]
    assert compte_des_avis(lus) == "1/2"


def avis_demande(projet, agent, courriel="ville@etat.example.org"):
    """An opinion asked of the State only."""
    etat = Partenaire.objects.filter(nature="etat")
    etat.update(courriel=courriel)
    (demande,) = avis_instruction.demander_avis(
        projet, par=agent, partenaires=etat, tables=[], texte="?", date_limite=jour(9)
    )
    return demande


def test_an_opinion_is_given_once_and_a_reserve_says_why(client, agent, projet):
    demande = avis_demande(projet, agent)
    adresse = projet.lien_reponse(demande)
    sans_raison = client.post(adresse, {"sens": "reserve", "reponse": " ", "nom": "Odile"}).content.decode()
    assert "Dites pourquoi" in sans_raison
    assert "Odile" in sans_raison, "nothing is lost"
    ni_raison_ni_nom = client.post(adresse, {"sens": "reserve"}).context["form"].errors
    assert set(ni_raison_ni_nom) == {"reponse", "nom"}, "all at once"
    for sens in ("favorable", "defavorable"):
        client.post(adresse, {"sens": sens, "reponse": "", "nom": "Odile"})

    assert Demande.objects.get(pk=demande.pk).avis_rendu.sens == "favorable"


def test_who_is_asked_by_a_link_reads_no_bank_details_nor_names_of_people(client, agent, projet):
    pieces = {}
    for code in ("rib", "dirigeants", "rapport-activite"):
        type_piece = TypePiece.objects.get(code=code)
        fichier = SimpleUploadedFile(f"{code}.txt", f"Un papier : {code}.".encode())
        pieces[code] = joindre(projet, fichier=fichier, titre=type_piece.nom, par=agent)
        PieceProjet.objects.create(piece=pieces[code], type_piece=type_piece)
    demande = avis_demande(projet, agent)

    page = client.get(projet.lien_reponse(demande)).content.decode()
    ouvertes = []
    for code, piece in pieces.items():
        lue = client.get(reverse("socle:piece_de_la_demande", args=[demande.jeton(), piece.pk]))
        b"".join(lue)  # read to the end, so that the file is closed
        ouvertes += [code] if lue.status_code == 200 else []

    assert ouvertes == ["rapport-activite"]
    assert "Dernier rapport" in page
    assert "bancaire" not in page

    # The account of another partner reads neither these files nor this answer.
    elle = agent_de_direction()
    direction = elle.appartenances.get().direction
    sienne = demander(
        projet, par=agent, nature="avis", a=direction, objet="?", texte="?", date_limite=jour(9)
    )
    for qui, nom in ((demande, "de la Ville"), (sienne, "de la direction")):
        fichier = SimpleUploadedFile("n.txt", nom.encode())
        Demande.objects.filter(pk=qui.pk).update(piece=joindre(projet, fichier=fichier, titre=nom, par=None))
    assert set(Piece.objects.visibles_par(elle).values_list("titre", flat=True)) == {
        "de la direction",
        pieces["rapport-activite"].titre,
    }


def test_a_partner_is_asked_at_an_address_and_not_twice_at_once(agent, projet):
    with pytest.raises(ErreurMetier, match="n’a pas d’adresse"):
        avis_demande(projet, agent, courriel="")
    avis_demande(projet, agent)

    with pytest.raises(ErreurMetier, match="doit déjà un avis"):
        avis_demande(projet, agent)


def test_a_forged_link_opens_nothing(client):
    assert client.get(reverse("contrat_ville:rendre_avis", args=["1:abc"])).status_code == 404


def test_the_filter_of_opinions_finds_what_lacks_one(client, agent, projet):
    avis_demande(projet, agent)
    autre = ProjetFactory(programmation=projet.programmation)
    client.force_login(agent)

    page = client.get(reverse("contrat_ville:projets"), {"avis": "attendus"}).content.decode()

    assert projet.reference in page
    assert autre.reference not in page
    assert "0/1" in page
