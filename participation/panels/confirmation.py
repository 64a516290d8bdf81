"""Once a panel is drawn: its calls, replacements within the quotas, members of its instance, erasure of the others.

Who sits and has no account yet is told by what she left.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from participation.droits.eliminations.actes import eliminee
from participation.panels.models import Appel, Inscription, Panel
from participation.panels.models.manques import INSCRITS, RENONCENT, a_effacer, nouveaux, renoncants
from participation.panels.preparation.actes import faire_etape
from participation.panels.preparation.contacts import tenir_contacts
from participation.panels.preparation.instances import ouvrir_instance
from participation.panels.tables import SeanceDuPanel, seances
from participation.panels.workflow import REFUS, Issue, Moyen, Reponse
from participation.seances.membres import actes as membres
from participation.seances.membres import fins
from participation.seances.models import College, Convie, Instance, Membre, Seance
from participation.socle.actions import avancer, enregistrer, exiger
from participation.socle.actions.comptes import ouvrir_compte, ouvrir_compte_par_poste
from participation.socle.actions.courriers import ecrire_courrier, effacer_courriers
from participation.socle.calendrier import jours_entre
from participation.socle.courriels import porte, sms
from participation.socle.courriels.ecriture import ecrire
from participation.socle.courriels.porte import lu
from participation.socle.forms.actes import ActeForm
from participation.socle.forms.champs import champ_case, champ_choix, champ_ligne
from participation.socle.francais import accorder, enumerer, instant_texte, jour_texte
from participation.socle.models import Compte, Courriel, Courrier, ReglageService
from participation.socle.views.pages import Page, Reserve, acte
from participation.tirage.selection.actes import noter_renoncements

ORDRE = {Reponse.A_APPELER: 0, Reponse.CONFIRMEE: 1, Reponse.REFUSEE: 2, Reponse.INJOIGNABLE: 3}


@dataclass(frozen=True, slots=True)
class LigneAppel:
    inscription: Inscription
    numero: str
    essais: str
    dernier: str
    est_a_rappeler: bool


def lignes(panel: Panel) -> list[LigneAppel]:
    """Return who sits, those to call first: who missed the last séance, whom her contact owes a call, the least tried."""
    assises = (
        panel.inscriptions.assises()
        .select_related("volontaire", "contact__compte")
        .prefetch_related("appels")
    )
    rappels = set(a_rappeler(panel).values_list("pk", flat=True)) if panel.instance_id else set()
    trouvees = []
    for inscription in assises:
        inscription.panel = panel
        numero = str(inscription.volontaire)
        appels = list(inscription.appels.all())
        trouvees.append(
            (
                (
                    inscription.pk not in rappels,
                    not inscription.retard_du_contact,
                    ORDRE[Reponse(inscription.reponse)],
                    inscription.contact_du_le is None,
                    len(appels),
                    numero,
                ),
                LigneAppel(
                    inscription,
                    numero,
                    accorder(len(appels), "essai") if appels else "pas encore appelée",
                    str(appels[0]) if appels else "",
                    inscription.pk in rappels,
                ),
            )
        )
    return [ligne for _, ligne in sorted(trouvees, key=lambda paire: paire[0])]


def a_rappeler(panel: Panel) -> Any:
    """Return who sits, was not at the last séance held, and was not called since."""
    derniere = (
        Seance.objects.filter(instance=panel.instance_id, levee_le__isnull=False)
        .order_by("debut", "pk")
        .last()
    )
    if derniere is None:
        return Inscription.objects.none()
    absents = Convie.objects.filter(seance=derniere, retire_le=None, presences=None)
    siennes = (
        panel.inscriptions.assises()
        .filter(membre__in=absents.values("membre"))
        .exclude(reponse__in=RENONCENT)
    )
    return siennes.exclude(appels__le__gte=derniere.levee_le)


def manque_de_monde(panel: Panel) -> SeanceDuPanel | None:
    """Return the last séance held, while fewer came than foreseen and an absent is still to call, or to replace."""
    tenues = [ligne for ligne in seances(panel) if ligne.seance.levee_le]
    if not tenues or not tenues[-1].est_sous_la_prevision:
        return None
    return tenues[-1] if renoncants(panel).exists() or a_rappeler(panel).exists() else None


PLURIELS = {
    Reponse.CONFIRMEE: "confirment",
    Reponse.REFUSEE: "renoncent",
    Reponse.INJOIGNABLE: "injoignables",
}


def chiffres(panel: Panel) -> list[tuple[str, int]]:
    """Return how many gave each answer, then how many gave up for each reason."""
    combien = Counter(panel.inscriptions.assises().values_list("reponse", flat=True))
    return [
        (
            PLURIELS.get(reponse, str(reponse.label)) if combien[reponse] > 1 else str(reponse.label),
            combien[reponse],
        )
        for reponse in Reponse
        if combien[reponse]
    ]


def raisons(panel: Panel) -> list[tuple[str, int]]:
    """Return how many gave up for each reason, whoever replaced them."""
    siennes = panel.inscriptions.filter(appels__issue__in=[i for i in Issue if i.startswith("refus")])
    combien = Counter(siennes.values_list("appels__issue", flat=True))
    return [(str(issue.label), combien[issue]) for issue in Issue if combien[issue]]


def moyens_essayes(inscription: Inscription) -> int:
    return inscription.appels.order_by().values("moyen").distinct().count()


LETTRE = "panels/assurer_besoin"


def assurer_besoin(inscription: Inscription, seance: Seance, besoin: str) -> None:
    """Tell that her need is met, by mail, else by SMS, else on a sheet; who left only a fixed telephone is called.

    Nobody proved her address: the mail passes the gate, with what was written down when she was called.
    """
    panel, langue = inscription.panel, inscription.langue_lettres
    champ = next(champ for champ, mot in inscription.besoins_par_champ.items() if mot == besoin)
    mots: dict[str, porte.Mot] = {
        "titre": lu(panel, "titre"),
        "debut": seance.debut,
        "lieu": lu(seance, "lieu"),
        "page": panel.get_public_url(),
        "besoin": lu(inscription, "acces"),
        **{un: int(un == champ) for un in ("enfants", "transport", "interprete")},
    }
    if inscription.courriel:
        porte.ecrire(
            LETTRE, a=inscription.courriel, sujet=inscription, dossier=panel, mots=mots, langue=langue
        )
    elif numero := sms.numero_de(inscription.telephone):
        ecrire(LETTRE, a=[numero], contexte=mots, dossier=panel, moyen=Courriel.Moyen.SMS, langue=langue)
    elif inscription.adresse:
        ecrire_courrier(
            panel,
            LETTRE,
            {**mots, "dit": besoin, "telephone": ReglageService.actuel().telephone},
            destinataire=[str(inscription), *inscription.adresse.split(", ")],
            a_une_adresse=True,
            inscription=inscription.pk,
        )


COLLEGE = "Habitants tirés au sort"


@acte(
    Page[Panel](
        consequence="Chaque personne tirée est appelée. Qui appelle pour le service voit la liste, et rien d’autre."
    )
)
@transaction.atomic
def ouvrir_appels(panel: Panel, *, par: Compte) -> None:
    avancer(panel, "ouvrir_appels", par=par)
    faire_etape(panel, "tirer")


class NoterAppelForm(ActeForm):
    """One attempt, its outcome, and what the person needs to come: asked at once."""

    ACTUELS = ("enfants", "transport", "interprete", "acces")

    moyen = champ_choix("Comment", Moyen.choices, initial=Moyen.APPEL)
    issue = champ_choix(
        "Ce qui s’est passé", [("", "Choisissez"), *Issue.choices], erreur="Dites ce qui s’est passé."
    )
    note = champ_ligne(
        "Note", "Utile au prochain appel. Rien sur la santé ni sur les opinions.", requis=False, maximum=200
    )
    enfants = forms.IntegerField(
        label="Enfants à garder", required=False, min_value=0, max_value=12, widget=forms.NumberInput(attrs={"class": "champ-court"})
    )  # fmt: skip
    transport = champ_case("A besoin d’un transport", requis=False)
    interprete = champ_ligne("Interprète : quelle langue", requis=False, maximum=60)
    acces = champ_ligne(
        "Autre chose pour venir", "Accès, repas, boucle magnétique.", requis=False, maximum=200
    )

    def preparer(self) -> None:
        if self.objet.reponse != Reponse.CONFIRMEE:
            champ: Any = self.fields["issue"]
            champ.choices = [choix for choix in champ.choices if choix[0] != Issue.CONTACT]

    def clean(self) -> dict[str, Any]:
        dit: dict[str, Any] = super().clean() or {}
        dit["enfants"] = dit.get("enfants") or 0
        return dit


def dire_l_appel(inscription: Inscription, appel: Appel) -> str:
    if appel.issue != Issue.CONFIRME or inscription.contact is None or inscription.contact_du_le is None:
        return "Appel noté."
    contact = inscription.contact.compte
    numero = f" ({contact.telephone})" if contact.telephone else ""
    quand = instant_texte(inscription.contact_du_le)
    return f"Appel noté. Dites-lui le nom de son contact : {contact}{numero}, qui l’appelle avant le {quand}."


@acte(
    Page[Inscription](
        form=NoterAppelForm,
        consequence=lambda i: enumerer([mot for mot in (i.telephone, i.courriel, i.adresse) if mot]),
        succes=dire_l_appel,
        retour=lambda i, _: i.panel.appels_url,
        est_publique=True,
    )
)
@transaction.atomic
def noter_appel(
    inscription: Inscription, *, par: Compte, moyen: str, issue: str, note: str = "", **besoins: Any
) -> Appel:
    """Note an attempt. Raises ValidationError for « injoignable » before enough other means, and days, were tried."""
    pas = exiger(inscription, "noter_appel", par=par)
    appel = enregistrer(Appel(inscription=inscription, par=par, moyen=moyen, issue=issue, note=note))
    if issue == Issue.INJOIGNABLE:
        _exiger_essais(inscription)
    pas.avancer(
        fait=f"{inscription.volontaire} : {appel.get_issue_display()}",
        champs={
            "reponse": _reponse(inscription, issue),
            "contact_du_le": _contact_du(inscription, appel),
            **besoins,
        },
    )
    tenir_contacts(inscription.panel)
    inscription.refresh_from_db(fields=["contact"])
    return appel


def _contact_du(inscription: Inscription, appel: Appel) -> datetime | None:
    """Return by when her contact calls, counted from the call where she confirmed; None once it is done, or not owed.

    Raises ValidationError when her contact would have spoken to her before she confirmed.
    """
    confirmait = inscription.reponse == Reponse.CONFIRMEE
    if appel.issue == Issue.CONTACT and not confirmait:
        raise ValidationError({"issue": "Notez d’abord qu’elle confirme : son contact l’appelle ensuite."})
    if appel.issue == Issue.CONTACT or _reponse(inscription, appel.issue) != Reponse.CONFIRMEE:
        return None
    heures = timedelta(hours=inscription.panel.regle.contact_heures)
    return inscription.contact_du_le if confirmait else appel.le + heures


def _exiger_essais(inscription: Inscription) -> None:
    """Raises ValidationError while too few means were tried, or for too few days for her group."""
    regle = inscription.panel.regle
    voulus, essayes = regle.moyens_avant_injoignable, moyens_essayes(inscription)
    jours = regle.jours_d_essai(inscription.profil)
    premier = inscription.appels.earliest("le")
    if essayes < voulus:
        mots = (
            f"{accorder(essayes, 'moyen essayé', 'moyens essayés')} : il en faut {voulus} différents avant de "
            "dire « injoignable » (appel, SMS, courriel, lettre, visite)."
        )
    elif jours_entre(premier.le, timezone.now()) < jours:
        fin = timezone.localdate(premier.le) + timedelta(days=jours)
        mots = f"Son groupe répond peu : essayez jusqu’au {jour_texte(fin)} avant de dire « injoignable »."
    else:
        return
    raise ValidationError({"issue": mots})


def _reponse(inscription: Inscription, issue: str) -> str:
    if issue == Issue.CONFIRME:
        return Reponse.CONFIRMEE
    if issue in REFUS:
        return Reponse.REFUSEE
    return Reponse.INJOIGNABLE if issue == Issue.INJOIGNABLE else inscription.reponse


def dire_les_renoncants(panel: Panel) -> str:
    numeros = list(renoncants(panel).values_list("volontaire__numero", flat=True))
    return (
        f"{enumerer(numeros)} : ces places vont à la réserve du tirage, dans l’ordre des billets, en gardant les quotas. "
        "Attendre trois ou quatre renoncements les garde plus facilement."
    )


def dire_le_remplacement(panel: Panel, fait: tuple[list[str], list[str]]) -> str:
    entres, ecarts = fait
    dit = f"{accorder(len(entres), 'personne entre', 'personnes entrent', aucun='Personne n’entre')} : {enumerer(entres) or 'la réserve est vide'}."
    return (
        Reserve(f"{dit} Quotas qui ne sont plus tenus : {' '.join(ecarts)}") if ecarts or not entres else dit
    )


@acte(Page[Panel](consequence=dire_les_renoncants, succes=dire_le_remplacement, retour="#appels"))
@transaction.atomic
def remplacer_renoncants(panel: Panel, *, par: Compte) -> tuple[list[str], list[str]]:
    """Give the seats of who said no to the reserve of the draw, all at once. Return who enters, and quotas broken."""
    pas = exiger(panel, "remplacer_renoncants", par=par)
    assert panel.tirage is not None  # noqa: S101 the panel is drawn
    partants = list(renoncants(panel).select_related("volontaire", "membre"))
    for partant in partants:
        if partant.membre is not None:
            fins.mettre_fin(partant.membre, par=par, au=timezone.localdate(), motif="A renoncé au panel.")
    fait = noter_renoncements(panel.tirage, par=None, numeros=[p.volontaire for p in partants])
    pas.avancer(details={"entres": fait[0]})
    tenir_contacts(panel)
    return fait


@acte(
    Page[Panel](
        consequence=lambda panel: (
            f"{accorder(nouveaux(panel).count(), 'personne devient membre', 'personnes deviennent membres')} du panel. "
            "Ses séances se programment ensuite comme celles de toute instance : convocation, réponse, présence, vote."
        ),
        succes="Le panel est constitué. Programmez sa première séance.",
    )
)
@transaction.atomic
def constituer_panel(panel: Panel, *, par: Compte) -> None:
    """Make an instance of the panel, and a member of each who confirmed."""
    pas = exiger(panel, "constituer_panel", par=par)
    instance = _instance(panel, par)
    pas.avancer(champs={"instance": instance, "date_constitution": timezone.localdate()})
    _nommer(panel, par, du=timezone.localdate())
    for etape in ("preparer", "concevoir", "ouvrir", "tirer", "confirmer"):
        faire_etape(panel, etape)


def _instance(panel: Panel, par: Compte) -> Instance:
    """Its members are not published: who sits in a panel is drawn, not elected."""
    return ouvrir_instance(
        panel,
        par=par,
        cle=f"panel-{panel.cle}",
        nom=panel.titre,
        sigle=f"Panel {panel.cle}",
        fondement=f"Panel citoyen {panel.reference}, tiré au sort.",
        est_publique=False,
        colleges=[(COLLEGE, panel.places)],
    )


def _nommer(panel: Panel, par: Compte, *, du: date) -> int:
    college = College.objects.get(mandature__instance=panel.instance)
    inscriptions = list(nouveaux(panel))
    for inscription in inscriptions:
        inscription.membre = _membre(inscription, college, par, du)
        inscription.save(update_fields=["membre"])
    return len(inscriptions)


def _membre(inscription: Inscription, college: College, par: Compte, du: date) -> Membre:
    qui = {"prenom": inscription.prenom, "nom": inscription.nom, "telephone": inscription.telephone}
    compte = (
        ouvrir_compte(inscription.courriel, est_prouve=False, **qui)
        if inscription.courriel
        else ouvrir_compte_par_poste(**qui)
    )
    deja = Membre.objects.filter(college=college, compte=compte).encore_la().exists()
    if deja:  # two people of one mailbox: the second is written to by post
        compte = ouvrir_compte_par_poste(**qui)
    return membres.nommer(
        college,
        compte,
        par=par,
        du=du,
        adresse_postale=inscription.adresse if compte.est_par_poste else "",
        nomme_par="Tirage au sort",
    )


@acte(
    Page[Panel](
        consequence=lambda panel: (
            f"{accorder(nouveaux(panel).count(), 'personne qui a confirmé devient membre', 'personnes qui ont confirmé deviennent membres')}."
        ),
        retour="#appels",
    )
)
@transaction.atomic
def completer_panel(panel: Panel, *, par: Compte) -> None:
    """Make members of those who entered in place of others, and confirmed."""
    pas = exiger(panel, "completer_panel", par=par)
    combien = _nommer(
        panel, par, du=timezone.localdate() + timedelta(days=1)
    )  # seats given up are held today
    pas.avancer(fait=f"{accorder(combien, 'remplaçant accueilli', 'remplaçants accueillis')}")


@acte(
    Page[Panel](
        consequence=lambda panel: (
            f"{accorder(a_effacer(panel).count(), 'personne')} : nom, adresse et téléphone sont effacés sans retour, ici et dans "
            "le tirage. Les profils restent, pour être comptés ensemble."
        ),
        retour="#inscriptions",
    )
)
@transaction.atomic
def effacer_inscrits(panel: Panel, *, par: Compte) -> int:
    pas = exiger(panel, "effacer_inscrits", par=par)
    combien = effacer(panel, list(a_effacer(panel).values_list("pk", flat=True)))
    panel.adresses.all().delete()
    panel.refus_adresses.all().delete()
    eliminee(INSCRITS, panel.pk, combien)
    pas.avancer(fait=f"{accorder(combien, 'inscription effacée', 'inscriptions effacées')}")
    return combien


def effacer(panel: Panel, numeros: list[int]) -> int:
    """Erase who these registered people are, in the panel and in its draw. Return how many."""
    if panel.tirage is not None:
        panel.tirage.volontaires.filter(inscription__in=numeros).update(
            nom="", courriel="", telephone="", foyer="", nonce=""
        )
    effacer_courriers(courriers_de(numeros))
    return Inscription.effacer(numeros)


def courriers_de(numeros: Sequence[int]) -> QuerySet[Courrier]:
    """Return the sheets to these registered people, whose letter says which."""
    return Courrier.objects.filter(document__donnees__inscription__in=numeros, document__fige_le=None)
