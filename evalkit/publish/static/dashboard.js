/* A recorded dashboard: each choice names what stands in each part of the page
   (evalkit/views/recording.py); contents lie in small files and are loaded when they are wanted. */
(() => {
  "use strict";
  const { evalkit } = window;
  const EMPTY = -1;

  /* Plotly asks for base geometry even of figures that are no maps; here there is none to ask for. */
  const CONFIG = { displaylogo: false, responsive: false, displayModeBar: false };

  class Recorded {
    constructor(box, index, places) {
      this.box = box;
      this.name = box.dataset.dashboard;
      this.index = index;
      this.places = places;
      this.parts = [...box.querySelectorAll("[data-part]")];
      this.parts.sort((a, b) => a.dataset.part - b.dataset.part);
      this.choosers = Object.fromEntries([...box.querySelectorAll("select")].map((one) => [one.name, one]));
      this.first = Object.fromEntries(index.choosers.map((one) => [one.name, one.value]));
      this.maps = new Map();
      for (const one of Object.values(this.choosers)) {
        one.addEventListener("change", () => this.choose(one.name).catch(evalkit.failed));
      }
      box.addEventListener("click", (event) => this.pick(event));
    }

    product(name) {
      return this.index.products.find((one) => one.names.includes(name));
    }

    async start() {
      const asked = evalkit.state();
      const named = Object.keys(this.choosers).find((name) => asked.has(name) && this.offers(name, asked.get(name)));
      const wanted = named ? this.product(named) : this.index.products[0];
      for (const name of wanted.names) {
        this.offer(wanted, name);
        if (asked.has(name) && this.offers(name, asked.get(name))) this.choosers[name].value = asked.get(name);
      }
      await this.show(wanted, true);
      evalkit.ready();
    }

    offers(name, value) {
      return [...this.choosers[name].options].some((one) => one.value === value);
    }

    /* Let a chooser offer what there is for the choosers before it. */
    offer(product, name) {
      const before = product.names.slice(0, product.names.indexOf(name)).map((one) => this.choosers[one].value);
      const options = product.options[[name, ...before].join("|")];
      const chooser = this.choosers[name];
      const was = chooser.value;
      chooser.replaceChildren(...options.map(([label, value]) => new Option(label, value)));
      if (this.offers(name, was)) chooser.value = was;
    }

    async choose(name) {
      const started = performance.now();
      const product = this.product(name);
      for (const one of product.names.slice(product.names.indexOf(name) + 1)) this.offer(product, one);
      let moved = false;
      for (const [other, chooser] of Object.entries(this.choosers)) {
        if (product.names.includes(other) || chooser.value === this.first[other]) continue;
        chooser.value = this.first[other];
        moved = true;
      }
      await this.show(product);
      const state = Object.entries(this.choosers).filter(([one, chooser]) => chooser.value !== this.first[one]);
      evalkit.write(Object.fromEntries(state.map(([one, chooser]) => [one, chooser.value])));
      if (moved) evalkit.say(evalkit.texts.alone);
      this.box.dataset.redrawn = String(performance.now() - started);
    }

    async show(product, all = false) {
      const look = product.looks[product.names.map((one) => this.choosers[one].value).join("|")];
      const names = look.map((number) => (number === EMPTY ? "" : this.index.contents[number][0]));
      const changed = this.parts.filter(
        (part, i) => all ? part.dataset.kind || part.dataset.is !== names[i] : part.dataset.is !== names[i],
      );
      const contents = await Promise.all(changed.map((part) => this.content(look[part.dataset.part])));
      changed.forEach((part, i) => this.put(part, contents[i], names[part.dataset.part]));
    }

    async content(number) {
      if (number === EMPTY) return "";
      const [name, file] = this.index.contents[number];
      const found = await evalkit.need(`${this.name}/${this.index.files[file]}`);
      return found[name];
    }

    put(part, content, name) {
      part.dataset.is = name;
      if (typeof content === "string") {
        part.dataset.kind = "";
        this.maps.delete(part);
        part.innerHTML = content;
      } else if (content.map) this.map(part, content.map);
      else this.figure(part, content.figure);
    }

    map(part, data) {
      const drawn = this.maps.get(part);
      if (drawn) drawn.update(data);
      else {
        part.replaceChildren();
        this.maps.set(part, evalkit.map(part, data, { words: this.places.map, titled: false }));
      }
      part.dataset.kind = "map";
    }

    figure(part, figure) {
      this.maps.delete(part);
      part.dataset.kind = "figure";
      part.wanted = figure;
      if (!part.firstElementChild) part.style.minHeight = `${figure.layout.height || 400}px`;
      seen.unobserve(part);
      seen.observe(part);
    }

    /* A place or an indicator that a reader clicks on. */
    pick(event) {
      const button = event.target.closest("[data-evalkit-pick]");
      if (!button) return;
      const wanted = button.dataset.evalkitPick;
      const chooser = Object.values(this.choosers).find((one) => this.offers(one.name, wanted));
      if (chooser) {
        chooser.value = wanted;
        this.choose(chooser.name).catch(evalkit.failed);
        document.getElementById(button.dataset.evalkitTo)?.scrollIntoView();
      } else if (this.places.indicators.includes(wanted)) {
        location.href = `${evalkit.home}indicator/${wanted}.html`;
      }
    }
  }

  // --- figures ----------------------------------------------------------------------------------

  /* A figure is drawn when it comes near the screen: the page is ready before that. */
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) if (isIntersecting) draw(target).catch(evalkit.failed);
    },
    { rootMargin: "400px" },
  );

  /* The others follow when there is nothing else to do, so that a page prints whole. */
  async function rest() {
    for (const part of document.querySelectorAll('[data-kind="figure"]')) {
      await new Promise((done) => setTimeout(done, 50));
      await draw(part);
    }
  }

  async function draw(part) {
    const figure = part.wanted;
    if (!figure) return;
    await evalkit.load(`${evalkit.top}static/plotly.js`);
    if (part.wanted !== figure) return;
    part.wanted = null;
    let box = part.querySelector(".evalkit-figure");
    if (!box) {
      box = document.createElement("div");
      box.className = "evalkit-figure";
      part.replaceChildren(box, buttons(box));
    }
    part.style.minHeight = "";
    const width = part.clientWidth || 600;
    await window.Plotly.react(box, figure.data, { ...figure.layout, width, autosize: false }, CONFIG);
    box.evalkitFigure = figure;
    const title = plain(figure.layout.meta?.title || figure.layout.title?.text || "");
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", title);
    for (const text of box.querySelectorAll("svg")) text.setAttribute("aria-hidden", "true");
  }

  const plain = (text) => new DOMParser().parseFromString(text.split(/<br/i)[0], "text/html").body.textContent.trim();

  function buttons(box) {
    const bar = document.createElement("p");
    bar.className = "evalkit-downloads";
    for (const format of ["svg", "png"]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "evalkit-button is-small";
      button.textContent = format.toUpperCase();
      button.setAttribute("aria-label", evalkit.fill(evalkit.texts.save, { format: button.textContent }));
      button.addEventListener("click", () => save(box, format).catch(evalkit.failed));
      bar.append(button);
    }
    return bar;
  }

  /* A picture that is taken away has its title, source and notes inside: `layout.meta.caption`. */
  async function save(box, format) {
    const { data, layout } = box.evalkitFigure;
    const caption = layout.meta?.caption || {};
    const picture = { ...layout, ...caption, margin: { ...layout.margin, ...caption.margin }, width: 1200 };
    const filename = evalkit.folded(box.getAttribute("aria-label")).replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 80) || "figure";
    const size = { width: 1200, height: picture.height || 600 };
    await window.Plotly.downloadImage({ data, layout: picture }, { format, filename, ...size, scale: format === "png" ? 2 : 1 });
  }

  let narrow;
  addEventListener("resize", () => {
    clearTimeout(narrow);
    narrow = setTimeout(() => {
      for (const box of document.querySelectorAll(".evalkit-figure.js-plotly-plot")) {
        window.Plotly.relayout(box, { width: box.parentElement.clientWidth });
      }
    }, 150);
  });

  addEventListener("DOMContentLoaded", () => {
    const box = document.querySelector(".evalkit-recorded");
    Promise.all([evalkit.need(`${box.dataset.dashboard}/index`), evalkit.need("places")])
      .then(([index, places]) => new Recorded(box, index, places).start())
      .then(() => setTimeout(() => rest().catch(evalkit.failed), 1000))
      .catch(evalkit.failed);
  });
})();
