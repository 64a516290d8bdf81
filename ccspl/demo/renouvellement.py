"""Demonstration of a renewal: a campaign with an open call, and its candidatures."""

from ccspl.demo.troupe import Troupe
from participation.renouvellement.campagne import actes as actes_campagne
from participation.renouvellement.candidatures import actes as candidatures
from participation.renouvellement.candidatures import eligibilite
from participation.renouvellement.models import Campagne, Candidature, CollegeCampagne, CritereCampagne


def renouveler(t: Troupe) -> None:
    with t.le(-20):
        campagne = actes_campagne.preparer_campagne(
            par=t.agent, instance=t.ccspl, titre="Renouvellement de la commission", denomination="la commission",
            mandature_intitule=f"{t.jour(171).year}-{t.jour(171).year + 3}", mandature_debut=t.jour(171),
            presentation="La commission donne son avis sur l’eau, les déchets, l’énergie et les autres services publics de la Métropole. Elle cherche des habitantes, des habitants et des associations pour trois ans.",
            facile="La commission donne son avis.\n\nElle parle de l’eau, des déchets, de l’énergie.\n\nVous pouvez en faire partie.",
            temps_demande="Six séances par an, le soir, et une visite.", soutien="Garde d’enfants, transport et interprète sont pris en charge.",
            ouverture=t.jour(-18), cloture=t.jour(24), conservation_mois=6,
        )  # fmt: skip
        habitants = campagne.colleges.get(nom="Habitantes et habitants")
        habitants.exclut_elus = True
        habitants.save()
        campagne.colleges.filter(nom="Associations").update(
            nature=CollegeCampagne.Nature.ASSOCIATIONS, avec_suppleants=True
        )
        for ordre, (libelle, poids) in enumerate(
            (("Intérêt pour les services publics", 2), ("Disponibilité", 1), ("Expérience d’usage", 1)),
            start=1,
        ):
            CritereCampagne.objects.create(campagne=campagne, ordre=ordre, libelle=libelle, poids=poids)
    with t.le(-18):
        actes_campagne.ouvrir_appel(campagne, par=t.agent)
    _candidater(t, campagne, habitants)


def _candidater(t: Troupe, campagne: Campagne, habitants: CollegeCampagne) -> None:
    personnes = (
        ("Maya", "Brunel", "Grenoble", "femme", "25_39"), ("Olivier", "Carlin", "Meylan", "homme", "60_74"),
        ("Zohra", "Amrani", "Échirolles", "femme", "40_59"), ("Pierre", "Gaillard", "Vif", "homme", "40_59"),
        ("Ludivine", "Mottet", "Domène", "femme", "16_24"), ("Ahmed", "Selmi", "Fontaine", "homme", "25_39"),
        ("Colette", "Ruffier", "Grenoble", "femme", "75"), ("Julien", "Perret", "Sassenage", "homme", "25_39"),
    )  # fmt: skip
    for rang, (prenom, nom, commune, genre, age) in enumerate(personnes):
        with t.le(-16 + rang):
            candidatures.candidater(
                habitants, prenom=prenom, nom=nom, courriel=f"{prenom}.{nom}@demo.example.org".lower(), commune=t.communes[commune],
                motivation="J’utilise ces services tous les jours et je veux aider à les améliorer.", genre=genre, age=age,
            )  # fmt: skip
            candidature = Candidature.objects.get(campagne=campagne, nom=nom)
            if rang < 7:  # the last one is not confirmed
                candidatures.confirmer_candidature(candidature)
    with t.le(-4):
        for candidature in Candidature.objects.filter(campagne=campagne).order_by("pk")[:4]:
            eligibilite.declarer_eligible(candidature, par=t.agent)
