// The section of curves: loss, measures, and whatever else stands beside a step.

class Curves {
  constructor() {
    this.log = el("input", {type: "checkbox", onchange: () => this.update(this.course)});
    this.smooth = el("input", {type: "range", min: "0", max: "0.98", step: "0.02", value: "0.8",
      "aria-label": "smoothing of the loss of steps", oninput: () => this.update(this.course)});
    this.grid = el("div", {class: "grid"});
    this.byName = new Map();
    this.table = el("div", {class: "scroll tall"});
    this.key = el("p", {class: "key"});
    this.section = el("section", {"aria-labelledby": "curves"}, el("h2", {id: "curves"}, "Curves"), this.grid,
      this.details = el("details", {class: "card"}, el("summary", {}, "The same as a table, epoch by epoch"), this.table));
    this.faint = true;
  }

  update(course) {
    this.course = course;
    const {parts, names} = course.measures(), marks = this.marks(course);
    this.loss(course, parts, marks);
    for (const name of names.filter(n => n !== "loss")) {
      this.chart(name, named(name), parts.map(part => ({label: part, colour: partColour(part), points: course.points(part, name)}))
        .filter(s => s.points.length), {marks: marks.filter(m => m.kind !== "warning")});
    }
    for (const name of course.extras()) {
      this.chart("step " + name, named(name), [{label: named(name), colour: "other",
        points: course.steps.filter(s => name in s).map(s => [s.step, number(s[name])])}],
        {marks: marks.filter(m => m.kind !== "best"), log: name === "gradient_norm"});
    }
    if (course.epochs.length > 1) {
      const tokens = course.start && course.start.tokens_per_example > 0 ? course.start.tokens_per_example : 1;
      this.chart("speed", tokens > 1 ? "tokens a second" : "samples a second", [{label: "speed", colour: "test",
        points: course.epochs.map(e => [e.step, tokens * number(e.samples_per_second)])}], {});
    }
    this.table.replaceChildren(this.rows(course, parts, names));
    this.details.hidden = !course.epochs.length;
    this.section.hidden = !course.steps.length && !course.epochs.length;
  }

  loss(course, parts, marks) {
    const weight = Number(this.smooth.value), points = course.steps.map(s => [s.step, number(s.loss)]);
    const series = [];
    if (points.length) {
      series.push({label: "each step", colour: "train", style: "faint", points});
      if (weight > 0 && points.length > 2) {
        series.push({label: "smoothed", colour: "other", style: "line", points: smoothed(points, weight)});
      }
    }
    for (const part of parts) {
      const of = course.points(part, "loss");
      if (of.length) series.push({label: part, colour: partColour(part), points: of});
    }
    const key = [];
    if (marks.some(m => m.kind === "best")) key.push("dashed: the epoch whose model is kept");
    if (marks.some(m => m.kind === "warning")) key.push("\u25b2 a warning");
    if (marks.some(m => m.kind === "resume")) key.push("dotted: resumed");
    const bad = points.filter(p => !Number.isFinite(p[1])).length;
    if (bad) key.push(count(bad, "step") + " with a loss that is no number left out");
    this.key.textContent = [...key, "drag to zoom, double-click to go back"].join(" \u00b7 ");
    this.chart("loss", "loss", series, {marks, log: this.log.checked}, [
      el("label", {}, this.log, "logarithmic"), el("label", {}, "smoothing", this.smooth)], true, this.key);
  }

  chart(id, title, series, options, controls, wide, key) {
    const known = this.byName.get(id);
    if (known) { known.update(series, options); return; }
    const chart = new Chart(title, series, options);
    this.byName.set(id, chart);
    this.grid.append(chartCard(chart, controls, wide, key));
    chart.draw();
  }

  marks(course) {
    const marks = [], best = course.best();
    if (best) marks.push({kind: "best", x: best.step, label: (course.end ? "kept: " : "best: ") + period(course) + " " + best.epoch, colour: "quiet"});
    for (const resume of course.resumes) marks.push({kind: "resume", x: resume.step, label: "", colour: "quiet"});
    for (const warning of course.warnings) marks.push({kind: "warning", x: warning.step, label: warning.kind, colour: "mark"});
    return marks;
  }

  rows(course, parts, names) {
    const columns = parts.flatMap(part => names.map(name => [part, name]))
      .filter(([part, name]) => course.points(part, name).length);
    const best = course.best();
    return el("table", {},
      el("thead", {}, el("tr", {}, el("th", {scope: "col"}, period(course)), el("th", {scope: "col"}, "step"),
        columns.map(([part, name]) => el("th", {scope: "col"}, part + " " + named(name))), el("th", {scope: "col"}, "time"))),
      el("tbody", {}, course.epochs.map(e => el("tr", {class: e === best ? "best" : null},
        el("td", {}, e.epoch + (e === best ? " \u2605" : "")), el("td", {}, text(e.step)),
        columns.map(([part, name]) => el("td", {}, e.metrics[part] && name in e.metrics[part] ? text(number(e.metrics[part][name])) : "")),
        el("td", {}, duration(number(e.seconds)))))));
  }
}

/** What the measuring of a run is counted by. */
function period(course) {
  return course.start && course.start.by_epoch === false ? "period" : "epoch";
}
