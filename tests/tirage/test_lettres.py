"""What a draw says to its volunteers, by the mail of the house."""

from participation.socle.actions import tournees
from participation.socle.models import Courriel, Tournee
from participation.tirage.models import Tirage
from participation.tirage.volontaires import actes
from participation.tirage.workflow import Place
from tests.tirage.factories import TirageFactory


def test_each_volunteer_with_a_mailbox_is_told_the_result_once_and_a_rehearsal_writes_to_nobody(agent):
    tirage = TirageFactory(tire=True)
    tiree, autre = tirage.volontaires.order_by("numero")[:2]
    tiree.place, autre.place = Place.PANEL, Place.AUCUNE
    for rang, volontaire in enumerate((tiree, autre)):
        volontaire.courriel = f"v{rang}@example.org"
        volontaire.save()

    for _ in range(2):  # asked again, it writes to nobody twice
        assert actes.prevenir_volontaires(tirage, par=agent) == 2
        assert "se préparent" in str(tirage.manques("prevenir_volontaires", agent))
        tournees.poursuivre(Tournee.objects.pour(tirage).pk)
    assert Courriel.objects.filter(acte="tirage/annoncer_resultat").count() == 2

    sujets = dict(
        Courriel.objects.filter(acte="tirage/annoncer_resultat").values_list("destinataires__0", "sujet")
    )
    assert sujets["v0@example.org"].startswith("Vous êtes tiré au sort")
    assert sujets["v1@example.org"].startswith("Le tirage au sort a eu lieu")
    Tirage.objects.filter(pk=tirage.pk).update(est_repetition=True)
    assert "répétition" in str(Tirage.objects.get(pk=tirage.pk).manques("prevenir_volontaires", agent))
