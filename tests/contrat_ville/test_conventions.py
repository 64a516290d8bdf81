"""After the decision: convention, payments, accompaniment, bilan, closing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from contrat_ville.bilan import accompagnement, comptes, conventions, fiches
from contrat_ville.bilan import actes as bilan
from contrat_ville.bilan.comptes import Comptes, definitifs, definitifs_proposes
from contrat_ville.models import Convention, Financement, Projet, Reversement
from contrat_ville.workflow import Etat
from participation.socle.calendrier import ajouter_mois
from participation.socle.erreurs import ErreurMetier, RoleInsuffisant
from participation.socle.francais import jour_texte
from participation.socle.models import Courriel
from tests.contrat_ville.factories import ProjetFactory
from tests.outils import constant_queries, ensemble, jour, lire
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


def accorder(projet, montant="500"):
    financement = projet.financements.get()
    financement.accorde = Decimal(montant)
    financement.save()
    return financement


def test_no_convention_before_its_team_is_told(agent):
    with pytest.raises(ErreurMetier, match="Notifiez d’abord"):
        conventions.conventionner(ProjetFactory(retenu=True), par=agent, numero="C-1", date_signature=jour())


def test_a_convention_is_not_signed_tomorrow(agent):
    with pytest.raises(ValidationError):
        conventions.conventionner(
            ProjetFactory(notifie=True), par=agent, numero="C-1", date_signature=jour(1)
        )


def test_no_more_is_paid_than_granted(agent):
    projet = ProjetFactory(en_cours=True)
    financement = accorder(projet)
    options = {"par": agent, "financement": financement, "date": jour()}
    conventions.enregistrer_versement(projet, montant=Decimal("300.50"), **options)

    with pytest.raises(ValidationError, match="199,50"):
        conventions.enregistrer_versement(projet, montant=Decimal("199.51"), **options)

    conventions.enregistrer_versement(projet, montant=Decimal("199.50"), **options)
    assert Financement.objects.get(pk=financement.pk).verse == 500


def test_the_team_reads_its_convention_its_payments_and_what_is_still_to_come(client, agent):
    porteuse = CompteFactory()
    projet = ProjetFactory(notifie=True, equipe=[porteuse])
    financement = accorder(projet)
    client.force_login(porteuse)

    def page():
        return client.get(projet.get_porteur_url()).content.decode().replace("\u00a0", " ")

    assert "Rien n’est encore versé" in page()
    conventions.conventionner(projet, par=agent, numero="C-2027-4", date_signature=jour())
    conventions.enregistrer_versement(
        projet, par=agent, financement=financement, montant=Decimal("300.50"), date=jour(), reference="M-18"
    )
    lue = page()
    assert "Signée, n° C-2027-4" in lue
    assert "300,50 € versés sur 500 €" in lue
    assert "Il reste 199,50 €" in lue
    assert "M-18" in lue
    Projet.objects.filter(pk=projet.pk).update(notifie_le=None, etat=Etat.RETENU)
    assert "Convention et versements" not in page()  # the team does not know the decision yet


def test_a_payment_is_corrected_or_cancelled_with_its_reason_and_the_sums_follow(client, agent):
    porteuse = CompteFactory()
    projet = ProjetFactory(en_cours=True, notifie=True, equipe=[porteuse])
    Projet.objects.filter(pk=projet.pk).update(etat=Etat.EN_COURS)
    financement = accorder(projet)
    versement = conventions.enregistrer_versement(
        Projet.objects.get(pk=projet.pk),
        par=agent,
        financement=financement,
        montant=Decimal(30),
        date=jour(-3),
    )
    client.force_login(agent)
    corriger = reverse("contrat_ville:corriger_versement", args=[versement.pk])
    annuler = reverse("contrat_ville:annuler_versement", args=[versement.pk])
    assert corriger in client.get(projet.get_absolute_url()).content.decode()
    juste = {"montant": "300", "date": jour(-3), "reference": "M-1", "motif": "Un zéro manquait."}

    for mauvais, phrase in (
        ({"montant": "500,01"}, "il reste 470"),
        ({"date": jour(1)}, "pas encore passé"),
        ({"motif": ""}, "recapitulatif"),
        ({"montant": "30", "reference": ""}, "Rien n’est changé"),
    ):
        assert phrase in client.post(corriger, {**juste, **mauvais}).content.decode().replace("\xa0", " ")
    client.post(corriger, juste)

    entree = projet.journal.get(acte="corriger_versement")
    assert entree.motif == "Un zéro manquait."
    assert entree.details["avant"] == {"montant": "30.00", "date": jour(-3).isoformat(), "reference": ""}
    assert Financement.objects.get(pk=financement.pk).verse == 300
    client.post(annuler, {"motif": "Versé à un autre."})
    assert Financement.objects.get(pk=financement.pk).verse == 0
    assert "ne compte plus" in client.get(projet.get_absolute_url()).content.decode()
    assert client.post(corriger, juste).status_code == 409
    client.force_login(porteuse)
    sienne = client.get(projet.get_porteur_url()).content.decode()
    assert "Rien n’est encore versé" in sienne
    assert "M-1" not in sienne


@pytest.mark.django_db(transaction=True)
def test_two_payments_at_once_stay_within_what_is_granted():
    projet = ProjetFactory(en_cours=True)
    financement = accorder(projet)

    def verser(montant):
        lu, compte = Projet.objects.get(pk=projet.pk), CompteFactory(agent=True)
        return lambda: conventions.enregistrer_versement(
            lu, par=compte, financement=financement, montant=Decimal(montant), date=jour()
        )

    assert ensemble(verser(50), verser(50)) == ["ErreurMetier", "fait"]  # one payment, two agents
    assert ensemble(verser(400), verser(400 + 1)) == ["ValidationError", "fait"]
    assert Financement.objects.get(pk=financement.pk).verse in {450, 451}


def test_a_payment_of_another_projet_is_not_written_here(agent):
    autre, sien = accorder(ProjetFactory(en_cours=True)), accorder(ProjetFactory(en_cours=True))

    with pytest.raises(Financement.DoesNotExist):
        conventions.enregistrer_versement(
            sien.projet, par=agent, financement=autre, montant=Decimal(1), date=jour()
        )


def test_help_that_is_asked_waits_in_the_day_until_it_is_given(client, agent):
    porteuse = CompteFactory()
    projet = ProjetFactory(en_cours=True, equipe=[porteuse], agent=agent)

    ligne = accompagnement.demander_aide(projet, par=porteuse, texte="Nous n’avons plus de salle.")

    assert Courriel.objects.get(acte="contrat_ville/demander_aide").destinataires == [agent.courriel]
    client.force_login(agent)
    assert "Aider une équipe" in client.get(reverse("socle:journee")).content.decode()
    client.post(reverse("contrat_ville:clore_aide", args=[ligne.pk]))
    assert "Aider une équipe" not in client.get(reverse("socle:journee")).content.decode()


def test_a_projet_begins_and_owes_its_bilan_by_its_own_dates():
    commence = ProjetFactory(notifie=True, etat=Etat.CONVENTIONNE, date_debut=jour(), date_fin=jour(30))
    fini = ProjetFactory(en_cours=True, date_debut=jour(-60), date_fin=jour(-1))
    attend = ProjetFactory(notifie=True, etat=Etat.CONVENTIONNE, date_debut=jour(1), date_fin=jour(9))
    Convention.objects.create(projet=fini, numero="C-1", date_signature=jour(-90))

    bilan.suivre_le_calendrier()

    etats = [Projet.objects.get(pk=p.pk).etat for p in (commence, fini, attend)]
    assert etats == [Etat.EN_COURS, Etat.BILAN_ATTENDU, Etat.CONVENTIONNE]
    due = fini.echeances.get(cle="bilan").date_limite
    assert due == ajouter_mois(fini.date_fin, fini.programmation.delai_bilan_mois)
    assert Courriel.objects.filter(acte="contrat_ville/attendre_bilan").count() == 1


def test_the_team_gives_its_account_in_words_and_in_money(client, agent):
    porteuse = CompteFactory()
    projet = ProjetFactory(bilan_attendu=True, equipe=[porteuse], agent=agent)
    ligne = projet.budget.get(poste="601")
    client.force_login(porteuse)

    def photos():
        return SimpleUploadedFile("photos.txt", b"Le jardin, en mai.")

    adresse = reverse("contrat_ville:rendre_bilan", args=[projet.pk])
    recette = projet.budget.get(poste="74epci")
    dites = {
        "realise": "Un jardin.",
        "changements": "On se parle.",
        "beneficiaires": "80",
        f"l{ligne.pk}": "950,20",
        f"l{recette.pk}": "1000",
        "poste_0": "604",
        "montant_0": "20",
        "fichier_0": photos(),
    }

    muet = client.post(adresse, dites)
    assert "29,80" in muet.content.decode()  # the difference, with nothing that says why
    dites |= {"ecarts": "Moins de bois que prévu.", "fichier_0": photos()}
    relecture = client.post(adresse, dites)
    projet.refresh_from_db()
    assert projet.etat == Etat.BILAN_ATTENDU  # the sums are read again before they leave
    assert "Relisez" in relecture.content.decode()
    dites["fichier_0"] = photos()
    client.post(adresse, dites | {"comptes_vus": relecture.context["form"]["comptes_vus"].value()})

    projet.refresh_from_db()
    ligne.refresh_from_db()
    assert projet.etat == Etat.EVALUE
    assert projet.bilan.beneficiaires == 80
    assert ligne.realise == Decimal("950.20")
    assert projet.budget.get(est_imprevue=True).realise == Decimal(20)
    assert projet.pieces.get().titre == "Joint au bilan : photos.txt"
    client.force_login(agent)
    assert "Lire un bilan" in client.get(reverse("socle:journee")).content.decode()
    projet.financements.update(accorde=600)
    assert "Accordé&nbsp;: 600" in client.get(projet.get_absolute_url()).text
    client.force_login(porteuse)
    assert "On se parle." in client.get(projet.get_porteur_url()).text  # what she wrote is hers to read again


def test_a_refused_closing_of_accounts_offers_no_paper_bilan_in_place_of_that_of_the_team(client, agent):
    projet = ProjetFactory(notifie=True, etat=Etat.BILAN_ATTENDU, equipe=[CompteFactory()], agent=agent)
    client.force_login(agent)

    refus = client.get(reverse("contrat_ville:arreter_comptes", args=[projet.pk]))

    assert refus.status_code == 409
    assert "Saisir un bilan papier" not in refus.content.decode()
    assert projet.permet("saisir_bilan", agent)


def test_what_was_paid_above_what_is_owed_is_asked_back_and_nothing_closes_before(client, agent):
    projet = ProjetFactory(notifie=True, etat=Etat.EVALUE, equipe=[CompteFactory()], agent=agent)
    projet.financements.update(accorde=800, verse=600)
    projet.budget.filter(sens="depense").update(realise=500)
    financeur = projet.financements.get().financeur
    assert definitifs_proposes(projet) == {financeur.pk: Decimal(500)}
    assert (projet.acte_du(), "le service le lit" in projet.ensuite()) == ("arreter_comptes", True)
    with pytest.raises(ErreurMetier, match="Arrêtez d’abord les comptes"):
        bilan.clore(projet, par=agent)
    with pytest.raises(ValidationError, match="dites pourquoi"):
        comptes.arreter_comptes(projet, par=agent, definitifs={financeur.pk: Decimal(700)})

    client.force_login(agent)
    client.post(
        reverse("contrat_ville:arreter_comptes", args=[projet.pk]),
        {f"definitif_{financeur.pk}": "500", "date_limite": jour(20).isoformat()},
    )

    reversement = Reversement.objects.get()
    assert reversement.montant == Decimal(100)
    assert "les comptes sont arrêtés" in Projet.objects.get(pk=projet.pk).ensuite()
    assert "vous devez lui rendre 100" in Courriel.objects.get(acte="contrat_ville/arreter_comptes").corps
    with pytest.raises(ErreurMetier, match="est attendu"):
        bilan.clore(projet, par=agent)
    with pytest.raises(ValidationError, match="Il reste"):
        comptes.enregistrer_reversement(reversement, par=agent, montant=Decimal(101), date=jour())
    comptes.enregistrer_reversement(reversement, par=agent, montant=Decimal(100), date=jour())
    assert projet.echeances.get(cle="reversement").faite_le is not None
    assert projet.acte_du() == "clore"
    bilan.clore(projet, par=agent)


def test_nothing_owed_is_proposed_as_a_zero_that_can_be_sent(agent):
    projet = ProjetFactory(notifie=True, etat=Etat.EVALUE, agent=agent)
    projet.financements.update(accorde=800, verse=0)
    projet.budget.filter(sens="depense").update(realise=0)
    form = comptes.ArreterComptesForm(objet=projet, par=agent)
    proposes = {nom: form[nom].value() for nom in form.financeurs}
    assert set(proposes.values()) == {"0"}
    assert comptes.ArreterComptesForm(proposes, objet=projet, par=agent).is_valid()


def test_nothing_closes_with_something_unpaid(agent):
    projet = ProjetFactory(notifie=True, etat=Etat.EVALUE)
    projet.financements.update(accorde=800, verse=600, definitif=800)
    with pytest.raises(ErreurMetier, match="Il reste 200"):
        bilan.clore(projet, par=agent)


@pytest.mark.parametrize(
    ("depense", "autres", "regle", "seuil", "dus"),
    [
        (None, 0, "solde", 0, [300, 100]),  # the bilan does not say
        (1000, 600, "solde", 0, [300, 100]),
        (500, 200, "solde", 0, [225, 75]),  # 100 above what is left to pay, shared as the grants
        (500, 200, "solde", 100, [300, 100]),  # not above the threshold
        (500, 0, "prorata", 0, [150, 50]),  # half of the planned expense
        (100, 200, "solde", 0, [0, 0]),
    ],
)
def test_what_each_financer_owes_follows_the_reglement(depense, autres, regle, seuil, dus):
    lus = Comptes(
        prevu=Decimal(1000),
        depense=None if depense is None else Decimal(depense),
        autres=Decimal(autres),
        accordes={1: Decimal(300), 2: Decimal(100)},
    )
    assert list(definitifs(lus, regle=regle, seuil=Decimal(seuil)).values()) == dus


def test_a_bilan_sent_back_is_written_again_over_what_was_said(agent):
    porteuse = CompteFactory()
    projet = ProjetFactory(bilan_attendu=True, equipe=[porteuse])
    textes = {"par": porteuse, "realises": {}, "changements": "Oui."}
    bilan.rendre_bilan(projet, realise="Peu.", **textes)
    bilan.renvoyer_bilan(projet, par=agent, motif="Combien de personnes ?", date_limite=jour(20))

    bilan.rendre_bilan(projet, realise="Peu, mais bien.", **textes)
    projet.financements.update(accorde=None)
    bilan.clore(projet, par=agent, mot="Merci.")

    assert Projet.objects.get(pk=projet.pk).bilan.realise == "Peu, mais bien."
    assert projet.clos_le is not None
    assert "Merci." in Courriel.objects.get(acte="contrat_ville/clore").corps


def test_an_agent_types_a_bilan_received_on_paper_and_its_holder_is_told_as_she_can_be(
    client, agent, settings
):
    projet = ProjetFactory(en_cours=True, date_debut=jour(-290), date_fin=jour(-200), agent=agent)
    projet.equipe.all().delete()
    Projet.objects.filter(pk=projet.pk).update(notifie_le=timezone.localtime() - timedelta(days=300))
    type(projet.porte_par).objects.filter(pk=projet.porte_par_id).update(courriel="")
    projet = Projet.objects.get(pk=projet.pk)
    bilan.attendre_bilan(projet, par=agent)
    (demande,) = projet.courriers.all()  # a bilan asked for on paper
    ligne, autre = projet.budget.order_by("pk")[:2]
    client.force_login(agent)
    adresse = reverse("contrat_ville:saisir_bilan", args=[projet.pk])
    assert "un courrier se prépare" in client.get(adresse).content.decode()

    def papier():
        return SimpleUploadedFile("bilan.txt", b"Un jardin. 950,20 euros de plants.")

    saisie = {
        "recu_le": jour(-2),
        "realise": "Un jardin.",
        "changements": "On se parle.",
        "beneficiaires": "80",
        f"l{ligne.pk}": "950,20",
    }
    for mauvais, phrase in (
        ({"recu_le": jour(1), "fichier": papier()}, "pas encore passé"),
        ({"recu_le": jour(-400), "fichier": papier()}, "n’a été notifiée que le"),
        ({"fichier": ""}, "Joignez le papier numérisé"),
        ({f"l{ligne.pk}": "950,201", "fichier": papier()}, "deux chiffres après la virgule"),
        ({"fichier": SimpleUploadedFile("bilan.exe", b"MZ\x90")}, "pas accepté"),
    ):
        page = client.post(adresse, {**saisie, **mauvais}).content.decode()
        assert phrase in page
        assert "On se parle." in page  # the typed text is kept
    assert not projet.pieces.exists()

    page = client.post(adresse, {**saisie, "fichier": papier()}, follow=True).content.decode()

    projet = Projet.objects.get(pk=projet.pk)
    assert projet.etat == Etat.EVALUE
    assert (projet.bilan.recu_sur_papier_le, timezone.localdate(projet.bilan.rendu_le)) == (
        jour(-2),
        jour(-2),
    )
    assert projet.bilan.papier.titre.startswith("Bilan papier reçu le")
    assert projet.bilan.papier not in projet.pieces_a_lire()
    assert [li.realise for li in projet.budget.order_by("pk")[:2]] == [Decimal("950.20"), autre.realise]
    fait = projet.journal.get(acte="saisir_bilan").fait
    assert fait == f"Bilan saisi d’après un papier reçu le {jour_texte(jour(-2))}"
    assert not projet.echeances.ouvertes().filter(cle="bilan").exists()
    assert [c.lettre for c in projet.courriers.filter(abandonne_le=None)] == ["contrat_ville/saisir_bilan"]
    assert projet.courriers.get(pk=demande.pk).abandonne_le is not None
    assert "Aucun courriel ne joint cette équipe" in page
    assert "Ouvrir le papier numérisé" in page
    assert client.get(adresse).status_code == 409
    journee = client.get(reverse("socle:journee")).content.decode()
    assert "Lire un bilan" in journee
    assert "Rendre le bilan" not in journee

    settings.SMS = {**settings.SMS, "BACKEND": "participation.socle.courriels.sms.Puits"}
    # Sent back, then filed again: the porteur now has a mobile number, and gets an SMS.
    type(projet.porte_par).objects.filter(pk=projet.porte_par_id).update(telephone="06 12 34 56 78")
    projet = Projet.objects.get(pk=projet.pk)
    bilan.renvoyer_bilan(projet, par=agent, motif="Et les recettes ?", date_limite=jour(20))
    encore = SimpleUploadedFile("suite.txt", b"Les recettes.")
    textes = {"realise": "Un jardin.", "changements": "On se parle."}
    moyen = bilan.saisir_bilan(
        projet, par=agent, recu_le=jour(), fichier=encore, realises={autre.pk: Decimal("800.00")}, **textes
    )
    sms = Courriel.objects.get(acte="contrat_ville/saisir_bilan")
    assert (moyen, sms.moyen, sms.destinataires) == ("sms", "sms", ["+33612345678"])
    assert not projet.pieces_a_lire().exists()  # neither file is public: the first also names people
    assert projet.courriers.get(lettre="contrat_ville/renvoyer_bilan").abandonne_le is not None


def test_nobody_else_gives_the_account_of_a_projet():
    with pytest.raises(RoleInsuffisant):
        bilan.rendre_bilan(
            ProjetFactory(bilan_attendu=True), par=CompteFactory(), realises={}, realise="x", changements="y"
        )


def test_a_sheet_shows_nothing_that_is_not_told(client, agent):
    projet = ProjetFactory(retenu=True)
    with pytest.raises(ErreurMetier, match="pas notifiée"):
        fiches.publier_fiche(projet, par=agent)
    publie = ProjetFactory(notifie=True)
    fiches.publier_fiche(publie, par=agent)

    assert client.get(projet.get_public_url()).status_code == 404
    page = client.get(publie.get_public_url()).content.decode()
    assert publie.titre in page
    assert publie.porte_par.courriel not in page
    assert publie.titre in client.get(reverse("contrat_ville:soutenus")).content.decode()
    fiches.depublier_fiche(publie, par=agent, motif="À corriger.")
    assert client.get(publie.get_public_url()).status_code == 404


def test_the_page_of_the_contrat_tells_what_is_supported_and_only_what_is_published(client):
    adresse = reverse("contrat_ville:appels")
    assert "Aucun projet n’est encore publié" in client.get(adresse).content.decode()
    tu = ProjetFactory(notifie=True)
    projet = ProjetFactory(en_cours=True, est_publie=True, programmation=tu.programmation)
    projet.financements.update(accorde=Decimal("2500.00"))

    page = lire(client.get(adresse))

    assert projet.titre in page
    assert tu.titre not in page
    assert "1 projet publié" in page
    assert "2 500 € accordés" in page
    assert projet.financements.get().financeur.nom in page
    constant_queries(
        client, adresse, lambda: ProjetFactory(en_cours=True, est_publie=True, programmation=tu.programmation)
    )


def test_who_is_asked_nothing_reads_a_published_projet_where_everybody_does(client, agent):
    projet = ProjetFactory(en_cours=True, est_publie=True)
    for qui, statut in ((CompteFactory(role="accueil"), 302), (agent, 200)):
        client.force_login(qui)
        reponse = client.get(projet.get_absolute_url())
        assert reponse.status_code == statut
        assert statut == 200 or reponse.url == projet.get_public_url()
