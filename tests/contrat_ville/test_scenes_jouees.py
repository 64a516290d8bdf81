"""Faults found by acting whole scenes, each tested with the cases of its kind."""

import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from contrat_ville.bilan import accompagnement, conventions
from contrat_ville.bilan import actes as bilan
from contrat_ville.comites import actes as comites
from contrat_ville.depot import actes as actes_depot
from contrat_ville.depot import brouillon as brouillon_du_depot
from contrat_ville.depot import budget
from contrat_ville.depot.brouillon import JoindreForm
from contrat_ville.instruction import avis, echanges
from contrat_ville.models import Partenaire, Projet, Recours
from contrat_ville.notification import actes as notification
from contrat_ville.notification import recours as actes_recours
from contrat_ville.notification.recours import contexte_du_recours
from contrat_ville.workflow import Etat
from participation.budgets.forums import actes as forums
from participation.budgets.models import Scrutin
from participation.budgets.vote import codes as codes_de_vote
from participation.budgets.vote import scrutins
from participation.inscriptions import actes as inscriptions
from participation.seances import fiche as participants
from participation.seances.convocation import actes as convocation
from participation.seances.convocation import envois
from participation.seances.models import Convocation
from participation.seances.ordre_du_jour import actes as ordre_du_jour
from participation.socle.actions import fixer_echeance
from participation.socle.erreurs import ErreurMetier
from participation.socle.forms.montants import ChampMontant
from participation.socle.francais import jour_texte
from participation.socle.graphiques import Graphique, Serie
from participation.socle.models import Courriel, Quartier, ReglageService
from tests.budgets.factories import forum_le, inscription_a, table_de
from tests.budgets.vote import scrutin_ouvert
from tests.contrat_ville.comites.monde import financeur_de, projet_a, seance_de
from tests.contrat_ville.depot.test_depot import remplir
from tests.contrat_ville.factories import ProgrammationFactory, ProjetFactory
from tests.contrat_ville.test_notification import signer
from tests.outils import jour
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return CompteFactory(agent=True)


def test_what_was_filed_whole_comes_back_whole(client, agent):
    porteuse = CompteFactory()
    projet = brouillon_du_depot.commencer(par=porteuse, programmation=ProgrammationFactory(), titre="Un banc")
    remplir(projet, porteuse)
    actes_depot.deposer(projet, par=porteuse, engagement=True, exactitude=True)
    echanges.demander_complement(projet, par=agent, texte="Le budget ?", date_limite=jour(8))
    budget.ecrire_budget(projet, par=porteuse, lignes=[budget.LigneSaisie("depense", "601", Decimal(5))])

    with pytest.raises(ErreurMetier, match="n’est plus complet"):
        echanges.completer(projet, par=porteuse, reponse="Voilà.")
    assert projet.complement_ouvert() is not None
    client.force_login(porteuse)
    page = client.get(reverse("contrat_ville:completer", args=[projet.pk])).content.decode()
    assert "n’est plus complet" in page  # shown before the button is used
    ecriture = reverse("contrat_ville:rediger", args=[projet.pk, "budget"])
    assert f'href="{ecriture}"' in page  # with the way to mend it
    assert client.get(ecriture).status_code == 200
    remplir(projet, porteuse)
    echanges.completer(projet, par=porteuse, reponse="Voilà.")


