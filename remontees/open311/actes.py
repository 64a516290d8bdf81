"""Acts of Open311: clients and their keys, posted requests and updates."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from participation.socle.actions import enregistrer
from participation.socle.calendrier import debut_du_jour
from participation.socle.courriels import sms
from participation.socle.forms.champs import champ_courriel, champ_ligne
from participation.socle.models import Commune, Compte
from participation.socle.regles.textes import sans_controle
from remontees.messages.actes import Recu, recevoir
from remontees.models import Categorie, ClientOpen311, DepotOpen311, Message, Remontee
from remontees.open311.lectures import proposes, remontees_de
from remontees.open311.regles import (
    DESCRIPTION_MAX,
    ErreurOpen311,
    lire_attributs,
    lire_nouvelle,
    lire_photo,
    lire_point,
)
from remontees.reception.arrivees import deposer
from remontees.reception.regles import Charge, Contact
from remontees.workflow import FINIS, Canal

NUMEROS = uuid.UUID("6f1d4f0e-9a53-4b57-8a6f-3c1f5f6f2d11")


LIEU_MAX, TELEPHONE_MAX = 200, 30


NON_LUS_MAX = 20  # unread updates of one request, at most


def creer_client(*, par: Compte, nom: str, courriel: str) -> tuple[ClientOpen311, str]:
    """Return (client, key).

    The key is shown once and not kept. Raises ValidationError for a name already taken.
    """
    cle = ClientOpen311.nouvelle_cle()
    client = enregistrer(
        ClientOpen311(
            nom=nom, courriel=courriel, debut=cle[:8], empreinte=ClientOpen311.empreinte_de(cle), cree_par=par
        )
    )
    return client, cle


def retirer_client(client: ClientOpen311, *, par: Compte) -> None:
    """Withdraw the key; a second call changes nothing."""
    ClientOpen311.objects.filter(pk=client.pk, retire_le=None).update(
        retire_le=timezone.now(), retire_par=par
    )


def reconnaitre_client(cle: str) -> ClientOpen311:
    """Return the client of a key. Raises ErreurOpen311 (403) for an unknown or withdrawn key."""
    client = (
        ClientOpen311.objects.filter(empreinte=ClientOpen311.empreinte_de(cle), retire_le=None).first()
        if cle
        else None
    )
    if client is None:
        raise ErreurOpen311(403, "api_key is missing or is not known here.")
    return client


def poster_demande(client: ClientOpen311, lu: Mapping[str, str], *, fichiers: int = 0) -> uuid.UUID:
    """Save a request of a client and return its token. Raises ErreurOpen311.

    `fichiers`: number of attached files, which are mentioned and not kept.
    """
    heure = timezone.now() - timedelta(hours=1)
    if DepotOpen311.objects.filter(client=client, recu_le__gte=heure).count() >= settings.OPEN311_PAR_HEURE:
        raise ErreurOpen311(429, "Too many requests with this key: try again in an hour.")
    # Names are cleaned too: the code of a question is written in the text.
    lu = {sans_controle(nom): sans_controle(valeur).strip() for nom, valeur in lu.items()}
    service = _service(lu.get("service_code", ""))
    charge = _charge(service, lu, fichiers)
    par_sms = _a_prevenir_par_sms(client, charge.contact)
    cle = uuid.uuid4()
    with transaction.atomic():
        DepotOpen311.objects.create(client=client, cle=cle, service=service, par_sms=par_sms)
        deposer(charge, cle=cle)
    return cle


def poster_nouvelle(client: ClientOpen311, lu: Mapping[str, str]) -> str:
    """Save an update as a message of the person, which neither opens nor closes; return its identifier.

    The same `update_id` twice gives the same identifier. Raises ErreurOpen311.
    """
    nouvelle = lire_nouvelle({nom: sans_controle(valeur).strip() for nom, valeur in lu.items()})
    siennes = Remontee.objects.filter(pk__in=remontees_de(client))
    remontee: Any = siennes.filter(reference=nouvelle.demande).first()
    if remontee is None:
        raise ErreurOpen311(404, "service_request_id was not found.")
    cle = uuid.uuid5(NUMEROS, f"{client.pk}|{nouvelle.demande}|{nouvelle.numero}")
    if Message.objects.filter(cle=cle).exists():
        return str(cle)
    attendent = remontee.messages.non_lus().filter(moyen=Message.Moyen.OPEN311)
    # Not counted by date: the client chooses the dates.
    if attendent.count() >= NON_LUS_MAX:
        raise ErreurOpen311(429, "Too many updates of this request wait to be read: try again tomorrow.")
    texte = nouvelle.texte
    if (nouvelle.statut == "closed") != (remontee.etat in FINIS):
        texte += f"\n\n(L’application la dit {'close' if nouvelle.statut == 'closed' else 'ouverte'}.)"
    recevoir(remontee, Recu(texte, Message.Moyen.OPEN311, cle=cle, ecrit_le=nouvelle.ecrite_le))
    return str(cle)


def _service(code: str) -> Categorie:
    if not code:
        raise ErreurOpen311(400, "service_code was not provided.")
    service: Categorie | None = proposes().filter(code=code).first()
    if service is None:
        raise ErreurOpen311(404, "service_code was not found.")
    return service


def _charge(service: Categorie, lu: Mapping[str, str], fichiers: int) -> Charge:
    # A description is not required: the chosen service already says something.
    description = lu.get("description", "") or f"{service.nom} (l’application n’a transmis aucun mot)."
    if len(description) > DESCRIPTION_MAX:
        raise ErreurOpen311(400, f"description holds more than {DESCRIPTION_MAX} characters.")
    point = lire_point(lu.get("lat", ""), lu.get("long", ""))
    attributs = lire_attributs(lu)
    commune = _commune(attributs.pop("commune", "") or lu.get("address_id", ""))
    lieu = ", ".join(mot for mot in (attributs.pop("lieu", ""), lu.get("address_string", "")) if mot)
    if point is None and not lieu and not commune:
        raise ErreurOpen311(400, "Where? Give lat and long, or address_string, or attribute[commune].")
    if len(lieu) > DESCRIPTION_MAX:
        raise ErreurOpen311(400, f"address_string holds more than {DESCRIPTION_MAX} characters.")
    if len(lieu) > LIEU_MAX:
        description += f"\n\nLieu : {lieu}"
    # Answers to other questions are added to the text, for the triage.
    autres = "".join(f"\n{code} : {valeur}" for code, valeur in attributs.items())
    if len(autres) > DESCRIPTION_MAX:
        raise ErreurOpen311(400, f"attribute holds more than {DESCRIPTION_MAX} characters.")
    description += f"\n{autres}" if autres else ""
    description += lire_photo(lu.get("media_url", ""))
    description += "\n\n(Un fichier était joint ; il n’est pas transmis.)" if fichiers else ""
    return Charge(
        verbatim=description,
        canal=Canal.OPEN311,
        categorie=service.pk,
        commune=commune,
        lieu=lieu[:LIEU_MAX],
        latitude=point[0] if point else None,
        longitude=point[1] if point else None,
        contact=_contact(lu),
    )


def _a_prevenir_par_sms(client: ClientOpen311, contact: Contact) -> bool:
    """Whether this person is told by SMS alone. Raises ErreurOpen311 if this site sends none there, or enough today."""
    if contact.courriel or not contact.telephone:
        return False
    if indicatif := sms.indicatif_sans_sms(contact.telephone):
        raise ErreurOpen311(
            400, f"phone: no text message is sent to {indicatif} numbers. Give an email, or no phone."
        )
    if not sms.numero_de(contact.telephone):
        return False  # no mobile, or SMS are off: a letter on paper
    siens = DepotOpen311.objects.filter(client=client, recu_le__gte=debut_du_jour(), par_sms=True).count()
    if siens >= settings.SMS_BORNES["PAR_APPLICATION_JOUR"]:
        raise ErreurOpen311(
            429, f"phone: {siens} people were to be sent text messages today with this key. Give an email."
        )
    return True


def _commune(dite: str) -> str:
    """Return the declared commune, checked; empty: it comes from the point, or from the triage."""
    if dite and not Commune.objects.filter(pk=dite).exists():
        raise ErreurOpen311(400, "attribute[commune] is not one of its values.")
    return dite


def _contact(lu: Mapping[str, str]) -> Contact:
    courriel = lu.get("email", "")
    if courriel:
        try:
            validate_email(courriel)
        except ValidationError:
            raise ErreurOpen311(400, "email is not an address.") from None
    nom = f"{lu.get('first_name', '')} {lu.get('last_name', '')}".strip()[:120]
    telephone = lu.get("phone", "")
    if len(telephone) > TELEPHONE_MAX:
        raise ErreurOpen311(400, f"phone holds more than {TELEPHONE_MAX} characters.")
    if not (nom or courriel or telephone):
        return Contact()
    return Contact(
        nom=nom,
        courriel=courriel,
        telephone=telephone,
        prefere="courriel" if courriel or not telephone else "sms",
    )


class ClientOpen311Form(forms.Form):
    nom = champ_ligne("Nom de l’application", maximum=120, erreur="Donnez le nom de l’application.")
    courriel = champ_courriel(
        "Courriel de contact",
        "À qui écrire si l’application se trompe.",
        erreur="Donnez une adresse où écrire.",
        max_length=254,
    )
