/* The choices of an indicator: series, period, day, group. The first look stands in the page, made
   by evalkit/publish/explorer.py; this draws the same for every other, from the indicator's book
   (evalkit/views/books.py): all its words, and for each look the numbers that point at them. */
(() => {
  "use strict";
  const { evalkit } = window;
  const NOTHING = -1;
  const ROOM = 100;
  const BAR = 12;
  const SVG = "http://www.w3.org/2000/svg";

  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  const drawing = (name, attributes, ...children) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  const round = (number) => Math.round(number * 100) / 100;

  class Explorer {
    constructor(box, places) {
      this.box = box;
      this.places = places;
      this.words = places.words;
      this.choosers = Object.fromEntries(
        [...box.querySelectorAll("select")].map((one) => [one.name, one]),
      );
      this.first = this.chosen();
      this.indicator = box.dataset.indicator;
      for (const one of Object.values(this.choosers)) {
        one.addEventListener("change", () => this.choose(one.name).catch(evalkit.failed));
      }
    }

    at(place) {
      return this.box.querySelector(`[data-place="${place}"]`);
    }

    chosen() {
      return Object.fromEntries(Object.entries(this.choosers).map(([name, one]) => [name, one.value]));
    }

    async start() {
      const asked = evalkit.state();
      if (this.choosers.indicator && asked.has("indicator")) this.set("indicator", asked.get("indicator"));
      this.indicator = this.choosers.indicator?.value || this.indicator;
      this.book = await evalkit.need(`books/${this.indicator}`);
      this.offer(Object.fromEntries(asked));
      if (asked.has("group")) this.set("group", asked.get("group"));
      this.draw();
      this.at("table-box").open = false; // open for pages without a script
      evalkit.ready();
    }

    async choose(name) {
      const started = performance.now();
      if (name === "indicator") {
        this.indicator = this.choosers.indicator.value;
        this.book = await evalkit.need(`books/${this.indicator}`);
        this.offer({ as_of: this.choosers.as_of.value });
      } else if (name !== "group") {
        this.offer(this.chosen());
      }
      this.draw();
      const now = this.chosen();
      const same = this.first;
      const state = Object.entries(now).filter(
        ([key, value]) => value !== same[key] || (key !== "indicator" && now.indicator !== same.indicator && key !== "group"),
      );
      evalkit.write(Object.fromEntries(state));
      evalkit.say(evalkit.fill(evalkit.texts.redrawn, { title: this.at("title").textContent }));
      this.box.dataset.redrawn = String(performance.now() - started);
    }

    set(name, value) {
      const chooser = this.choosers[name];
      if ([...chooser.options].some((one) => one.value === value)) chooser.value = value;
    }

    /* Let days, series and periods follow the indicator and one another. */
    offer(wanted) {
      const { book } = this;
      this.options("as_of", book.days, wanted.as_of);
      const of_day = book.choices[this.choosers.as_of.value];
      this.options("series", book.series.filter(([one]) => of_day[one].length), wanted.series);
      const periods = of_day[this.choosers.series.value] || [];
      this.options("period", periods.map(([one, label]) => [one, label || one]), wanted.period);
    }

    options(name, options, wanted) {
      const chooser = this.choosers[name];
      const made = (options.length ? options : [["", ""]]).map(([value, label]) => new Option(label, value));
      chooser.replaceChildren(...made);
      this.set(name, wanted);
      chooser.closest("label").hidden = options.length < 2 && name !== "as_of";
    }

    // --- what is drawn --------------------------------------------------------------------------

    draw() {
      const { book } = this;
      const { series, period, as_of: day, group } = this.chosen();
      const found = (book.choices[day][series] || []).find(([one]) => one === period);
      const look = book.looks[found ? found[2] : 0];
      const [states, classes, groups, bars, note, title] = look;
      this.inside = new Set(
        this.places.states.filter(([, of]) => of.includes(group)).map(([one]) => one),
      );
      this.at("title").textContent = this.word(title);
      for (const one of this.box.querySelectorAll('[data-place="note"]')) one.innerHTML = this.word(note);
      this.headline(book.groups[groups], group, title);
      this.map(states, classes, title, note, day);
      this.bars(book.bars[bars], title);
      this.table(states, title);
      this.files();
    }

    word(number) {
      return this.book.words[number];
    }

    headline(groups, group, title) {
      const place = this.places.groups.findIndex(([one]) => one === group);
      const [said, counted, least] = groups[place];
      const lines = [least ? this.words.least : "", this.word(counted), this.book.definition];
      this.at("headline").replaceChildren(
        element(
          "div",
          { class: "evalkit-headline", role: "status" },
          element("span", {}, this.word(title)),
          element("strong", {}, this.word(said)),
          ...lines.filter(Boolean).map((line) => element("p", {}, line)),
        ),
      );
    }

    /* What evalkit/views/map_data.py makes of rows, from the book. */
    mapData(states, classes, title, note, day) {
      const { book } = this;
      const kinds = book.classes[classes].map(([label, colour, pattern]) => ({
        label: this.word(label), colour, pattern,
      }));
      const outside = kinds.length;
      const counts = [];
      const lines = [];
      const numbers = new Map();
      const line = (said) => {
        if (!numbers.has(said)) {
          numbers.set(said, lines.length);
          lines.push(said);
        }
        return numbers.get(said);
      };
      const places = {};
      this.places.states.forEach(([one], i) => {
        const number = this.inside.has(one) ? book.states[states][i] : NOTHING;
        let kind = outside;
        let said = [this.words.outside];
        if (number !== NOTHING) {
          const [own, value, , basis, when] = book.cells[number];
          kind = own;
          said = [this.word(value)];
          if (book.id === "obligations" && this.word(when)) {
            said.push(evalkit.fill(this.words.due, { day: this.word(when) }));
          }
          said.push(evalkit.fill(this.words.basis, { basis: this.word(basis) }));
        }
        counts[kind] = (counts[kind] || 0) + 1;
        places[one] = [kind, ...said.map(line)];
      });
      if (counts[outside]) kinds.push({ label: this.words.outside, colour: "#ffffff", pattern: "" });
      kinds.forEach((one, i) => {
        one.count = counts[i] || 0;
        one.counted = String(one.count);
      });
      const told = new DOMParser().parseFromString(this.word(note), "text/html").body.textContent;
      return {
        title: this.word(title), name: `evalkit-${book.id}-${day}`, notes: [told], classes: kinds, lines, places,
      };
    }

    map(states, classes, title, note, day) {
      const box = this.at("map");
      box.hidden = states === NOTHING;
      this.at("boundaries").hidden = states === NOTHING;
      this.at("groups_only").hidden = states !== NOTHING;
      if (states === NOTHING) return;
      const data = this.mapData(states, classes, title, note, day);
      if (this.drawn) this.drawn.update(data);
      else {
        box.replaceChildren();
        this.drawn = evalkit.map(box, data, { words: this.places.map, titled: false });
      }
    }

    bars([kind, ...bars], title) {
      this.at("bars-box").hidden = !bars.length;
      this.at("bars-title").textContent = this.words[kind];
      const most = Math.max(...bars.map(([, , value, , high]) => Math.max(Math.abs(value || 0), Math.abs(high || 0)))) || 1;
      const rows = bars.map(([label, said, value, low, high]) =>
        element(
          "tr",
          {},
          element("th", { scope: "row" }, this.word(label)),
          element("td", {}, this.bar(value, low, high, most)),
          element("td", {}, this.word(said)),
        ),
      );
      const caption = element("caption", { class: "evalkit-unseen" }, this.word(title));
      const table = element("table", { class: "evalkit-bars" }, caption, element("tbody", {}, ...rows));
      this.at("bars").replaceChildren(table);
    }

    bar(value, low, high, most) {
      const rect = drawing("rect", { width: round((ROOM * Math.abs(value || 0)) / most), height: BAR });
      const own = [rect];
      if (low !== null && high !== null && low !== high) {
        const [first, last] = [low, high].map((one) => round((ROOM * one) / most));
        own.push(drawing("path", { d: `M${first} 6H${last}`, class: "evalkit-bounds" }));
      }
      const box = { class: "evalkit-bar", viewBox: `0 0 ${ROOM} ${BAR}`, preserveAspectRatio: "none", "aria-hidden": "true" };
      return drawing("svg", box, ...own);
    }

    table(states, title) {
      const box = this.at("table-box");
      const order = new Map(this.places.states.map(([one], i) => [one, i]));
      const found =
        states === NOTHING
          ? []
          : this.places.map.names
              .map(([one, name]) => [name, this.inside.has(one) ? this.book.states[states][order.get(one)] : NOTHING])
              .filter(([, number]) => number >= 0);
      box.hidden = !found.length;
      this.at("table-title").textContent = evalkit.fill(this.words.open, { count: found.length });
      const kinds = ["text", "text", "number", "number", "text"];
      const head = this.words.columns.map((one, i) => element("th", { scope: "col", class: kinds[i] }, one));
      const rows = found.map(([name, number]) => {
        const [, value, counts, basis, period] = this.book.cells[number];
        const cells = [period, value, counts, basis].map((one, i) =>
          element("td", { class: kinds[i + 1] }, this.word(one)),
        );
        return element("tr", {}, element("th", { scope: "row" }, name), ...cells);
      });
      const said = this.word(title);
      this.at("table").replaceChildren(
        element(
          "div",
          { class: "evalkit-table", tabindex: "0", role: "region", "aria-label": said },
          element(
            "table",
            {},
            element("caption", {}, said),
            element("thead", {}, element("tr", {}, ...head)),
            element("tbody", {}, ...rows),
          ),
        ),
      );
    }

    files() {
      for (const end of ["csv", "xlsx"]) this.at(end).href = `${evalkit.top}downloads/${this.book.id}.${end}`;
      const sheet = this.at("sheet");
      if (sheet) sheet.href = `${evalkit.home}indicator/${this.book.id}.html`;
    }
  }

  addEventListener("DOMContentLoaded", () => {
    const box = document.querySelector(".evalkit-explorer");
    evalkit
      .need("places")
      .then((places) => new Explorer(box, places).start())
      .catch(evalkit.failed);
  });
})();
