// Follows a run that goes on: asks for what was added to its figures, once a second while anybody looks.

async function fetched(path) {
  const answer = await fetch(path, {cache: "no-store"});
  if (!answer.ok) throw new Error(path + ": " + answer.status);
  return answer;
}

async function watch(given) {
  const wanted = new URLSearchParams(location.search).get("run");
  if (wanted === null && given.several) { new Overview().follow(); return; }
  const query = wanted === null ? "" : "run=" + encodeURIComponent(wanted) + "&";
  let run;
  try {
    run = await (await fetched("data?" + query)).json();
  } catch (e) {
    document.getElementById("main").replaceChildren(el("p", {class: "notice failed"}, "There is no such run any more, or nobody watches it: " + e.message));
    return;
  }
  new Follower(new Page(run, {back: given.several}), query).follow();
}

class Follower {
  constructor(page, query) {
    this.page = page;
    this.query = query;
    this.bytes = new TextEncoder().encode(page.run.metrics || "");
    // What is known ends with a whole line.
    this.bytes = this.bytes.slice(0, this.bytes.lastIndexOf(10) + 1);
    this.version = page.run.version;
  }

  async follow() {
    for (let isFirst = true;; isFirst = false) {
      if (!isFirst) await new Promise(resolve => setTimeout(resolve, this.page.course.end ? 3000 : 1000));
      if (document.hidden) continue;
      try {
        await this.ask();
        this.lost(false);
      } catch (e) {
        this.lost(true);
      }
    }
  }

  lost(isLost) { this.note("lost", isLost); }

  note(what, is) {
    if (Boolean(this.page.live[what]) === is) return;
    this.page.live[what] = is;
    this.page.update();
  }

  /** Says what it has by its length and a checksum of its end: a resumed run's figures may be cut back and go on. */
  async ask() {
    const answer = await fetched("metrics?" + this.query + "from=" + this.bytes.length + "&print=" + print(this.bytes));
    const from = Number(answer.headers.get("Ashlar-From")), version = answer.headers.get("Ashlar-Version");
    const added = new Uint8Array(await answer.arrayBuffer()), whole = added.slice(0, added.lastIndexOf(10) + 1);
    if (from === 0 && this.bytes.length) this.page.course = new Course();
    if (whole.length || from === 0 && this.bytes.length) {
      const known = from === 0 ? new Uint8Array() : this.bytes;
      this.bytes = new Uint8Array(known.length + whole.length);
      this.bytes.set(known);
      this.bytes.set(whole, known.length);
      this.page.course.add(new TextDecoder().decode(whole));
      this.page.update();
    }
    this.note("ended", answer.headers.get("Ashlar-Goes-On") === "false");
    if (version !== this.version) {
      this.version = version;
      this.page.run = await (await fetched("data?" + this.query)).json();
      this.page.still();
      this.page.update();
    }
  }
}

