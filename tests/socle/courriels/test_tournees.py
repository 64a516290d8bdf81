"""Letters in numbers: in lots, by the worker; a killed worker loses nothing and nothing is written twice."""

from datetime import timedelta

import kombu.utils.json
import pytest

from participation.panels.invitations import actes
from participation.panels.models import AdresseInvitee, PageInscription
from participation.socle.actions import tournees
from participation.socle.erreurs import ActeInterdit
from participation.socle.models import Courriel, Courrier, Tournee
from petitions.collecte import actes as collecte
from tests.outils import a_plusieurs
from tests.panels.factories import PanelFactory
from tests.petitions.factories import PetitionFactory, SignatureFactory
from tests.socle.factories import CompteFactory


def panel_et_page(combien):
    panel = PanelFactory(avec_tirage=True)
    AdresseInvitee.objects.bulk_create(
        AdresseInvitee(panel=panel, simple=f"{n} rue des essais", lignes=f"{n} rue des Essais")
        for n in range(combien)
    )
    page = PageInscription.objects.create(
        panel=panel, langue="fr", nom_langue="français", titre="Venez", introduction="Ici", lettre="Venez."
    )
    return panel, page


def test_a_lot_that_dies_is_done_again_and_the_others_once(db, agent, monkeypatch):
    panel, page = panel_et_page(5)
    monkeypatch.setattr(actes, "LOT", 2)
    tournee = actes.imprimer_invitations(panel, par=agent, page=page, combien=5)
    ecrire, ecrits = actes._ecrire_lot, []

    def mourir_au_deuxieme(*arguments):
        ecrits.append(ecrire(*arguments))
        if len(ecrits) == 2:
            raise MemoryError

    monkeypatch.setattr(actes, "_ecrire_lot", mourir_au_deuxieme)
    with pytest.raises(MemoryError):
        tournees.poursuivre(tournee.pk)
    tournee.refresh_from_db()
    assert (tournee.faits, tournee.finie_le) == (2, None)
    with pytest.raises(ActeInterdit):
        tournees.commencer(actes.imprimer_lot, panel, par=agent, total=1)

    for _ in range(2):
        tournees.poursuivre(tournee.pk)

    assert list(Courrier.objects.order_by("pk").values_list("nombre", flat=True)) == [2, 2, 1]
    assert not panel.adresses.filter(courrier=None).exists()
    assert Tournee.objects.pour(panel) is None


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_print_at_once_print_each_letter_once(monkeypatch):
    agent = CompteFactory(agent=True)
    panel, page = panel_et_page(4)
    monkeypatch.setattr(actes, "LOT", 1)

    def demander(_):
        return actes.imprimer_invitations(panel, par=agent, page=page, combien=4)

    faits = a_plusieurs(2, demander)

    assert len([f for f in faits if isinstance(f, Tournee)]) == 1
    numero = Tournee.objects.get().pk
    a_plusieurs(2, lambda _: tournees.poursuivre(numero))
    tournees.poursuivre(numero)
    assert Courrier.objects.count() == 4


def signer(petition, **autres):
    return SignatureFactory(petition=petition, confirmee=True, accord_nouvelles=True, **autres)


def test_letters_to_all_signers_begin_with_the_act_and_each_gets_one_though_the_worker_dies(
    client, agent, monkeypatch
):
    monkeypatch.setattr(tournees, "LOT", 2)
    petition = PetitionFactory(en_collecte=True)
    signataires = [signer(petition) for _ in range(5)]
    signer(petition, courriel=signataires[0].courriel.upper(), rang=2)  # somebody else of the household

    collecte.prolonger(
        petition, par=agent, date_fin=petition.date_fin_collecte + timedelta(days=10), motif="Les vacances."
    )

    def recues():
        ecrites = Courriel.objects.filter(acte="petitions/prolonger").exclude(
            destinataires=[petition.auteur.courriel]
        )
        return sorted(ecrites.values_list("destinataires__0", flat=True))

    assert len(recues()) == 2
    client.force_login(agent)
    assert "2 sur 6" in client.get(petition.get_absolute_url()).content.decode()
    venue_apres = signer(petition)
    tournee, ecrire = Tournee.objects.get(), tournees.ecrire_a_plusieurs
    monkeypatch.setattr(
        tournees, "ecrire_a_plusieurs", lambda *a, **k: ecrire(*a, **k) and 1 / (len(recues()) < 4)
    )
    with pytest.raises(ZeroDivisionError):
        tournees.poursuivre(tournee.pk)
    assert len(recues()) == 2, "Le lot et son compte sont une seule transaction."
    monkeypatch.setattr(tournees, "ecrire_a_plusieurs", ecrire)

    for _ in range(2):
        tournees.poursuivre(tournee.pk)

    assert recues() == sorted(s.courriel for s in signataires)
    assert venue_apres.courriel not in recues()
    assert not Tournee.objects.lettres_de(petition).exists()
    assert "Les vacances." in Courriel.objects.filter(acte="petitions/prolonger").last().corps


def test_what_is_told_stops_when_what_it_is_about_was_erased(db, agent, monkeypatch):
    monkeypatch.setattr(tournees, "LOT", 1)
    panel, _ = panel_et_page(2)
    tournees.a_chacun(etape_d_essai, panel, cle="essai", panel=panel)
    numero = Tournee.objects.get().pk
    with pytest.raises(TypeError):  # a tournée alone keeps the place of a row: a task is given its number
        kombu.utils.json.dumps(panel)
    panel.adresses.all().delete()
    type(panel).objects.filter(pk=panel.pk).delete()

    tournees.poursuivre(numero)

    assert Tournee.objects.get().finie_le is not None


def etape_d_essai(panel):
    return tournees.EtapeDeTournee(panel.adresses.all(), lambda lot: None)
