/* World maps drawn in the page: outlines, tiles, a legend, pictures to take away.

   Needs `window.evalkitOutlines` (outlines.js) and, unless given, `window.evalkitMapWords`.

     const map = evalkit.map(element, data, { words, beside, titled });

   data     from evalkit/views/map_data.py: title, notes, classes, lines, places
   words    the words of the language; window.evalkitMapWords when absent
   beside   a second such object with the same classes: a map to compare, drawn beside
   titled   false where the page itself shows title and notes around the map

   The object that it gives has update(data, beside), which draws a second map beside where one is
   given and takes it away where none is, show("world" or "tiles"), look(part),
   choose(place), picture() and save("svg" or "png"). Who is chosen by click or Enter comes as
   the event "evalkit:choose" of the element, with { place, name } as its detail. */
(() => {
  "use strict";
  const evalkit = (window.evalkit = window.evalkit || {});
  const SVG = "http://www.w3.org/2000/svg";
  const CELL = 100; // units of a tile and its gap
  const DOT = 4.2; // radius of a marker in pixels
  const CLOSEST = 24;
  const SMALL = 24; // pixels of a tile without letters
  const SCREEN = 1000; // pixels that a drawing is made for until it is measured
  let several = 0;

  /* --- small helpers ---------------------------------------------------------------------- */

  function node(name, attributes = {}, children = []) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function element(name, attributes = {}, children = []) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const round = (number) => Math.round(number * 100) / 100;

  const slug = (text) =>
    text
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-+|-+$/g, "")
      .toLowerCase()
      .slice(0, 80) || "map";

  /* As evalkit/views/theme.py: white on what is dark, ink on what is light. */
  function onto(colour) {
    const part = (i) => (parseInt(colour.slice(i, i + 2), 16) / 255) ** 2.2;
    const dark = 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5) < 0.19;
    return dark ? "#ffffff" : window.evalkitOutlines.colours.ink;
  }

  /* --- what is drawn; evalkit/views/map_svg.py draws the same -------------------------------- */

  function pattern(id, colour, mark, scale) {
    const { marks } = window.evalkitOutlines;
    const [side, width, d] = marks[mark];
    const square = { width: side, height: side };
    return node(
      "pattern",
      { id, ...square, patternUnits: "userSpaceOnUse", patternTransform: `scale(${scale})` },
      [
        node("rect", { ...square, fill: colour }),
        node("path", {
          d,
          fill: "none",
          stroke: onto(colour),
          "stroke-width": width,
          "stroke-opacity": 0.5,
          "stroke-linecap": "round",
        }),
      ],
    );
  }

  function patterns(prefix, classes, scale) {
    const { colours } = window.evalkitOutlines;
    const found = classes.map((one, i) =>
      one.pattern ? pattern(`${prefix}-c${i}`, one.colour, one.pattern, scale) : null,
    );
    found.push(pattern(`${prefix}-x`, colours.nobody, colours.disputed, scale));
    return found.filter(Boolean);
  }

  const paint = (prefix, one, i) => (one.pattern ? `url(#${prefix}-c${i})` : one.colour);
  const LINE = { "vector-effect": "non-scaling-stroke" };

  function areas(prefix) {
    const { areas: found, disputed, colours } = window.evalkitOutlines;
    const drawn = Object.entries(found).map(([id, d]) =>
      node("path", {
        class: "evalkit-map-area",
        "data-area": id,
        d,
        fill: disputed.includes(id) ? `url(#${prefix}-x)` : colours.nobody,
        ...LINE,
      }),
    );
    return node(
      "g",
      { "aria-hidden": "true", stroke: colours.edge, "stroke-width": 0.5 },
      drawn,
    );
  }

  const option = (place, children) =>
    node("g", { class: "evalkit-map-place", role: "option", "data-place": place }, children);

  const disc = ([x, y], scale) =>
    node("circle", { cx: x, cy: y, r: round(DOT * scale), class: "evalkit-map-dot", ...LINE });

  function outlined(scale) {
    const { places, points, colours } = window.evalkitOutlines;
    const drawn = Object.entries(places).map(([place, d]) => {
      const dots = (points[place] || []).map((at) => disc(at, scale));
      for (const dot of dots) {
        dot.setAttribute("stroke", colours.ink);
        dot.setAttribute("stroke-width", 0.9);
      }
      return option(place, [...(d ? [node("path", { d, ...LINE })] : []), ...dots]);
    });
    return node(
      "g",
      { role: "presentation", stroke: colours.muted, "stroke-width": 0.7, "fill-rule": "evenodd" },
      drawn,
    );
  }

  function tiled() {
    const { tiles, colours, font } = window.evalkitOutlines;
    const drawn = Object.entries(tiles).map(([place, [column, row]]) => {
      const [x, y] = [column * CELL, row * CELL];
      const size = { x: x + 3, y: y + 3, width: CELL - 6, height: CELL - 6, rx: 10 };
      const letters = { x: x + CELL / 2, y: y + 62, "text-anchor": "middle", "aria-hidden": "true" };
      const halo = { "paint-order": "stroke", "stroke-width": 7, "stroke-linejoin": "round" };
      const said = node("text", { ...letters, ...halo }, [place]);
      return option(place, [node("rect", { ...size, ...LINE, stroke: colours.edge }), said]);
    });
    return node(
      "g",
      {
        role: "presentation",
        "stroke-width": 0.8,
        "font-family": font,
        "font-size": 33,
        "font-weight": 600,
        direction: "ltr",
      },
      drawn,
    );
  }

  /* --- one map ----------------------------------------------------------------------------- */

  class Pane {
    constructor(prefix, words, data) {
      const { size, sphere, colours } = window.evalkitOutlines;
      this.prefix = prefix;
      this.words = words;
      this.names = new Map(words.names);
      this.scale = size[0] / SCREEN;
      this.defs = node("defs");
      this.sea = node("path", { class: "evalkit-map-sea", d: sphere, fill: colours.sea });
      this.layers = { world: node("g", {}, [this.sea, areas(prefix), outlined(this.scale)]) };
      const over = { d: "", fill: "none", "pointer-events": "none", "aria-hidden": "true", ...LINE };
      const line = (name, stroke, width) =>
        node("path", { class: `evalkit-map-${name}`, ...over, stroke, "stroke-width": width });
      this.over = {
        chosen: [line("chosen", colours.ink, 5), line("chosen", colours.chosen, 3)],
        pointed: [line("pointed", "#ffffff", 5), line("pointed", colours.ink, 2.5)],
      };
      this.svg = node(
        "svg",
        {
          xmlns: SVG,
          class: "evalkit-map-drawing",
          viewBox: `0 0 ${size.join(" ")}`,
          role: "listbox",
        },
        [this.defs, this.layers.world, ...this.over.chosen, ...this.over.pointed],
      );
      this.mode = "world";
      this.options = { world: this.index(this.layers.world) };
      this.current = words.names[0][0];
      this.update(data);
    }

    index(layer) {
      const found = [...layer.querySelectorAll("[data-place]")];
      return new Map(found.map((one) => [one.dataset.place, one]));
    }

    lines(place) {
      return this.data.places[place].slice(1).map((i) => this.data.lines[i]);
    }

    update(data) {
      const before = this.data;
      this.data = data;
      this.svg.setAttribute("aria-label", data.title);
      if (JSON.stringify(before?.classes) !== JSON.stringify(data.classes)) {
        this.defs.replaceChildren(...patterns(this.prefix, data.classes, round(this.scale)));
      }
      this.fills = data.classes.map((one, i) => paint(this.prefix, one, i));
      for (const mode of Object.keys(this.options)) this.colour(mode);
    }

    colour(mode) {
      for (const [place, drawn] of this.options[mode]) {
        const kind = this.data.places[place][0];
        drawn.setAttribute("fill", this.fills[kind]);
        drawn.setAttribute("aria-label", [this.names.get(place), ...this.lines(place)].join(". "));
        drawn.setAttribute("aria-selected", String(place === this.chosen));
        drawn.setAttribute("tabindex", place === this.current ? 0 : -1);
        if (mode === "tiles") {
          const { colour } = this.data.classes[kind];
          drawn.lastChild.setAttribute("stroke", colour);
          drawn.lastChild.setAttribute("fill", onto(colour));
        }
      }
    }

    show(mode) {
      if (!this.layers[mode]) {
        this.layers[mode] = tiled();
        this.options[mode] = this.index(this.layers[mode]);
      }
      this.layers[this.mode].replaceWith(this.layers[mode]);
      this.mode = mode;
      this.colour(mode);
      this.outline("pointed", null);
      this.outline("chosen", this.chosen);
    }

    /* Marks and patterns keep their size on the screen however close one looks. */
    look(box) {
      this.svg.setAttribute("viewBox", box.map(round).join(" "));
      this.fit(box);
    }

    fit(box) {
      const { clientWidth: width, clientHeight: height } = this.svg;
      if (!width || !height) return;
      this.scale = Math.max(box[2] / width, box[3] / height);
      const scaled = `scale(${round(this.scale)})`;
      for (const one of this.defs.children) one.setAttribute("patternTransform", scaled);
      const radius = round(DOT * this.scale * (width < 600 ? 0.7 : 1));
      for (const dot of this.layers.world.querySelectorAll("circle")) dot.setAttribute("r", radius);
      this.svg.classList.toggle("is-small", this.mode === "tiles" && CELL / this.scale < SMALL);
      this.outline("pointed", this.pointed);
      this.outline("chosen", this.chosen);
    }

    /* The line around a place is drawn over all others, and not hidden by neighbours. */
    outline(name, place) {
      this[name] = place;
      const drawn = place && this.options[this.mode].get(place);
      const shapes = drawn ? [...drawn.children].map((one) => this.around(one)) : [];
      for (const line of this.over[name]) line.setAttribute("d", shapes.join(""));
    }

    around(shape) {
      const value = (name) => Number(shape.getAttribute(name));
      if (shape.localName === "path") return shape.getAttribute("d");
      if (shape.localName === "circle") {
        const r = value("r");
        const half = `a${r} ${r} 0 1 0`;
        return `M${value("cx") - r} ${value("cy")}${half} ${2 * r} 0${half} ${-2 * r} 0z`;
      }
      if (shape.localName !== "rect") return "";
      const [x, y, width, height] = ["x", "y", "width", "height"].map(value);
      return `M${x} ${y}h${width}v${height}h${-width}z`;
    }

    choose(place) {
      for (const options of Object.values(this.options)) {
        options.get(this.chosen)?.setAttribute("aria-selected", "false");
        options.get(place)?.setAttribute("aria-selected", "true");
      }
      this.outline("chosen", place);
    }

    /* One place at a time is a stop of the Tab key. */
    stop(place) {
      for (const options of Object.values(this.options)) {
        options.get(this.current)?.setAttribute("tabindex", -1);
        options.get(place).setAttribute("tabindex", 0);
      }
      this.current = place;
    }

    drawn(place) {
      return this.options[this.mode].get(place);
    }
  }

  /* --- the map with its controls -------------------------------------------------------------- */

  class WorldMap {
    constructor(box, data, { words = window.evalkitMapWords, beside = null, titled = true } = {}) {
      this.box = box;
      this.words = words;
      this.titled = titled;
      this.prefix = `evalkit-map-${(several += 1)}`;
      this.names = new Map(words.names);
      this.order = words.names.map(([place]) => place);
      this.mode = "world";
      this.part = "";
      this.set(data, beside);
    }

    /* Draw from nothing, as one looks at it now. */
    set(data, beside) {
      const { current, chosen } = this.panes?.[0] ?? {};
      this.end();
      this.view = this.whole();
      this.panes = [new Pane(this.prefix, this.words, data)];
      if (beside) this.panes.push(new Pane(`${this.prefix}b`, this.words, beside));
      this.build();
      this.listen();
      if (current) for (const pane of this.panes) pane.stop(current);
      if (chosen) this.choose(chosen);
      if (this.mode === "world" && !this.part) this.tell();
      else this.show(this.mode);
    }

    end() {
      this.ending?.abort();
      this.sizes?.disconnect();
      clearTimeout(this.going);
      clearTimeout(this.coming);
    }

    /* --- frame */

    button(said, label, act) {
      const made = element("button", { type: "button", class: "evalkit-map-button" }, [said]);
      if (label) {
        made.setAttribute("aria-label", label);
        made.title = label;
      }
      made.addEventListener("click", act);
      return made;
    }

    build() {
      const { controls, direction, language } = this.words;
      this.frame = element("div", { class: "evalkit-map", dir: direction, lang: language });
      this.tip = element("div", { class: "evalkit-map-tip", "aria-hidden": "true", hidden: "" });
      this.legend = element("ul", { class: "evalkit-map-legend", "aria-label": controls.legend });
      this.status = element("p", { class: "evalkit-map-status", role: "status" });
      this.hint = element("p", { class: "evalkit-map-note", hidden: "" }, [controls.same_size]);
      this.notes = element("div", { class: "evalkit-map-notes" });
      const keys = element("p", { class: "evalkit-map-keys", id: `${this.prefix}-keys` });
      keys.textContent = controls.keys;
      this.figures = this.panes.map((pane) => {
        pane.svg.setAttribute("aria-describedby", keys.id);
        const title = element("p", { class: "evalkit-map-title" });
        return element("div", { class: "evalkit-map-pane" }, [title, pane.svg]);
      });
      const panes = element("div", { class: "evalkit-map-panes" }, this.figures);
      this.frame.append(this.bar(), panes, keys, this.hint, this.legend, this.notes, this.status);
      this.frame.append(this.tip);
      this.box.replaceChildren(this.frame);
    }

    bar() {
      const { controls, parts } = this.words;
      this.modes = ["world", "tiles"].map((mode) =>
        this.button(controls[mode], "", () => this.show(mode)),
      );
      this.select = element("select", { id: `${this.prefix}-part` });
      for (const [part, said] of [["", controls.whole], ...parts]) {
        this.select.append(element("option", { value: part }, [said]));
      }
      this.select.addEventListener("change", () => this.look(this.select.value));
      const label = element("label", { for: this.select.id }, [controls.part]);
      const step = (x, y) => () => this.move(x / 4, y / 4);
      this.moves = [
        this.button("←", controls.west, step(-1, 0)),
        this.button("→", controls.east, step(1, 0)),
        this.button("↑", controls.north, step(0, -1)),
        this.button("↓", controls.south, step(0, 1)),
      ];
      this.closer = this.button("+", controls.closer, () => this.zoom(1.6));
      this.wider = this.button("−", controls.wider, () => this.zoom(1 / 1.6));
      const saves = ["svg", "png"].map((format) => {
        const said = format.toUpperCase();
        return this.button(said, fill(controls.save, { format: said }), () => this.save(format));
      });
      const group = (name, said, children) =>
        element("div", { class: `evalkit-map-${name}`, role: "group", "aria-label": said }, children);
      return element("div", { class: "evalkit-map-bar" }, [
        group("modes", controls.shown, this.modes),
        element("div", { class: "evalkit-map-part" }, [label, this.select]),
        // West is on the left in every language.
        group("zoom", controls.zoom, [this.wider, this.closer, ...this.moves]),
        element("div", { class: "evalkit-map-saves" }, saves),
      ]);
    }

    /* --- words beside the drawing, and the state of the controls */

    tell() {
      this.frame.classList.toggle("is-pair", this.panes.length > 1);
      this.panes.forEach((pane, i) => {
        const title = this.figures[i].firstChild;
        title.textContent = pane.data.title;
        title.hidden = !this.titled && this.panes.length < 2;
      });
      this.legend.replaceChildren(...this.entries());
      const notes = this.titled ? this.allNotes() : [];
      this.notes.replaceChildren(
        ...notes.map((one) => element("p", { class: "evalkit-map-note" }, [one])),
      );
      this.controls();
    }

    allNotes() {
      const notes = this.panes.flatMap((pane) => pane.data.notes);
      const more = this.mode === "tiles" ? [this.words.controls.same_size] : [];
      return [...new Set([...notes, ...more, this.words.boundaries])];
    }

    swatch(draw) {
      const size = { width: 26, height: 18 };
      const { colours } = window.evalkitOutlines;
      const made = node("svg", { ...size, viewBox: "0 0 26 18", "aria-hidden": "true" }, draw);
      const edge = { x: 0.5, y: 0.5, width: 25, height: 17, fill: "none", stroke: colours.edge };
      made.append(node("rect", edge));
      return made;
    }

    entries() {
      const { classes } = this.panes[0].data;
      const rect = { width: 26, height: 18 };
      const found = classes.map((one, i) => {
        const id = `${this.prefix}-l${i}`;
        const drawn = one.pattern
          ? [pattern(id, one.colour, one.pattern, 1), node("rect", { ...rect, fill: `url(#${id})` })]
          : [node("rect", { ...rect, fill: one.colour })];
        const count = this.panes.map((pane) => pane.data.classes[i].counted).join(" | ");
        const counted = element("bdi", { class: "evalkit-map-count" }, [`(${count})`]);
        return element("li", {}, [this.swatch(drawn), element("span", {}, [one.label, " ", counted])]);
      });
      if (this.mode === "tiles") return found;
      const { colours } = window.evalkitOutlines;
      const id = `${this.prefix}-lx`;
      const drawn = [
        pattern(id, colours.nobody, colours.disputed, 1),
        node("rect", { ...rect, fill: colours.nobody }),
        node("rect", { ...rect, x: 13, width: 13, fill: `url(#${id})` }),
      ];
      const said = element("span", {}, [this.words.nobody]);
      return [...found, element("li", {}, [this.swatch(drawn), said])];
    }

    controls() {
      const whole = this.whole();
      const close = this.view[2] < whole[2] * 0.999 || this.view[3] < whole[3] * 0.999;
      this.modes.forEach((button, i) =>
        button.setAttribute("aria-pressed", String(["world", "tiles"][i] === this.mode)),
      );
      this.hint.hidden = this.mode !== "tiles" || this.titled;
      this.frame.classList.toggle("is-close", close);
      this.frame.classList.toggle("is-tiles", this.mode === "tiles");
      this.wider.disabled = !close;
      this.closer.disabled = whole[2] / this.view[2] > CLOSEST;
      for (const one of this.moves) one.hidden = !close;
      // Nothing is said to be shown that is not: after a step or a zoom it is no part with a name.
      if (this.astray) this.select.selectedIndex = -1;
      else this.select.value = this.part;
    }

    /* --- what one looks at */

    whole() {
      const { size, grid } = window.evalkitOutlines;
      return this.mode === "tiles" ? [0, 0, grid[0] * CELL, grid[1] * CELL] : [0, 0, ...size];
    }

    boxOf(part) {
      const { boxes, tileBoxes } = window.evalkitOutlines;
      if (!part) return this.whole();
      if (this.mode === "world") return [...boxes[part]];
      return tileBoxes[part].map((one) => one * CELL);
    }

    apply(view, astray = false) {
      this.view = view;
      this.astray = astray;
      this.hide();
      this.controls(); // first: they change the height of the drawing
      this.view = this.spread(view);
      for (const pane of this.panes) pane.look(this.view);
    }

    /* As much as the drawing has room for, and rather more of the world than what is around it. */
    spread([left, top, width, height]) {
      const { clientWidth, clientHeight } = this.panes[0].svg;
      const whole = this.whole();
      if (!clientWidth || !clientHeight || width >= whole[2]) return [left, top, width, height];
      const wide = Math.max(width, (height * clientWidth) / clientHeight);
      const high = Math.max(height, (width * clientHeight) / clientWidth);
      const within = (at, size, most) =>
        size < most ? Math.max(0, Math.min(most - size, at)) : (most - size) / 2;
      const x = within(left - (wide - width) / 2, wide, whole[2]);
      return [x, within(top - (high - height) / 2, high, whole[3]), wide, high];
    }

    look(part) {
      this.part = part;
      this.apply(this.boxOf(part));
    }

    step(view) {
      this.apply(view, true);
    }

    show(mode) {
      this.mode = mode;
      for (const pane of this.panes) pane.show(mode);
      this.tell();
      this.look(this.part);
    }

    move(x, y) {
      const [left, top, width, height] = this.view;
      this.step([left + x * width, top + y * height, width, height]);
    }

    zoom(factor) {
      const whole = this.whole();
      const [left, top, width, height] = this.view;
      const size = Math.min(whole[2], Math.max(whole[2] / CLOSEST, width / factor));
      if (size >= whole[2] * 0.999) return this.look("");
      const ratio = size / width;
      const [x, y] = this.middle();
      this.step([x - size / 2, y - (height * ratio) / 2, size, height * ratio]);
    }

    /* Zooming goes to who is chosen where that place can be seen, else to the middle. */
    middle() {
      const [left, top, width, height] = this.view;
      const { anchors, tiles } = window.evalkitOutlines;
      const place = this.panes[0].chosen;
      const half = [left + width / 2, top + height / 2];
      if (!place) return half;
      const tile = tiles[place].map((one) => (one + 0.5) * CELL);
      const [x, y] = this.mode === "tiles" ? tile : anchors[place];
      const seen = x > left && x < left + width && y > top && y < top + height;
      return seen ? [x, y] : half;
    }

    /* --- pointing and choosing */

    listen() {
      this.ending = new AbortController();
      const { signal } = this.ending;
      this.panes.forEach((pane) => {
        const { svg } = pane;
        svg.addEventListener("pointerover", (event) => this.over(pane, event));
        svg.addEventListener("pointerleave", (event) => this.leave(event));
        svg.addEventListener("focusin", (event) => this.focused(pane, event));
        svg.addEventListener("focusout", () => this.hide());
        svg.addEventListener("keydown", (event) => this.key(pane, event));
        svg.addEventListener("click", (event) => this.clicked(event));
        this.drag(svg);
      });
      this.tip.addEventListener("pointerenter", () => this.stay());
      this.tip.addEventListener("pointerleave", (event) => this.leave(event));
      const escape = (event) => event.key === "Escape" && !this.tip.hidden && this.hide();
      document.addEventListener("keydown", escape, { signal });
      const apart = (event) => !this.frame.contains(event.target) && this.hide();
      document.addEventListener("pointerdown", apart, { signal });
      this.sizes = new ResizeObserver(() => this.panes.forEach((pane) => pane.fit(this.view)));
      this.sizes.observe(this.panes[0].svg);
    }

    placeOf(event) {
      return event.target.closest?.("[data-place]")?.dataset.place;
    }

    /* Words change a moment later where there are some: on the way to them lie other places. */
    over(pane, event) {
      const place = this.placeOf(event);
      const at = [event.clientX, event.clientY];
      const area = event.target.closest?.("[data-area]");
      if (!place && !area) return this.leave(event);
      this.stay();
      const tell = () => (place ? this.say(place, at) : this.name(at));
      if (this.tip.hidden || event.pointerType === "touch") tell();
      else this.coming = setTimeout(tell, 90);
    }

    name(at) {
      for (const pane of this.panes) pane.outline("pointed", null);
      this.write([[this.words.nobody]], at);
    }

    stay() {
      clearTimeout(this.going);
      clearTimeout(this.coming);
    }

    /* A little later, so that the words can be pointed at themselves. A finger that is lifted
       leaves them; the next touch elsewhere takes them away. */
    leave(event) {
      this.stay();
      if (event.pointerType === "touch" && event.type === "pointerleave") return;
      this.going = setTimeout(() => this.hide(), 250);
    }

    say(place, at) {
      for (const pane of this.panes) pane.outline("pointed", place);
      const told = this.panes.map((pane) =>
        this.panes.length > 1 ? [pane.data.title, ...pane.lines(place)] : pane.lines(place),
      );
      this.write([[this.names.get(place)], ...told], at);
    }

    write([[head], ...told], [x, y]) {
      this.stay();
      const lines = told.flatMap((lines, i) =>
        lines.map((line, j) => {
          const first = this.panes.length > 1 && j === 0;
          return element("span", first ? { class: "is-head" } : {}, [line]);
        }),
      );
      this.tip.replaceChildren(element("strong", {}, [head]), ...lines);
      this.tip.hidden = false;
      const around = this.frame.getBoundingClientRect();
      const { offsetWidth: width, offsetHeight: height } = this.tip;
      const left = Math.max(0, Math.min(around.width - width, x - around.left - width / 2));
      const above = y - around.top - height - 14;
      this.tip.style.left = `${left}px`;
      this.tip.style.top = `${y - height - 14 > 0 ? above : y - around.top + 18}px`;
    }

    hide() {
      this.stay();
      this.tip.hidden = true;
      for (const pane of this.panes) pane.outline("pointed", null);
    }

    focused(pane, event) {
      const place = this.placeOf(event);
      if (!place) return;
      pane.stop(place);
      if (!pane.drawn(place).matches(":focus-visible")) return;
      this.reveal(place);
      const box = pane.drawn(place).getBoundingClientRect();
      this.say(place, [box.left + box.width / 2, box.top + Math.min(box.height / 2, 40)]);
    }

    /* A place that is reached by a key and lies outside the part one looks at comes into it. */
    reveal(place) {
      const { anchors, tiles } = window.evalkitOutlines;
      const [x, y] =
        this.mode === "tiles" ? tiles[place].map((one) => (one + 0.5) * CELL) : anchors[place];
      const [left, top, width, height] = this.view;
      if (x >= left && x <= left + width && y >= top && y <= top + height) return;
      this.step([x - width / 2, y - height / 2, width, height]);
    }

    key(pane, event) {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const next = this.next(pane.current, event.key);
      if (event.key === "Enter" || event.key === " ") this.take(pane.current);
      else if (next) pane.drawn(next).focus();
      else return;
      event.preventDefault();
    }

    next(place, key) {
      const { order } = this;
      const at = order.indexOf(place);
      const forward = this.words.direction === "rtl" ? "ArrowLeft" : "ArrowRight";
      const back = this.words.direction === "rtl" ? "ArrowRight" : "ArrowLeft";
      if (key === forward || key === "ArrowDown") return order[(at + 1) % order.length];
      if (key === back || key === "ArrowUp") return order[(at - 1 + order.length) % order.length];
      if (key === "Home") return order[0];
      if (key === "End") return order[order.length - 1];
      if (key.length > 1 || key === " ") return null;
      const begins = (one) => plainly(this.names.get(one)).startsWith(plainly(key));
      return [...order.slice(at + 1), ...order.slice(0, at + 1)].find(begins) || null;
    }

    clicked(event) {
      const place = this.placeOf(event);
      if (place && !this.dragged) this.take(place);
    }

    take(place) {
      this.choose(place);
      const detail = { place, name: this.names.get(place) };
      this.box.dispatchEvent(new CustomEvent("evalkit:choose", { bubbles: true, detail }));
    }

    choose(place) {
      for (const pane of this.panes) {
        pane.choose(place || null);
        if (place) pane.stop(place);
      }
    }

    drag(svg) {
      let from = null;
      svg.addEventListener("pointerdown", (event) => {
        this.dragged = false;
        if (event.button === 0 && !this.wider.disabled) from = [event.clientX, event.clientY];
      });
      svg.addEventListener("pointermove", (event) => {
        if (!from || !event.buttons) return;
        const apart = [event.clientX - from[0], event.clientY - from[1]];
        if (!this.dragged && Math.hypot(...apart) < 6) return;
        this.dragged = true;
        from = [event.clientX, event.clientY];
        const { scale } = this.panes[0];
        this.move((-apart[0] * scale) / this.view[2], (-apart[1] * scale) / this.view[3]);
      });
      for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
        svg.addEventListener(name, () => (from = null));
      }
    }

    /* --- new data, and pictures */

    update(data, beside = null) {
      if (Boolean(beside) !== this.panes.length > 1) return this.set(data, beside);
      this.panes[0].update(data);
      this.panes[1]?.update(beside);
      this.hide();
      this.tell();
    }

    picture() {
      return picture(this);
    }

    async save(format) {
      const { controls } = this.words;
      const { data } = this.panes[0];
      const name = `${data.name || slug(data.title)}.${format}`;
      try {
        const drawn = this.picture();
        const text = new XMLSerializer().serializeToString(drawn);
        const blob = format === "svg" ? new Blob([text], { type: "image/svg+xml" }) : await png(drawn, text);
        const address = URL.createObjectURL(blob);
        element("a", { href: address, download: name }).click();
        setTimeout(() => URL.revokeObjectURL(address), 10_000);
        this.status.textContent = fill(controls.saved, { name });
      } catch (error) {
        this.status.textContent = controls.not_saved;
        console.error(error);
      }
    }
  }

  const plainly = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  /* --- pictures: title, source, map, legend and the note on boundaries in one drawing --------- */

  const WIDTH = 1200;
  const EDGE = 24;

  class Sheet {
    constructor(words) {
      this.rtl = words.direction === "rtl";
      this.y = EDGE;
      this.parts = [];
      this.brush = document.createElement("canvas").getContext("2d");
    }

    wrap(said, size, weight, width) {
      this.brush.font = `${weight} ${size}px ${window.evalkitOutlines.font}`;
      const fits = (text) => this.brush.measureText(text).width <= width;
      const lines = [""];
      for (const word of said.split(/(?<=\s)|(?<=[\u3000-\u9fff\uff00-\uffef])/u)) {
        if (fits(lines.at(-1) + word.trimEnd()) || !lines.at(-1)) lines[lines.length - 1] += word;
        else lines.push(word);
      }
      return lines.map((line) => line.trim());
    }

    text(said, size, { weight = 400, muted = false, gap = 0 } = {}) {
      const { colours } = window.evalkitOutlines;
      for (const line of this.wrap(said, size, weight, WIDTH - 2 * EDGE)) {
        this.y += size * 1.3;
        this.line(line, this.rtl ? WIDTH - EDGE : EDGE, this.y, size, weight, muted ? colours.muted : colours.ink);
      }
      this.y += gap;
    }

    line(said, x, y, size, weight, colour) {
      const style = { "font-size": size, "font-weight": weight, fill: colour };
      const way = this.rtl ? { direction: "rtl" } : {};
      this.parts.push(node("text", { x, y: round(y), ...style, ...way }, [said]));
    }

    drawing(pane) {
      const [, , width, height] = pane.svg.getAttribute("viewBox").split(" ").map(Number);
      const wide = WIDTH - 2 * EDGE;
      const high = Math.min((wide * height) / width, 640);
      const copy = pane.svg.cloneNode(true);
      for (const name of ["class", "role", "aria-label", "aria-describedby"]) copy.removeAttribute(name);
      for (const one of copy.querySelectorAll("[data-place]")) {
        for (const name of ["tabindex", "role", "aria-selected"]) one.removeAttribute(name);
        one.prepend(node("title", {}, [one.getAttribute("aria-label")]));
        one.removeAttribute("aria-label");
      }
      const size = { x: EDGE, y: this.y, width: wide, height: round(high), overflow: "hidden" };
      for (const [name, value] of Object.entries(size)) copy.setAttribute(name, value);
      const scale = Math.max(width / wide, height / high);
      for (const one of copy.querySelectorAll("defs > pattern")) {
        one.setAttribute("patternTransform", `scale(${round(scale)})`);
      }
      for (const one of copy.querySelectorAll("circle")) one.setAttribute("r", round(DOT * scale));
      for (const one of copy.querySelectorAll(".evalkit-map-pointed, .evalkit-map-chosen")) one.remove();
      this.parts.push(copy);
      this.y += high + 10;
    }

    legend(entries) {
      const size = 14;
      const { colours } = window.evalkitOutlines;
      let x = EDGE;
      for (const entry of entries) {
        const words = entry.lastChild;
        const count = words.querySelector("bdi")?.textContent;
        // The count stays behind its label where Latin letters end an Arabic one.
        const said = count && this.rtl ? `${words.firstChild.data} \u2068${count}\u2069` : words.textContent;
        const [long] = [this.wrap(said, size, 400, 1e9)[0]];
        const wide = 34 + this.brush.measureText(long).width + 22;
        if (x > EDGE && x + wide > WIDTH - EDGE) [x, this.y] = [EDGE, this.y + 26];
        const swatch = entry.firstChild.cloneNode(true);
        const at = this.rtl ? WIDTH - x - 26 : x;
        swatch.setAttribute("x", at);
        swatch.setAttribute("y", this.y);
        this.parts.push(swatch);
        this.line(said, this.rtl ? at - 8 : at + 34, this.y + 14, size, 400, colours.ink);
        x += wide;
      }
      this.y += 30;
    }

    finish() {
      const size = { width: WIDTH, height: Math.ceil(this.y + EDGE) };
      const { font } = window.evalkitOutlines;
      const back = node("rect", { ...size, fill: "#ffffff" });
      const viewBox = `0 0 ${size.width} ${size.height}`;
      return node("svg", { xmlns: SVG, ...size, viewBox, "font-family": font }, [back, ...this.parts]);
    }
  }

  function picture(map) {
    const sheet = new Sheet(map.words);
    const notes = map.allNotes();
    for (const pane of map.panes) {
      sheet.text(pane.data.title, 22, { weight: 650, gap: 6 });
      for (const note of pane.data.notes) sheet.text(note, 13, { muted: true });
      sheet.y += 10;
      sheet.drawing(pane);
    }
    sheet.legend(map.entries());
    const own = new Set(map.panes.flatMap((pane) => pane.data.notes));
    for (const note of notes.filter((one) => !own.has(one))) sheet.text(note, 12, { muted: true });
    return sheet.finish();
  }

  async function png(drawn, text) {
    const [width, height] = ["width", "height"].map((name) => Number(drawn.getAttribute(name)));
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = element("canvas", { width: width * 2, height: height * 2 });
    const brush = canvas.getContext("2d");
    brush.scale(2, 2);
    brush.drawImage(image, 0, 0, width, height);
    return new Promise((done, failed) =>
      canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), "image/png"),
    );
  }

  const drawn = new WeakMap();

  evalkit.map = (box, data, options) => {
    drawn.get(box)?.end();
    const made = new WorldMap(box, data, options);
    drawn.set(box, made);
    return made;
  };
})();
