"""Access to a procès-verbal and remarks: members, public, former members."""

import json
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from participation.seances.models import Convie, Membre
from participation.seances.proces_verbaux import actes as proces_verbaux
from participation.socle.erreurs import ActeInterdit, RoleInsuffisant
from participation.socle.models import Document
from tests.seances.factories import SeanceFactory
from tests.seances.seance_tenue import membre_convoque, seance_tenue
from tests.socle.factories import CompteFactory

pytestmark = pytest.mark.django_db


# Access


def test_the_public_reads_nothing_of_the_closed_door_points(approuve, client):
    html = client.get(reverse("seances:lire_proces_verbal", args=[approuve.seance_id])).content.decode()

    assert "Rapport annuel" in html
    assert "Situation d’un usager" not in html
    assert "Untel" not in html
    version = approuve.versions.get()
    public = json.dumps(version.document_public.donnees, ensure_ascii=False)
    assert "Untel" not in public
    assert "Situation d’un usager" not in public
    assert "Untel" in json.dumps(version.document.donnees, ensure_ascii=False)
    assert (version.document.est_public, version.document_public.est_public) == (False, True)


def test_why_somebody_stepped_aside_is_read_by_members_and_never_published(approuve, client):
    """That a member stepped aside is public; the reason is personal, and told to members only."""
    instance = approuve.seance.instance
    liste = reverse("seances:proces_verbaux", args=[instance.cle])
    url = reverse("seances:lire_proces_verbal", args=[approuve.seance_id])
    page = client.get(url).content.decode()
    assert (liste in page) is instance.est_publique
    type(instance).objects.update(est_publique=not instance.est_publique)
    assert (liste in client.get(url).content.decode()) is not instance.est_publique
    assert "Hugo Suppléant" in page
    assert "administrateur de la régie" not in page
    version = approuve.derniere
    publie = version.document_public
    assert publie is not None
    assert "administrateur de la régie" not in json.dumps(publie.donnees, ensure_ascii=False)
    assert "administrateur de la régie" in json.dumps(version.document.donnees, ensure_ascii=False)


def test_members_read_what_is_submitted_others_do_not(soumis, client):
    url = reverse("seances:lire_proces_verbal", args=[soumis.seance_id])
    assert client.get(url).status_code == 302  # redirected to the sign-in page
    client.force_login(CompteFactory())
    assert client.get(url).status_code == 404
    client.force_login(membre_convoque(soumis.seance))
    page = client.get(url)
    assert page.status_code == 200
    assert "Untel" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_a_version_never_approved_is_public_by_no_door(soumis, agent, client):
    rangee = soumis.versions.get()
    proces_verbaux.ecrire_pv(soumis, par=agent, texte={"ouverture": "<p>Sans le mot de trop.</p>"})
    proces_verbaux.soumettre_pv(soumis, par=agent)
    approuvee = proces_verbaux.approuver_pv(soumis, par=agent)
    proces_verbaux.depublier_pv(soumis, par=agent)
    proces_verbaux.publier_pv(soumis, par=agent)
    for version in (rangee, approuvee):
        version.refresh_from_db()
        for document in filter(None, (version.document, version.document_public)):
            document.fichier.save("pv.pdf", ContentFile(b"%PDF-1.7"), save=False)
            document.etat, document.sha256 = Document.Etat.PRET, "0" * 64
            document.save()

    adresses = [reverse("seances:proces_verbal_document", args=[v.pk]) for v in (rangee, approuvee)]

    def statut(adresse):
        reponse = client.get(adresse)
        for _ in getattr(reponse, "streaming_content", ()):
            pass  # read to the end, so that the file is closed
        return reponse.status_code

    assert [statut(adresse) for adresse in adresses] == [302, 200]
    assert not Document.objects.publics().filter(version_pv=rangee).exists()
    assert not Document.objects.publics().filter(version_pv_publique=rangee).exists()
    page = client.get(reverse("seances:lire_proces_verbal", args=[soumis.seance_id])).content.decode()
    assert adresses[0] not in page
    client.force_login(membre_convoque(soumis.seance))  # read before the approval
    assert statut(adresses[0]) == 200


def test_who_left_reads_only_what_she_attended(soumis, client):
    """The three mandates are over: Emma was absent, Bruno present, Chloé left during the séance."""
    seance = soumis.seance
    hier = timezone.localdate() - timedelta(days=1)
    Membre.objects.filter(compte__nom__in=["Excusée", "Habitant", "Distante"]).update(au=hier)
    Convie.objects.filter(membre__compte__nom="Distante").update(
        retire_le=seance.ouverte_le + timedelta(minutes=30)
    )
    SeanceFactory(convoquee=True, mandature=seance.mandature, est_publique=True)
    url = reverse("seances:lire_proces_verbal", args=[seance.pk])
    lus = {}
    for nom in ("Emma Excusée", "Bruno Habitant", "Chloé Distante"):
        client.force_login(membre_convoque(seance, nom))
        page = client.get(url)
        lus[nom] = (page.status_code, "Untel" in page.content.decode())

    assert lus == {
        "Emma Excusée": (404, False),
        "Bruno Habitant": (200, True),
        "Chloé Distante": (200, False),
    }
    emma = client.get(
        reverse("seances:repondre", args=[seance.convies.get(membre__compte__nom="Excusée").jeton()])
    )
    assert "Situation d’un usager" not in emma.content.decode()
    client.force_login(membre_convoque(seance, "Emma Excusée"))
    page = client.get(reverse("seances:ma_seance", args=[seance.pk])).content.decode()
    assert "Rapport annuel" not in page
    assert seance.lien_visio not in page


def test_a_draft_is_read_by_no_member(pv, client):
    client.force_login(membre_convoque(pv.seance))

    assert client.get(reverse("seances:lire_proces_verbal", args=[pv.seance_id])).status_code == 404


def test_a_member_remarks_and_reads_what_was_done_of_it(soumis, agent, client):
    url = reverse("seances:lire_proces_verbal", args=[soumis.seance_id])
    client.force_login(membre_convoque(soumis.seance))
    client.post(url, {"texte": "Au point 1, j’ai dit le contraire."})
    remarque = soumis.remarques.get()

    client.force_login(agent)
    page = client.get(reverse("seances:proces_verbal", args=[soumis.seance_id]))
    assert "j’ai dit le contraire" in page.content.decode()
    client.post(reverse("seances:traiter_remarque", args=[remarque.pk]), {"reponse": "Corrigé au point 1"})

    client.force_login(membre_convoque(soumis.seance))
    assert "Corrigé au point 1" in client.get(url).content.decode()
    with pytest.raises(RoleInsuffisant):
        proces_verbaux.remarquer_pv(soumis, par=CompteFactory(), texte="De l’extérieur")
    with pytest.raises(ActeInterdit):
        proces_verbaux.traiter_remarque(remarque, par=agent, reponse="Deux fois")


def test_once_approved_no_remark_is_taken(approuve):
    with pytest.raises(ActeInterdit):
        proces_verbaux.remarquer_pv(approuve, par=membre_convoque(approuve.seance), texte="Trop tard")


def test_an_instance_that_is_not_public_publishes_nothing_by_default(agent):
    seance = seance_tenue(cle="interne")
    seance.instance.est_publique = False
    seance.instance.save()
    pv = proces_verbaux.rediger_pv(seance, par=agent)
    proces_verbaux.soumettre_pv(pv, par=agent)

    proces_verbaux.approuver_pv(pv, par=agent)

    assert not pv.est_publie
    assert not Document.objects.publics().exists()
