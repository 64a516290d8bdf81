"""A paper sheet counts once a colleague has compared lines drawn at random with the paper."""

import pikepdf
import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from participation.socle.actions.documents import fabriquer_document
from participation.socle.actions.oubli import Personne, oublier
from participation.socle.erreurs import ActeInterdit, ErreurMetier
from participation.socle.models import Document, ReglageService
from petitions.collecte import papier
from petitions.models import Decompte, FeuillePapier, Signature
from petitions.signatures import decompte
from petitions.signatures.actes import confirmer_signature
from petitions.signatures.retrait import retirer_signature
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.socle.factories import CompteFactory, commune


@pytest.fixture
def saisie(db):
    """Return (sheet with ten lines entered, who entered them, a colleague)."""
    petition = PetitionFactory(en_collecte=True)
    agent, collegue = CompteFactory(agent=True), CompteFactory(agent=True)
    papier.imprimer_feuilles(petition, par=agent, nombre=1)
    feuille = petition.feuilles.get()
    for lettre in "ABCDEFGHIJ":
        papier.saisir_ligne(
            feuille,
            par=agent,
            prenom=f"{lettre}lix",
            nom=lettre * 6,
            commune=commune("Vif"),
            qualite="resident",
        )
    return feuille, agent, collegue


def test_sheets_are_numbered_without_gap_and_printed_together(db):
    petition = PetitionFactory(en_collecte=True)
    agent = CompteFactory(agent=True)

    papier.imprimer_feuilles(petition, par=agent, nombre=3)
    papier.imprimer_feuilles(petition, par=agent, nombre=2)

    assert list(petition.feuilles.values_list("numero", flat=True)) == [1, 2, 3, 4, 5]
    document = Document.objects.latest("pk")
    assert [f["numero"] for f in document.donnees["feuilles"]] == [4, 5]
    assert all(f["qr"].startswith("data:image/svg") for f in document.donnees["feuilles"])


def test_a_checked_sheet_counts(saisie):
    feuille, agent, collegue = saisie
    papier.clore_saisie(feuille, par=agent)
    assert len(feuille.lignes_a_controler) == 2  # a fifth of ten lines
    decompte.compter()
    assert not Decompte.objects.filter(total__gt=0).exists()

    papier.valider_feuille(feuille, par=collegue, conformes=set(feuille.lignes_a_controler))
    decompte.compter()

    assert Decompte.objects.get(petition=feuille.petition).total == 10
    assert feuille.petition.journal.filter(acte="valider_feuille", par=collegue).count() == 1
    with pytest.raises(ActeInterdit):
        papier.valider_feuille(feuille, par=collegue, conformes=set(feuille.lignes_a_controler))


def test_who_entered_a_sheet_does_not_check_it(saisie):
    feuille, agent, _ = saisie
    papier.clore_saisie(feuille, par=agent)

    with pytest.raises(ErreurMetier, match="une autre personne"):
        papier.valider_feuille(feuille, par=agent, conformes=set(feuille.lignes_a_controler))
    with pytest.raises(IntegrityError), transaction.atomic():
        FeuillePapier.objects.filter(pk=feuille.pk).update(controlee_par=agent)


def test_a_wrong_line_sends_the_sheet_back_or_rejects_it(saisie):
    feuille, agent, collegue = saisie
    papier.clore_saisie(feuille, par=agent)
    with pytest.raises(ErreurMetier, match="n’est pas cochée"):
        papier.valider_feuille(feuille, par=collegue, conformes=set(feuille.lignes_a_controler[1:]))

    papier.renvoyer_feuille(feuille, par=collegue, motif="Ligne 3 illisible.")
    papier.effacer_ligne(feuille, par=agent, ligne=3)
    papier.clore_saisie(feuille, par=agent)
    papier.rejeter_feuille(feuille, par=collegue, motif="Une même main.")

    assert feuille.etat == "rejetee"
    assert Signature.objects.filter(feuille=feuille).count() == 9
    assert not Signature.objects.valables().exists()


