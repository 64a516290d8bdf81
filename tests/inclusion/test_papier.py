"""Tables of paper: read with their faults, approved line by line, once whatever the agents and the files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from participation.budgets.models import Idee, InscriptionForum
from participation.inclusion.models import LotPapier, ReponseDeProfil
from participation.inclusion.papier import actes
from participation.inclusion.papier.tableau import genres
from participation.inclusion.workflow import EtatLigne, EtatLot
from participation.socle.actions.documents import fabriquer_document
from participation.socle.actions.oubli import Personne, oublier
from participation.socle.erreurs import ActeInterdit
from participation.socle.models import Document
from petitions.collecte.papier import imprimer_feuilles
from petitions.models import Signature
from remontees.models import Reception
from tests.budgets.factories import budget_en, forum_le
from tests.outils import ensemble
from tests.petitions.factories import PetitionFactory
from tests.remontees.factories import RemonteeFactory
from tests.renouvellement.factories import CollegeCampagneFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db

IDEES = "L’idée;Quartiers;Nom;Téléphone\nUn banc devant l’école.;;Rose;06 00 00 00 01\n;;Anne;\nUne fontaine.;Nulle part;;\nDes arbres.;;;\n"


def envoyer(pour, contenu, agent=None, nom="papier.csv"):
    """Send a table and read it, as the worker does."""
    lot = actes.envoyer_lot(
        LotPapier(),
        par=agent or CompteFactory(agent=True),
        pour=pour,
        fichier=SimpleUploadedFile(nom, contenu.encode()),
    )
    actes.lire_lot(lot.pk)
    lot.refresh_from_db()
    return lot


@pytest.fixture
def agent(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    agent = CompteFactory(agent=True)
    client.force_login(agent)
    return agent


@pytest.fixture
def lot(agent):
    return envoyer(f"idee:{budget_en().pk}", IDEES, agent)


def etats(lot):
    return dict(lot.lignes.order_by("numero").values_list("numero", "etat"))


def test_a_table_is_read_with_what_is_wrong_and_nothing_counts_yet(lot):
    assert lot.etat == EtatLot.A_APPROUVER
    assert etats(lot) == {2: "a_voir", 3: "en_faute", 4: "en_faute", 5: "a_voir"}
    assert "Nulle part" in lot.lignes.get(numero=4).raison
    assert not Idee.objects.exists()
    assert not lot.fichier


def test_what_an_agent_retains_counts_and_what_she_refuses_is_told_in_a_file(client, lot):
    adresse = reverse("inclusion:retenir_lignes", args=[lot.pk])
    client.post(adresse, {"lignes": ["2"], "montre": client.get(adresse).context["montre"]})
    assert [(i.texte, i.canal, i.auteurs.get().nom) for i in Idee.objects.all()] == [
        ("Un banc devant l’école.", "papier", "Rose")
    ]
    assert lot.lignes.get(numero=2).valeurs == {}
    adresse = reverse("inclusion:refuser_lignes", args=[lot.pk])
    client.post(
        adresse, {"lignes": ["5"], "motif": "Illisible", "montre": client.get(adresse).context["montre"]}
    )
    rejets = client.get(reverse("inclusion:rejets_du_lot", args=[lot.pk])).getvalue().decode()
    assert "Illisible" in rejets
    assert "Nulle part" in rejets
    assert "Rose" not in rejets
    client.post(reverse("inclusion:clore_lot", args=[lot.pk]))
    lot.refresh_from_db()
    assert lot.etat == EtatLot.CLOS


def test_the_same_file_is_refused_until_it_is_cancelled(client, agent, lot):
    envoi = {"pour": f"idee:{lot.cible}", "fichier": SimpleUploadedFile("autre.csv", IDEES.encode())}
    page = client.post(reverse("inclusion:envoyer_lot"), envoi).text
    assert "Ce fichier a déjà été envoyé" in page
    actes.annuler_lot(lot, par=agent, motif="Mauvais budget")
    assert not lot.lignes.exclude(valeurs={}).exists()
    assert envoyer(f"idee:{lot.cible}", IDEES, agent).etat == EtatLot.A_APPROUVER


def test_a_table_without_a_column_that_is_needed_says_which(agent):
    lot = envoyer(f"idee:{budget_en().pk}", "Nom;Téléphone\nRose;06\n", agent)
    assert (lot.etat, lot.lignes.count()) == (EtatLot.ILLISIBLE, 0)
    assert "« L’idée »" in lot.raison


def test_a_lot_closes_once_every_line_is_decided(agent, lot):
    assert lot.obstacles("clore_lot", agent)
    actes.retenir_lignes(lot, par=agent, lignes=["2", "5"])
    assert not lot.obstacles("clore_lot", agent)
    assert lot.obstacles("annuler_lot", agent)


def test_a_signature_of_a_table_is_a_line_of_its_sheet_that_another_agent_checks(agent):
    petition = PetitionFactory(en_collecte=True)
    imprimer_feuilles(petition, par=agent, nombre=1)
    lignes = "Feuille;Ligne;Prénom;Nom;Commune;Qualité\n1;1;Ana;Roux;MEYLAN;y paie un impôt local\n7;1;Bo;Rey;Meylan;resident\n"
    lot = envoyer(f"signature:{petition.pk}", lignes, agent)
    assert etats(lot) == {2: "a_voir", 3: "en_faute"}
    actes.retenir_lignes(lot, par=agent, lignes=["2"])
    signature = Signature.objects.get()
    assert (signature.feuille.numero, signature.ligne, signature.commune.nom) == (1, 1, "Meylan")
    assert (signature.qualite, signature.etat) == ("contribuable", "demandee")


def test_a_line_that_its_act_refuses_is_at_fault_and_the_others_count(agent):
    petition = PetitionFactory(en_collecte=True)
    imprimer_feuilles(petition, par=agent, nombre=1)
    ligne = "1;{};Ana;Roux;Meylan;resident\n"
    lot = envoyer(
        f"signature:{petition.pk}",
        "Feuille;Ligne;Prénom;Nom;Commune;Qualité\n" + ligne.format(1) + ligne.format(2),
        agent,
    )
    dits = actes.retenir_lignes(lot, par=agent, lignes=["2", "3"])
    assert dits[0] == "1 ligne retenue."
    assert "ressemblante" in dits[1]
    assert etats(lot) == {2: EtatLigne.RETENUE, 3: EtatLigne.EN_FAUTE}


def test_needs_and_quartier_of_a_forum_are_read_in_words(agent):
    forum = forum_le(3)
    lot = envoyer(
        f"forum:{forum.pk}",
        "Nom;Ce qu’il lui faut pour venir;Combien d’enfants à garder\nRose;une garde d’enfants;2\nAnne;une garde d’enfants;\n",
        agent,
    )
    assert etats(lot) == {2: "a_voir", 3: "en_faute"}
    actes.retenir_lignes(lot, par=agent, lignes=["2"])
    assert InscriptionForum.objects.get().enfants == 2


def test_every_kind_of_paper_reads_the_columns_of_its_entry_form():
    assert set(genres()) == {
        "signature",
        "idee",
        "forum",
        "panel",
        "questionnaire",
        "rencontre",
        "remontee",
        "candidature",
        "profil",
        "droits",
    }
    assert genres()["droits"].inscrire is None, "who asks for an erasure is recognised one by one"


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_retain_the_same_lines_make_one_idee(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    lot = envoyer(f"idee:{budget_en().pk}", IDEES)
    une, autre = CompteFactory(agent=True), CompteFactory(agent=True)

    def retenir(par):
        return lambda: actes.retenir_lignes(LotPapier.objects.get(pk=lot.pk), par=par, lignes=["2"])

    ensemble(retenir(une), retenir(autre))
    assert Idee.objects.count() == 1
    with pytest.raises(ActeInterdit, match="avant vous"):
        retenir(autre)()


def test_a_form_is_printed_once_for_its_questions_with_the_code_of_the_page_and_in_large_print(client, agent):
    adresse = reverse("inclusion:imprimer_formulaire", args=["idee", budget_en().pk])
    ailleurs = [client.post(adresse, {"en_gros": "oui"}).url, client.post(adresse).url]
    gros, ordinaire = Document.objects.order_by("pk")
    assert len({*ailleurs}) == 2
    assert (gros.donnees["en_gros"], ordinaire.donnees["en_gros"]) == (True, False)
    assert "/proposer/" in gros.donnees["adresse"]
    assert [q["libelle"] for q in gros.donnees["questions"]][:2] == ["L’idée", "En une phrase"]
    fabriquer_document(gros.pk)
    gros.refresh_from_db()
    assert gros.etat == Document.Etat.PRET
    assert client.post(adresse, {"en_gros": "oui"}).url == ailleurs[0]


def test_the_sheets_of_a_petition_are_printed_in_large_print_too(agent):
    document = imprimer_feuilles(PetitionFactory(en_collecte=True), par=agent, nombre=1, en_gros=True)
    fabriquer_document(document.pk)
    document.refresh_from_db()
    assert document.etat == Document.Etat.PRET
    assert len(document.donnees["lignes"]) < 12


def test_a_row_that_waits_is_emptied_with_the_person_who_wrote_it(agent):
    lot = envoyer(
        f"idee:{budget_en().pk}",
        "L’idée;Nom;Adresse de courriel;Téléphone\nUn banc;Rose;Rose@exemple.fr;\nUn arbre;Ana;;06 39 98 12 34\n"
        "Un abri;Léo;;06 39 98 12 34\n",
        agent,
    )
    oublier(Personne("rose@exemple.fr"))
    oublier(Personne("", telephone="+33639981234", nom="Léo Ravel"))
    assert etats(lot) == {2: EtatLigne.EN_FAUTE, 3: EtatLigne.A_VOIR, 4: EtatLigne.EN_FAUTE}
    assert lot.lignes.get(numero=2).valeurs == {}


def test_anybody_prints_a_form_and_what_is_written_on_it_is_entered(client, agent):
    college = CollegeCampagneFactory(campagne__ouverte=True)
    for genre, cible in (
        ("remontee", 1),
        ("candidature", college.pk),
        ("profil", timezone.localdate().year),
        ("droits", 1),
    ):
        adresse = reverse("inclusion:sur_papier", args=[genre, cible])
        for _ in range(2):
            assert client.post(adresse, {"en_gros": "oui"}).status_code == 303
    remontee, candidature, profil, droits = Document.objects.order_by("pk")  # asked twice, made once
    assert remontee.donnees["qr_de_saisie"]
    assert not profil.donnees["qr_de_saisie"]
    assert droits.donnees["qr_de_saisie"]
    assert [q["libelle"] for q in droits.donnees["questions"]][-1] == "Date et signature"
    assert "Que voulez-vous nous dire ? Depuis quand ?" in [
        q["libelle"] for q in remontee.donnees["questions"]
    ]
    fabriquer_document(candidature.pk)
    page = client.get(reverse("inclusion:sur_papier", args=["candidature", college.pk])).content.decode()
    assert str(candidature.cle_publique) in page

    lot = envoyer(
        "remontee:1", "Ce qui a été dit;Nom;Adresse postale\nLe banc est cassé;Rose Essai;1 rue d’exemple\n"
    )
    actes.retenir_lignes(lot, par=agent, lignes=["2"])
    assert Reception.objects.get().charge["contact"]["prefere"] == "lettre"


def test_a_form_that_a_secret_link_opens_is_not_public(client):
    assert client.get(reverse("inclusion:sur_papier", args=["questionnaire", 1])).status_code == 404
    assert client.get(reverse("inclusion:sur_papier", args=["signature", 1])).status_code == 404


def test_a_profile_on_paper_counts_for_its_demarche_without_a_name(agent):
    annee = timezone.localdate().year
    RemonteeFactory()
    lot = envoyer(f"profil:{annee}", f"Démarche;Votre âge\nremontees:{annee};60 à 74 ans\n")
    actes.retenir_lignes(lot, par=agent, lignes=["2"])
    assert ReponseDeProfil.objects.filter(nature="remontees", numero=annee).count() == 2