def test_once_decided_nobody_is_waited_for_and_a_recours_is_answered_in_plain_words(client, agent):
    porteuse, etat = CompteFactory(), Partenaire.objects.get(nature="etat")
    Partenaire.objects.filter(pk=etat.pk).update(courriel="etat@example.org")
    ReglageService.objects.update_or_create(pk=1, defaults={"voies_de_recours": "Devant le tribunal."})
    projet = projet_a("instruction", equipe=[porteuse])
    asked = {"texte": "Quoi ?", "date_limite": jour(10), "tables": []}
    (demande,) = avis.demander_avis(
        projet, par=agent, partenaires=Partenaire.objects.filter(pk=etat.pk), **asked
    )
    # A comité may postpone again what it has postponed.
    for _ in range(2):
        comites.ajourner(projet, par=agent, motif="Le calendrier.")
    donne = {financeur_de(projet).pk: Decimal(801)}
    comites.proposer(projet, par=agent, montants=donne, motif="Le loyer a monté.")
    projet = Projet.objects.get(pk=projet.pk)
    # Objections from the règlement are shown outside scenarios too.
    with pytest.raises(ValidationError, match="lui en demande 800"):
        comites.retenir(projet, par=agent, le=timezone.localdate(), montants=donne, malgre=" ")
    comites.retenir(
        projet, par=agent, le=timezone.localdate(), montants=donne, malgre="Arrondi avec le financeur."
    )

    assert not projet.echeances.ouvertes().exists()
    demande.refresh_from_db()
    assert demande.annulee_le is not None
    page = client.get(reverse("socle:repondre_demande", args=[demande.jeton()]), follow=True)
    assert "annulée" in page.content.decode()
    assert "Arrondi" in projet.journal.get(acte="retenir").motif

    signer(projet, agent)
    notification.notifier(projet, par=agent)
    decide = timezone.localdate(projet.decide_le)
    with pytest.raises(ValidationError, match="un recours vient après"):
        actes_recours.recevoir_recours(projet, par=agent, recu_le=decide - timedelta(days=1), texte="Encore.")
    recours = actes_recours.recevoir_recours(projet, par=agent, recu_le=decide, texte="Encore.")
    assert "répondez au recours" in projet.mots_de_suite()["a_dire"]
    ancien = contexte_du_recours(Recours(projet=projet, recu_le=jour(-300)))
    assert not ancien["est_a_temps"]  # no past day is promised
    actes_recours.repondre_recours(recours, par=agent, issue="confirmee", reponse="Non.")
    lettre = Courriel.objects.get(acte="contrat_ville/repondre_recours")
    assert "Devant le tribunal." in lettre.corps
    assert Projet.objects.get(pk=projet.pk).etat == Etat.RETENU


def test_no_mail_is_written_with_the_filters_of_a_page():
    """« |jour » and « |temps » write HTML, which a plain-text email would show as tags."""
    dossier = Path(settings.BASE_DIR) / "templates" / "courriels"
    assert [
        p.name for p in dossier.rglob("*.txt") if re.search(r"\|(jour|temps|jour_long)\b", p.read_text())
    ] == []


def test_an_exponent_is_a_slip_of_the_finger_where_somebody_types():
    with pytest.raises(ValidationError, match="n’est pas un montant"):
        ChampMontant("Montant").clean("1e5")
    assert ChampMontant("Montant").clean("1 500 EUR") == 1500


def test_a_code_sent_by_mail_is_read_by_nobody_else_and_says_the_number_to_revoke(client, agent):
    """An agent who read the code could vote instead of the person, and know the ballot is theirs."""
    scrutin = scrutin_ouvert(agent)
    lot = codes_de_vote.creer_lot(
        scrutin, par=agent, nature="courriels", nombre=1, destinataires=["lea@example.org"]
    )
    codes_de_vote.faire_lot(lot.pk)
    lettre = Courriel.objects.get(acte="budgets/code_de_vote")
    (code,) = re.findall(r"\w{4}-\w{4}-\w{4}", lettre.corps)
    assert f"n° {lot.codes.get().numero}" in lettre.corps
    client.force_login(agent)

    page = client.get(reverse("socle:courriel", args=[lettre.pk])).content.decode()

    assert "Votre code" in page
    assert code not in page


def test_the_letters_that_hold_a_code_are_erased_once_it_gives_no_vote(agent):
    scrutin = scrutin_ouvert(agent)
    lot = codes_de_vote.creer_lot(
        scrutin, par=agent, nature="courriels", nombre=1, destinataires=["lea@example.org"]
    )
    codes_de_vote.faire_lot(lot.pk)
    assert Courriel.objects.filter(acte="budgets/code_de_vote").exists()

    Scrutin.objects.filter(pk=scrutin.pk).update(date_fin=jour(-1))
    assert scrutins.fermer_les_scrutins_passes() == 1

    assert not Courriel.objects.filter(acte="budgets/code_de_vote").exists()


