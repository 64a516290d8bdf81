"""Attacks on sign-in and on access rights, replayed over HTTP. Each must fail.

Accounts and séances are made by the factories of the tests.
"""

import http.client
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from importlib import import_module
from typing import Any, Protocol
from urllib.parse import urlencode

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from django.utils import timezone

from bench.attaques.signatures import JETON, Bilan
from participation.seances.models import Convie, Membre, Presence, ProcesVerbal
from participation.seances.proces_verbaux import actes as proces_verbaux
from participation.socle.actions.comptes import prouver_adresse
from participation.socle.models import Appartenance, Compte, Courriel, Document
from participation.socle.workflow import Role

MOT_DE_PASSE = "trois-marmottes-au-soleil"
ESSAIS = 40


class Navigateur(Protocol):
    """A browser at one IP address, with its cookies. Responses are (status, Location, page)."""

    def get(self, chemin: str) -> tuple[int, str, str]: ...

    def post(self, chemin: str, reponses: Mapping[str, str]) -> tuple[int, str, str]: ...

    def joindre(
        self, chemin: str, reponses: Mapping[str, str], champ: str, nom: str, octets: bytes
    ) -> tuple[int, str, str]: ...


Ouvrir = Callable[[str, Compte | None], Navigateur]  # (IP address, account already signed in) → a browser


class NavigateurHttp:
    def __init__(self, port: int, ip: str, compte: Compte | None = None) -> None:
        self.port, self.ip, self.cookies = port, ip, {"csrftoken": JETON}
        if compte is not None:
            self.cookies[settings.SESSION_COOKIE_NAME] = _session(compte)

    def get(self, chemin: str) -> tuple[int, str, str]:
        return self._demander("GET", chemin, None)

    def post(self, chemin: str, reponses: Mapping[str, str]) -> tuple[int, str, str]:
        return self._demander("POST", chemin, urlencode(reponses))

    def joindre(
        self, chemin: str, reponses: Mapping[str, str], champ: str, nom: str, octets: bytes
    ) -> tuple[int, str, str]:
        """Send a form with one file, named `nom`, in its field `champ`."""
        corps = encode_multipart(BOUNDARY, {**reponses, champ: SimpleUploadedFile(nom, octets)})
        return self._demander("POST", chemin, corps, MULTIPART_CONTENT)

    def _demander(
        self,
        methode: str,
        chemin: str,
        corps: str | bytes | None,
        genre: str = "application/x-www-form-urlencoded",
    ) -> tuple[int, str, str]:
        connexion = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        entetes = {
            "Content-Type": genre,
            "Cookie": "; ".join(f"{nom}={valeur}" for nom, valeur in self.cookies.items()),
            "X-CSRFToken": self.cookies["csrftoken"],
            "X-Forwarded-For": self.ip,
        }
        connexion.request(methode, chemin, corps, entetes)
        recue = connexion.getresponse()
        page = recue.read().decode(errors="replace")
        for pose in recue.headers.get_all("Set-Cookie") or []:
            nom, _, valeur = pose.partition(";")[0].partition("=")
            self.cookies[nom] = valeur
        connexion.close()
        return recue.status, recue.headers.get("Location", ""), page


