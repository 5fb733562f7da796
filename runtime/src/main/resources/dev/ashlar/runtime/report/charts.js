// Curves over steps.

/** Steps between two ticks where nothing lies between whole numbers. */
const WHOLE = Array.from({length: 40}, (_, i) => [1, 2, 5][i % 3] * Math.pow(10, Math.floor(i / 3)));

/** All charts of the page, to be drawn again when colours or widths change. */
const charts = new Set();

/**
 * A chart. A series is {label, colour, points: [[x, y] ..], style}, its style "line" (default), "faint" or "dots".
 * Options: log (a logarithmic axis), marks: [{x, label, colour, kind}], x (what the axis counts), diagonal.
 */
class Chart {
  constructor(title, series, options) {
    this.title = title;
    this.options = options || {};
    this.host = el("div", {class: "chart", tabindex: "0", role: "img",
      "aria-roledescription": "chart, arrow keys move along it"});
    this.host.addEventListener("keydown", event => this.move(event));
    this.series = series;
    charts.add(this);
    new ResizeObserver(() => this.resize()).observe(this.host);
  }

  /** Shows other series; where these are as many and alike, a zoom stays. */
  update(series, options) {
    const same = this.plot && JSON.stringify(series.map(s => [s.label, s.colour, s.style]))
      === JSON.stringify(this.series.map(s => [s.label, s.colour, s.style])) && Boolean(options.log) === Boolean(this.options.log);
    this.series = series;
    this.options = {...this.options, ...options};
    this.describe();
    if (same) { this.plot.setData(this.data(), !this.zoomed()); this.rest(); } else this.draw();
  }

  zoomed() {
    const xs = this.plot.data[0], {min, max} = this.plot.scales.x;
    return xs.length > 1 && (min > xs[0] || max < xs[xs.length - 1]);
  }

  describe() {
    const said = this.series.filter(s => s.points.length && s.style !== "faint").map(s => {
      const first = s.points[0][1], last = s.points[s.points.length - 1][1];
      return s.label + " from " + text(first) + " to " + text(last);
    });
    this.host.setAttribute("aria-label", this.title + ": " + (said.join("; ") || "nothing yet"));
  }

  /** One list of x, and for each series its y or null at each. */
  data() {
    const xs = [...new Set(this.series.flatMap(s => s.points.map(p => p[0])))].sort((a, b) => a - b);
    const at = new Map(xs.map((x, i) => [x, i]));
    return [xs, ...this.series.map(s => {
      const ys = new Array(xs.length).fill(undefined);
      for (const [x, y] of s.points) ys[at.get(x)] = Number.isFinite(y) && (!this.options.log || y > 0) ? y : null;
      return ys;
    })];
  }

  draw() {
    this.describe();
    if (this.plot) this.plot.destroy();
    this.plot = null;
    if (!this.host.isConnected || this.host.clientWidth === 0) return;
    const quiet = colour("quiet"), grid = colour("grid");
    const axis = {stroke: quiet, grid: {stroke: grid, width: 1}, ticks: {stroke: grid, width: 1, size: 4},
      font: "12px system-ui, sans-serif", labelFont: "12px system-ui, sans-serif", gap: 6};
    const shown = (u, value) => value === null || value === undefined ? "" : text(value);
    this.width = this.host.clientWidth;
    this.plot = new uPlot({
      width: this.width, height: this.height(),
      scales: {x: {time: false, range: this.options.diagonal ? this.both : spread}, y: {distr: this.options.log ? 3 : 1, range: this.options.diagonal ? this.both : undefined}},
      cursor: {sync: this.options.diagonal ? undefined : {key: "steps"}, points: {size: 7}, drag: {x: true, y: false}, focus: {prox: 30}},
      focus: {alpha: 1},
      legend: {live: true, show: !this.options.diagonal},
      axes: [
        {...axis, values: (u, ticks) => ticks.map(short), space: 60, ...(this.options.diagonal ? {} : {incs: WHOLE})},
        {...axis, size: (u, values) => Math.max(38, 14 + 7 * Math.max(0, ...(values || []).map(v => (v || "").length))),
          values: (u, ticks) => ticks.map(t => t === null ? "" : short(t))}],
      series: [{label: this.options.x || "step", value: shown}, ...this.series.map(s => ({
        label: s.label, stroke: this.stroke(s), width: s.style === "faint" ? 1 : s.style === "dots" ? 0 : 2, value: shown,
        spanGaps: true, paths: s.style === "dots" ? () => null : undefined,
        points: s.style === "faint" ? {show: false} : s.style === "dots" ? {show: true, size: 4, width: 0, fill: this.stroke(s)}
          : {show: s.points.length < 60, size: s.points.length < 25 ? 6 : 4, fill: colour("card")}}))],
      hooks: {draw: [u => this.marks(u)], setCursor: [u => { if (u.cursor.idx === null || u.cursor.idx === undefined || u.cursor.left < 0) this.rest(); }]},
    }, this.data(), this.host);
    this.rest();
  }

