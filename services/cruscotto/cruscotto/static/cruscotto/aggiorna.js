// Tiene aggiornata la pagina aperta: a ogni avviso chiede di nuovo le cifre (`data-cifre`, o la pagina stessa) e cambia
// in #cifre solo ciò che è diverso. Nodi, fuoco, scorrimento e tabelle aperte restano quelli che erano, e così ciò che
// tengono altri script (`data-suo`: gli attributi; "tutto": anche il contenuto). Senza JavaScript la pagina è completa.
"use strict";
(() => {
  const cifre = document.getElementById("cifre");
  const annuncio = document.getElementById("annuncio");
  const fermo = document.getElementById("fermo");
  if (!cifre || !window.EventSource) return;
  const SUOI = ["hidden", "role", "tabindex", "aria-selected", "aria-controls", "aria-labelledby", "data-suo"];
  const OGNI = 15000; // fra due annunci a voce, e fra due tentativi quando gli avvisi non arrivano
  let inCorso = false, ancora = false, annunciato = 0, finito = false;

  // Porta `vecchio` a essere come `nuovo`, toccando solo le differenze.
  function adegua(vecchio, nuovo) {
    const prima = [...vecchio.childNodes], dopo = [...nuovo.childNodes];
    dopo.forEach((b, n) => {
      const a = prima[n];
      if (!a) vecchio.append(b);
      else if (a.nodeType !== b.nodeType || a.nodeName !== b.nodeName) a.replaceWith(b);
      else if (a.nodeType === Node.ELEMENT_NODE) { attributi(a, b); if (a.dataset.suo !== "tutto") adegua(a, b); }
      else if (a.nodeValue !== b.nodeValue) { a.nodeValue = b.nodeValue; segnala(a.parentElement); }
    });
    prima.slice(dopo.length).forEach((a) => a.remove());
  }

  // Gli spazi all'inizio di una pagina chi la legge li toglie, dentro #cifre no: contandoli, ogni nodo parrebbe un altro.
  function senzaInizio(nodo) {
    while (nodo.firstChild?.nodeType === Node.TEXT_NODE && !nodo.firstChild.nodeValue.trim()) nodo.firstChild.remove();
    return nodo;
  }

  function attributi(a, b) {
    const suoi = a.dataset.suo === undefined ? ["open", "class"] : ["open", "class", ...SUOI];
    for (const { name } of [...a.attributes]) {
      if (!b.hasAttribute(name) && !suoi.includes(name) && a.dataset.suo !== "tutto") a.removeAttribute(name);
    }
    for (const { name, value } of [...b.attributes]) {
      const altrui = a.dataset.suo !== undefined && SUOI.includes(name);
      if (!altrui && a.getAttribute(name) !== value) a.setAttribute(name, value);
    }
  }

  function segnala(elemento) {
    if (!elemento.classList.contains("cifra")) return;
    elemento.classList.remove("cambiata");
    void elemento.offsetWidth; // perché l'animazione ricominci
    elemento.classList.add("cambiata");
  }

  function cifreScritte() {
    return [...cifre.querySelectorAll(".cifra")].map((c) => c.textContent).join("|");
  }

  async function chiedi() {
    if (inCorso) { ancora = true; return; }
    inCorso = true;
    try {
      const risposta = await fetch(cifre.dataset.cifre || location.href, { headers: { Accept: "text/html" }, redirect: "error" });
      if (!risposta.ok) throw new Error(risposta.status);
      mostra(await risposta.text());
      fermo.hidden = true;
    } catch { // rete assente o accesso scaduto: le cifre restano quelle, con la loro ora, e lo si dice
      fermo.hidden = finito;
    }
    inCorso = false;
    if (ancora) { ancora = false; chiedi(); }
  }

  function mostra(html) {
    const prima = cifreScritte();
    const pagina = new DOMParser().parseFromString(html, "text/html");
    adegua(senzaInizio(cifre), senzaInizio(pagina.getElementById("cifre") ?? pagina.body));
    cifre.dispatchEvent(new Event("aggiornate"));
    if (prima === cifreScritte() || Date.now() - annunciato < OGNI) return;
    annunciato = Date.now();
    annuncio.textContent = cifre.dataset.annuncio + ": " + (cifre.querySelector(".aggiornato strong")?.textContent ?? "adesso");
  }

  function ascolta() {
    const avvisi = new EventSource(cifre.dataset.avvisi);
    avvisi.addEventListener("aggiornamento", chiedi);
    avvisi.addEventListener("open", chiedi); // ciò che è cambiato mentre non si era collegati
    avvisi.addEventListener("error", () => {
      if (finito) return;
      if (avvisi.readyState !== EventSource.CLOSED) { chiedi(); return; } // il browser si ricollega da sé
      setTimeout(() => { chiedi(); ascolta(); }, OGNI);
    });
    window.addEventListener("pagehide", () => { finito = true; avvisi.close(); }, { once: true });
  }
  ascolta();
})();