def test_nobody_came_to_a_forum_that_is_still_to_come(client, agent):
    """A code tried before the forum counts nobody as present, and no page offers to do so."""
    accueil = CompteFactory(role="accueil")
    forum = forum_le(2)
    inscription = inscription_a(forum)
    for acte in (inscriptions.noter_presence, lambda i, par: forums.tenir_forum(i.evenement, par=par)):
        with pytest.raises(ErreurMetier, match=r"ce jour-là|pas encore commencé"):
            acte(inscription, par=agent)
    with pytest.raises(ValidationError, match="ce jour-là"):
        inscriptions.inscrire(forum, par=agent, nom="Venue", canal="porte")
    inscription.refresh_from_db()
    assert inscription.presente_le is None
    client.force_login(accueil)
    porte = reverse("budgets:mon_inscription", args=[inscription.jeton()])
    for adresse in (porte, reverse("budgets:accueil", args=[forum.pk])):
        page = client.get(adresse).content.decode()
        assert "se notent ce jour-là" in page
        assert "Noter la présence</button>" not in page
        assert "Noter la présence<span" not in page
    # The welcome desk sees the coming forum in time.
    assert "Tenir l’accueil du forum" in client.get(reverse("socle:journee")).content.decode()


def test_what_a_table_said_is_read_before_everybody_reads_it(client, agent):
    forum = forum_le(0)
    table = table_de(forum)
    nommee, insulte = (
        forums.noter_a_la_table(table, par=None, texte=texte) for texte in ("M. Dupont exagère.", "Zut.")
    )
    client.force_login(agent)
    page = client.get(reverse("budgets:forum", args=[forum.pk])).content.decode()
    assert reverse("budgets:corriger_note", args=[nommee.pk]) in page
    client.post(reverse("budgets:corriger_note", args=[nommee.pk]), {"texte": "Un voisin exagère."})
    client.post(reverse("budgets:retirer_note", args=[insulte.pk]))

    forums.tenir_forum(forum, par=agent)

    publique = client.get(forum.get_public_url()).content.decode()
    assert "Un voisin exagère." in publique
    assert "Dupont" not in publique
    assert "Zut." not in publique


def test_a_meeting_of_the_network_is_convened_with_those_it_invites(agent):
    """A meeting of the network has no seats: nobody votes, and its guests count as participants."""
    seance = seance_de("cdv_reseau", debut=timezone.localtime() + timedelta(days=20))
    ordre_du_jour.ajouter_point(
        seance, par=agent, titre="Ce que chacun prête", nature="information", duree=10
    )
    assert "personne à convoquer" in " ".join(seance.manques("convoquer", agent))
    participants.inviter(seance, par=agent, nom="Lina", qualite="Radio", courriel="lina@example.org")

    appel = convocation.convoquer(seance, par=agent)
    Convocation.objects.filter(pk=appel.pk).update(document=None)
    envois.envoyer_convocation(appel.pk)

    assert Courriel.objects.filter(destinataires=["lina@example.org"]).exists()
    assert seance.journal.latest("pk").fait.endswith("à 1 personne")


