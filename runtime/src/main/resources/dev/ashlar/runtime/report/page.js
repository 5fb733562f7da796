// Puts the page together, once for a report, again and again for a run that goes on.

const PARTS = ["results", "curves", "mistakes", "samples", "network", "configuration", "environment"];

class Page {
  constructor(run, live) {
    this.run = run;
    this.live = live;
    this.course = new Course().add(run.metrics || "");
    this.head = el("section", {});
    this.results = el("section", {"aria-labelledby": "results"});
    this.curves = new Curves();
    this.findings = el("div", {});
    this.samples = el("section", {"aria-labelledby": "samples"});
    this.network = el("div", {});
    this.rest = el("div", {});
    document.getElementById("main").append(this.head, this.results, this.curves.section, this.findings, this.samples, this.network, this.rest);
    this.still();
    this.update();
  }

  /** What does not change while a run goes on. */
  still() {
    const {findings, config, environment} = this.run;
    const found = findings ? findingsSection(findings) : null;
    this.findings.replaceChildren(...(found ? [found] : []));
    this.network.replaceChildren(...(findings && findings.network ? [new Network(findings.network).section] : []));
    this.rest.replaceChildren(...[config ? configurationSection(config) : null, environment ? environmentSection(environment) : null].filter(Boolean));
  }

  update() {
    const course = this.course;
    this.header(course);
    this.measures(course);
    this.curves.update(course);
    this.wrote(course);
    const links = PARTS.map(id => document.getElementById(id)).filter(h => h && !h.closest("[hidden]"));
    const nav = document.getElementById("contents");
    if (nav.children.length !== links.length + (this.live && this.live.back ? 1 : 0)) {
      nav.replaceChildren(...(this.live && this.live.back ? [el("a", {href: "/"}, "All runs")] : []),
        ...links.map(h => el("a", {href: "#" + h.id}, h.textContent)));
    }
  }

  header(course) {
    const start = course.start || {}, status = this.live && !course.end && (this.live.lost ? "out of reach" : this.live.ended && "interrupted") || course.status();
    const facts = [];
    if (start.parameters) facts.push(count(start.parameters, "parameter"));
    if (start.examples) facts.push(count(start.examples, "example") + " to learn from");
    if (start.steps) facts.push((start.by_epoch === false ? "" : count(start.epochs, "epoch") + ", ") + count(start.steps, "step"));
    if (start.time) facts.push("begun " + start.time.replace("T", " ").replace(/(:\d\d):\d\d(\.\d+)?/, "$1"));
    const notices = [];
    if (course.end && course.end.message) notices.push(el("p", {class: "notice " + course.end.reason}, course.end.message));
    for (const warning of course.warnings.slice(-8)) {
      notices.push(el("p", {class: "notice"}, el("b", {}, "Step " + text(warning.step) + ". "), warning.message));
    }
    this.head.replaceChildren(
      el("div", {class: "title"}, el("h1", {}, this.run.name), el("span", {class: "badge " + status.replaceAll(" ", "-"), role: "status"}, this.isOpen(course) ? "no end written" : status)),
      el("p", {class: "facts"}, facts.join(" \u00b7 ")), start.backend ? el("p", {class: "facts"}, start.backend) : "", ...notices);
    document.title = this.run.name + (this.live ? " \u00b7 " + status : "");
  }

  /** A report of a run that neither ended nor goes on. */
  isOpen(course) {
    return !this.live && !course.end;
  }