  /** Where no cursor is, the legend tells the last values. */
  rest() {
    const known = this.plot.data[0].length;
    if (known && !this.options.diagonal) this.plot.setLegend({idxs: this.plot.data.map(ys => ys.findLastIndex(y => y !== null && y !== undefined))}, false);
  }

  stroke(series) {
    const solid = series.colour.startsWith("hsl") ? series.colour : colour(series.colour);
    return series.style === "faint" || series.style === "dots" ? solid + (series.style === "faint" ? "59" : "99") : solid;
  }

  height() {
    return this.width < 480 ? 220 : this.options.diagonal ? Math.min(420, this.width) : 260;
  }

  /** Best epochs, warnings and resumes: lines and triangles on the curves. */
  marks(u) {
    const c = u.ctx, ratio = devicePixelRatio, {left, top, width, height} = u.bbox;
    c.save();
    for (const mark of this.options.marks || []) {
      const x = u.valToPos(mark.x, "x", true);
      if (!(x >= left - 1 && x <= left + width + 1)) continue;
      c.strokeStyle = c.fillStyle = colour(mark.colour);
      c.lineWidth = ratio;
      if (mark.kind === "warning") {
        c.beginPath();
        c.moveTo(x, top + height - 11 * ratio);
        c.lineTo(x - 6 * ratio, top + height);
        c.lineTo(x + 6 * ratio, top + height);
        c.fill();
        continue;
      }
      c.setLineDash(mark.kind === "best" ? [4 * ratio, 3 * ratio] : [ratio, 3 * ratio]);
      c.beginPath();
      c.moveTo(x, top);
      c.lineTo(x, top + height);
      c.stroke();
      c.font = 11 * ratio + "px system-ui, sans-serif";
      c.textAlign = x > left + width * .7 ? "right" : "left";
      c.textBaseline = "top";
      c.fillText(mark.label, x + (c.textAlign === "right" ? -5 : 5) * ratio, top + 2 * ratio);
    }
    if (this.options.diagonal) {
      const {min, max} = u.scales.x;
      c.strokeStyle = colour("quiet");
      c.setLineDash([4 * ratio, 4 * ratio]);
      c.beginPath();
      c.moveTo(u.valToPos(min, "x", true), u.valToPos(min, "y", true));
      c.lineTo(u.valToPos(max, "x", true), u.valToPos(max, "y", true));
      c.stroke();
    }
    c.restore();
  }

  /** One range for both axes, so that what is right lies on the diagonal. */
  both = () => {
    const all = this.series.flatMap(s => s.points.flat()).filter(Number.isFinite);
    const least = Math.min(...all), most = Math.max(...all), room = (most - least || 1) * .04;
    return [least - room, most + room];
  };

  resize() {
    if (!this.plot) { this.draw(); return; }
    const width = this.host.clientWidth;
    if (width > 0 && width !== this.width) {
      this.width = width;
      this.plot.setSize({width, height: this.height()});
    }
  }

  move(event) {
    const way = {ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity}[event.key];
    if (way === undefined || !this.plot || !this.plot.data[0].length) return;
    event.preventDefault();
    const last = this.plot.data[0].length - 1, now = this.plot.cursor.idx;
    const next = Math.max(0, Math.min(last, (now === null || now === undefined ? (way > 0 ? -1 : last + 1) : now) + way));
    this.plot.setCursor({left: this.plot.valToPos(this.plot.data[0][next], "x"), top: this.plot.over.clientHeight / 2});
  }
}

/** A range of one point has some room around it. */
function spread(u, min, max) {
  return min === max ? [min - 1, max + 1] : [min, max];
}

/** An exponential mean that is not drawn to 0 at its start; weight from 0 (none) to below 1. */
function smoothed(points, weight) {
  let mean = 0, total = 0;
  return points.map(([x, y]) => {
    if (!Number.isFinite(y)) return [x, y];
    mean = weight * mean + (1 - weight) * y;
    total = weight * total + (1 - weight);
    return [x, mean / total];
  });
}

/** The card of a chart, with what belongs above it. */
function chartCard(chart, controls, wide, key) {
  return el("section", {class: wide ? "card wide" : "card"},
    el("div", {class: "cardhead"}, el("h3", {}, chart.title), controls ? el("div", {class: "controls"}, controls) : null),
    chart.host, key || null);
}
