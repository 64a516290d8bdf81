"""Attacks on what surrounds a démarche: evaluation, elimination slips, register, translations, tables taken up. Each must fail."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils import timezone

from bench.attaques.acces import Ouvrir
from bench.attaques.places import LONG, caches
from bench.attaques.signatures import Bilan
from participation.cadres.models import Critere, Evaluateur
from participation.droits.models import Bordereau
from participation.engagements.models import Proposition, Reprise
from participation.socle.actions import traductions
from participation.socle.models import ReglageService, Traduction

MECHANT = '=HYPERLINK("http://evil.example")\u202e<script>alert(1)</script>'


def _usine(app: str) -> Any:
    return import_module(f"tests.{app}.factories")


def forges(bon: str, autre: Any, lien: Any, sceau: Any) -> list[str]:
    """Return links changed by hand: another row with this seal, another signature, a tail, a null."""
    return [
        bon[:-1] + ("a" if bon[-1] != "a" else "b"),
        f"{autre.pk}{bon[bon.index(':') :]}",
        lien.sceller(autre.pk, sceau),
        f"{bon}\0",
        bon * 50,
    ]


def grille_d_une_autre(ouvrir: Ouvrir) -> Bilan:
    """The grid of another evaluator, forged; ten windows; notes out of the scale; her link once she is withdrawn."""
    cadre = _usine("cadres").CadreFactory(annonce=True)
    sienne, autre = (Evaluateur.objects.create(cadre=cadre, moment="avant", nom=n) for n in ("Une", "Autre"))
    criteres = list(Critere.objects.filter(est_actif=True))
    adresse = reverse("cadres:evaluer_par_lien", args=[sienne.jeton()])
    notes = {f"note_{c.pk}": "4" for c in criteres}
    essais = [
        ouvrir("203.0.113.71", None).post(
            reverse("cadres:evaluer_par_lien", args=["x"]).replace("/x/", f"/{quote(jeton, safe=':')}/"),
            notes,
        )[0]
        for jeton in forges(sienne.jeton(), autre, Evaluateur.LIEN, sienne.sceau)
    ]
    page = ouvrir("203.0.113.71", None).get(adresse)[2]
    with ThreadPoolExecutor(10) as fils:
        statuts = list(
            fils.map(
                lambda n: ouvrir(f"203.0.{n}.71", None).post(
                    adresse, {**caches(page), **notes, "remarque": f"{n}"}
                )[0],
                range(10),
            )
        )
    posees = sienne.notes.count()
    travers = [
        ouvrir("203.0.113.71", None).post(adresse, {**caches(page), **dit})[0]
        for dit in ({"note_1": "9"}, {"note_99999999999": "4"}, {"remarque": LONG}, {"remarque": "a\0b"})
    ]
    Evaluateur.objects.filter(pk=sienne.pk).delete()
    retiree = ouvrir("203.0.113.71", None).post(adresse, notes)[0]
    pannes = [s for s in (*essais, *statuts, *travers, retiree) if s >= 500]
    ouverts = [s for s in essais if s not in {403, 404}]
    vu = f"{len(ouverts)} lien forgé ouvert, {posees} notes pour {len(criteres)} critères, retirée : {retiree}, {len(pannes)} pannes"
    return not ouverts and posees == len(
        criteres
    ) and not autre.notes.exists() and retiree == 404 and not pannes, vu


def visa_d_un_autre(ouvrir: Ouvrir) -> Bilan:
    """The slip of others, by a forged link; five windows give two answers; once answered, the link changes nothing."""
    viser = _usine("droits").viser
    rang = 1000 + Bordereau.objects.count()
    sien, autre = (viser("essai", rang + n, visa="", avis="", etat="au_visa").bordereau for n in range(2))

    def repondre(jeton: str, bordereau: Bordereau, avis: str, visa: str) -> int:
        chemin = reverse("droits:viser_par_lien", args=["x"]).replace("/x/", f"/{quote(jeton, safe=':')}/")
        navigateur = ouvrir("203.0.113.72", None)
        (ligne,) = bordereau.lignes.all()
        dit = {
            **caches(navigateur.get(chemin)[2]),
            "acte": "viser_bordereau",
            "visa": visa,
            "vise_par": "Archives",
            "date_visa": timezone.localdate().isoformat(),
            f"avis_{ligne.pk}": avis,
            f"motif_{ligne.pk}": "À garder",
        }
        return navigateur.post(chemin, dit)[0]

    essais = [
        repondre(jeton, autre, "visa", "FAUX")
        for jeton in forges(sien.jeton(), autre, Bordereau.LIEN, sien.sceau)
    ]
    with ThreadPoolExecutor(5) as fils:
        list(fils.map(lambda n: repondre(sien.jeton(), sien, ("visa", "refus")[n % 2], f"V-{n}"), range(5)))
    sien.refresh_from_db()
    premier = (sien.visa, sien.lignes.get().avis)
    tard = repondre(sien.jeton(), sien, "refus" if premier[1] == "visa" else "visa", "TARD")
    sien.refresh_from_db()
    autre.refresh_from_db()
    tient = (sien.visa, sien.lignes.get().avis) == premier and sien.journal.filter(
        acte="viser_bordereau"
    ).count() == 1
    ouverts = [s for s in essais if s < 400]
    vu = f"{len(ouverts)} lien forgé suivi, la réponse {'tient' if tient else 'change'} (trop tard : {tard})"
    return (
        not ouverts and autre.etat == "au_visa" and not autre.lignes.get().avis and tient and tard < 500,
        vu,
    )


def registre_piege(ouvrir: Ouvrir) -> Bilan:
    """A formula and a script in what the service says of itself: the register opens in a spreadsheet."""
    avant = ReglageService.actuel()
    ReglageService.objects.filter(pk=avant.pk).update(dpo=MECHANT, hebergeur=MECHANT)
    try:
        csv, page = (
            ouvrir("203.0.113.73", None).get(reverse(nom))
            for nom in ("droits:registre_csv", "socle:donnees_personnelles")
        )
    finally:
        ReglageService.objects.filter(pk=avant.pk).update(dpo=avant.dpo, hebergeur=avant.hebergeur)
    formule = any(cellule in csv[2] for cellule in (',"=HYPER', ";=HYPER", ",=HYPER", ';"=HYPER'))
    vive = "<script>alert(1)" in page[2]
    return (csv[0], page[0], formule, vive) == (
        200,
        200,
        False,
        False,
    ), f"{csv[0]} et {page[0]}, formule : {formule}, script : {vive}"


def paragraphe_de_40_kio(ouvrir: Ouvrir) -> Bilan:
    """A paragraph of 40 KiB with a script, for a text changed meanwhile; who wrote reads it; two readers put it on line together."""
    agentes = [_usine("socle").CompteFactory(agent=True) for _ in range(3)]
    petition = _usine("petitions").PetitionFactory(
        en_collecte=True, demande="La piste.", raisons="", competence=""
    )
    version = traductions.demander_traduction(petition, par=agentes[0], langue="ar")
    ecrire, publier = (reverse(f"socle:{nom}_traduction", args=[version.pk]) for nom in ("ecrire", "publier"))
    elle = ouvrir("203.0.113.74", agentes[0])
    vu = caches(elle.get(ecrire)[2])
    trop = [
        elle.post(ecrire, {**vu, "demande_1": mots})[0]
        for mots in ("é" * 400_000, "a\0b", LONG + "<script>alert(1)</script>\u202e")
    ]
    elle.post(ecrire, {**caches(elle.get(ecrire)[2]), "demande_1": "<script>alert(1)</script> كلمات"})
    seule = elle.post(publier, caches(elle.get(publier)[2]))[0]
    avant = Traduction.objects.get(pk=version.pk).en_ligne_le

    def relire(n: int) -> int:
        autre = ouvrir(f"203.0.{n}.74", agentes[1 + n % 2])
        return autre.post(publier, caches(autre.get(publier)[2]))[0]

    with ThreadPoolExecutor(6) as fils:
        statuts = list(fils.map(relire, range(6)))
    lignes = petition.journal.filter(acte="publier_traduction").count()
    page = ouvrir("203.0.113.74", None).get(f"/ar{petition.get_public_url()}")[2]
    pannes = [s for s in (*trop, seule, *statuts) if s >= 500]
    bilan = f"seule : {seule}, {lignes} mise en ligne, {len(pannes)} pannes, texte {trop}"
    return (avant, lignes, pannes, "<script>alert(1)" in page, "كلمات" in page) == (
        None,
        1,
        [],
        False,
        True,
    ), bilan


def reprise_piegee(ouvrir: Ouvrir) -> Bilan:
    """A table of propositions with formulas, 40 KiB in a cell and two hundred columns, taken up in ten windows."""
    agente = _usine("socle").CompteFactory(agent=True)
    collectif = _usine("engagements").CollectifFactory()
    lignes = [
        f"{n};{MECHANT.replace(';', '')} {n};{LONG if n == 3 else 'Eau'}{';' * 190}" for n in range(1, 30)
    ]
    entetes = ";".join(["N°", "Intitulé", "Thématique", *(f"c{n}" for n in range(190))])
    octets = "\n".join([entetes, *lignes]).encode()
    chez = ouvrir("203.0.113.75", agente)
    statut, ou, _ = chez.joindre(
        reverse("engagements:reprises"),
        {**caches(chez.get(reverse("engagements:reprises"))[2]), "collectif": str(collectif.pk)},
        "fichier",
        "p.csv",
        octets,
    )
    reprise = Reprise.objects.filter(collectif=collectif).last()
    if reprise is None:
        return statut < 500, f"refusé à la lecture : {statut} {ou}"
    adresse = reverse("engagements:reprise", args=[reprise.pk])

    def reprendre(n: int) -> int:
        navigateur = ouvrir(f"203.0.{n}.75", agente)
        dit = {"numero": "N°", "titre": "Intitulé", "thematique": "Thématique", "theme": "Thématique"}
        return navigateur.post(adresse, {**caches(navigateur.get(adresse)[2]), **dit})[0]

    with ThreadPoolExecutor(10) as fils:
        statuts = list(fils.map(reprendre, range(10)))
    notees = Proposition.objects.filter(collectif=collectif).count()
    csv = chez.get(reverse("engagements:refus_de_reprise", args=[reprise.pk]))
    formule = any(f"{avant}=HYPER" in csv[2] for avant in (";", '"', "\n"))
    pannes = [s for s in (statut, *statuts, csv[0]) if s >= 500]
    vu = f"{notees} propositions pour 29 lignes, dix fenêtres, formule : {formule}, {len(pannes)} pannes"
    return 0 < notees <= 29 and not formule and not pannes, vu


def adresse_prouvee_d_une_autre(ouvrir: Ouvrir) -> Bilan:
    """Who knows a proved address asks again for it: another name on its cahier, another language for its letters."""
    cahier = _usine("cadres").CahierFactory(courriel="parc@orange.fr")
    suivi = (
        _usine("remontees")
        .SujetFactory(publie=True)
        .abonnements.create(courriel="parc@orange.fr", confirme_le=timezone.now())
    )
    avant = cahier.organisation, suivi.langue
    inconnue = ouvrir("203.0.113.76", None)
    menteurs = {"organisation": "Les menteurs du parc", "courriel": cahier.courriel}
    statuts = [
        inconnue.post(reverse("cadres:proposer_cahier", args=[cahier.dossier.reference]), menteurs)[0],
        inconnue.post(
            f"/ar{reverse('suites:suivre', args=[suivi.dossier_id])}", {"courriel": suivi.courriel}
        )[0],
    ]
    cahier.refresh_from_db()
    suivi.refresh_from_db()
    apres = cahier.organisation, suivi.langue
    return apres == avant and max(statuts) < 400, f"« {apres[0]} », lettres en « {apres[1]} » ; {statuts}"


ATTAQUES: dict[str, Callable[[Ouvrir], Bilan]] = {
    "l’adresse prouvée d’une autre, demandée de nouveau": adresse_prouvee_d_une_autre,
    "la grille d’une autre, dix fenêtres": grille_d_une_autre,
    "le visa d’un autre bordereau": visa_d_un_autre,
    "un registre qui s’ouvre en formule": registre_piege,
    "un paragraphe traduit de 40 Kio, deux relectrices": paragraphe_de_40_kio,
    "des propositions reprises dans dix fenêtres": reprise_piegee,
}
