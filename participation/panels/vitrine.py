"""Entries of the panels on shared pages: menus, home, « Ma journée », site map, personal data, way in of a provider."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from participation.panels import confirmation, oubli
from participation.panels.confirmation import a_rappeler, effacer_inscrits, manque_de_monde
from participation.panels.inscriptions import actes as inscriptions
from participation.panels.models import Inscription, PageInscription, Panel, ReglementPanels
from participation.panels.models.manques import INSCRITS, a_effacer
from participation.panels.questionnaires import SaisirForm, interroges, saisir_questionnaire
from participation.panels.questionnaires import cle as cle_de_reponse
from participation.panels.tables import SeanceDuPanel
from participation.panels.workflow import SIEGEANTS, Canal, EtatPanel, Reponse
from participation.seances.convocation.lettres import assurer_au_membre, lien_membre
from participation.seances.models import Convie, Seance
from participation.seances.workflow import Etat as EtatSeance
from participation.socle import langues
from participation.socle.bd.sondes import Rangee
from participation.socle.calendrier import debut_du_jour
from participation.socle.francais import accorder
from participation.socle.journee import Attendue, Attente, AttenteLue, SectionJournee, Tache
from participation.socle.lectures.conservation import Delai, DemarcheEntiere, Elimination, Lot, Traitement
from participation.socle.models import Compte
from participation.socle.vitrine import (
    BesoinATenir,
    Demarche,
    EntreeBureau,
    EntreePublique,
    GenreDePapier,
    Ouvert,
    PageDuPlan,
    Porte,
    Rattachable,
    Reglage,
    Rubrique,
    SectionAccueil,
    Trouve,
)

CONSERVATION = Delai(ReglementPanels, "conservation_jours", "après la constitution du panel")


def menu_public() -> EntreePublique:
    """Never reads the database: it is called before the connection exists."""
    return EntreePublique(Rubrique.SUIVRE, gettext("Panels citoyens"), reverse("panels:panels_publics"))


def menu_bureau(compte: Compte) -> EntreeBureau | None:
    if not compte.est_agent:
        return None
    return EntreeBureau("Panels citoyens", reverse("panels:panels"), app="panels")


def espace(compte: Compte) -> str | None:
    """Where who calls for the service lands after sign-in."""
    if compte.a_le_bureau:
        return None
    premier = Panel.objects.appeles_par(compte).order_by("pk").first()
    return premier.appels_url if premier is not None else None


def section_accueil() -> SectionAccueil | None:
    ouverts = Panel.objects.publics().filter(etat=EtatPanel.INSCRIPTION)
    lignes = [
        Ouvert(
            genre=gettext("Panel citoyen"),
            quand=gettext("première séance le %(jour)s") % {"jour": langues.jour(p.date_premiere_seance)},
            titre=langues.ecrit(p.titre),
            url=p.get_public_url(),
            phrase=ngettext(
                "%(nombre)s personne tirée au sort. Les personnes invitées s’inscrivent.",
                "%(nombre)s personnes tirées au sort. Les personnes invitées s’inscrivent.",
                p.places,
            )
            % {"nombre": langues.nombre(p.places)},
        )
        for p in ouverts
    ]
    return (
        SectionAccueil(app="panels", ouverts=lignes, url_ouverts=reverse("panels:panels_publics"))
        if lignes
        else None
    )


def plan_du_site() -> list[PageDuPlan]:
    panels = Panel.objects.publics().order_by("pk")
    return [
        PageDuPlan(reverse("panels:panels_publics")),
        *(PageDuPlan(p.get_public_url(), p.modifie_le) for p in panels),
    ]


def section_journee(compte: Compte) -> SectionJournee | None:
    """Addresses to read, fewer people than foreseen, a questionnaire that waits: what a panel waits for beside its échéances."""
    questionnaires = Attente(_questionnaires, lambda: _a_repondre(compte))
    siennes: list[Attendue] = (
        [
            AttenteLue(_adresses, _a_lire),
            AttenteLue(lambda: _bulletins(compte), _a_ressaisir),
            Attente(_qui_prevoient, _manques),
            questionnaires,
        ]
        if compte.est_agent
        else [questionnaires]
    )
    return SectionJournee("panels", "Panels citoyens", siennes)


def _questionnaires() -> Any:
    """Wider than the lines: who answered is known by a key that SQL cannot make."""
    return Panel.objects.filter(
        questionnaires_le__isnull=False, evaluation_le=None, etat__in=sorted(SIEGEANTS)
    )


def _a_repondre(compte: Compte) -> list[Tache]:
    return [
        Tache(
            quoi="Donner votre avis sur le panel",
            url=reverse("panels:repondre_questionnaire", args=[panel.cle]),
            bouton="Répondre",
            sur_quoi=panel.titre,
            genre="Panel citoyen",
            app="panels",
            depuis=panel.questionnaires_le,
        )
        for panel in _questionnaires().order_by("questionnaires_le", "pk")
        if any(interroge == compte for interroge, _ in interroges(panel))
        and not panel.reponses.filter(cle=cle_de_reponse(panel, compte)).exists()
    ]


def _par_panel(inscriptions: Any) -> Any:
    siennes = inscriptions.filter(panel__etat=EtatPanel.INSCRIPTION)
    return siennes.order_by("panel").values("panel", "panel__titre").distinct()


def _adresses() -> Any:
    return _par_panel(Inscription.objects.a_lire())


def _bulletins(compte: Compte) -> Any:
    """Papers that somebody else typed first."""
    return _par_panel(Inscription.objects.a_relire().exclude(saisie_par=compte.pk))


def _a_lire(lignes: list[Rangee]) -> Iterator[Tache]:
    for ligne in lignes:
        url = reverse("panels:accepter_adresses", args=[ligne["panel"]])
        yield _tache(ligne, "Lire les adresses proches ou absentes", url, "Lire")


def _a_ressaisir(lignes: list[Rangee]) -> Iterator[Tache]:
    for ligne in lignes:
        url = f"{reverse('panels:panel', args=[ligne['panel']])}#inscriptions"
        yield _tache(ligne, "Saisir une seconde fois les bulletins de papier", url, "Ouvrir")


def _tache(ligne: Rangee, quoi: str, url: str, bouton: str) -> Tache:
    return Tache(
        quoi=quoi, url=url, bouton=bouton, sur_quoi=ligne["panel__titre"], genre="Panel citoyen", app="panels"
    )


def _qui_prevoient() -> Any:
    """Wider than the lines: who came is compared with what was foreseen by `manque_de_monde`."""
    tenues = Seance.objects.filter(instance=OuterRef("instance"), levee_le__isnull=False)
    return Panel.objects.filter(Exists(tenues), etat=EtatPanel.SESSION, tirage__mesures__has_key="prevision")


def _manques() -> list[Tache]:
    panels = _qui_prevoient().select_related("tirage").order_by("pk")
    return [_appeler(panel, ligne) for panel in panels if (ligne := manque_de_monde(panel)) is not None]


def _appeler(panel: Panel, ligne: SeanceDuPanel) -> Tache:
    appelle = a_rappeler(panel).exists()
    return Tache(
        quoi="Appeler les absents" if appelle else "Remplacer qui renonce",
        url=panel.appels_url if appelle else reverse("panels:remplacer_renoncants", args=[panel.pk]),
        bouton="Appeler" if appelle else "Remplacer",
        sur_quoi=f"{panel.titre} : {accorder(ligne.presents, 'présence')}, moins que prévu",
        genre="Panel citoyen",
        app="panels",
        depuis=ligne.seance.levee_le,
    )


def demarches(annee: int) -> list[Demarche]:
    """The panels whose registrations or first séance are of the year."""
    panels = (
        Panel.objects.publics()
        .filter(ouvert_le__lt=debut_du_jour(date(annee + 1, 1, 1)))
        .filter(date_premiere_seance__gte=date(annee, 1, 1))
        .annotate(inscrites=Count("inscriptions", filter=Q(inscriptions__in=Inscription.objects.vraies())))
        .filter(inscrites__gt=0)
        .order_by("pk")
    )
    return [
        Demarche("panel", p.pk, "Panel citoyen", p.titre, p.get_public_url(), vars(p)["inscrites"])
        for p in panels
    ]


def _dits_a_l_appel() -> Iterator[tuple[Seance, Inscription]]:
    """Yield who sits, with the next séance of the panel: what they said that they need when they were called is for it.

    `seances` says the needs of those who gave them with their answer to its convocation.
    """
    assises = Inscription.objects.assises().filter(
        panel__etat__in=[EtatPanel.CONFIRMATION, EtatPanel.SESSION]
    )
    assises = assises.exclude(reponse=Reponse.REFUSEE).select_related("panel", "membre__compte")
    suivantes: dict[int | None, Seance] = {}
    for seance in Seance.objects.filter(
        instance__in={i.panel.instance_id for i in assises if i.panel.instance_id},
        etat__in=[EtatSeance.PROGRAMMEE, EtatSeance.CONVOQUEE],
        debut__gte=debut_du_jour(),
    ).order_by("debut", "pk"):
        suivantes.setdefault(seance.instance_id, seance)
    # Who said there what she needs, or that she does not come, is not said twice.
    absents = [Convie.Reponse.EXCUSE, Convie.Reponse.POUVOIR]
    redits = set(
        Convie.objects.filter(seance__in=suivantes.values())
        .filter(~Q(besoins=[]) | Q(reponse__in=absents))
        .values_list("seance", "membre")
    )
    for inscription in assises.order_by("pk"):
        suivante = suivantes.get(inscription.panel.instance_id)
        if suivante is not None and (suivante.pk, inscription.membre_id) not in redits:
            yield suivante, inscription


def besoin_assure(page: str, besoin: str) -> None:
    for seance, inscription in _dits_a_l_appel():
        if seance.get_absolute_url() != page or besoin not in inscription.besoins:
            continue
        if inscription.membre:
            assurer_au_membre(inscription.membre, seance, besoin, lien_membre(seance))
        else:
            confirmation.assurer_besoin(inscription, seance, besoin)


def besoins_a_tenir() -> list[BesoinATenir]:
    combien: Counter[tuple[Seance, str]] = Counter()
    for seance, inscription in _dits_a_l_appel():
        combien.update((seance, besoin) for besoin in inscription.besoins)
    return [
        BesoinATenir(s.debut, str(s), s.get_absolute_url(), besoin, n, s.lieu, "dit en confirmant sa venue")
        for (s, besoin), n in combien.items()
    ]


def eliminations() -> Elimination:
    """Who registered and is not of the panel. Profiles stay, counted with others."""
    return Elimination(
        INSCRITS,
        "Inscrits d’un panel, hors du panel",
        (CONSERVATION,),
        "les profils, comptés ensemble, et la preuve du tirage",
        _lots,
        lambda numero, par: effacer_inscrits(Panel.objects.get(pk=numero), par=par),
    )


def _lots() -> list[Lot]:
    restent: Any = Panel.objects.filter(inscriptions__effacee_le=None, inscriptions__est_repetition=False)
    lots = []
    for panel in restent.distinct().order_by("pk"):
        if combien := a_effacer(panel).filter(est_repetition=False).count():
            jour = panel.date_constitution
            lots.append(Lot(panel.pk, panel.titre, combien, panel.get_absolute_url(), jour, jour))
    return lots


def demarches_entieres() -> DemarcheEntiere:
    return DemarcheEntiere(
        "panels.entier",
        "Un panel entier\u00a0: inscrits, adresses, refus, lettres, abonnements",
        (CONSERVATION,),
        "les profils, la preuve du tirage, les recommandations et leurs réponses",
        oubli.finis,
        oubli.tient,
        oubli.oublier_la_demarche,
    )


def traitements() -> Traitement:
    return Traitement(
        cle="panels-inscription",
        titre="S’inscrire à un panel citoyen tiré au sort",
        personnes="Les personnes inscrites à un panel.",
        donnees="Nom, téléphone, adresses de courriel et postale, réponses aux questions du tirage (âge, genre…), besoins pour venir.",
        finalite="Tirer au sort un panel qui ressemble à la population, joindre les personnes tirées, préparer leur venue.",
        base_legale="Mission d’intérêt public (article 6.1.e du RGPD) ; votre accord pour ce que vous dites de vos besoins.",
        destinataires="Les agents du service ; qui appelle pour lui voit les personnes tirées seulement. Le public voit des totaux.",
        tables=("panels.Inscription",),
        delais=(CONSERVATION,),
        duree="Alors qui n’est pas du panel est effacé. Restent les profils, comptés ensemble.",
        sensibles="Un besoin d’accès, qui peut parler de la santé, avec votre accord.",
    )


def portes_des_membres(compte: Compte, cle: str) -> list[Porte]:
    """The questionnaire of the panel that this instance is, until its member answered."""
    panel: Any = Panel.objects.filter(
        instance__cle=cle, etat__in=SIEGEANTS, questionnaires_le__isnull=False
    ).first()
    if panel is None:
        return []
    repondu = panel.reponses.filter(cle=cle_de_reponse(panel, compte)).exists()
    return [
        Porte(
            "Votre avis sur le panel",
            reverse("panels:repondre_questionnaire", args=[panel.cle]),
            "Changer votre réponse." if repondu else "Quelques questions, sans votre nom.",
            "lecture",
            attend=not repondu,
        )
    ]


def pour_qui_on_tire(tirage: int) -> Trouve | None:
    panel = Panel.objects.filter(tirage=tirage).first()
    return Trouve(panel.titre, panel.get_absolute_url()) if panel is not None else None


def remplace_sur_sa_page(tirage: int) -> Trouve | None:
    panel: Panel | None = Panel.objects.filter(tirage=tirage).first()  # type: ignore[assignment]
    return Trouve(panel.titre, panel.appels_url) if panel is not None else None


def mise_en_place() -> list[Reglage]:
    """Nothing but its règlement: a panel is prepared on its own page."""
    return []


def papiers() -> list[GenreDePapier]:
    return [_inscriptions_de_papier(), _questionnaires_de_papier()]


def _questionnaires_de_papier() -> GenreDePapier:
    return GenreDePapier(
        "questionnaire",
        "Questionnaires d’un panel",
        lambda: ((p.pk, f"Votre avis sur le panel « {p.titre} »") for p in _questionnaires().order_by("pk")),
        lambda cible, reponses, par: SaisirForm(reponses, objet=Panel.objects.get(pk=cible), par=par),
        lambda cible, form, par, numero: saisir_questionnaire(
            Panel.objects.get(pk=cible), par=par, numero=numero, **form.cleaned_data
        ),
        en_ligne=lambda cible: reverse(
            "panels:repondre_questionnaire", args=[Panel.objects.get(pk=cible).cle]
        ),
        texte=lambda cible: "Cochez une case par question. N’écrivez pas votre nom.",
    )


def _inscriptions_de_papier() -> GenreDePapier:
    return GenreDePapier(
        "panel",
        "Inscriptions à un panel",
        lambda: (
            (panel.pk, str(panel))
            for panel in Panel.objects.filter(etat=EtatPanel.INSCRIPTION).order_by("pk")
        ),
        lambda cible, reponses, par: inscriptions.InscrireForm(
            reponses, objet=Panel.objects.get(pk=cible), par=par
        ),
        lambda cible, form, par, cle: inscriptions.inscrire(
            Panel.objects.get(pk=cible), par=par, cle=cle, **form.cleaned_data
        ),
        fixes={"canal": Canal.PAPIER},
        en_ligne=lambda cible: Panel.objects.get(pk=cible).get_public_url(),
        texte=lambda cible: next(
            iter(
                PageInscription.objects.filter(panel=cible, langue="fr").values_list(
                    "introduction", flat=True
                )
            ),
            "",
        ),
    )


def rattachables() -> Rattachable:
    return Rattachable(
        Panel, lambda: Panel.objects.filter(clos_le=None).order_by("-ouvert_le", "-pk"), "tous les panels"
    )