/** FNV-1a of the last 256 bytes. */
function print(bytes) {
  let hash = 0x811c9dc5;
  for (const byte of bytes.subarray(Math.max(0, bytes.length - 256))) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

// ---------------------------------------------------------------- several runs

/** The measure that a run has before it is measured for the first time. */
const STEPS = "loss of each step";

/** A list of runs, and a measure of all of them in one chart. */
class Overview {
  constructor() {
    this.courses = new Map();
    this.measure = el("select", {"aria-label": "measure", onchange: () => this.draw()});
    this.log = el("input", {type: "checkbox", onchange: () => this.draw()});
    this.table = el("div", {class: "scroll card texts runs"});
    this.empty = el("p", {class: "notice"}, "No run yet. As soon as one begins in this folder, it is here.");
    this.chart = new Chart("loss", [], {});
    this.card = chartCard(this.chart, [el("label", {}, "measure", this.measure), el("label", {}, this.log, "logarithmic")], true);
    document.title = "Runs";
    document.getElementById("main").append(el("h1", {}, "Runs"), this.empty, el("div", {class: "apart"}, this.card), el("div", {class: "apart"}, this.table));
  }

  async follow() {
    for (;;) {
      try { if (!document.hidden || !this.courses.size) await this.ask(); } catch (e) { /* it is asked again */ }
      await new Promise(resolve => setTimeout(resolve, 2000));
    }
  }

  async ask() {
    const listed = await (await fetched("runs")).json();
    let changed = listed.length !== this.courses.size;
    for (const {name, stamp, goesOn} of listed) {
      const known = this.courses.get(name);
      if (known && known.goesOn !== goesOn) { known.goesOn = goesOn; changed = true; }
      if (known && known.stamp === stamp) continue;
      changed = true;
      const metrics = await (await fetched("metrics?run=" + encodeURIComponent(name) + "&from=0&print=0")).text();
      this.courses.set(name, {stamp, goesOn, course: new Course().add(metrics), shown: known ? known.shown : this.courses.size < 8});
    }
    for (const name of [...this.courses.keys()]) if (!listed.some(run => run.name === name)) this.courses.delete(name);
    if (changed) { this.list(); this.draw(); }
  }

  list() {
    const known = new Map(); // measures, and how many runs have them
    const has = name => known.set(name, (known.get(name) || 0) + 1);
    for (const {course} of this.courses.values()) {
      const {parts, names} = course.measures();
      for (const name of names) for (const part of parts) if (course.points(part, name).length) has(part + " " + name);
      if (course.steps.length) has(STEPS);
    }
    const now = this.measure.value, most = Math.max(...known.values());
    const first = ["validation loss", "test loss", "train loss", STEPS].find(m => known.get(m) === most);
    this.measure.replaceChildren(...[...known.keys()].map(m => el("option", {value: m}, named(m))));
    this.measure.value = known.has(now) ? now : first || [...known.keys()][0] || "";
    this.empty.hidden = this.courses.size > 0;
    this.table.hidden = this.card.hidden = !this.courses.size;
    this.table.replaceChildren(el("table", {}, el("thead", {}, el("tr", {}, ["run", "", "state", "progress", "measures", "time"].map(h => el("th", {scope: "col"}, h)))),
      el("tbody", {}, [...this.courses].map(([name, run], i) => {
        const course = run.course, final = (course.end && course.end.metrics) || (course.best() && course.best().metrics) || {};
        const status = course.end || run.goesOn ? course.status() : "interrupted";
        const last = Object.keys(final).at(-1), swatch = el("input", {type: "checkbox", "aria-label": "show " + name, onchange: () => { run.shown = swatch.checked; this.draw(); }});
        swatch.checked = run.shown;
        swatch.style.accentColor = hue(i);
        return el("tr", {}, el("td", {}, el("a", {href: "?run=" + encodeURIComponent(name)}, name)), el("td", {}, swatch),
          el("td", {}, el("span", {class: "badge " + status}, status)),
          el("td", {}, course.start && course.start.steps ? percent(course.step() / course.start.steps) : text(course.step())),
          el("td", {}, last ? last + ": " + Object.entries(final[last]).map(([n, v]) => named(n) + " " + text(number(v))).join(", ") : ""),
          el("td", {}, duration(course.seconds())));
      }))));
  }

  points(course, part, name) {
    return this.measure.value === STEPS ? course.steps.map(s => [s.step, number(s.loss)]) : course.points(part, name);
  }

  draw() {
    const at = this.measure.value.indexOf(" "), part = this.measure.value.slice(0, at), name = this.measure.value.slice(at + 1);
    const series = [...this.courses].map(([label, run], i) => ({label, colour: hue(i), points: run.shown ? this.points(run.course, part, name) : []}))
      .filter(s => s.points.length);
    this.chart.title = named(this.measure.value);
    this.card.querySelector("h3").textContent = this.chart.title;
    this.chart.update(series, {log: this.log.checked});
  }
}

/** Colours that can be told apart, as many as are needed. */
function hue(i) {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark"
    || document.documentElement.dataset.theme === undefined && matchMedia("(prefers-color-scheme: dark)").matches;
  return "hsl(" + Math.round((215 + i * 137.508) % 360) + " 62% " + (dark ? 66 : 40) + "%)";
}
