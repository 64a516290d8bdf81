"""Letters in numbers: in lots, by the worker; a killed worker loses nothing and nothing is written twice."""

import pytest

from participation.panels.invitations import actes
from participation.panels.models import AdresseInvitee, PageInscription
from participation.socle.actions import tournees
from participation.socle.erreurs import ActeInterdit
from participation.socle.models import Courrier, Tournee
from tests.outils import a_plusieurs
from tests.panels.factories import PanelFactory
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