def test_a_likely_double_is_shown_before_it_is_entered(client, saisie):
    feuille, agent, _ = saisie
    SignatureFactory(
        petition=feuille.petition,
        prenom="Chloé",
        nom="Marchetti",
        nom_canonique="chloe marchetti",
        confirmee=True,
    )
    client.force_login(agent)
    ligne = {"prenom": "Chloe", "nom": "Marcheti", "commune": commune("Grenoble").pk, "qualite": "resident"}
    url = f"/petitions/feuilles/{feuille.pk}/"

    page = client.post(url, {**ligne, "ligne": 11}).content.decode()
    assert "Chloé Marchetti, Grenoble, en ligne" in page
    assert feuille.lignes.count() == 10

    assert client.post(url, {**ligne, "ligne": 11, "commune": commune("Vif").pk}).status_code == 302
    assert client.post(url, {**ligne, "ligne": 12, "malgre_doublon": "on"}).status_code == 302
    assert feuille.lignes.count() == 12
    assert f'value="{commune("Grenoble").pk}" selected' in client.get(url).content.decode()


def test_the_whole_path_by_the_pages(client, saisie):
    feuille, agent, collegue = saisie
    client.force_login(agent)
    client.post(reverse("petitions:clore_saisie", args=[feuille.pk]))
    assert (
        "une autre personne la contrôle"
        in client.get(f"/petitions/feuilles/{feuille.pk}/controler/").content.decode()
    )

    client.force_login(collegue)
    feuille.refresh_from_db()
    reponse = client.post(
        f"/petitions/feuilles/{feuille.pk}/controler/",
        {"decision": "valider", "conformes": feuille.lignes_a_controler},
        follow=True,
    )
    assert "Validée" in reponse.content.decode()


def test_paper_needs_a_reglement_that_admits_it(db):
    petition = PetitionFactory(en_collecte=True)
    petition.reglement.papier_admis = False
    petition.reglement.save()

    with pytest.raises(ErreurMetier, match="sur papier"):
        papier.imprimer_feuilles(petition, par=CompteFactory(agent=True), nombre=1)


def test_an_erased_line_keeps_its_number(client, saisie):
    feuille, agent, _ = saisie
    client.force_login(agent)
    url = f"/petitions/feuilles/{feuille.pk}/"
    client.post(reverse("petitions:effacer_ligne", args=[feuille.pk]), {"ligne": 3})

    page = client.get(url).content.decode()
    assert "Lignes vides&nbsp;: " in page.replace("\xa0", "&nbsp;")
    assert "ligne 11" in page.replace("\xa0", " ")  # the next number is not that of the erased sheet
    assert 'name="ligne" value="3"' in client.get(f"{url}?ligne=3").content.decode()
    reponses = {"prenom": "Zoé", "nom": "Neuve", "commune": commune("Vif").pk, "qualite": "resident"}
    client.post(url, {**reponses, "ligne": 3})

    assert feuille.lignes.get(ligne=3).prenom == "Zoé"
    assert "Lignes vides" not in client.get(url).content.decode()
    page = client.post(url, {**reponses, "nom": "Autre", "ligne": 3}).content.decode()
    assert "La ligne 3 est déjà saisie" in page.replace("\xa0", " ")


def test_a_line_is_entered_by_keyboard_alone(client, saisie):
    """Entrée saves from a list too (static/js/saisie.js); after a likely duplicate, focus goes to the box."""
    feuille, agent, _ = saisie
    client.force_login(agent)
    url = f"/petitions/feuilles/{feuille.pk}/"

    page = client.get(url).content.decode()
    assert "data-entree-envoie" in page
    assert "js/saisie.js" in page
    form = client.post(
        url,
        {"ligne": 11, "prenom": "Alix", "nom": "AAAAAA", "commune": commune("Vif").pk, "qualite": "resident"},
    ).context["form"]
    assert form.fields["malgre_doublon"].widget.attrs["autofocus"]
    assert "autofocus" not in form.fields["prenom"].widget.attrs


