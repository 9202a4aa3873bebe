/* Plotly figures: no request for base maps, a name, buttons to take them away, a size that follows
   their box. Plotly itself comes with Voilà's page and is `window.Plotly` once a figure is drawn. */
(() => {
  "use strict";
  const evalkit = (window.evalkit = window.evalkit || {});

  /* Plotly asks a CDN for the outlines of the world before it draws any map, and draws none when
     that fails. Every name it can ask for is answered here, with nothing in it. */
  const nothing = { type: "GeometryCollection", geometries: [] };
  const layers = ["coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits"];
  const empty = { type: "Topology", arcs: [], objects: {} };
  for (const layer of layers) empty.objects[layer] = nothing;
  window.PlotlyGeoAssets = {
    topojson: new Proxy({}, { get: () => empty, has: () => true }),
  };

  /* The renderer asks for a PNG of every figure as soon as it is drawn and keeps it, unseen, with
     the figure. That costs about half as much as drawing it; it gets no answer. */
  let plotly;
  Object.defineProperty(window, "Plotly", {
    configurable: true,
    get: () => plotly,
    set(loaded) {
      const toImage = loaded.toImage;
      loaded.toImage = (figure, options) => {
        const unseen = figure.classList?.contains("jp-RenderedPlotly") && !("scale" in (options ?? {}));
        return unseen ? new Promise(() => {}) : toImage(figure, options);
      };
      plotly = loaded;
    },
  });

  function figureOf(target) {
    const found = typeof target === "string" ? document.querySelector(target) : target;
    const figure = found?.closest(".js-plotly-plot") || found?.querySelector(".js-plotly-plot");
    if (!figure) throw new Error("There is no figure here.");
    return figure;
  }

  function nameOf(figure) {
    const title = figure.layout?.meta?.title || figure.layout?.title;
    const text = ((typeof title === "string" ? title : title?.text) || "").split(/<br/i)[0];
    const plain = new DOMParser().parseFromString(text, "text/html").body.textContent.trim();
    return plain || evalkit.texts.figure;
  }

  const slug = (text) =>
    text
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-+|-+$/g, "")
      .toLowerCase()
      .slice(0, 80) || "figure";

  /* On the page, title, source and notes stand around a figure as text. A picture that is taken
     away must carry them itself: `layout.meta.caption` holds the changes that draw them. */
  const PICTURE_WIDTH = 1200;

  function pictureOf(figure) {
    const { caption } = figure.layout?.meta ?? {};
    if (!caption) return [figure, figure.offsetWidth || PICTURE_WIDTH, figure.offsetHeight || null];
    const margin = { ...figure.layout.margin, ...caption.margin };
    const layout = { ...figure.layout, ...caption, margin, width: PICTURE_WIDTH };
    return [{ data: figure.data, layout }, PICTURE_WIDTH, caption.height];
  }

  /* Save a figure with its title, source and notes.

     target    the figure, an element around it or a selector
     format    "svg" or "png"
     filename  with or without ending; made from the figure's title when absent

     Gives a promise of the file's name. */
  evalkit.download = async (target, format, filename) => {
    const figure = figureOf(target);
    const meta = figure.layout?.meta;
    const stem = (filename || meta?.filename || slug(nameOf(figure))).replace(/\.(svg|png)$/i, "");
    const [picture, width, height] = pictureOf(figure);
    const scale = format === "png" ? Math.min(4, Math.max(2, 1600 / width)) : 1;
    await window.Plotly.downloadImage(picture, { format, filename: stem, width, height, scale });
    return `${stem}.${format}`;
  };

  /* The figure that a button of the dashboard saves: the one it names, else the page's first. */
  function targetOf(button) {
    const named = button.dataset.evalkitTarget;
    return button.evalkitFigure || document.querySelector(named || "#evalkit-cells .js-plotly-plot");
  }

  async function save(button) {
    const line = document.getElementById("evalkit-status-text");
    const { evalkitFigure: format, evalkitName: wanted } = button.dataset;
    button.disabled = true;
    try {
      const name = await evalkit.download(targetOf(button), format, wanted);
      line.textContent = evalkit.fill(evalkit.texts.saved, { name });
    } catch (error) {
      line.textContent = evalkit.texts.not_saved;
      console.error(error);
    } finally {
      button.disabled = false;
      button.focus();
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-evalkit-figure]");
    if (button) save(button);
  });

  function buttonsFor(figure) {
    const bar = document.createElement("p");
    bar.className = "evalkit-downloads";
    for (const format of ["svg", "png"]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "evalkit-button is-small";
      button.textContent = format.toUpperCase();
      button.dataset.evalkitFigure = format;
      button.evalkitFigure = figure;
      bar.append(button);
    }
    return bar;
  }

  function label(figure, bar) {
    const name = nameOf(figure);
    if (figure.getAttribute("aria-label") !== name) {
      figure.setAttribute("role", "group"); // not img: the buttons inside must stay reachable
      figure.setAttribute("aria-label", name);
    }
    for (const button of bar?.children ?? []) {
      if (button.dataset.of === name) continue;
      button.dataset.of = name;
      const values = { name, format: button.textContent };
      button.setAttribute("aria-label", evalkit.fill(evalkit.texts.download, values));
      button.title = button.getAttribute("aria-label");
    }
  }

  /* A figure that says so in `layout.meta.fit` is as high as its width asks for: a map on a
     phone would else be a stripe in a tall empty box. */
  function heightFor(figure, width) {
    const fit = figure.layout?.meta?.fit;
    return fit && Math.round(Math.min(fit.most, width * fit.ratio + fit.extra));
  }

  const boxes = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      const { width, height } = target._fullLayout ?? {};
      if (!width || !contentRect.width) continue;
      const wanted = heightFor(target, contentRect.width) || height;
      const apart = Math.max(Math.abs(width - contentRect.width), Math.abs(height - wanted));
      if (apart <= 1) continue;
      // Both at once, or the other stays what it was. Not Plots.resize: it takes the box with its
      // border for the room there is, and makes the figure higher each time.
      window.Plotly?.relayout(target, { width: contentRect.width, height: wanted });
    }
  });

  /* A click on a place of a map goes to the dashboard by its hidden text field. */
  function pick(event) {
    const point = event.points?.[0];
    const place = [point?.location, point?.customdata].find((one) => typeof one === "string");
    evalkit.pick(place);
  }

  function watch(figure) {
    if (figure.evalkitWatched || !figure.on) return;
    figure.evalkitWatched = true;
    figure.on("plotly_click", pick);
    boxes.observe(figure);
  }

  evalkit.onChange((cells) => {
    const own = [...cells.querySelectorAll("button[data-evalkit-figure]")];
    const served = new Set(own.filter((one) => !one.evalkitFigure).map(targetOf));
    for (const figure of cells.querySelectorAll(".js-plotly-plot")) {
      const wanted = !served.has(figure) && !figure.closest(".evalkit-plain");
      if (wanted && !figure.evalkitBar) {
        figure.evalkitBar = buttonsFor(figure);
        figure.after(figure.evalkitBar);
      } else if (!wanted && figure.evalkitBar) {
        figure.evalkitBar.remove();
        figure.evalkitBar = null;
      }
      watch(figure);
      label(figure, figure.evalkitBar);
    }
  });
})();
