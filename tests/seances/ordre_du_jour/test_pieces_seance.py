"""Papers of a séance: content checked, late papers marked, access controlled."""

import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from participation.seances.models import PieceSeance, Seance
from participation.seances.ordre_du_jour import pieces as actes_pieces
from participation.seances.workflow import Etat
from tests.seances.factories import CollegeFactory, ConvieFactory, MembreFactory, PointFactory, SeanceFactory
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def fichier(nom="rapport.txt", contenu=b"Le rapport"):
    return SimpleUploadedFile(nom, contenu)


def test_a_paper_is_checked_by_its_content_and_loses_what_it_says_of_its_author(agent):
    seance = SeanceFactory()
    photo = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Appareil de Mme Petit"
    Image.new("RGB", (40, 40)).save(photo, "JPEG", exif=exif)

    with pytest.raises(ValidationError, match="contenu"):
        actes_pieces.joindre_piece(
            seance, None, fichier("faux.pdf", b"MZ\x90\x00 binaire"), par=agent, titre="Faux"
        )
    piece = actes_pieces.joindre_piece(
        seance, None, SimpleUploadedFile("photo.jpg", photo.getvalue()), par=agent, titre="Photo"
    )

    with piece.fichier.open("rb") as ouvert:
        assert b"Mme Petit" not in ouvert.read()
    with pytest.raises(ValidationError, match="déjà joint"):
        actes_pieces.joindre_piece(
            seance, None, SimpleUploadedFile("p.jpg", photo.getvalue()), par=agent, titre="Encore"
        )


def test_a_paper_that_comes_after_the_legal_day_is_late(agent):
    annee = timezone.localdate().year + 1
    debut = datetime(annee, 6, 11, 18, tzinfo=PARIS)
    seance = SeanceFactory(debut=debut, fin=debut + timedelta(hours=2))

    with time_machine.travel(datetime(annee, 6, 5, 23, 30, tzinfo=PARIS)):
        a_temps = actes_pieces.joindre_piece(seance, None, fichier(), par=agent, titre="À temps")
    with time_machine.travel(datetime(annee, 6, 6, 0, 30, tzinfo=PARIS)):
        tardive = actes_pieces.joindre_piece(
            seance, None, fichier(contenu=b"Autre"), par=agent, titre="Tardive"
        )

    assert not a_temps.est_tardive
    assert tardive.est_tardive


def test_a_paper_is_given_only_to_who_may_read_it(client, agent):
    seance = SeanceFactory(convoquee=True, est_publique=True)
    convie = ConvieFactory(seance=seance)
    membre = MembreFactory(college=CollegeFactory(mandature=seance.mandature))
    confidentiel = PointFactory(seance=seance, est_confidentiel=True)
    pieces = {
        "reservee": actes_pieces.joindre_piece(seance, None, fichier(), par=agent, titre="A"),
        "publique": actes_pieces.joindre_piece(
            seance, None, fichier(contenu=b"B"), par=agent, titre="B", est_publique=True
        ),
        "huis_clos": actes_pieces.joindre_piece(
            seance, confidentiel, fichier(contenu=b"C"), par=agent, titre="C", est_publique=True
        ),
    }

    def statuts(compte):
        client.logout()
        if compte:
            client.force_login(compte)
        lus = []
        for nom in ("reservee", "publique", "huis_clos"):
            reponse = client.get(reverse("seances:piece", args=[pieces[nom].pk]))
            lus.append(reponse.status_code)
            for fermer in reponse._resource_closers:  # not close(): it would close the connection of the test
                fermer()
        return lus

    assert statuts(None) == [302, 200, 302]
    assert statuts(CompteFactory()) == [404, 200, 404]
    assert statuts(convie.membre.compte) == [200, 200, 200]
    assert statuts(membre.compte) == [200, 200, 200]
    assert statuts(agent) == [200, 200, 200]

    # Nothing is shown before the convocation, and a removed paper is shown to nobody.
    Seance.objects.update(etat=Etat.PROGRAMMEE)
    assert statuts(membre.compte) == [404, 404, 404]
    PieceSeance.objects.update(retiree_le=timezone.now())
    assert statuts(agent) == [404, 404, 404]