  measures(course) {
    const best = course.best(), final = (course.end && course.end.metrics) || (best && best.metrics) || {};
    const last = Object.keys(final).at(-1), tiles = [];
    const tile = (name, value, small) => tiles.push(el("div", {class: "tile"}, el("dt", {}, name), el("dd", {}, value, small ? el("small", {}, " " + small) : "")));
    if (last) for (const [name, value] of Object.entries(final[last]).sort((a, b) => (a[0] === "loss") - (b[0] === "loss")).slice(0, 4)) {
      tile(last + " " + named(name), text(number(value)));
    }
    const start = course.start || {}, step = course.step();
    if (best) tile(course.end ? "kept " + period(course) : "best " + period(course), text(best.epoch), start.epochs ? "of " + text(start.epochs) : "");
    if (step && !course.end && start.steps) tile("steps done", percent(step / start.steps), text(step) + " of " + text(start.steps));
    if (course.epochs.length) {
      tile("training took", duration(course.seconds()), course.end ? "" : "so far");
      const each = start.tokens_per_example > 0 ? start.tokens_per_example : 1;
      tile(each > 1 ? "tokens a second" : "samples a second", short(each * number(course.epochs.at(-1).samples_per_second)));
    }
    const names = [...new Set(Object.values(final).flatMap(Object.keys))];
    this.results.hidden = !tiles.length;
    this.results.replaceChildren(el("h2", {id: "results"}, "Results"), el("dl", {class: "tiles"}, tiles),
      names.length ? el("details", {class: "card", open: this.results.querySelector("details")?.open ?? true}, el("summary", {}, course.end ? "Final measures" : "Measures of the best " + period(course) + " so far"),
        el("div", {class: "scroll"}, el("table", {},
          el("thead", {}, el("tr", {}, ["part", ...names.map(named)].map(h => el("th", {scope: "col"}, h)))),
          el("tbody", {}, Object.entries(final).map(([part, values]) => el("tr", {}, el("td", {}, part),
            names.map(name => el("td", {}, name in values ? text(number(values[name])) : "")))))))) : "");
  }

  wrote(course) {
    this.samples.hidden = !course.samples.length;
    if (this.samples.childElementCount && Number(this.samples.dataset.count) === course.samples.length) return;
    this.samples.dataset.count = course.samples.length;
    const [latest, ...earlier] = course.samples.slice().reverse();
    if (!latest) return;
    const one = sample => el("div", {}, el("h3", {}, "after step " + text(sample.step)), el("p", {class: "passage"}, sample.text));
    this.samples.replaceChildren(el("h2", {id: "samples"}, "What it writes"), el("div", {class: "card"}, one(latest),
      earlier.length ? el("details", {}, el("summary", {}, "Earlier"), earlier.map(one)) : ""));
  }
}

function configurationSection(config) {
  const pre = el("pre", {tabindex: "0"});
  for (const line of config.replace(/\n$/, "").split("\n")) {
    const [, indent, key, rest] = /^(\s*(?:- )*)([\w.-]+:)?(.*)$/.exec(line) || [null, "", "", line];
    const isComment = !key && rest.trimStart().startsWith("#");
    pre.append(indent, key ? el("span", {class: "k"}, key) : "", isComment ? el("span", {class: "c"}, rest) : rest, "\n");
  }
  return el("section", {"aria-labelledby": "configuration"}, el("h2", {id: "configuration"}, "Configuration"),
    el("div", {class: "card tall"}, pre));
}

function environmentSection(environment) {
  const shown = (key, value) => {
    if (key === "command" && Array.isArray(value)) return el("code", {}, value.join(" "));
    if (Array.isArray(value) && value.every(v => v !== null && typeof v === "object")) {
      return el("ul", {}, value.map(one => el("li", {}, Object.entries(one).map(([k, v], i) => [i ? ", " : "", i ? named(k) + " " : "",
        k === "sha256" || k === "path" ? el("code", {}, String(v)) : typeof v === "number" ? text(v) : String(v)]))));
    }
    return Array.isArray(value) ? el("code", {}, value.join(" ")) : value !== null && typeof value === "object"
      ? el("code", {}, JSON.stringify(value)) : String(value);
  };
  return el("section", {"aria-labelledby": "environment"}, el("h2", {id: "environment"}, "Environment"),
    el("div", {class: "card"}, el("dl", {class: "pairs"}, Object.entries(environment)
      .filter(([, value]) => !Array.isArray(value) || value.length).flatMap(([key, value]) => [el("dt", {}, named(key)), el("dd", {}, shown(key, value))]))));
}

// ---------------------------------------------------------------- colours of the page

const themes = ["auto", "light", "dark"];

function theme(wanted) {
  if (wanted === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = wanted;
  document.getElementById("theme").textContent = "Theme: " + wanted;
  for (const chart of charts) chart.draw();
}

function keptTheme() {
  try { return themes.includes(localStorage.getItem("theme")) ? localStorage.getItem("theme") : "auto"; } catch (e) { return "auto"; }
}

document.getElementById("theme").addEventListener("click", () => {
  const next = themes[(themes.indexOf(document.documentElement.dataset.theme || "auto") + 1) % themes.length];
  try { localStorage.setItem("theme", next); } catch (e) { /* it is for this page alone, then */ }
  theme(next);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { for (const chart of charts) chart.draw(); });
theme(keptTheme());

const given = JSON.parse(document.getElementById("data").textContent);
if (given.live) watch(given);
else new Page(given, null);
