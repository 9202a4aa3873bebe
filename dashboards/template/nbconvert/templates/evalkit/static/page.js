/* What the page does for a dashboard: says how far it is, follows the address, shows faults,
   notices when its session has gone. Runs in the head, before anything that Voilà sends. */
(() => {
  "use strict";
  const evalkit = (window.evalkit = window.evalkit || {});
  const root = document.documentElement;
  const started = Date.now();
  const element = (id) => document.getElementById(id);
  const { texts } = evalkit; // of language.js
  evalkit.fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);

  /* A page that is closed asks for its kernel to be ended, and is refused unless it shows the
     cookie that this server sets on other pages only. Any value does that both sides share. */
  if (!/(^|;\s*)_xsrf=/.test(document.cookie)) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const token = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
    document.cookie = `_xsrf=${token}; path=/; SameSite=Strict`;
  }

  /* Back and forward may bring a page back whose session was ended when it was left. */
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());

  // --- how far the page is ---------------------------------------------------------------------

  let finished = false; // the server has sent everything
  let failed = false;

  function say(text) {
    const line = element("evalkit-status-text");
    if (!line) return;
    delete line.dataset.evalkitText; // from here on it is said by this script
    if (line.textContent !== text) line.textContent = text;
  }

  window.voila_process = (done, total) => {
    const bar = element("evalkit-progress");
    if (bar) Object.assign(bar, { max: total, value: done });
    say(evalkit.fill(texts.computed, { done, total }));
  };

  window.voila_heartbeat = () =>
    say(evalkit.fill(texts.still, { seconds: Math.round((Date.now() - started) / 1000) }));

  /* Called by the page when all is sent, and again by Voilà's own script. */
  window.voila_finish = () => {
    if (!finished) say(texts.drawing);
    finished = true;
    window.cellLoaded = true; // what Voilà's script looks at
    soon();
  };

  /* Outputs still to be drawn: Voilà's descriptions of them, widgets and figures on their way. */
  function pending(cells) {
    if (cells.querySelector('script[type="application/vnd.voila.cell-output+json"]')) return true;
    if (cells.querySelector(".jp-RenderedPlotly:not(.js-plotly-plot)")) return true;
    return [...cells.querySelectorAll(".evalkit-cell .jp-OutputArea-output")].some(
      (node) => node.childElementCount === 0 && /^Loading widget/.test(node.textContent),
    );
  }

  function finish() {
    const cells = element("evalkit-cells");
    if (root.dataset.evalkit !== "loading" || !finished || (pending(cells) && !failed)) return;
    failed = failed || cells.querySelector(".evalkit-error [data-evalkit-do]") !== null;
    root.dataset.evalkit = failed ? "failed" : "ready";
    cells.removeAttribute("aria-busy");
    element("evalkit-status").classList.add("is-done");
    say(failed ? texts.failed : texts.ready);
    window.dispatchEvent(new Event("evalkit-ready"));
    window.dispatchEvent(new Event("resize")); // figures drawn before their box had its size
  }

  // --- faults ----------------------------------------------------------------------------------

  function card(what) {
    const copy = element("evalkit-card").content.cloneNode(true);
    evalkit.translate(copy);
    copy.querySelector("p").textContent = what;
    delete copy.querySelector("p").dataset.evalkitText;
    return copy;
  }

  function fail(what) {
    failed = true;
    const cells = element("evalkit-cells");
    if (cells && !document.querySelector("#evalkit-cells .evalkit-error")) cells.append(card(what));
  }

  const TRACES = [
    '[data-mime-type="application/vnd.jupyter.error"]',
    '[data-mime-type="application/vnd.jupyter.stderr"]',
    ".jupyter-error-widget",
    ".jp-OutputArea-output.jupyter-widgets:empty",
  ].join(",");

  /* An error inside a live Output, or a part that could not be drawn, is a card like any other. */
  function showFaults(cells) {
    for (const trace of cells.querySelectorAll(TRACES)) {
      if (trace.hidden) continue;
      trace.hidden = true;
      trace.after(card(texts.failed_part));
    }
    for (const node of cells.querySelectorAll(".jp-OutputArea-output")) {
      if (node.childElementCount === 0 && /^Error displaying widget/.test(node.textContent)) {
        node.replaceChildren(card(texts.failed_part));
      }
    }
    for (const time of cells.querySelectorAll(".evalkit-error time:empty")) {
      time.textContent = new Date().toISOString().replace("T", " ").slice(0, 19) + " UTC";
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-evalkit-do]");
    if (!button) return;
    if (button.dataset.evalkitDo === "reload") location.reload();
    else if (button.dataset.evalkitDo === "restart") location.assign(location.pathname);
  });

  // --- what the dashboard says to the page -----------------------------------------------------

  let address = null;

  function followAddress(cells) {
    const text = cells.querySelector(".evalkit-address")?.textContent.trim();
    if (!text || text === address) return;
    address = text;
    const query = new URLSearchParams(text).toString();
    const wanted = location.pathname + (query && `?${query}`) + location.hash;
    if (wanted !== location.pathname + location.search + location.hash) {
      history.replaceState(history.state, "", wanted);
    }
  }

  /* What the dashboards share of the address goes with the reader from one to the next. */
  const SHARED = ["party", "as_of", "lang"];

  function followLinks() {
    const state = new URLSearchParams(location.search);
    const kept = new URLSearchParams(SHARED.filter((k) => state.get(k)).map((k) => [k, state.get(k)]));
    for (const link of document.querySelectorAll("a[href*='/voila/render/']")) {
      const url = new URL(link.href);
      for (const name of SHARED) if (!link.dataset.evalkitOwn) url.searchParams.delete(name);
      for (const [name, value] of kept) if (!url.searchParams.has(name)) url.searchParams.set(name, value);
      if (link.href !== url.href) link.href = url.href;
    }
  }

  function followPage(cells) {
    const said = cells.querySelector(
      ".evalkit-document [lang], .evalkit-document [dir], .evalkit-document span[title]",
    );
    if (!said) return;
    if (said.lang && root.lang !== said.lang) root.lang = said.lang;
    if (said.dir && root.dir !== said.dir) root.dir = said.dir;
    if (said.title && element("evalkit-title").textContent !== said.title) {
      element("evalkit-title").textContent = said.title;
      document.title = `${said.title} · ${texts.product}`;
    }
  }

  function announce(cells) {
    for (const live of cells.querySelectorAll(".evalkit-live:not([aria-live])")) {
      live.setAttribute("aria-live", "polite");
    }
  }

  /* A button of the dashboard: what it stands for goes to the kernel by a hidden text field. */
  evalkit.pick = (place) => {
    const field = document.querySelector("#evalkit-cells .evalkit-pick input");
    if (!place || !field) return;
    field.value = place;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-evalkit-pick]");
    if (!button) return;
    evalkit.pick(button.dataset.evalkitPick);
    const to = button.dataset.evalkitTo && element(button.dataset.evalkitTo);
    if (!to) return;
    to.setAttribute("tabindex", "-1");
    to.focus({ preventScroll: true });
    to.scrollIntoView({ block: "start" });
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-evalkit-do=print]")) window.print();
  });

  // --- one look at the page after each burst of changes ----------------------------------------

  const looks = [
    followAddress,
    followLinks,
    evalkit.languageLinks,
    followPage,
    announce,
    showFaults,
    evalkit.translate,
  ];
  evalkit.onChange = (look) => looks.push(look);
  let planned = 0;

  function soon() {
    planned = planned || setTimeout(look, 30); // no animation frame: they stop in a hidden tab
  }

  function look() {
    planned = 0;
    const cells = element("evalkit-cells");
    if (!cells) return;
    for (const each of looks) each(cells);
    finish();
  }

  new MutationObserver(soon).observe(root, { childList: true, characterData: true, subtree: true });

  // --- the session behind the page -------------------------------------------------------------

  async function sessionState() {
    const config = JSON.parse(element("jupyter-config-data").textContent);
    try {
      const answer = await fetch(`${config.baseUrl}api/kernels/${config.kernelId}`);
      if (answer.status === 404) return "gone";
      if (!answer.ok) return "unreachable";
      return (await answer.json()).execution_state === "dead" ? "gone" : "alive";
    } catch {
      return "unreachable";
    }
  }

  async function watchSession() {
    if (document.visibilityState === "hidden" || !element("jupyter-config-data")) return;
    const state = await sessionState();
    const notice = element("evalkit-notice");
    if (notice.dataset.state === state) return;
    notice.dataset.state = state;
    notice.replaceChildren();
    if (state === "alive") return;
    const text = document.createElement("p");
    text.textContent = texts[state];
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "evalkit-button", textContent: texts.reload });
    button.dataset.evalkitDo = "reload";
    notice.append(text, button);
  }

  evalkit.watchSession = watchSession;
  window.addEventListener("evalkit-ready", () => setInterval(watchSession, 30000));
  document.addEventListener("visibilitychange", watchSession);
  window.addEventListener("online", watchSession);

  /* A page that is left ends its kernel. Voilà's script asks for that as well, but only once all
     of it has arrived: whoever leaves a page just shown would leave a kernel behind. */
  window.addEventListener("pagehide", (event) => {
    const config = JSON.parse(element("jupyter-config-data")?.textContent || "{}");
    if (event.persisted || !config.kernelId) return;
    const form = new FormData();
    form.append("_xsrf", document.cookie.match(/(?:^|;\s*)_xsrf=([^;]*)/)?.[1] || "");
    navigator.sendBeacon(`${config.baseUrl}voila/api/shutdown/${config.kernelId}`, form);
  });

  document.addEventListener("DOMContentLoaded", () => {
    if (!finished) {
      fail(texts.failed_load);
      window.voila_finish();
    }
    soon();
  });
  // Parts of Voilà's script may never arrive; then the page must not claim to be loading for ever.
  window.addEventListener("load", () =>
    setTimeout(() => {
      if (root.dataset.evalkit !== "loading") return;
      fail(texts.failed_load);
      finish();
    }, 60000),
  );
})();
