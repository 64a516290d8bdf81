"""Access tests: a convened séance and one only set, with one object of each kind."""

from django.core.files.base import ContentFile
from django.utils import timezone

from participation.seances.models import (
    Convocation,
    DemandePoint,
    Instance,
    Invite,
    Membre,
    PieceSeance,
    PointDossier,
)
from participation.socle.models import Compte, Document, Dossier
from tests.seances.factories import ConvieFactory, PointFactory, SeanceFactory


def monde_de_la_preparation(membre: Compte, dossier: Dossier) -> dict[str, list[object]]:
    """Return the arguments of the URLs, by name. `membre` already sits in the instance, and is convened."""
    siege = Membre.objects.filter(
        compte=membre, college__mandature__instance=Instance.objects.get(cle="essai")
    ).first()
    assert siege is not None
    seance = SeanceFactory(convoquee=True, mandature=siege.college.mandature)
    convie = ConvieFactory(seance=seance, membre=siege)
    point = PointFactory(seance=seance)
    piece = PieceSeance(
        seance=seance, titre="Plan", nom="plan.txt", type_mime="text/plain", taille=4, sha256="0" * 64
    )
    piece.fichier.save("plan.txt", ContentFile(b"plan"))
    document = Document(nature="seances/convocation", titre="Convocation", etat="pret", sha256="0" * 64)
    document.fichier.save("c.pdf", ContentFile(b"%PDF-1.7"))
    envoi = Convocation.objects.create(
        seance=seance,
        sequence=0,
        date_limite=timezone.localdate(),
        envoyee_le=timezone.now(),
        document=document,
    )
    demande = DemandePoint.objects.create(
        instance=seance.instance, mandature=seance.mandature, auteur=siege, titre="Tarif", texte="Parlons-en."
    )
    return {
        "prep": [seance.pk],
        "prep_programmee": [SeanceFactory(mandature=seance.mandature).pk],
        "prep_publique": [SeanceFactory(mandature=seance.mandature, convoquee=True, est_publique=True).pk],
        "prep_point": [point.pk],
        "prep_lien": [PointDossier.objects.create(point=point, dossier_id=dossier.pk).pk],
        "prep_piece": [piece.pk],
        "prep_invite": [Invite.objects.create(seance=seance, nom="Nora Ouali").pk],
        "prep_convie": [convie.pk],
        "prep_jeton": [convie.jeton()],
        "prep_envoi": [envoi.pk],
        "prep_demande": [demande.pk],
        "prep_instance": [seance.instance.cle],
    }
