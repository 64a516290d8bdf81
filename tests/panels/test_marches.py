"""The marché of draws: its end is said in time, and nothing is ordered above its ceiling."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from participation.panels import marches
from participation.panels.marches import alertes
from participation.panels.models import Marche, ReglementPanels
from participation.socle.calendrier import ajouter_mois
from tests.greffons.guichet import Guichet
from tests.outils import jour
from tests.panels.factories import MarcheFactory, PanelFactory


def test_the_end_is_said_months_before_and_a_marche_written_late_is_said_at_once():
    fin = date(2028, 3, 31)

    assert alertes(fin, [6, 12, 9], date(2026, 11, 30)) == [
        (12, date(2027, 3, 31)), (9, date(2027, 6, 30)), (6, date(2027, 9, 30)),
    ]  # fmt: skip
    assert alertes(fin, [12, 9, 6], date(2027, 8, 1)) == [(9, date(2027, 8, 1)), (6, date(2027, 9, 30))]
    assert alertes(fin, [12, 9, 6], date(2028, 4, 1)) == []


def test_alerts_become_echeances_that_follow_a_renewal_and_end_when_the_next_one_is_prepared(agent):
    marche = marches.inscrire_marche(
        Marche(), par=agent, titre="Panels", numero="", prestataire="Atelier", date_debut=jour(-10), date_fin=jour(800),
        reconductions=1, mois_par_reconduction=12, plafond=Decimal(90000), lots=["Tirer", "Animer"],
    )  # fmt: skip
    mois = ReglementPanels.actuel().alertes_marche
    assert marche.echeances.get(cle="marche-12").date_limite == ajouter_mois(marche.date_fin, -12)
    assert marche.echeances.ouvertes().count() == len(mois) == 3

    marches.noter_preparation(marche, par=agent, motif="Besoin écrit")
    assert not marche.echeances.ouvertes().filter(cle="marche-12").exists()

    marches.reconduire_marche(marche, par=agent, motif="Décision du 3 mars")

    assert marche.date_fin == ajouter_mois(jour(800), 12)
    assert marche.echeances.get(cle="marche-6").date_limite == ajouter_mois(marche.date_fin, -6)
    assert "plus de reconduction" in str(marche.manques("reconduire_marche", agent))


def test_an_order_belongs_to_a_panel_and_to_a_lot_and_stays_within_what_remains(agent):
    marche, autre, panel = MarcheFactory(plafond=1000), MarcheFactory(), PanelFactory()
    quoi = {"par": agent, "panel": panel, "libelle": "Recruter", "numero": "", "date_commande": jour(0)}
    lot = marche.lots.get()
    commande = marches.commander(marche, lot=lot, montant=Decimal("999.99"), **quoi)

    with pytest.raises(ValidationError, match="Il ne reste que"):
        marches.commander(marche, lot=lot, montant=Decimal("0.02"), **quoi)
    with pytest.raises(ValidationError, match="autre marché"):
        marches.commander(marche, lot=autre.lots.get(), montant=Decimal("0.01"), **quoi)
    with pytest.raises(ValidationError, match="hors du marché"):
        marches.commander(marche, lot=lot, montant=Decimal("0.01"), **{**quoi, "date_commande": jour(900)})
    with pytest.raises(ValidationError, match="gardez-le"):
        marches._ecrire_lots(marche, [])

    marches.annuler_commande(commande, par=agent, motif="Panel reporté")
    assert marche.reste == 1000
    Marche.objects.filter(pk=marche.pk).update(date_fin=jour(-1))
    assert "a fini" in str(Marche.objects.get(pk=marche.pk).manques("commander", agent))


def test_the_pages_of_a_marche_show_its_orders_beside_the_panel(connecte, agent):
    marche, panel = MarcheFactory(), PanelFactory()
    marches.commander(
        marche, par=agent, lot=marche.lots.get(), montant=Decimal(1500), panel=panel, libelle="Recruter", numero="B1",
        date_commande=jour(0),
    )  # fmt: skip

    assert "Atelier d’exemple" in connecte.get("/panels/marches/").content.decode()
    assert panel.titre in connecte.get(marche.get_absolute_url()).content.decode()
    assert marche.titre in connecte.get(f"/panels/{panel.pk}/").content.decode()


def test_a_marche_written_again_moves_its_alerts_and_stays_above_what_is_ordered(agent):
    marche, guichet = MarcheFactory(), Guichet(agent, en_hate=True)
    marches.commander(
        marche, par=agent, lot=marche.lots.get(), montant=Decimal(1500), panel=PanelFactory(), libelle="Recruter", numero="",
        date_commande=jour(0),
    )  # fmt: skip
    page = f"/panels/marches/{marche.pk}/modifier-marche/"

    guichet.valider(page, plafond="1 499")
    assert "sont déjà commandés" in guichet.dit
    guichet.valider(plafond="2 000", date_fin=jour(900).isoformat(), lots="Tirer\nAnimer")

    marche.refresh_from_db()
    assert (marche.plafond, [lot.objet for lot in marche.lots.order_by("numero")]) == (
        2000,
        ["Tirer", "Animer"],
    )
    assert marche.echeances.get(cle="marche-6").date_limite == ajouter_mois(jour(900), -6)