def _session(compte: Compte) -> str:
    """Return a session as after a sign-in: these attacks come after the sign-in."""
    session = SessionStore()
    session[SESSION_KEY] = str(compte.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = compte.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _monde(nom: str) -> Any:
    return import_module(f"tests.{nom}")


# An agent locked out by a stranger


def _entre(navigateur: Navigateur, courriel: str, mot_de_passe: str = MOT_DE_PASSE) -> bool:
    navigateur.post(reverse("socle:mot_de_passe"), {"login": courriel, "password": mot_de_passe})
    statut, ou, _ = navigateur.get(reverse("socle:mon_compte"))
    return statut == 200 or "login" not in ou


def agent_enfermee(ouvrir: Ouvrir) -> Bilan:
    """One network sends wrong passwords and codes without end.

    The agent must still sign in, from another address and from their usual browser.
    """
    Courriel.objects.all().delete()
    agente = _monde("socle.factories").CompteFactory(courriel=f"agente{Compte.objects.count()}@exemple.fr")
    agente.set_password(MOT_DE_PASSE)
    agente.save()
    EmailAddress.objects.get_or_create(
        user=agente, email=agente.courriel, defaults={"verified": True, "primary": True}
    )
    Appartenance.objects.create(compte=agente, role=Role.AGENT)
    sien = ouvrir("203.0.113.250", None)  # in the same network as the attacker
    assert _entre(sien, agente.courriel)
    sien.post(reverse("account_logout"), {})

    pirate = ouvrir("203.0.113.9", None)
    for n in range(ESSAIS):
        pirate.post(reverse("socle:mot_de_passe"), {"login": agente.courriel, "password": f"faux-{n}"})
        pirate.post(reverse("account_request_login_code"), {"email": agente.courriel, "next": ""})
        pirate.post(reverse("account_confirm_login_code"), {"code": "000000", "next": ""})
    tenu = not _entre(pirate, agente.courriel)

    ailleurs = ouvrir("198.51.100.9", None)
    par_code = ouvrir("192.0.2.9", None)
    avant = Courriel.objects.filter(destinataires=[agente.courriel]).count()
    par_code.post(reverse("account_request_login_code"), {"email": agente.courriel, "next": ""})
    recu = Courriel.objects.filter(destinataires=[agente.courriel]).count() == avant + 1
    elle = {
        "d’ailleurs": _entre(ailleurs, agente.courriel),
        "de son navigateur": _entre(sien, agente.courriel),
        "par un code": recu,
    }
    dehors = [nom for nom, entre in elle.items() if not entre]
    vu = "elle entre, le réseau attend" if not dehors and tenu else f"enfermée {', '.join(dehors)}"
    return not dehors and tenu, vu if tenu or dehors else "l’attaquant n’est pas retenu"


def code_lu_par_un_agent(ouvrir: Ouvrir) -> Bilan:
    """An agent asks for a code for an élue, then looks for it in every page and file about the letters."""
    usines = _monde("socle.factories")
    elue = usines.CompteFactory(courriel=f"elue{Compte.objects.count()}@exemple.fr")
    Appartenance.objects.create(compte=elue, role=Role.ELU)
    agent = ouvrir("203.0.113.60", usines.CompteFactory(agent=True))
    ouvrir("203.0.113.61", None).post(
        reverse("account_request_login_code"), {"email": elue.courriel, "next": ""}
    )
    lettre = Courriel.objects.filter(destinataires=[elue.courriel]).latest("pk")
    codes = re.findall(r"^\d{6}$", lettre.corps, re.M)
    assert codes, "no code was sent"
    liste = reverse("socle:courriels")
    portes = [
        liste,
        f"{liste}?export=csv",
        f"{liste}?q={elue.courriel}",
        f"{liste}?export=csv&q={elue.courriel}",
    ]
    portes += [reverse("socle:courriel", args=[lettre.pk]), reverse("socle:courriels_retenus")]
    vues = [porte for porte in portes if codes[0] in agent.get(porte)[2]]
    trouvee = f'"{reverse("socle:courriel", args=[lettre.pk])}"' in agent.get(f"{liste}?q={codes[0]}")[2]
    vu = f"le code est lu par {', '.join(vues)}" if vues else "le code n’est lu nulle part"
    return not vues and not trouvee, vu + (" ; il se cherche" if trouvee else "")


def mot_de_passe_vole(ouvrir: Ouvrir) -> Bilan:
    """A stolen password, long after the delay, on an account that never added a second factor: adds its own."""
    agente = _monde("socle.factories").CompteFactory(
        courriel=f"agente{Compte.objects.count()}@exemple.fr", agent=True, mfa_exigee_le=date(2020, 1, 1)
    )
    agente.set_password(MOT_DE_PASSE)
    agente.save()
    prouver_adresse(agente)
    voleur = ouvrir("203.0.113.62", None)
    assert _entre(voleur, agente.courriel)
    secrets = []
    for nom in ("mfa_activate_totp", "mfa_add_webauthn"):
        statut, ou, _ = voleur.get(reverse(nom))
        if statut == 200 or ou != reverse("socle:prouver_ma_boite"):
            secrets.append(nom)
    statut, _, _ = voleur.get(reverse("socle:journee"))
    return (
        not secrets and statut == 302,
        f"ajoute : {', '.join(secrets)}" if secrets else "un code de la boîte est demandé",
    )


# Presence in the room


def salle_sans_code(ouvrir: Ouvrir) -> Bilan:
    """A member at home claims to be in the room: on their page, with a guessed code, by link without the code."""
    usines = _monde("seances.factories")
    seance = usines.SeanceFactory(ouverte=True)
    convie = usines.ConvieFactory(seance=seance)
    membre = ouvrir("203.0.113.20", convie.membre.compte)
    membre.get(reverse("seances:ma_seance_en_cours", args=[seance.pk]))
    membre.post(reverse("seances:changer_presence", args=[seance.pk]), {"mode": "salle"})
    membre.post(reverse("seances:presence", args=["AAAAAA"]), {"mode": "salle"})
    inconnu = ouvrir("203.0.113.21", None)
    lien = reverse("seances:presence_par_lien", args=[convie.jeton()])
    for code in ("", "AAAAAA"):
        inconnu.post(lien, {"mode": "salle", "code": code})
    notes = Presence.objects.filter(convie=convie).count()
    # The right code must work: only the false presence is refused.
    membre.post(reverse("seances:presence", args=[seance.code]), {"mode": "salle"})
    ensuite = Presence.objects.filter(convie=convie, mode="salle").count()
    return (notes, ensuite) == (0, 1), f"{notes} présence sans code, {ensuite} avec"


# Access to documents


def _proces_verbal(*, approuve: bool) -> ProcesVerbal:
    """Return a procès-verbal, with a secret in its first version. The PDF of each version is made."""
    agent = _monde("socle.factories").CompteFactory(role=Role.AGENT)
    tenue = _monde("seances.seance_tenue")
    seance = tenue.seance_tenue(cle=f"attaques-pv-{ProcesVerbal.objects.count()}")
    pv = proces_verbaux.rediger_pv(seance, par=agent)
    proces_verbaux.ecrire_pv(pv, par=agent, texte={"ouverture": "<p>Le mot de trop.</p>"})
    proces_verbaux.soumettre_pv(pv, par=agent)
    if approuve:
        proces_verbaux.ecrire_pv(pv, par=agent, texte={"ouverture": "<p>Rien de tel.</p>"})
        proces_verbaux.soumettre_pv(pv, par=agent)
        proces_verbaux.approuver_pv(pv, par=agent)
    for version in pv.versions.all():
        for document in filter(None, (version.document, version.document_public)):
            document.fichier.save("pv.pdf", ContentFile(b"%PDF-1.7"), save=False)
            document.etat, document.sha256 = Document.Etat.PRET, "0" * 64
            document.save()
    return pv


def version_jamais_approuvee(ouvrir: Ouvrir) -> Bilan:
    """Try the number of each version, then the keys of its documents."""
    pv = _proces_verbal(approuve=True)
    passant, lues, permises = ouvrir("203.0.113.30", None), [], 0
    *jamais, _ = pv.versions.order_by("numero")
    for version in pv.versions.order_by("numero"):
        portes = [reverse("seances:proces_verbal_document", args=[version.pk])] + [
            reverse("socle:document", args=[document.cle_publique])
            for document in filter(None, (version.document, version.document_public))
        ]
        ouvertes = [porte for porte in portes if passant.get(porte)[0] == 200]
        if version in jamais:
            lues += ouvertes
        else:
            permises += len(ouvertes)
    _, _, page = passant.get(reverse("seances:lire_proces_verbal", args=[pv.seance_id]))
    echoue = not lues and permises > 0 and "Le mot de trop" not in page
    return echoue, f"{len(lues)} PDF d’une version non approuvée, {permises} de celle qui l’est"


def partie_lit_encore(ouvrir: Ouvrir) -> Bilan:
    """A member whose mandate has ended asks for the screen, the papers, the draft and the confidential parts."""
    pv = _proces_verbal(approuve=False)
    seance = pv.seance
    Membre.objects.filter(compte__nom="Excusée", college__mandature=seance.mandature).update(
        au=timezone.localdate() - timedelta(days=1)
    )
    convie = Convie.objects.get(seance=seance, membre__compte__nom="Excusée")
    partie = ouvrir("203.0.113.40", convie.membre.compte)
    version = pv.versions.get()
    portes = {
        "procès-verbal": reverse("seances:lire_proces_verbal", args=[seance.pk]),
        "PDF": reverse("seances:proces_verbal_document", args=[version.pk]),
        "écran": reverse("seances:ma_seance_en_cours", args=[seance.pk]),
        "séance": reverse("seances:ma_seance", args=[seance.pk]),
        "convocation": reverse("seances:repondre", args=[convie.jeton()]),
    }
    secrets = re.compile(r"Le mot de trop|Untel|Situation d’un usager")
    lues = []
    for nom, porte in portes.items():
        statut, _, page = partie.get(porte)
        if statut == 200 and (secrets.search(page) or nom in {"procès-verbal", "PDF"}):
            lues.append(nom)
    return not lues, f"lit : {', '.join(lues)}" if lues else "ne lit plus rien de la séance"


ATTAQUES: dict[str, Callable[[Ouvrir], Bilan]] = {
    "une agente enfermée dehors par un inconnu": agent_enfermee,
    "le code d’une élue, lu par un agent": code_lu_par_un_agent,
    "un mot de passe volé ajoute son second facteur": mot_de_passe_vole,
    "« en salle » sans le code de la salle": salle_sans_code,
    "une version du procès-verbal jamais approuvée, par son numéro": version_jamais_approuvee,
    "qui est partie lit encore": partie_lit_encore,
}