def test_a_draft_is_taken_up_where_it_was_left_and_a_bilan_shows_what_was_spent(client, agent):
    porteuse = CompteFactory()
    projet = brouillon_du_depot.commencer(par=porteuse, programmation=ProgrammationFactory(), titre="Un banc")
    reprendre = reverse("contrat_ville:reprendre_ecriture", args=[projet.pk])
    client.force_login(porteuse)
    assert client.get(reprendre).url.endswith("/rediger/porteur/")
    assert reprendre in client.get(reverse("contrat_ville:mes_projets")).content.decode()
    remplir(projet, porteuse)
    assert client.get(reprendre).url.endswith("/deposer/")
    # Two windows on one step: an empty field does not erase the text of the other, and ticked boxes are kept.
    adresse = reverse("contrat_ville:rediger", args=[projet.pk, "publics"])
    vu = client.get(adresse).context["form"].initial["vu"]
    brouillon_du_depot.enregistrer_brouillon(projet, par=porteuse, lieux="Au marché.")
    deux = [str(q.pk) for q in Quartier.objects.all()[:2]]
    form = client.post(adresse, {"vu": vu, "publics": "Les jeunes.", "lieux": "", "quartiers": deux}).context[
        "form"
    ]
    assert form["lieux"].value() == "Au marché."
    assert form["publics"].value() == "Les jeunes."
    assert form["quartiers"].value() == deux
    assert "lieux" not in form.errors

    # Ajourné, then asked about one field: the page gives the reason, and the edit link opens that field.
    ajourne = ProjetFactory(etat="ajourne", motif_decision="Le local n’est pas prêt.", equipe=[porteuse])
    echanges.demander_complement(ajourne, par=agent, texte="Dites quand.", date_limite=jour(8))
    echanges.commenter_champ(ajourne, par=agent, champ="moyens_humains", texte="Qui anime ?")
    page = client.get(ajourne.get_porteur_url()).content.decode()
    assert "Le local n’est pas prêt." in page
    reprendre = client.get(reverse("contrat_ville:reprendre_ecriture", args=[ajourne.pk])).url
    page = client.get(reverse("contrat_ville:rediger", args=[ajourne.pk, "moyens"])).content.decode()
    assert "Qui anime" in page
    assert "Dites quand." in page
    assert f'quand vous voulez, jusqu’au <time datetime="{jour(8).isoformat()}' in page
    assert "/rediger/" in reprendre
    Projet.objects.filter(pk=ajourne.pk).update(engagement_le=None)
    echanges.completer(Projet.objects.get(pk=ajourne.pk), par=porteuse, reponse="En mai.")
    client.force_login(agent)
    assert "Reprendre un projet complété" in client.get(reverse("socle:journee")).content.decode()
    client.force_login(porteuse)

    projet = ProjetFactory(bilan_attendu=True, equipe=[porteuse])
    assert "Réalisé" not in client.get(projet.get_porteur_url()).content.decode()
    ligne = projet.budget.first()
    bilan.rendre_bilan(
        projet,
        par=porteuse,
        realise="Fait.",
        changements="Mieux.",
        ecarts="À dire.",
        realises={ligne.pk: Decimal("41.50")},
    )
    bilan.renvoyer_bilan(projet, par=agent, motif="Et les recettes ?", date_limite=jour(8))
    for adresse in (projet.get_porteur_url(), reverse("contrat_ville:rendre_bilan", args=[projet.pk])):
        assert "Et les recettes" in client.get(adresse).content.decode()
    client.force_login(agent)
    page = client.get(projet.get_absolute_url()).content.decode()
    assert 'data-titre="Réalisé">41,50\xa0€' in page
    assert reverse("contrat_ville:projets") in page
    page = client.get(reverse("contrat_ville:ecrire_message", args=[projet.pk])).content.decode()
    assert f'href="{reverse("contrat_ville:projets")}">Projets' in page


def test_what_was_done_was_not_done_tomorrow_and_a_bilan_has_its_own_day(agent):
    projet = ProjetFactory(etat="en_cours", agent=agent)
    projet = Projet.objects.get(pk=projet.pk)
    projet.financements.update(accorde=Decimal(100))
    demain = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError, match="une fois fait"):
        accompagnement.noter_accompagnement(projet, par=agent, nature="visite", date=demain, texte="Vu.")
    accompagnement.noter_accompagnement(projet, par=agent, nature="etape", date=demain, texte="Ouverture.")
    with pytest.raises(ValidationError, match="une fois fait"):
        conventions.enregistrer_versement(
            projet, par=agent, financement=projet.financements.first(), montant=Decimal(1), date=demain
        )
    fixer_echeance(projet, "demande-0", libelle="Répondre", date_limite=jour(3))
    Projet.objects.filter(pk=projet.pk).update(etat=Etat.BILAN_ATTENDU)
    assert Projet.objects.get(pk=projet.pk).mots_de_suite()["avant"] == ""


def test_the_letter_of_a_decision_says_its_day_and_a_chart_its_cents(agent):
    projet = projet_a()
    comites.retenir(
        projet, par=agent, le=timezone.localdate(), montants={financeur_de(projet).pk: Decimal(432)}
    )
    notification.preparer_lettre(projet, par=agent)
    decide = jour_texte(timezone.localdate(projet.decide_le))
    assert projet.lettre_courante().document.donnees["decidee_le"] == decide
    assert Graphique("Versé", ["Ville"], [Serie("Versé", [49.05])], unite="€").ecrire(49.05) == "49,05\xa0€"


def test_a_phone_is_told_what_files_are_taken_and_the_next_paper_is_chosen():
    projet = brouillon_du_depot.commencer(
        par=CompteFactory(), programmation=ProgrammationFactory(), titre="Un banc"
    )
    form = JoindreForm(objet=projet)
    assert ".jpg" in str(form["fichier"])
    assert form["type_piece"].value() is not None
