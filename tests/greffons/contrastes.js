// Evaluated in a page: what it holds that axe could judge, as keys; then, when some are given back as new, what axe says of these.
//   t…  a look: colour of a text, whether axe takes it for a large one, and each background that shows, opacity or filter around it
//   n…  a text that axe lets alone (a button not to be pushed), with its look and its place
//   l…  a link in a text: how both look
//   e…  an element: its place (the tags, roles and other attributes around it), what it holds, what names it
//   p   the page as a whole: its headings, its landmarks
// '' is never known: it is judged each time.
async ([couleurs, nouvelles]) => {
  const TEXTE = ['color', 'webkitTextFillColor', 'webkitTextStrokeWidth', 'fontSize', 'fontWeight', 'textShadow']
  const NEUTRES = {backgroundColor: 'rgba(0, 0, 0, 0)', backgroundImage: 'none', opacity: '1', filter: 'none', clipPath: 'none',
    backdropFilter: 'none', mixBlendMode: 'normal', maskImage: 'none'}
  const PROPRES = Object.keys(NEUTRES)
  // What tells a link from the text around it.
  const MARQUES = [...TEXTE, 'fontFamily', 'fontStyle', 'textDecorationLine', 'textDecorationStyle', 'borderTop', 'borderBottom', 'outline', 'backgroundImage']
  const hacher = texte => {
    let a = 0xdeadbeef, b = 0x41c6ce57
    for (let i = 0; i < texte.length; i++) {
      a = Math.imul(a ^ texte.charCodeAt(i), 2654435761)
      b = Math.imul(b ^ texte.charCodeAt(i), 1597334677)
    }
    return (a >>> 0).toString(36) + '.' + (b >>> 0).toString(36)
  }
  const styles = new Map()
  const style = element => {
    if (!styles.has(element)) styles.set(element, getComputedStyle(element))
    return styles.get(element)
  }

  // Looks
  const fonds = new Map([[null, {tout: 'page', vu: 'page', nu: true, cache: null, coupe: null}]])
  const boites = new Map()
  const boite = element => {
    if (!boites.has(element)) boites.set(element, element.getBoundingClientRect())
    return boites.get(element)
  }
  const dedans = (a, b) => a.left >= b.left - 1 && a.right <= b.right + 1 && a.top >= b.top - 1 && a.bottom <= b.bottom + 1
  const touche = (a, b) => a.left < b.right - 1 && a.right > b.left + 1 && a.top < b.bottom - 1 && a.bottom > b.top + 1
  const peint = element => ['backgroundColor', 'backgroundImage'].some(p => style(element)[p] !== NEUTRES[p]) || style(element).position !== 'static'
  // Drawn back by a margin, what it holds is over what it would be over, as long as it stays in its parent, and on nothing that is painted.
  const recule = element => {
    const r = boite(element), s = style(element), parent = element.parentElement
    const contenu = {left: r.left + parseFloat(s.paddingLeft), right: r.right - parseFloat(s.paddingRight), top: r.top + parseFloat(s.paddingTop), bottom: r.bottom - parseFloat(s.paddingBottom)}
    return !dedans(contenu, boite(parent)) || [...parent.children].some(autre => autre !== element && touche(boite(autre), contenu)
      && [autre, ...autre.querySelectorAll('*')].some(e => touche(boite(e), contenu) && peint(e)))
  }
  const sort = (element, s) => s.position === 'absolute' || s.transform !== 'none' || s.cssFloat !== 'none'
    // A raised letter stays in its line.
    || (s.position === 'relative' && element.tagName !== 'SUP' && [s.top, s.left, s.bottom, s.right].some(cote => cote !== 'auto' && cote !== '0px'))
    // A pixel is what hides a title that is only heard.
    || ([s.marginTop, s.marginBottom, s.marginLeft, s.marginRight].some(marge => marge[0] === '-' && marge !== '-1px') && recule(element))
  // What is behind a text, `tout`; '' : never sure to be the same as behind another. `vu`: what of it is seen through `cache`, the nearest
  // element whose colour hides all the rest, for what stays in it (`coupe`: what cuts what it holds); nothing around what changes its content as a whole (else not `nu`).
  const fond = element => {
    if (!fonds.has(element)) {
      const autour = fond(element.parentElement), s = style(element)
      let sien = '', nu = autour.nu
      for (const p of PROPRES) if (s[p] !== NEUTRES[p]) {
        sien += p + s[p] + '|'
        nu &&= p.startsWith('background')
      }
      if (s.position === 'fixed' || s.position === 'sticky') {
        sien += s.position + s.zIndex
        nu = false
      }
      const tout = autour.tout && !sort(element, s) ? (sien ? hacher(autour.tout + sien) : autour.tout) : ''
      const opaque = nu && s.backgroundColor.startsWith('rgb(')
      const coupe = (!opaque && autour.coupe) || (s.overflowX !== 'visible' ? element : null)
      fonds.set(element, sien || !tout || coupe !== autour.coupe
        ? {tout, nu, vu: sien ? hacher((opaque ? '' : autour.vu) + sien) : autour.vu, cache: opaque ? element : autour.cache, coupe} : autour)
    }
    return fonds.get(element)
  }
  // As axe: a size is a large one or not, unless the letters have a line or a shadow of their own.
  const corps = s => {
    if (s.textShadow !== 'none' || parseFloat(s.webkitTextStrokeWidth)) return s.fontSize + s.fontWeight
    return Math.ceil(72 * parseFloat(s.fontSize)) / 96 < (parseFloat(s.fontWeight) >= 700 ? 14 : 18) ? 'petit' : 'grand'
  }
  const aspect = element => {
    const derriere = fond(element), s = style(element)
    if (!derriere.tout) return ''
    const seul = derriere.cache && dedans(boite(derriere.coupe || element), boite(derriere.cache))
    return hacher((seul ? derriere.vu : derriere.tout) + [s.color, s.webkitTextFillColor, s.webkitTextStrokeWidth, s.textShadow, corps(s)].join('|'))
  }
  const EN_BLOC = ['block', 'list-item', 'table', 'flex', 'grid']
  const fait_bloc = element => EN_BLOC.includes(style(element).display) || style(element).display.startsWith('table-')
  const paire = lien => {
    let bloc = lien.parentElement
    while (bloc && !fait_bloc(bloc)) bloc = bloc.parentElement
    const [a, b] = [aspect(lien), bloc && aspect(bloc)]
    return a && b && 'l' + hacher([lien, bloc].map(e => MARQUES.map(p => style(e)[p]).join('|')).join('#') + a + b
      + getComputedStyle(lien, '::before').content + getComputedStyle(lien, '::after').content)
  }
  // As axe: a link is told from a text when its line has more of text than of links.
  const DES_BOUTONS = 'a[href]:not([role]), button:not([role]), [role=link], [role=button]'
  const mele = lien => {
    if (['inline-block', 'inline-flex', 'inline-grid'].includes(style(lien).display)) return false
    let bloc = lien.parentElement
    while (bloc && !fait_bloc(bloc)) bloc = bloc.parentElement
    if (!bloc) return true
    let texte = '', boutons = '', ou = 0
    const suivre = parent => {
      for (const n of parent.childNodes) {
        if (ou === 2) return
        if (n.nodeType === 3) texte += n.data
        if (n.nodeType !== 1) continue
        if (n === lien) ou = 1
        const coupe = fait_bloc(n)
        if (coupe || n.tagName === 'BR' || n.tagName === 'HR') {
          if (ou) ou = 2
          else texte = boutons = ''
        }
        if (coupe || n.style.display === 'none' || n.style.overflow === 'hidden' || !['', 'none'].includes(n.style.cssFloat) || !['', 'relative'].includes(n.style.position)) continue
        if (n.matches(DES_BOUTONS)) boutons += n.textContent
        else suivre(n)
      }
    }
    suivre(bloc)
    const longueur = t => t.replace(/\s+/g, ' ').trim().length
    return longueur(texte) > longueur(boutons)
  }
  const SANS_TEXTE = ['hidden', 'range', 'color', 'checkbox', 'radio', 'image']
  const ecrit = element => [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim())
  const se_lit = element => element.tagName === 'INPUT' ? !SANS_TEXTE.includes(element.type)
    : ['SELECT', 'TEXTAREA'].includes(element.tagName) || (element.tagName !== 'OPTION' && ecrit(element))
  // Cut to nothing, or left of the page and above it until it has the focus: axe does not look at its colours either.
  const rognes = new Map([[null, false]])
  const rogne = element => {
    if (!rognes.has(element)) {
      const s = style(element)
      rognes.set(element, rogne(element.parentElement) || (s.position === 'absolute' && /^rect\((0px,? ?){4}\)$/.test(s.clip)) || s.clipPath === 'inset(50%)')
    }
    return rognes.get(element)
  }
  const visible = element => element.checkVisibility({visibilityProperty: true})
  const hors = element => {
    const r = boite(element)
    return (scrollY === 0 && r.bottom < 0) || (scrollX === 0 && r.right < 0)
  }

  // Structure
  const VIDES_OU_NON = new Set(['alt', 'title', 'placeholder', 'label', 'summary', 'aria-label', 'aria-description', 'aria-roledescription', 'aria-valuetext'])
  const RENVOIS = new Set(['for', 'headers', 'list', 'form', 'aria-labelledby', 'aria-describedby', 'aria-controls', 'aria-owns', 'aria-activedescendant',
    'aria-details', 'aria-errormessage', 'aria-flowto'])
  // Nothing that axe reads: what of them changes what is seen or read is looked at apart.
  const TUS = new Set(['id', 'class', 'src', 'srcset', 'sizes', 'name', 'value', 'action', 'method', 'enctype', 'width', 'height', 'loading', 'decoding',
    'datetime', 'min', 'max', 'step', 'maxlength', 'minlength', 'pattern', 'inputmode', 'rows', 'cols', 'download', 'target', 'rel', 'cite', 'checked', 'selected'])
  const NOMBRES = new Set(['aria-valuenow', 'aria-valuemin', 'aria-valuemax', 'aria-setsize', 'aria-posinset'])
  const DESSIN = new Set(['role', 'title', 'lang', 'tabindex', 'focusable', 'href'])
  const dit_un_mot = texte => /[\p{L}\p{N}]/u.test(texte) ? 'T' : texte.trim() ? 'P' : ''
  // The same for each of these of the page, so that a fault of it is always judged.
  let inconnu = !!document.querySelector('[accesskey], iframe, frame, object, embed, audio, video')
  const ids = new Set()
  for (const element of document.querySelectorAll('[id]')) {
    if (ids.has(element.id)) inconnu = true
    ids.add(element.id)
  }
  const vise = id => {
    const cible = document.getElementById(id)
    return cible ? cible.tagName + visible(cible) + dit_un_mot(cible.textContent) + (cible.getAttribute('aria-label') ? 1 : 0) + cible.tabIndex : 'absent'
  }
  const soi = element => {
    const dans_un_dessin = element.namespaceURI !== 'http://www.w3.org/1999/xhtml'
    let mots = element.tagName + (visible(element) ? '' : '-')
    for (const {name, value} of element.attributes) {
      if (TUS.has(name) || name.startsWith('data-')) continue
      if (dans_un_dessin && !DESSIN.has(name) && !name.startsWith('aria-')) continue
      mots += ' ' + name
      if (VIDES_OU_NON.has(name)) mots += value.trim() ? 1 : 0
      else if (RENVOIS.has(name)) mots += value.trim().split(/\s+/).map(vise)
      else if (name === 'href') mots += value[0] === '#' ? vise(decodeURIComponent(value.slice(1))) : ''
      else if (name === 'style') mots += value.includes('important')
      else if (NOMBRES.has(name) && /^-?\d+(\.\d+)?$/.test(value)) mots += 1
      else if (name === 'rowspan') mots += value + '@' + element.parentElement.rowIndex
      else if (name !== 'content' || element.name === 'viewport' || element.httpEquiv) mots += '=' + value
    }
    if (element.scrollWidth > element.clientWidth + 13 || element.scrollHeight > element.clientHeight + 13) mots += defile(element)
    if (element.shadowRoot) inconnu = true
    if (element.labels) mots += ' labels' + element.labels.length
    if ('value' in element && typeof element.value === 'string') mots += element.value.trim() ? ' dit' : ''
    if (element.hasAttribute('aria-checked')) mots += element.checked + '' + element.indeterminate
    if (element.tagName === 'IMG') {
      const autour = element.closest('button, [role=button], a[href], p, li, td, th')
      mots += autour && element.alt.trim() && autour.textContent.trim().toLowerCase() === element.alt.trim().toLowerCase() ? '=' : ''
    }
    return mots
  }
  const defile = element => {
    if (!/auto|scroll/.test(style(element).overflowX + style(element).overflowY)) return ''
    const portee = document.createRange(), r = element.getBoundingClientRect()
    portee.selectNodeContents(element)
    const dedans = portee.getBoundingClientRect()
    return ' defile' + (dedans.left < r.left || dedans.right > r.right || dedans.top < r.top || dedans.bottom > r.bottom)
  }
  const siens = new Map(), squelettes = new Map(), lieux = new Map([[null, '']])
  const propre = element => {
    if (!siens.has(element)) siens.set(element, soi(element))
    return siens.get(element)
  }
  const squelette = element => {
    if (squelettes.has(element)) return squelettes.get(element)
    const enfants = []
    let dernier = null
    const deja = new Set()
    // In a list or a section, what looks like another is counted once; in a table, each column is.
    const range = ['TABLE', 'THEAD', 'TBODY', 'TFOOT', 'DL'].includes(element.tagName), tous = element.tagName === 'TR'
    for (const noeud of element.childNodes) {
      const sien = noeud.nodeType === 3 ? dit_un_mot(noeud.data) : noeud.nodeType === 1 ? squelette(noeud) : ''
      if (!sien) continue
      if (!tous && (range ? sien === dernier : deja.has(sien))) {
        if (!deja.has(sien + '+')) enfants.push(sien + '+')
        deja.add(sien + '+')
      } else enfants.push(sien)
      deja.add(sien)
      dernier = sien
    }
    squelettes.set(element, hacher(propre(element) + '(' + enfants.join() + ')'))
    return squelettes.get(element)
  }
  const lieu = element => {
    if (!lieux.has(element)) lieux.set(element, hacher(lieu(element.parentElement) + '>' + propre(element)))
    return lieux.get(element)
  }
  const morceau = element => {
    let cle = lieu(element.parentElement) + squelette(element)
    if (element.labels?.length) cle += [...element.labels].map(squelette)
    const noms = element.getAttribute('aria-labelledby')
    if (noms) cle += noms.trim().split(/\s+/).map(id => document.getElementById(id)).map(nom => nom && squelette(nom))
    return 'e' + hacher(cle)
  }
  const ensemble = () => {
    const titres = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6, [role=heading]')].filter(visible)
      .map(t => t.getAttribute('aria-level') || t.tagName)
    const pas = new Set(titres.map((niveau, rang) => (titres[rang - 1] || '') + niveau))
    const reperes = [], noms = new Set()
    for (const r of document.querySelectorAll('header, footer, nav, main, aside, section, form, [role]')) {
      if (!visible(r)) continue
      const nom = r.getAttribute('aria-label') || (r.getAttribute('aria-labelledby') || '').split(/\s+/).map(id => document.getElementById(id)?.textContent || '').join(' ')
      const genre = r.getAttribute('role') || r.tagName
      if (['SECTION', 'FORM'].includes(genre) && !nom.trim()) continue
      reperes.push(genre + lieu(r.parentElement))
      if (['HEADER', 'FOOTER', 'NAV', 'MAIN', 'ASIDE', 'SECTION', 'FORM'].includes(genre) || /banner|complementary|contentinfo|form|main|navigation|region|search/.test(genre)) {
        const unique = genre + '|' + nom.trim().toLowerCase()
        // Two of a kind under one name: axe says whether they may.
        if (noms.has(unique) && !r.closest('article, aside article')) inconnu = true
        noms.add(unique)
      }
    }
    return 'p' + hacher([...pas].join() + '#' + [...new Set(reperes)].sort().join())
  }

  // Left alone by axe: what may not be pushed, what has no letter, what is drawn over the shapes of a picture.
  const inerte = element => element.namespaceURI !== 'http://www.w3.org/1999/xhtml' || !dit_un_mot(element.value || element.textContent).startsWith('T') || element.closest('[disabled], [aria-disabled="true"], fieldset:disabled')
    || (element.closest('label')?.control || element).disabled
  const muet = (element, sien) => {
    const mots = element.value || element.textContent
    return 'n' + sien + hacher(morceau(element) + (dit_un_mot(mots) === 'T' ? 'T' : mots.trim()))
  }

  const relever = () => {
    const textes = new Map(), liens = new Map(), morceaux = new Map(), muets = new Map()
    for (const element of document.body.querySelectorAll('*')) {
      if (!se_lit(element) || !visible(element) || rogne(element) || hors(element)) continue
      // Over a picture of its own (the arrow of a list of choices), axe is never sure, and says nothing.
      if (style(element).backgroundImage === 'none') textes.set(element, aspect(element))
    }
    for (const lien of document.querySelectorAll('a[href], [role=link]'))
      if (textes.has(lien) || lien.textContent.trim())
        if (visible(lien) && !fait_bloc(lien) && !rogne(lien) && !hors(lien) && mele(lien)) liens.set(lien, paire(lien))
    const inertes = [...textes].filter(([element, sien]) => sien && inerte(element))
    let page = null
    if (!couleurs) squelette(document.documentElement)
    for (const [element, sien] of inertes) muets.set(element, muet(element, sien))
    if (!couleurs) {
      for (const element of squelettes.keys()) morceaux.set(element, morceau(element))
      page = ensemble()
      if (inconnu) morceaux.set(document.documentElement, '')
    }
    return {textes, liens, morceaux, muets, page, inconnu}
  }

  if (!nouvelles) {
    const releve = relever()
    const vigie = new MutationObserver(() => { vigie.disconnect(); window.__releve = null })
    vigie.observe(document, {subtree: true, childList: true, attributes: true, characterData: true})
    window.__releve = {...releve, vigie}
    const demandes = new Set()
    for (const [element, sien] of releve.textes) demandes.add('t' + sien + '/' + (releve.muets.get(element) || ''))
    const simples = new Set([...releve.liens.values(), ...releve.morceaux.values(), ...(releve.page ? [releve.page] : [])])
    return {textes: [...demandes], autres: [...simples], axe: !!window.axe}
  }

  // What was read a moment ago, unless the page has changed since.
  const garde = window.__releve && !window.__releve.vigie.takeRecords().length ? window.__releve : null
  window.__releve?.vigie.disconnect()
  window.__releve = null
  const {textes, liens, morceaux, muets, page, inconnu: douteuse} = garde || relever()
  const neuves = new Set(nouvelles)
  const est_neuve = cle => cle === '' || neuves.has(cle)
  const regles = new Map(axe._audit.rules.map(r => [r.id, r]))
  const entieres = new Map(axe._audit.rules.map(r => [r, r.matches]))
  const contraste = regles.get('color-contrast'), lien_mele = regles.get('link-in-text-block')
  // These look at the page as a whole; any other, at an element, what is around it and what it holds.
  const D_ENSEMBLE = /^(bypass|heading-order|landmark-|page-has-heading|region|accesskeys|skip-link|duplicate-id|frame-|document-title|html-|meta-|css-|empty-heading)/
  const structure = [...(page ? [page] : []), ...morceaux.values()].some(est_neuve)
  // Half of what axe does is for colours: left out where each was met.
  const neufs = {'color-contrast': [...textes.values()].some(sien => est_neuve('t' + sien)), 'link-in-text-block': [...liens.values()].some(est_neuve)}
  const passes = new Set(), fautes = [], incertains = []
  try {
    for (const regle of axe._audit.rules) {
      if (regle === contraste || regle === lien_mele || D_ENSEMBLE.test(regle.id) || douteuse) continue
      const entiere = regle.matches
      regle.matches = function (element, ...reste) {
        return (!morceaux.has(element) || est_neuve(morceaux.get(element))) && entiere.call(this, element, ...reste)
      }
    }
    const lies = new Map()
    lien_mele.matches = (element, ...reste) => {
      const sienne = liens.get(element) || ''
      if (!est_neuve(sienne) || (sienne && lies.has(sienne)) || !entieres.get(lien_mele).call(lien_mele, element, ...reste)) return false
      lies.set(sienne, element)
      return true
    }
    // One of each look, then all that look as one of which axe could not be sure.
    for (let doutes = null, encore = true; encore;) {
      const juges = new Map()
      contraste.matches = (element, ...reste) => {
        if (textes.has(element)) {
          const sien = textes.get(element)
          if (doutes ? !doutes.has(sien) : sien && (!neuves.has('t' + sien) || juges.has(sien))) return false
        } else if (doutes || getComputedStyle(element).backgroundImage !== 'none') return false
        const sien = textes.get(element) ?? ''
        if (!entieres.get(contraste).call(contraste, element, ...reste)) {
          if (muets.has(element)) passes.add(muets.get(element))
          return false
        }
        if (!juges.has(sien)) juges.set(sien, new Set())
        juges.get(sien).add(element)
        return true
      }
      const options = {resultTypes: ['violations', 'incomplete'], elementRef: true}
      // Only for films, of which there are none.
      if (!douteuse) options.preload = false
      if (doutes) options.runOnly = ['color-contrast']
      else if (structure) options.rules = Object.fromEntries(Object.entries(neufs).map(([id, enabled]) => [id, {enabled}]))
      else options.runOnly = Object.keys(neufs).filter(id => neufs[id])
      const trouve = await axe.run(options)
      const suspects = new Set(), lies_en_faute = new Set(), mauvais = new Set()
      for (const faute of [...trouve.violations, ...trouve.incomplete]) {
        if (faute.id === 'color-contrast') for (const noeud of faute.nodes) {
          const sien = textes.get(noeud.element) ?? ''
          suspects.add(sien)
          juges.get(sien)?.delete(noeud.element)
          if (trouve.violations.includes(faute)) mauvais.add(sien)
          if (doutes) incertains.push(noeud.element)
        }
        if (faute.id === 'link-in-text-block') for (const noeud of faute.nodes) lies_en_faute.add(noeud.element)
      }
      fautes.push(...trouve.violations)
      // All that look so were judged: where axe was sure, it passed, and the place changes nothing to it.
      for (const [sien, surs] of juges) if (sien && (doutes ? surs.size && !mauvais.has(sien) : !suspects.has(sien))) passes.add('t' + sien)
      if (doutes) for (const element of incertains) if (muets.has(element) && !mauvais.has(textes.get(element))) passes.add(muets.get(element))
      if (!doutes) for (const [sienne, element] of lies) if (sienne && !lies_en_faute.has(element)) passes.add(sienne)
      if (!doutes && structure && trouve.violations.every(f => ['color-contrast', 'link-in-text-block'].includes(f.id))) {
        for (const cle of morceaux.values()) passes.add(cle)
        passes.add(page)
      }
      suspects.delete('')
      encore = !doutes && suspects.size > 0
      doutes = suspects
    }
  } finally {
    for (const [regle, entiere] of entieres) regle.matches = entiere
  }
  return {
    fautes: fautes.map(f => ({id: f.id, nodes: f.nodes.map(n => ({target: n.target, html: n.html}))})),
    passes: [...passes].filter(Boolean),
  }
}
