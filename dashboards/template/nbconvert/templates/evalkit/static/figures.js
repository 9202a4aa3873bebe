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

  function figureOf(target) {
    const found = typeof target === "string" ? document.querySelector(target) : target;
    const figure = found?.closest(".js-plotly-plot") || found?.querySelector(".js-plotly-plot");
    if (!figure) throw new Error("There is no figure here.");
    return figure;
  }

  function nameOf(figure) {
    const title = figure.layout?.title;
    const text = (typeof title === "string" ? title : title?.text) || "";
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

  /* Save a figure as it is shown.

     target    the figure, an element around it or a selector
     format    "svg" or "png"
     filename  with or without ending; made from the figure's title when absent

     Gives a promise of the file's name. */
  evalkit.download = async (target, format, filename) => {
    const figure = figureOf(target);
    const meta = figure.layout?.meta;
    const stem = (filename || meta?.filename || slug(nameOf(figure))).replace(/\.(svg|png)$/i, "");
    const width = figure.offsetWidth || null;
    // On a phone the box is narrow; the picture should still be fit for a slide.
    const scale = format === "png" ? Math.min(4, Math.max(2, 1600 / (width || 800))) : 1;
    const height = figure.offsetHeight || null;
    await window.Plotly.downloadImage(figure, { format, filename: stem, width, height, scale });
    return `${stem}.${format}`;
  };

  async function save(button) {
    const figure = figureOf(button.dataset.figure || button.evalkitFigure);
    const line = document.getElementById("evalkit-status-text");
    button.disabled = true;
    try {
      const name = await evalkit.download(figure, button.dataset.evalkitDownload, button.dataset.filename);
      line.textContent = evalkit.fill(evalkit.texts.saved, { name });
    } catch (error) {
      line.textContent = evalkit.texts.not_saved;
      console.error(error);
    } finally {
      button.disabled = false;
      button.focus();
    }
  }

  /* Any button with data-evalkit-download="svg" (and data-figure, a selector) does the same. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-evalkit-download]");
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
      button.dataset.evalkitDownload = format;
      button.evalkitFigure = figure;
      bar.append(button);
    }
    return bar;
  }

  function label(figure, bar) {
    const name = nameOf(figure);
    if (figure.getAttribute("aria-label") === name) return;
    figure.setAttribute("role", "group"); // not img: the buttons inside must stay reachable
    figure.setAttribute("aria-label", name);
    for (const button of bar?.children ?? []) {
      const values = { name, format: button.textContent };
      button.setAttribute("aria-label", evalkit.fill(evalkit.texts.download, values));
      button.title = button.getAttribute("aria-label");
    }
  }

  const boxes = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      const drawn = target._fullLayout?.width;
      if (drawn && contentRect.width && Math.abs(drawn - contentRect.width) > 1) {
        window.Plotly?.Plots.resize(target);
      }
    }
  });

  evalkit.onChange((cells) => {
    for (const figure of cells.querySelectorAll(".js-plotly-plot")) {
      if (!figure.evalkitBar && !figure.closest(".evalkit-plain")) {
        figure.evalkitBar = buttonsFor(figure);
        figure.after(figure.evalkitBar);
      }
      if (!figure.evalkitWatched) {
        figure.evalkitWatched = true;
        boxes.observe(figure);
      }
      label(figure, figure.evalkitBar);
    }
  });
})();
