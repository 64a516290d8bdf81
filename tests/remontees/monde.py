"""Access tests: a remontée in each état, and parts of services."""

import uuid

from django.core.files.base import ContentFile

from participation.socle.models import Direction, Impression, Piece
from remontees.models import ClientOpen311, CourrielRecu, DepotOpen311, Import, Remontee, Satisfaction
from tests.remontees.factories import (
    AttributionFactory,
    CategorieFactory,
    CourrierFactory,
    MessageFactory,
    ModeleFactory,
    RegleFactory,
    RemonteeFactory,
    SujetFactory,
)
from tests.socle.factories import CompteFactory


def monde_des_remontees(direction: Direction) -> dict[str, list[object]]:
    transmise = RemonteeFactory(transmise=True)
    part = AttributionFactory(dossier=transmise, direction=direction)
    photo = Piece(
        dossier_id=transmise.pk, titre="Photo", nom="p.jpg", type_mime="image/jpeg", taille=1, sha256="1" * 64
    )
    photo.fichier.save("p.jpg", ContentFile(b"p"))
    rendue = AttributionFactory(dossier=transmise, repondue=True)
    publie = SujetFactory(publie=True)
    client = ClientOpen311.objects.create(
        nom="Application", courriel="application@example.org", empreinte="0"
    )
    depot = DepotOpen311.objects.create(
        client=client, cle=uuid.uuid4(), service=CategorieFactory(code="vu-de-loin")
    )
    return {
        "cle_open311": [client.pk],
        "forme": ["json"],
        "sans_forme": ["requests/SUJ-1"],
        "service_open311": ["vu-de-loin", "json"],
        "demande_open311": [publie.reference, "json"],
        "jeton_open311": [str(depot.cle), "json"],
        "suj_public_ref": [publie.reference],
        "suj_a_relire": [SujetFactory(publie=True, a_relire=True).pk],
        "rem_nouvelle": [RemonteeFactory().pk],
        "rem_transmise": [transmise.pk],
        "rem_a_repondre": [RemonteeFactory(a_repondre=True).pk],
        "rem_groupee": [RemonteeFactory(groupee=True).pk],
        "rem_repondue": [RemonteeFactory(repondue=True).pk],
        "rem_recu": [CourrielRecu.objects.create(cle=uuid.uuid4(), sort="automatique").pk],
        "rem_recu_entier": [CourrielRecu.objects.create(cle=uuid.uuid4(), sort="suspect", octets=b"a").pk],
        "rem_import": [Import.objects.create(nom="t.csv", etat="fini", par=CompteFactory(agent=True)).pk],
        "rem_regle": [RegleFactory().pk],
        "rem_message": [MessageFactory().pk],
        "rem_a_verifier": [MessageFactory(auteur="a_verifier").pk],
        "rem_modele": [ModeleFactory().pk],
        "courrier": [CourrierFactory().pk],
        "impression": [CourrierFactory(impression=Impression.objects.create()).impression_id],
        "rem_question": [MessageFactory(question=True).pk],
        "rem_satisfaction": [Satisfaction.objects.create(remontee=RemonteeFactory(repondue=True)).jeton()],
        "rem_suivi": [transmise.jeton()],
        "rem_lien_court": [Remontee.LIEN.adresse_courte(transmise).split("/")[2]],
        "rem_dire": ["autre-chose"],
        "rem_recue": [uuid.uuid4()],
        "rem_part": [part.pk],
        "rem_part_rendue": [rendue.pk],
        "rem_part_jeton": [part.jeton()],
        "rem_part_piece": [part.jeton(), photo.pk],
        "suj_ouvert": [SujetFactory().pk],
        "suj_redige": [SujetFactory(texte_public="Des gens disent que la rue est sombre.").pk],
        "suj_publie": [SujetFactory(publie=True).pk],
        "suj_repondu": [SujetFactory(repondu=True).pk],
    }
