// Check the published files of a draw in the browser, without asking anything of any site (docs/verifier_un_tirage.md).
// Nothing here is shared with the site's own code: this is a second reading of the same texts.
(() => {
  "use strict";
  const formulaire = document.querySelector("[data-verifier]");
  if (!formulaire) return;
  const dire = formulaire.querySelector("[data-resultat]");
  const PANELS = 1000;

  const empreinte = async (octets) =>
    [...new Uint8Array(await crypto.subtle.digest("SHA-256", octets))].map((o) => o.toString(16).padStart(2, "0")).join("");
  const enOctets = (texte) => new TextEncoder().encode(texte);

  function lignes(octets, entete) {
    const lues = new TextDecoder("utf-8", { fatal: true }).decode(octets).split("\n");
    if (lues.pop() !== "" || lues[0] !== entete) throw new Error(entete);
    return lues.slice(1).map((ligne) => ligne.split(";"));
  }

  // The file without its own fingerprint, byte by byte: nothing is read again from what JSON made of it.
  async function verifierLeFichier(octets, tirage) {
    if (tirage.format === "tirage-v1" && !("empreinte" in tirage)) return [];
    const texte = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets);
    const sans = texte.replace(/"empreinte": "[0-9a-f]{64}"/, `"empreinte": "${"0".repeat(64)}"`);
    const estConnu = ["tirage-v1", "tirage-v2"].includes(tirage.format);
    if (!estConnu) return ["tirage.json n’a pas un format connu."];
    return (await empreinte(enOctets(sans))) === tirage.empreinte ? [] : ["tirage.json a changé : son empreinte n’est plus la sienne."];
  }

  function verifierLaRegle(tirage) {
    if (!tirage.regle) return [];
    const regle = JSON.parse(tirage.regle);
    const fautes = Object.keys(regle)
      .filter((cle) => cle !== "quotas" && regle[cle] !== tirage[cle])
      .map((cle) => `La règle figée dit « ${regle[cle]} » (${cle}), tirage.json dit « ${tirage[cle]} ».`);
    const parValeur = (quotas) => new Map(quotas.map(([categorie, valeur, ...bornes]) => [`${categorie} : ${valeur}`, bornes]));
    const [figes, dits] = [parValeur(regle.quotas), parValeur(tirage.quotas)];
    if (String([...figes.keys()].sort()) !== String([...dits.keys()].sort()))
      fautes.push("La règle figée et tirage.json n’ont pas les mêmes quotas.");
    figes.forEach(([minimum, maximum], cle) => {
      const [ici, la] = dits.get(cle) || [minimum, maximum];
      if (ici > minimum || la < maximum) fautes.push(`Quota « ${cle} » : plus serré que dans la règle figée.`);
    });
    return fautes;
  }

  async function graineDe(tirage) {
    if (!tirage.regle) return empreinte(enOctets(`graine-v1|${tirage.empreinte_liste}|${tirage.texte_graine}`));
    const regle = await empreinte(enOctets(tirage.regle));
    return empreinte(enOctets(`graine-v2|${tirage.empreinte_liste}|${regle}|${tirage.texte_graine}`));
  }

  function verifierLesRemplacements(tirage, numeros) {
    const sortis = new Set();
    let assis = new Set(tirage.panel);
    return tirage.remplacements.flatMap(({ partis, entres }, rang) => {
      const fautes = [];
      if (!partis.every((numero) => assis.has(numero)))
        fautes.push(`Remplacement ${rang + 1} : une personne partie n’était pas dans le panel.`);
      partis.forEach((numero) => sortis.add(numero));
      if (!entres.every((numero) => numeros.has(numero) && !assis.has(numero) && !sortis.has(numero)))
        fautes.push(`Remplacement ${rang + 1} : une personne entrée n’était pas dans la réserve.`);
      assis = new Set([...assis].filter((numero) => !partis.includes(numero)).concat(entres));
      return fautes;
    });
  }

  async function verifier(octets, volontaires, panels) {
    const tirage = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(octets));
    const fautes = await verifierLeFichier(octets, tirage);
    try {
      fautes.push(...verifierLaRegle(tirage), ...(await verifierLaListe(tirage, volontaires, panels)));
    } catch {
      fautes.push("Un fichier n’a pas la forme attendue : téléchargez-le de nouveau, sans l’ouvrir dans un tableur.");
    }
    return { tirage, fautes };
  }

  async function verifierLaListe(tirage, volontaires, panels) {
    const fautes = [];
    if ((await empreinte(volontaires)) !== tirage.empreinte_liste)
      fautes.push("La liste des volontaires n’est pas celle dont l’empreinte est publiée.");
    const numeros = new Set(lignes(volontaires, "numero;engagement").map(([numero]) => numero));
    if (tirage.graine && (await graineDe(tirage)) !== tirage.graine)
      fautes.push("La graine ne vient pas de la liste, de la règle et de la source publiées.");
    if (!tirage.empreinte_panels) return fautes;
    if (!panels) return [...fautes, "Il manque panels.csv."];
    if ((await empreinte(panels)) !== tirage.empreinte_panels)
      fautes.push("Les panels ne sont pas ceux dont l’empreinte est publiée.");
    const publies = lignes(panels, "panel;numeros").map(([, assis]) => (assis || "").split(" "));
    if (publies.length !== PANELS) fautes.push(`Il y a ${publies.length} panels au lieu de ${PANELS}.`);
    publies.forEach((panel, rang) => {
      const nom = String(rang).padStart(3, "0");
      if (panel.length !== tirage.places || new Set(panel).size !== panel.length)
        fautes.push(`Panel ${nom} : il n’a pas ${tirage.places} personnes différentes.`);
      if (!panel.every((numero) => numeros.has(numero))) fautes.push(`Panel ${nom} : une personne n’est pas dans la liste.`);
    });
    if (tirage.boules && String(publies[Number(tirage.boules)]) !== String(tirage.panel))
      fautes.push(`Le panel annoncé n’est pas le panel ${tirage.boules}.`);
    const reserve = tirage.reserve || [];
    const assis = new Set(tirage.panel);
    if (new Set(reserve).size !== reserve.length || !reserve.every((numero) => numeros.has(numero) && !assis.has(numero)))
      fautes.push("La réserve a une personne qui n’est pas dans la liste, qui est dans le panel, ou qui revient deux fois.");
    const billets = await Promise.all(
      reserve.map((numero) => empreinte(enOctets(`billet-v1|${tirage.graine}|remplacement|${numero}`))),
    );
    if (String(billets) !== String([...billets].sort())) fautes.push("La réserve n’est pas dans l’ordre des billets.");
    return [...fautes, ...verifierLesRemplacements(tirage, numeros)];
  }

  function montrer(titre, phrases, juste) {
    const bloc = document.createElement("div");
    bloc.className = `alert alert-${juste ? "success" : "danger"}`;
    const mot = document.createElement("p");
    mot.textContent = titre;
    bloc.append(mot);
    const liste = document.createElement("ul");
    liste.className = "prose lien-long";
    phrases.slice(0, 20).forEach((phrase) => {
      const ligne = document.createElement("li");
      ligne.textContent = phrase;
      liste.append(ligne);
    });
    dire.replaceChildren(bloc, ...(phrases.length ? [liste] : []));
  }

  async function juger(octets) {
    if (!octets["tirage.json"] || !octets["volontaires.csv"])
      return montrer("Il manque des fichiers.", ["Choisissez au moins tirage.json et volontaires.csv."], false);
    try {
      const { tirage, fautes } = await verifier(octets["tirage.json"], octets["volontaires.csv"], octets["panels.csv"]);
      const vus = [`Liste : ${tirage.empreinte_liste}`];
      if (tirage.regle) vus.push(`Règle : ${await empreinte(enOctets(tirage.regle))}`);
      if (tirage.empreinte_panels) vus.push(`Panels : ${tirage.empreinte_panels}`);
      if (tirage.boules) vus.push(`Boules : ${tirage.boules}`, `Panel : ${tirage.panel.join(" ")}`);
      montrer(fautes.length ? "Quelque chose est faux." : "Tout est juste.", fautes.length ? fautes : vus, !fautes.length);
    } catch {
      montrer("Un fichier ne se lit pas.", ["Téléchargez-le de nouveau, sans l’ouvrir dans un tableur."], false);
    }
  }

  formulaire.addEventListener("submit", async (evenement) => {
    evenement.preventDefault();
    const choisis = [...formulaire.querySelector("input[type=file]").files];
    const paires = choisis.map(async (fichier) => [fichier.name, await fichier.arrayBuffer()]);
    await juger(Object.fromEntries(await Promise.all(paires)));
  });
  formulaire.querySelector("[data-en-ligne]")?.addEventListener("click", async () => {
    const liens = [...document.querySelectorAll("a[data-fichier]")];
    try {
      const paires = liens.map(async (lien) => [lien.dataset.fichier, await (await fetch(lien.href)).arrayBuffer()]);
      await juger(Object.fromEntries(await Promise.all(paires)));
    } catch {
      montrer("Les fichiers n’ont pas pu être lus.", ["Téléchargez-les, puis choisissez-les ci-dessous."], false);
    }
  });
})();
