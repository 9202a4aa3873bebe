/* The language of a page: that of its address (?lang=ar), else the one it was written in. Sets
   language and direction, and the words of the frame; the dashboard's come from its kernel. */
(() => {
  "use strict";
  const evalkit = (window.evalkit = window.evalkit || {});
  const known = window.evalkitTexts;
  const root = document.documentElement;
  const asked = new URLSearchParams(location.search).get("lang");
  const found = Object.hasOwn(known, asked ?? "") ? known[asked] : known.en;
  const texts = found.texts;
  evalkit.texts = texts;
  if (found !== known.en) {
    root.lang = found.code;
    root.dir = found.dir;
  }

  /* Words of the frame stand in English in the page; elements say by attributes which they are. */
  evalkit.translate = (scope = document) => {
    if (found === known.en) return;
    for (const one of scope.querySelectorAll("[data-evalkit-text]")) {
      const said = texts[one.dataset.evalkitText];
      if (said && one.textContent !== said) one.textContent = said;
    }
    for (const one of scope.querySelectorAll("[data-evalkit-label]")) {
      const said = texts[one.dataset.evalkitLabel];
      if (said && one.getAttribute("aria-label") !== said) one.setAttribute("aria-label", said);
    }
    const titled = document.querySelector("h1[data-evalkit-text]");
    if (titled) document.title = `${titled.textContent} · ${texts.product}`;
  };

  /* The chooser leads to the page as it is now, choices and all, in another language. */
  evalkit.languageLinks = () => {
    for (const link of document.querySelectorAll(".evalkit-languages a")) {
      const state = new URLSearchParams(location.search);
      if (link.lang === "en") state.delete("lang");
      else state.set("lang", link.lang);
      const query = state.toString();
      const wanted = location.pathname + (query && `?${query}`) + location.hash;
      if (link.getAttribute("href") !== wanted) link.setAttribute("href", wanted);
      if (link.lang === found.code) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    evalkit.translate();
    evalkit.languageLinks();
  });
})();