@pytest.mark.parametrize(("fois", "pages"), [(1, 1), (36, 2)])
def test_the_sheet_says_the_whole_demand_and_where_to_bring_it(db, fois, pages):
    """On one page if the demand is short, else with a front page. The printed code opens the form to sign."""
    ReglageService.objects.update_or_create(
        pk=1, defaults={"adresse_postale": "Le Forum, 3 rue Malakoff, Grenoble"}
    )
    demande = (
        "Nous demandons une piste continue et éclairée, de Vizille à Grenoble, séparée de la route. " * fois
    )
    petition = PetitionFactory(en_collecte=True, demande=f"{demande}FIN DE LA DEMANDE.")

    document = papier.imprimer_feuilles(petition, par=CompteFactory(agent=True), nombre=1)

    assert document.donnees["qr_signer"] == papier.code_qr(document.donnees["adresse"])
    assert document.donnees["adresse"].endswith(f"/petitions/{petition.pk}/signer/")
    fabriquer_document(document.pk)
    document.refresh_from_db()
    with document.fichier.open() as fichier, pikepdf.open(fichier) as lu:
        assert len(lu.pages) == pages
    html = render_to_string(
        "pdf/petitions/feuille.html", {**document.donnees, "document": document, "dossier": petition}
    )
    assert "FIN DE LA DEMANDE" in html
    assert "3\xa0rue Malakoff" in html
    assert "Signer en ligne" in html
    assert "À rapporter au plus tard le" in html


def test_who_signed_on_paper_follows_withdraws_and_is_erased_by_the_code_of_her_slip(saisie, client):
    feuille, agent, collegue = saisie
    une = feuille.lignes.get(ligne=3)
    client.force_login(agent)
    trouvee = client.get(reverse("petitions:signataires", args=[feuille.petition_id]), {"q": str(une)})
    assert f"feuille n°&nbsp;{feuille.numero}, ligne 3" in trouvee.content.decode()
    papier_a_garder = client.get(reverse("petitions:signature_sur_papier", args=[une.pk])).content.decode()
    code, jeton = Signature.LIEN.code(une), Signature.LIEN.jeton(une)
    assert code in papier_a_garder
    assert f"Code sur papier montré : feuille n° {feuille.numero}, ligne 3" in str(
        feuille.petition.journal.first()
    )
    client.logout()
    for page in ("refuser", "corriger"):  # acts of who typed an address: a line stays on its sheet
        adresse = reverse(f"petitions:{page}_signature", args=[jeton])
        assert client.post(adresse)["Location"] == client.get(adresse)["Location"]
    une.refresh_from_db()
    assert (une.refusee_le, une.etat) == (None, Signature.Etat.DEMANDEE)

    page = client.post(reverse("socle:mon_code"), {"code": code.lower()})["Location"]
    assert "Aller signer" not in client.get(page).content.decode()
    with pytest.raises(ErreurMetier, match="rien n’est à confirmer"):
        confirmer_signature(une)  # it counts by its sheet alone
    papier.clore_saisie(feuille, par=agent)
    papier.valider_feuille(feuille, par=collegue, conformes=set(feuille.lignes_a_controler))
    assert "Comptée" in client.get(page).content.decode()
    client.post(reverse("petitions:retirer_signature", args=[jeton]))
    une.refresh_from_db()
    assert une.etat == Signature.Etat.RETIREE

    oublier(Personne("", ligne=une))
    une.refresh_from_db()
    assert (une.prenom, une.nom, une.nom_canonique) == ("", "", "")


def test_a_line_erased_or_withdrawn_before_the_check_never_counts(saisie, client):
    feuille, agent, collegue = saisie
    effacee, retiree = feuille.lignes.get(ligne=3), feuille.lignes.get(ligne=4)
    oublier(Personne("", ligne=effacee))
    retirer_signature(retiree)
    papier.clore_saisie(feuille, par=agent)
    feuille.lignes_a_controler = [3, 4]
    feuille.save()

    choix = dict(papier.ControleForm(feuille).fields["conformes"].choices)
    assert choix["3"] == "Ligne 3 : nom effacé à la demande de la personne, Vif"
    papier.valider_feuille(feuille, par=collegue, conformes={3, 4})

    assert feuille.lignes.filter(etat=Signature.Etat.CONFIRMEE).count() == 8
    comptee = feuille.lignes.get(ligne=5)
    Signature.objects.filter(pk=comptee.pk).update(prenom="", nom="", nom_canonique="")  # pseudonymised
    page = client.get(
        reverse("petitions:ma_signature", args=[Signature.LIEN.jeton(comptee)])
    ).content.decode()
    assert "Comptée" in page
    assert "Retirer ma signature" not in page
    assert set(feuille.lignes.filter(ligne__in=[3, 4]).values_list("etat", flat=True)) == {
        Signature.Etat.RETIREE
    }
