// Small things that all parts of the page need.
"use strict";

/** An element; children are elements or texts, so that nothing that comes from a run is ever read as HTML. */
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined));
  return node;
}

function svg(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes || {})) if (value !== null) node.setAttribute(name, value);
  node.append(...children.flat());
  return node;
}

/** A number as metrics.jsonl has it; what is not finite is a text there. */
function number(value) {
  if (typeof value === "number") return value;
  return value === "Infinity" ? Infinity : value === "-Infinity" ? -Infinity : NaN;
}

const grouped = new Intl.NumberFormat("en-US", {maximumFractionDigits: 0});

/** Four digits, or all of a whole number. */
function text(value) {
  if (value === null || value === undefined) return "";
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "\u221e" : "\u2212\u221e";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return grouped.format(value).replace("-", "\u2212");
  if (size >= 1e5) return grouped.format(value).replace("-", "\u2212");
  const shown = size !== 0 && size < 1e-3 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
  return shown.replace("-", "\u2212");
}

/** With a power of a thousand: 12.3 M. */
function short(value) {
  let power = 0;
  while (Math.abs(value) >= 999.5 && power < 5) { value /= 1000; power++; }
  return (power === 0 ? text(value) : String(Number(value.toPrecision(3)))) + (power ? "\u2009" + " kMGTP"[power] : "");
}

function duration(seconds) {
  if (!(seconds >= 0)) return "";
  if (seconds < 100) return Number(seconds.toPrecision(2)) + "\u2009s";
  const minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60);
  return hours > 0 ? hours + "\u2009h " + (minutes % 60) + "\u2009min" : minutes + "\u2009min " + Math.floor(seconds % 60) + "\u2009s";
}

function percent(share) {
  return (share > 0.9995 && share < 1 ? "> 99.9" : share > 0 && share < 0.0005 ? "< 0.1"
    : String(Number((100 * share).toPrecision(3)))) + "\u2009%";
}

function count(value, noun) {
  return text(value) + " " + noun + (value === 1 ? "" : "s");
}

function named(name) {
  return name.replaceAll("_", " ");
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
}

/** The colour of a part of the data. */
function partColour(part) {
  return ["train", "validation", "test"].includes(part) ? part : "other";
}

/** Lines of metrics.jsonl by their kind; a line that was cut off, and kinds of later versions, are passed over. */
class Course {
  constructor() {
    this.start = null;
    this.end = null;
    this.steps = [];
    this.epochs = [];
    this.samples = [];
    this.warnings = [];
    this.resumes = [];
  }

  add(lines) {
    for (const line of lines.split("\n")) {
      let one;
      try { one = JSON.parse(line); } catch (e) { continue; }
      if (one === null || typeof one !== "object") continue;
      switch (one.type) {
        case "start": if (!this.start) this.start = one; break;
        case "resume":
          this.resumes.push(one);
          this.end = null;
          for (const of of ["steps", "epochs"]) if (this.start && one[of] !== undefined) this.start[of] = one[of];
          break;
        case "step": this.steps.push(one); break;
        case "epoch": this.epochs.push(one); break;
        case "sample": this.samples.push(one); break;
        case "warning": this.warnings.push(one); break;
        case "end": this.end = one; break;
      }
    }
    return this;
  }

  status() {
    return this.end ? this.end.reason : "running";
  }

  /** The last step that is known of. */
  step() {
    return Math.max(0, ...[this.steps, this.epochs, this.end ? [this.end] : []].map(l => l.length ? l[l.length - 1].step || 0 : 0));
  }

  /** Seconds of training in all epochs. */
  seconds() {
    return this.epochs.reduce((sum, epoch) => sum + (number(epoch.seconds) || 0), 0);
  }

  /** The epoch whose model is kept, or would be. */
  best() {
    const kept = this.end && this.end.kept_epoch;
    return this.epochs.findLast(epoch => kept ? epoch.epoch === kept : epoch.best) || null;
  }

  /** Parts of the data and names of measures, in the order in which they come. */
  measures() {
    const parts = [], names = [];
    for (const holder of [...this.epochs, ...(this.end ? [this.end] : [])]) {
      for (const [part, values] of Object.entries(holder.metrics || {})) {
        if (!parts.includes(part)) parts.push(part);
        for (const name of Object.keys(values)) if (!names.includes(name)) names.push(name);
      }
    }
    return {parts, names};
  }

  /** Points [step, value] of a measure, epoch by epoch. */
  points(part, name) {
    return this.epochs.filter(e => e.metrics && e.metrics[part] && name in e.metrics[part])
      .map(e => [e.step, number(e.metrics[part][name])]);
  }

  /** Numbers that stand beside the loss of steps. */
  extras() {
    const names = new Set();
    for (const step of this.steps) for (const [name, value] of Object.entries(step)) {
      if (!["type", "step", "loss", "time"].includes(name) && (typeof value === "number" || ["NaN", "Infinity", "-Infinity"].includes(value))) names.add(name);
    }
    return [...names];
  }
}
