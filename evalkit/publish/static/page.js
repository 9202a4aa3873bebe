/* What every page of the folder does: data from script tags, state in the address, the search box,
   languages. A page opened from a file may not fetch; it may load scripts that lie in the folder. */
(() => {
  "use strict";
  const evalkit = (window.evalkit = window.evalkit || {});
  const root = document.documentElement;
  const { root: top, home } = root.dataset;
  const texts = JSON.parse(document.getElementById("evalkit-texts").textContent);
  evalkit.texts = texts;
  evalkit.home = home;
  evalkit.top = top;
  evalkit.fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all);

  // --- data -------------------------------------------------------------------------------------

  const taken = {};
  evalkit.taken = taken;
  evalkit.take = (name, thing) => {
    taken[name] = thing;
  };

  const coming = {};

  /* Load a script of the folder once. */
  evalkit.load = (address) =>
    (coming[address] ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = () => {
        delete coming[address];
        failed(new Error(address));
      };
      document.head.append(script);
    }));

  /* Give the data of a name, loading its file where it is not there yet. */
  evalkit.need = async (name) => {
    if (!(name in taken)) await evalkit.load(`${home}data/${name}.js`);
    return taken[name];
  };

  evalkit.say = (text) => {
    const line = document.getElementById("evalkit-status");
    if (line) line.textContent = text;
  };

  evalkit.failed = (error) => {
    evalkit.say(texts.failed);
    console.warn(error);
  };

  // --- state ------------------------------------------------------------------------------------

  const kept = new Set(["party", "group", "as_of", "indicator", "series", "period"]);

  function state() {
    const found = new URLSearchParams(location.search);
    const hash = location.hash.slice(1);
    if (hash.includes("=")) new URLSearchParams(hash).forEach((value, key) => found.set(key, value));
    return found;
  }

  evalkit.state = state;

  /* Write the choices that differ from the first ones; from a file only the hash may change. */
  evalkit.write = (choices) => {
    const found = new URLSearchParams();
    for (const [name, value] of Object.entries(choices)) if (value) found.set(name, value);
    const query = found.toString();
    const path = location.pathname;
    const from = location.protocol === "file:" ? `${location.search}#${query}` : `?${query}`;
    const anchor = location.protocol === "file:" || location.hash.includes("=") ? "" : location.hash;
    try {
      history.replaceState(null, "", query ? `${path}${from}${anchor}` : path);
    } catch {
      location.hash = query;
    }
    languages();
  };

  /* Other languages are the same page with the same choices. */
  function languages() {
    const found = state().toString();
    const mark = location.protocol === "file:" ? "#" : "?";
    for (const link of document.querySelectorAll(".evalkit-languages a")) {
      link.href = link.getAttribute("href").split(/[?#]/)[0] + (found ? mark + found : "");
    }
  }

  // --- the search box ---------------------------------------------------------------------------

  /* As evalkit/views/search.py: without case and accents. */
  evalkit.folded = (text) =>
    text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/ß/g, "ss").replace(/[’']/g, " ");

  const MOST = 12;

  function search(box, list) {
    let at = -1;

    const close = () => {
      list.hidden = true;
      at = -1;
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    };

    const point = (to) => {
      const found = [...list.querySelectorAll("a")];
      if (!found.length) return;
      at = (to + found.length) % found.length;
      found.forEach((one, i) => one.setAttribute("aria-selected", String(i === at)));
      box.setAttribute("aria-activedescendant", found[at].id);
      found[at].scrollIntoView({ block: "nearest" });
    };

    const show = async () => {
      const words = evalkit.folded(box.value).split(/[^\p{L}\p{N}]+/u).filter(Boolean);
      if (!words.length) return close();
      const index = await evalkit.need("search");
      const place = (one) => {
        const said = ` ${one[2].replace(/[^\p{L}\p{N}]+/gu, " ")}`;
        if (!words.every((word) => said.includes(word))) return -1;
        return words.every((word) => said.includes(` ${word}`)) ? (said.startsWith(` ${words[0]}`) ? 2 : 1) : 0;
      };
      const found = index
        .map((one) => [place(one), one])
        .filter(([good]) => good >= 0)
        .sort((a, b) => b[0] - a[0])
        .map(([, one]) => one);
      list.replaceChildren(
        ...found.slice(0, MOST).map(([title, path], i) => {
          const link = document.createElement("a");
          Object.assign(link, { href: home + path, id: `evalkit-found-${i}`, tabIndex: -1 });
          link.setAttribute("role", "option");
          link.setAttribute("aria-selected", "false");
          link.textContent = title;
          const item = document.createElement("li");
          item.setAttribute("role", "presentation");
          item.append(link);
          return item;
        }),
      );
      at = -1;
      list.hidden = !found.length;
      box.setAttribute("aria-expanded", String(found.length > 0));
      evalkit.say(found.length ? evalkit.fill(texts.found, { n: found.length }) : texts.nothing);
    };

    box.addEventListener("focus", () => evalkit.need("search").catch(evalkit.failed), { once: true });
    box.addEventListener("input", () => show().catch(evalkit.failed));
    box.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      else if (event.key === "ArrowDown") point(at + 1);
      else if (event.key === "ArrowUp") point(at - 1);
      else if (event.key === "Enter") (list.querySelectorAll("a")[Math.max(at, 0)] || box).click();
      else return;
      event.preventDefault();
    });
    document.addEventListener("click", (event) => {
      if (!event.target.closest(".evalkit-search")) close();
    });
  }

  // --- buttons ----------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-evalkit-do]");
    if (button?.dataset.evalkitDo === "print") print();
  });

  /* A Party that is chosen in a map has a page of its own. */
  document.addEventListener("evalkit:choose", (event) => {
    const { place } = event.detail;
    if (taken.places?.pages.includes(place)) location.href = `${home}party/${place}.html`;
  });

  /* What is folded prints as well. */
  addEventListener("beforeprint", () => {
    for (const one of document.querySelectorAll(".evalkit-profile details")) one.open = true;
  });

  evalkit.ready = () => {
    root.dataset.evalkit = "ready";
    performance.mark("evalkit-ready");
  };

  search(document.getElementById("evalkit-find"), document.getElementById("evalkit-found"));
  languages();
  addEventListener("DOMContentLoaded", () => {
    if (!document.querySelector(".evalkit-explorer, .evalkit-recorded")) evalkit.ready();
  });
  evalkit.kept = kept;
})();
