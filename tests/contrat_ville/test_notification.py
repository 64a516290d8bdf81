"""Notification of a decision: secret before, letter signed and sent once, recours."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from contrat_ville.comites import actes as comites
from contrat_ville.models import Equipier, Porteur, Programmation, Projet, Recours
from contrat_ville.notification import actes as notification
from contrat_ville.notification import recours as actes_recours
from participation.seances.points.decisions import decider
from participation.socle.actions.documents import fabriquer_document
from participation.socle.calendrier import ajouter_mois
from participation.socle.erreurs import ErreurMetier
from participation.socle.francais import jour_texte
from participation.socle.models import Courriel, Document, PieceCourriel, ReglageService
from participation.socle.workflow import Role
from tests.contrat_ville.comites.monde import en_seance, financeur_de, projet_a, seance_de
from tests.outils import a_plusieurs, fautes_pdf, lire, lisible
from tests.socle.factories import CompteFactory, DirectionFactory

pytestmark = pytest.mark.django_db


def retenu(agent, **champs):
    projet = projet_a(**champs)
    comites.retenir(
        projet,
        par=agent,
        le=timezone.localdate(),
        montants={financeur_de(projet).pk: Decimal(432)},
        motif="Bravo à l’équipe.",
    )
    return projet


def signer(projet, agent):
    lettre = notification.preparer_lettre(projet, par=agent)
    fabriquer_document(lettre.document_id)
    with Document.objects.get(pk=lettre.document_id).fichier.open("rb") as fichier:
        octets = fichier.read()
    notification.joindre_lettre_signee(
        projet, par=agent, fichier=SimpleUploadedFile("signee.pdf", octets, "application/pdf")
    )
    return octets


@pytest.mark.parametrize("issue", ["retenu", "refuse"])
def test_the_letter_is_accessible_and_says_the_amounts_or_the_reason_and_how_to_contest(agent, issue):
    projet = projet_a()
    if issue == "retenu":
        comites.retenir(
            projet, par=agent, le=timezone.localdate(), montants={financeur_de(projet).pk: Decimal(432)}
        )
    else:
        comites.refuser(projet, par=agent, le=timezone.localdate(), motif="Trop loin des quartiers.")

    lettre = notification.preparer_lettre(projet, par=agent)

    assert fabriquer_document(lettre.document_id)
    document = Document.objects.get(pk=lettre.document_id)
    with document.fichier.open("rb") as fichier:
        octets = fichier.read()
    assert fautes_pdf(octets, "ua1") == []
    dit = str(document.donnees)
    assert ("432" in dit) == (issue == "retenu")
    assert ("Trop loin" in dit) == (issue == "refuse")


def test_a_decision_without_the_comite_says_why_and_its_letter_names_the_service_and_not_the_comite(
    client, agent
):
    client.force_login(agent)
    hier = timezone.localdate() - timedelta(days=1)
    depose_le = timezone.localtime() - timedelta(days=20)
    sans, ailleurs, en_comite = (projet_a(depose_le=depose_le) for _ in range(3))

    def retenir(projet, **qui):
        accorde = {f"montant_{financeur_de(projet).pk}": "432"}
        return client.post(reverse("contrat_ville:retenir", args=[projet.pk]), accorde | qui)

    assert "dites pourquoi la décision est prise sans lui" in retenir(sans).content.decode()
    contradictoire = retenir(sans, le=hier.isoformat(), raison_sans_comite="Urgence.").content.decode()
    assert "videz l’une des deux réponses" in contradictoire
    retenir(sans, raison_sans_comite="L’action commence lundi.")
    retenir(ailleurs, le=hier.isoformat())
    lien = en_seance(en_comite, seance_de(), agent)
    decider(lien, "retenir", par=agent, reponses={"montants": {financeur_de(en_comite).pk: Decimal(432)}})

    def lettre(projet):
        projet.refresh_from_db()
        donnees = notification.donnees_de_la_lettre(projet)
        page = render_to_string(notification.GABARIT, {"courrier": donnees})
        return " ".join(unescape(strip_tags(page)).split())

    assert "le service participation a retenu votre projet" in lettre(sans)
    assert "sans réunion du comité de pilotage : L’action commence lundi." in lettre(sans)
    for projet, jour in (
        (ailleurs, hier),
        (en_comite, min(timezone.localdate(lien.point.seance.jour), timezone.localdate())),
    ):
        assert f"Le {jour_texte(jour)}, le comité".replace("\xa0", " ") in lettre(projet)
        assert "comité de pilotage a retenu" in lettre(projet)
        assert "sans réunion" not in lettre(projet)


def test_nothing_of_the_decision_is_seen_by_its_team_before_it_is_told(client, agent):
    porteuse = CompteFactory(role=Role.AGENT_DIRECTION, direction=DirectionFactory())
    projet = retenu(agent, equipe=[porteuse])
    signer(projet, agent)
    client.force_login(porteuse)
    document = projet.lettre_courante().document

    pages = [
        client.get(projet.get_porteur_url()),
        client.get(reverse("contrat_ville:mes_projets")),
        client.get(reverse("contrat_ville:projets")),
    ]

    for page in pages:
        dit = unescape(strip_tags(page.content.decode()))  # a number of a row is in an attribute
        assert not re.search(r"\b432\b|Bravo", dit)
    assert "Retenu" not in pages[0].content.decode() + pages[1].content.decode()
    assert projet.reference not in pages[2].content.decode()
    assert "Proposé au comité de pilotage" in pages[0].content.decode()
    assert client.get(projet.get_absolute_url()).status_code == 404
    assert client.get(reverse("socle:document", args=[document.cle_publique])).status_code == 404
    assert not Courriel.objects.filter(destinataires__contains=[porteuse.courriel]).exists()
    assert not projet.journal.filter(est_publique=True).exists()


def test_a_decision_is_told_with_the_signed_letter_then_seen(client, agent):
    porteuse = CompteFactory()
    projet = retenu(agent, equipe=[porteuse])
    assert (
        projet.acte_du() == "preparer_lettre"
    )  # the convention, which cannot come yet, is not the first button
    octets = signer(projet, agent)
    assert projet.acte_du() == "notifier"
    deja = reverse("contrat_ville:notifier", args=[projet.pk])

    notification.notifier(projet, par=agent)

    client.force_login(agent)
    seconde_fenetre = client.post(deja).content.decode()
    assert "La décision est déjà notifiée." in seconde_fenetre
    assert "Ce que vous avez écrit" not in seconde_fenetre  # nothing is asked there
    assert seconde_fenetre.count("Notifier la décision</button>") == 0
    piece = PieceCourriel.objects.get(courriel__dossier=projet.pk)
    assert bytes(piece.contenu) == octets
    assert Document.objects.get(pk=projet.lettre_courante().document_id).fige_le is not None
    client.force_login(porteuse)
    page = client.get(projet.get_porteur_url()).content.decode()
    assert "432\xa0€" in page
    assert "Bravo" in page


def test_a_letter_leaves_signed_or_not_at_all(agent):
    projet = retenu(agent)
    with pytest.raises(ErreurMetier, match="Préparez d’abord"):
        notification.notifier(projet, par=agent)
    notification.preparer_lettre(projet, par=agent)
    assert projet.acte_du() == "joindre_lettre_signee"
    with pytest.raises(ErreurMetier, match="Joignez d’abord"):
        notification.notifier(projet, par=agent)


@pytest.mark.parametrize(
    ("nom", "octets", "phrase"), [("signee.pdf", b"MZ rien", "contenu"), ("signee.txt", b"bonjour", "PDF")]
)
def test_a_signed_copy_is_known_by_its_content(agent, nom, octets, phrase):
    projet = retenu(agent)
    notification.preparer_lettre(projet, par=agent)
    with pytest.raises(ValidationError, match=phrase):
        notification.joindre_lettre_signee(projet, par=agent, fichier=SimpleUploadedFile(nom, octets))
    assert not projet.lettre_courante().signee


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_notify_send_one_letter(agent):
    projet = retenu(agent)
    signer(projet, agent)

    issues = a_plusieurs(2, lambda _: notification.notifier(Projet.objects.get(pk=projet.pk), par=agent))

    assert sum(isinstance(issue, ErreurMetier) for issue in issues) == 1
    assert Courriel.objects.filter(dossier=projet.pk).count() == 1


def test_the_queue_shows_what_waits_and_its_letters_leave_in_lots(client, agent):
    pret, attend = retenu(agent), retenu(agent)
    signer(pret, agent)
    Projet.objects.filter(pk=attend.pk).update(decide_le=timezone.localtime() - timedelta(days=9))
    client.force_login(agent)
    adresse = reverse("contrat_ville:a_notifier")

    page = client.get(adresse).content.decode()
    apres = client.post(
        adresse, {"lot": "notifier", "reste": f"{pret.pk},{attend.pk}"}, follow=True
    ).content.decode()

    assert "signée, à envoyer" in page
    assert "9 jours" in page
    assert (
        "Notifier 2 décisions" in client.get(reverse("socle:journee")).content.decode() or "1 sur 2" in apres
    )
    assert Projet.objects.get(pk=pret.pk).notifie_le is not None
    assert "Préparez d’abord la lettre" in apres


def test_who_has_no_mail_address_is_told_by_post_and_a_recours_is_answered_so(client, agent):
    projet, porteuse = retenu(agent), CompteFactory()
    Porteur.objects.filter(pk=projet.porte_par_id).update(courriel="", adresse="1 rue Basse", ville="Eybens")
    projet = Projet.objects.get(pk=projet.pk)
    octets = signer(projet, agent)
    projet.equipe.all().delete()
    Equipier.objects.create(projet=projet, compte=CompteFactory(is_active=False))
    hier = timezone.localtime() - timedelta(days=3)
    Projet.objects.filter(pk=projet.pk).update(decide_le=hier)
    projet.lettres.update(preparee_le=hier)
    client.force_login(agent)
    file, lettre = reverse("contrat_ville:a_notifier"), projet.lettre_courante()
    copie = reverse("contrat_ville:lettre_signee", args=[lettre.pk])
    poster = reverse("contrat_ville:notifier_par_courrier", args=[projet.pk])

    with pytest.raises(ErreurMetier, match="postez la lettre"):
        notification.notifier(projet, par=agent)
    page = client.get(file).content.decode()
    assert copie in page
    assert poster in page
    assert b"".join(client.get(copie).streaming_content) == octets
    for mauvais in (timedelta(days=1), timedelta(days=-9)):
        refus = client.post(poster, {"date_postee": timezone.localdate() + mauvais}).content.decode()
        assert "recapitulatif" in refus
    jour = timezone.localdate(hier) + timedelta(days=1)
    client.post(poster, {"date_postee": jour})

    projet = Projet.objects.get(pk=projet.pk)
    assert timezone.localdate(projet.notifie_le) == jour
    assert projet.lettre_courante().date_postee == jour
    assert "posté le" in projet.journal.get(acte="notifier_par_courrier").fait
    assert not Courriel.objects.filter(dossier=projet.pk).exists()
    assert "déjà notifiée" in client.post(poster, {"date_postee": jour}).content.decode()

    recours = actes_recours.recevoir_recours(projet, par=agent, recu_le=jour, texte="Encore.")
    accuse = projet.courriers.get(lettre="contrat_ville/recevoir_recours")
    assert "Encore." in accuse.document.donnees["corps"]
    assert accuse.document.donnees["signataire"] == ""  # signed by the service, not by who decides
    moyen = actes_recours.repondre_recours(recours, par=agent, issue="confirmee", reponse="La grille.")
    assert moyen == "lettre"
    reponse = projet.courriers.get(lettre="contrat_ville/repondre_recours")
    assert "La grille." in reponse.document.donnees["corps"]
    poster = reverse("socle:poster_courrier", args=[reponse.pk])
    assert "Imprimer et poster 2 courriers" in client.get(reverse("socle:journee")).content.decode()
    assert "courriers attendent" in client.get(file).content.decode()
    assert poster in client.get(projet.get_absolute_url()).content.decode()
    client.post(poster, {"date_postee": timezone.localdate()})
    assert "courriers attendent" not in client.get(file).content.decode()
    assert "Posté le" in client.get(projet.get_absolute_url()).content.decode()

    # Only the team can open its letter.
    projet.equipe.update(compte=porteuse)
    for qui, statut in ((porteuse, 200), (CompteFactory(), 404)):
        client.force_login(qui)
        reponse = client.get(copie)
        reponse.getvalue()
        assert reponse.status_code == statut
    client.force_login(porteuse)
    sienne = client.get(projet.get_porteur_url()).content.decode()
    assert copie in sienne
    assert "envoyée par courrier" in sienne


def sans_adresse(projet):
    """Remove the email addresses of the team."""
    Porteur.objects.filter(pk=projet.porte_par_id).update(
        courriel="", adresse="3 rue Haute", ville="Fontaine"
    )
    projet.equipe.all().delete()
    return Projet.objects.get(pk=projet.pk)


def test_who_no_mail_reaches_is_told_on_paper_that_the_projet_is_reopened(client, agent):
    projet = sans_adresse(retenu(agent))
    Projet.objects.filter(pk=projet.pk).update(notifie_le=timezone.now())
    client.force_login(agent)
    adresse = reverse("contrat_ville:rouvrir", args=[projet.pk])
    assert "un courrier se prépare" in client.get(adresse).content.decode()

    page = client.post(
        adresse, {"motif": "Un montant faux.", "vers": "propose"}, follow=True
    ).content.decode()

    assert "Aucun courriel ne joint cette équipe" in page
    assert not Courriel.objects.filter(dossier=projet.pk).exists()
    courrier = projet.courriers.get()
    assert courrier.a_une_adresse
    assert fabriquer_document(courrier.document_id)
    document = Document.objects.get(pk=courrier.document_id)
    with document.fichier.open("rb") as fichier:
        assert fautes_pdf(fichier.read(), "ua1") == []
    assert "Un montant faux." in document.donnees["corps"]
    assert "Imprimer et poster 1 courrier" in client.get(reverse("socle:journee")).content.decode()
    poster = reverse("socle:poster_courrier", args=[courrier.pk])
    for lieu in (reverse("socle:courriers"), projet.get_absolute_url()):
        assert poster in client.get(lieu).content.decode()
    hier = timezone.localdate() - timedelta(days=1)
    assert "n’a été écrit que le" in client.post(poster, {"date_postee": hier}).content.decode()
    client.post(poster, {"date_postee": timezone.localdate()})
    assert client.post(poster, {"date_postee": timezone.localdate()}).status_code == 409
    assert poster not in client.get(reverse("socle:courriers")).content.decode()
    assert "posté le" in projet.journal.get(acte="poster_courrier").fait


def test_a_recours_has_its_day_and_a_reopening_takes_back_what_was_granted(agent):
    projet = retenu(agent)
    with pytest.raises(ErreurMetier, match="pas encore notifiée"):
        actes_recours.recevoir_recours(
            projet, par=agent, recu_le=timezone.localdate(), texte="Regardez encore."
        )
    signer(projet, agent)
    notification.notifier(projet, par=agent)
    actes_recours.recevoir_recours(projet, par=agent, recu_le=timezone.localdate(), texte="Regardez encore.")
    assert projet.echeances.ouvertes().filter(cle="recours").exists()

    actes_recours.rouvrir(projet, par=agent, motif="Une pièce manquait au comité.", vers="propose")

    projet.refresh_from_db()
    assert (projet.etat, projet.decide_le, projet.notifie_le) == ("propose", None, None)
    assert projet.financements.get().accorde is None
    assert projet.lettre_courante() is None
    assert not projet.echeances.ouvertes().filter(cle="recours").exists()
    assert "Une pièce manquait" in Courriel.objects.filter(dossier=projet.pk).latest("pk").corps


@pytest.mark.horloge
@pytest.mark.parametrize("issue", ["confirmee", "reprise"])
def test_a_recours_is_answered_once_in_the_time_of_the_reglement_and_its_team_is_told_why(
    client, agent, issue
):
    porteuse, jour = CompteFactory(), timezone.localdate()
    projet = projet_a(equipe=[porteuse])
    Programmation.objects.filter(pk=projet.programmation_id).update(
        delai_recours_mois=3, signataire="Pour le préfet"
    )
    projet = Projet.objects.get(pk=projet.pk)
    comites.retenir(
        projet, par=agent, le=timezone.localdate(), montants={financeur_de(projet).pk: Decimal(432)}
    )
    signer(projet, agent)
    assert projet.lettre_courante().document.donnees["signataire"] == "Pour le préfet"
    notification.notifier(projet, par=agent)
    client.force_login(agent)
    recevoir, dit = reverse("contrat_ville:recevoir_recours", args=[projet.pk]), "Regardez encore."
    silence = "Sans réponse : devant le tribunal."
    ReglageService.objects.update_or_create(pk=1, defaults={"voies_de_recours": silence})
    montre = client.post(recevoir, {"recu_le": jour, "texte": dit, "apercu": "oui"}).content.decode()
    client.post(recevoir, {"recu_le": jour, "texte": dit})
    recours = Recours.objects.get()
    accuse = Courriel.objects.filter(dossier=projet.pk).latest("pk")
    assert (accuse.acte, accuse.destinataires) == ("contrat_ville/recevoir_recours", [porteuse.courriel])
    for lue in (accuse.corps, montre):
        assert dit in lue
        assert lisible(jour_texte(ajouter_mois(jour, 3), "long")) in lisible(lue)
        assert silence in lue
    assert "à confirmer" not in accuse.corps
    assert projet.echeances.get(cle="recours").date_limite == ajouter_mois(jour, 3)
    with pytest.raises(ErreurMetier, match="attend déjà"):
        actes_recours.recevoir_recours(projet, par=agent, recu_le=jour, texte="Encore.")
    client.force_login(porteuse)
    sien = lire(client.get(reverse("contrat_ville:mon_projet", args=[projet.pk])))
    assert lisible(jour_texte(ajouter_mois(jour, 3))) in sien.partition("Nous devons y répondre")[2]
    assert "le service répond au recours gracieux" in sien
    client.force_login(agent)
    adresse = reverse("contrat_ville:repondre_recours", args=[recours.pk])
    # « Pour vous : répondez au recours » comes with its button.
    tete = client.get(reverse("contrat_ville:projet", args=[projet.pk])).content.decode()
    assert adresse in tete[: tete.index('id="decision"')]
    assert "Regardez encore." in client.get(adresse).content.decode()
    reponse = {"issue": issue, "reponse": "Le budget est celui de la grille."}

    apercu = client.post(adresse, {**reponse, "apercu": "oui"}).content.decode()
    vide = client.post(adresse, {"issue": issue, "reponse": " "}).content.decode()
    assert Recours.objects.get().repondu_le is None
    client.post(adresse, reponse)

    projet = Projet.objects.get(pk=projet.pk)
    lettre = Courriel.objects.filter(dossier=projet.pk).latest("pk")
    assert (lettre.acte, lettre.destinataires) == ("contrat_ville/repondre_recours", [porteuse.courriel])
    mots = "passe de nouveau devant" if issue == "reprise" else "La décision est confirmée."
    assert mots in lettre.corps
    assert mots in apercu
    assert "Le budget est celui de la grille." in lettre.corps
    assert "recapitulatif" in vide
    assert (projet.etat, projet.notifie_le is None) == (
        ("propose", True) if issue == "reprise" else ("retenu", False)
    )
    assert (projet.financements.get().accorde is None) == (issue == "reprise")
    assert not projet.echeances.ouvertes().filter(cle="recours").exists()
    assert projet.journal.get(acte="repondre_recours").motif == "Le budget est celui de la grille."
    assert client.post(adresse, reponse).status_code == 409
    client.force_login(porteuse)
    assert "Le budget est celui de la grille." in client.get(projet.get_porteur_url()).content.decode()


def test_the_page_of_a_reopening_warns_of_what_the_law_says(client, agent):
    projet = retenu(agent)
    client.force_login(agent)
    assert "L242-1" in client.get(reverse("contrat_ville:rouvrir", args=[projet.pk])).content.decode()
