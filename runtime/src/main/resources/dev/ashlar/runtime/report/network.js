// The network as a graph: boxes in layers from top to bottom, parts of parts in frames that open and close.

const BOXES = 36; // boxes that are open at first
const GAP = {x: 26, y: 24, pad: 14, head: 30};

class Network {
  constructor(network) {
    this.network = network;
    this.open = new Set();
    this.host = el("div", {class: "scroll"});
    this.openFirst();
    const learnt = count(network.parameters, "parameter") + (network.state ? ", " + count(network.state, "number") + " of state" : "")
      + ", " + flops(number(network.flops)) + " to predict one example";
    const tree = el("details", {}, el("summary", {}, "The same as a table"), el("div", {class: "scroll tall"}, this.table()));
    this.section = el("section", {"aria-labelledby": "network"}, el("h2", {id: "network"}, "Network"),
      el("div", {class: "card network"}, el("div", {class: "cardhead"}, el("h3", {}, learnt),
        this.hasParts() ? el("div", {class: "controls"}, el("button", {type: "button", onclick: () => this.all(true)}, "open all"),
          el("button", {type: "button", onclick: () => this.all(false)}, "close all")) : null),
        this.host, tree));
    this.draw();
  }

  hasParts() {
    return this.network.whole.nodes.some(node => node.nodes);
  }

  /** Opens level by level while the picture stays readable. */
  openFirst() {
    let level = this.network.whole.nodes.map(node => [node, node.id]), boxes = level.length;
    while (level.length) {
      const next = [];
      for (const [node, path] of level) {
        if (!node.nodes || boxes + node.nodes.length > BOXES) continue;
        boxes += node.nodes.length;
        this.open.add(path);
        for (const part of node.nodes) next.push([part, path + "/" + part.id]);
      }
      level = next;
    }
  }

  all(isOpen) {
    this.open.clear();
    const walk = (node, path) => {
      for (const part of node.nodes || []) {
        const at = path ? path + "/" + part.id : part.id;
        if (part.nodes && isOpen) this.open.add(at);
        walk(part, at);
      }
    };
    walk(this.network.whole, "");
    this.draw();
  }

  draw(focused) {
    const laid = layout(this.network.whole, "", this.open);
    const width = Math.ceil(laid.width + 4), height = Math.ceil(laid.height + 4);
    const image = svg("svg", {width, height, viewBox: "-2 -2 " + width + " " + height, role: "group", "aria-label": "graph of the network"},
      svg("defs", {}, svg("marker", {id: "head", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto"},
        svg("path", {class: "head", d: "M0 0 L8 4 L0 8 Z"}))));
    this.inside(laid, image);
    this.host.replaceChildren(image);
    if (focused) [...image.querySelectorAll("[data-path]")].find(g => g.dataset.path === focused)?.focus();
  }

  inside(laid, parent) {
    for (const edge of laid.edges) parent.append(svg("path", {class: "edge", d: edge.d, "marker-end": edge.head ? "url(#head)" : null}));
    for (const box of laid.boxes) parent.append(this.box(box));
  }

  box(box) {
    const {node, path} = box;
    const group = svg("g", {transform: "translate(" + box.x + " " + box.y + ")", class: node.parameters > 0 && !box.inner ? "learns" : null});
    if (node.kind === "operation") {
      group.append(svg("title", {}, node.name + ": " + node.output),
        svg("rect", {class: "box", width: box.width, height: box.height, rx: box.height / 2}),
        label(box.width / 2, box.height / 2 + 4.5, node.name, "kind", "middle"));
      return group;
    }
    if (node.kind === "input" || node.kind === "output") {
      if (box.height) {
        group.append(svg("rect", {class: "end", width: box.width, height: box.height}), label(box.width / 2, 13, node.name, "small", "middle"));
        if (node.output) group.append(label(box.width / 2, 28, node.output, "small", "middle"));
      }
      return group;
    }
    const [first, ...others] = linesOf(node);
    group.append(svg("title", {}, described(node)),
      svg("rect", {class: box.inner ? "frame" : "box", width: box.width, height: box.height, rx: 8}));
    if (node.nodes) {
      group.setAttribute("role", "button");
      group.setAttribute("tabindex", "0");
      group.setAttribute("aria-expanded", String(Boolean(box.inner)));
      group.setAttribute("aria-label", described(node));
      group.dataset.path = path;
      const toggle = event => {
        event.stopPropagation();
        event.preventDefault();
        if (!this.open.delete(path)) this.open.add(path);
        this.draw(path);
      };
      group.addEventListener("click", toggle);
      group.addEventListener("keydown", event => { if (event.target === group && (event.key === "Enter" || event.key === " ")) toggle(event); });
    }
    if (box.inner) {
      group.append(heading(12, 20, node, "start", "\u2212 "));
      const inside = svg("g", {transform: "translate(" + box.inner.x + " " + box.inner.y + ")"});
      inside.addEventListener("click", event => event.stopPropagation());
      this.inside(box.inner, inside);
      group.append(inside);
      return group;
    }
    group.append(heading(box.width / 2, 19, node, "middle", node.nodes ? "+ " : ""));
    others.forEach((line, i) => group.append(label(box.width / 2, 35 + 15 * i, line, "small", "middle")));
    return group;
  }

  table() {
    const rows = [];
    const walk = (node, depth) => {
      for (const part of node.nodes || []) {
        if (["input", "output", "operation"].includes(part.kind)) continue;
        rows.push(el("tr", {}, el("td", {}, "\u2003".repeat(depth) + part.name), el("td", {}, part.kind + (part.times > 1 ? " \u00d7 " + part.times : "")),
          el("td", {}, part.output), el("td", {}, part.parameters ? text(part.parameters) : ""), el("td", {}, number(part.flops) ? flops(number(part.flops)) : "")));
        walk(part, depth + 1);
      }
    };
    walk(this.network.whole, 0);
    return el("table", {}, el("thead", {}, el("tr", {}, ["part", "kind", "output", "parameters", "arithmetic"].map(h => el("th", {scope: "col"}, h)))),
      el("tbody", {}, rows));
  }
}

function flops(value) {
  const said = short(value);
  return said + (/[kMGTP]$/.test(said) ? "" : "\u2009") + "FLOP";
}

function described(node) {
  return node.kind + " " + node.name + (node.times > 1 ? ", " + node.times + " times" : "") + ": " + node.output
    + (node.parameters ? ", " + count(node.parameters, "parameter") : "");
}

function label(x, y, string, style, anchor) {
  return svg("text", {x, y, class: style, "text-anchor": anchor}, string);
}

function heading(x, y, node, anchor, sign) {
  const line = label(x, y, sign, "", anchor);
  line.append(svg("tspan", {class: "kind"}, node.kind));
  if (node.times > 1) line.append(svg("tspan", {class: "times"}, " \u00d7 " + node.times));
  if (!sameName(node)) line.append(svg("tspan", {class: "small"}, "  " + node.name));
  return line;
}

/** Whether a name says no more than the kind does: dense of Dense, dense_1 too. */
function sameName(node) {
  const plain = s => s.toLowerCase().replace(/[^a-z0-9]/g, "");
  return node.name === "" || plain(node.name.replace(/_[0-9]+$/, "")) === plain(node.kind);
}

function linesOf(node) {
  const lines = [node.kind + (node.times > 1 ? " x " + node.times : "") + (sameName(node) ? "" : "  " + node.name) + (node.nodes ? "+ " : "")];
  if (node.output) lines.push(node.output);
  if (node.parameters) lines.push(count(node.parameters, "parameter"));
  return lines;
}

// ---------------------------------------------------------------- where everything lies

/**
 * Boxes and edges of a part's inside: layers by the longest way from the top, an order within each by the middle of
 * what a box hangs on, and places that draw boxes towards it.
 */
function layout(whole, path, open) {
  const ends = kind => whole.nodes.filter(node => node.kind === kind).length;
  const boxes = new Map(whole.nodes.map(node => [node.id,
    sized(node, path ? path + "/" + node.id : node.id, open, path === "", path === "" || ends(node.kind) > 1)]));
  const edges = whole.edges.filter(([from, to]) => boxes.has(from) && boxes.has(to));
  const layers = ranked(boxes, edges);
  const strands = edges.map(([from, to]) => strand(boxes.get(from), boxes.get(to), layers));
  ordered(layers, strands);
  placed(layers, strands);
  const all = layers.flat();
  const left = Math.min(0, ...all.map(b => b.x)), right = Math.max(...all.map(b => b.x + b.width));
  for (const box of all) box.x -= left;
  return {width: right - left, height: Math.max(...all.map(b => b.y + b.height)), boxes: [...boxes.values()],
    edges: strands.map(drawn)};
}

function sized(node, path, open, isWhole, isNamed) {
  const box = {node, path, x: 0, y: 0, before: [], after: []};
  if (node.kind === "input" || node.kind === "output") {
    box.width = isNamed ? 7 * Math.max(node.name.length, isWhole ? node.output.length : 0) + 8 : 1;
    box.height = isNamed ? (node.output && isWhole ? 34 : 18) : 0;
  } else if (node.kind === "operation") {
    box.width = Math.max(26, 8 * node.name.length + 14);
    box.height = 26;
  } else if (node.nodes && open.has(path)) {
    box.inner = layout(node, path, open);
    box.width = Math.max(box.inner.width + 2 * GAP.pad, 8 * linesOf(node)[0].length + 26);
    box.inner.x = (box.width - box.inner.width) / 2;
    box.inner.y = GAP.head;
    box.height = box.inner.height + GAP.head + GAP.pad;
  } else {
    const lines = linesOf(node);
    box.width = Math.max(84, 8.2 * lines[0].length + 20, ...lines.slice(1).map(line => 6.6 * line.length + 20));
    box.height = 14 + 15 * lines.length;
  }
  return box;
}

function ranked(boxes, edges) {
  const into = new Map([...boxes.keys()].map(id => [id, []]));
  for (const [from, to] of edges) into.get(to).push(from);
  const rank = new Map();
  const of = (id, seen) => {
    if (rank.has(id)) return rank.get(id);
    if (seen.has(id)) return 0; // no network has a circle; a damaged file may
    seen.add(id);
    const value = into.get(id).length ? 1 + Math.max(...into.get(id).map(from => of(from, seen))) : 0;
    rank.set(id, value);
    return value;
  };
  for (const id of boxes.keys()) of(id, new Set());
  const depth = Math.max(0, ...rank.values());
  const layers = Array.from({length: depth + 1}, () => []);
  for (const [id, box] of boxes) {
    box.layer = box.node.kind === "output" ? depth : rank.get(id);
    layers[box.layer].push(box);
  }
  return layers;
}

/** An edge as the boxes it goes through, with thin ones in the layers between. */
function strand(from, to, layers) {
  const strand = [from];
  for (let layer = from.layer + 1; layer < to.layer; layer++) {
    const bend = {x: 0, y: 0, width: 10, height: 0, layer, before: [], after: [], thin: true};
    layers[layer].push(bend);
    strand.push(bend);
  }
  strand.push(to);
  for (let i = 1; i < strand.length; i++) {
    strand[i - 1].after.push(strand[i]);
    strand[i].before.push(strand[i - 1]);
  }
  return strand;
}

function ordered(layers, strands) {
  const number = () => layers.forEach(layer => layer.forEach((box, i) => { box.order = i; }));
  const crossings = () => {
    let sum = 0;
    for (const layer of layers.slice(0, -1)) {
      const ends = layer.flatMap(box => box.after.map(next => [box.order, next.order]));
      for (let i = 0; i < ends.length; i++) for (let j = 0; j < i; j++) {
        if ((ends[i][0] - ends[j][0]) * (ends[i][1] - ends[j][1]) < 0) sum++;
      }
    }
    return sum;
  };
  number();
  let best = crossings(), kept = layers.map(layer => layer.slice());
  for (let sweep = 0; sweep < 8 && best > 0; sweep++) {
    const down = sweep % 2 === 0;
    for (const layer of down ? layers : layers.slice().reverse()) {
      const middle = new Map(layer.map(box => {
        const near = down ? box.before : box.after;
        return [box, near.length ? near.reduce((sum, b) => sum + b.order, 0) / near.length : box.order];
      }));
      layer.sort((a, b) => middle.get(a) - middle.get(b));
      layer.forEach((box, i) => { box.order = i; });
    }
    const now = crossings();
    if (now < best) { best = now; kept = layers.map(layer => layer.slice()); }
  }
  kept.forEach((layer, i) => { layers[i].splice(0, Infinity, ...layer); });
  number();
}

function placed(layers, strands) {
  let y = 0;
  for (const layer of layers) {
    const height = Math.max(0, ...layer.map(box => box.height));
    let x = 0;
    for (const box of layer) {
      box.x = x;
      box.y = box.thin ? y + height / 2 : y + (height - box.height) / 2;
      box.band = [y, y + height];
      x += box.width + GAP.x;
    }
    y += height + GAP.y;
  }
  const center = box => box.x + box.width / 2;
  for (let sweep = 0; sweep < 24; sweep++) {
    for (const layer of sweep % 2 ? layers.slice().reverse() : layers) {
      const wanted = layer.map(box => {
        const near = sweep < 16 ? (sweep % 2 ? box.after : box.before) : [...box.before, ...box.after];
        // Straight ways of thin boxes matter most; a way around boxes must not draw them aside.
        const weight = b => b.thin && box.thin ? 4 : b.thin || box.thin ? .05 : 1;
        const sum = near.reduce((total, b) => total + weight(b), 0);
        return sum ? near.reduce((total, b) => total + weight(b) * center(b), 0) / sum - box.width / 2 : box.x;
      });
      spaced(layer, wanted);
    }
  }
  // A way that nothing lies beside is as straight as its outermost bend.
  for (const bends of strands.map(strand => strand.slice(1, -1)).filter(bends => bends.length)) {
    const outermost = end => bends.every(bend => layers[bend.layer].at(end) === bend);
    const x = outermost(-1) ? Math.max(...bends.map(b => b.x)) : outermost(0) ? Math.min(...bends.map(b => b.x)) : null;
    if (x !== null) for (const bend of bends) bend.x = x;
  }
}

/** Puts boxes of a layer where they want to be as far as their neighbours let them: runs that touch share the error. */
function spaced(layer, wanted) {
  const runs = [];
  let offset = 0;
  layer.forEach((box, i) => {
    runs.push({sum: wanted[i] - offset, count: 1});
    offset += box.width + GAP.x;
    while (runs.length > 1 && runs[runs.length - 1].sum / runs[runs.length - 1].count < runs[runs.length - 2].sum / runs[runs.length - 2].count) {
      const last = runs.pop();
      runs[runs.length - 1].sum += last.sum;
      runs[runs.length - 1].count += last.count;
    }
  });
  let i = 0;
  offset = 0;
  for (const run of runs) {
    for (let j = 0; j < run.count; j++, i++) {
      layer[i].x = run.sum / run.count + offset;
      offset += layer[i].width + GAP.x;
    }
  }
}

function drawn(strand) {
  const from = strand[0], to = strand[strand.length - 1];
  let x = from.x + from.width / 2, y = from.y + from.height;
  let d = "M" + x.toFixed(1) + " " + y.toFixed(1);
  const curve = (tx, ty) => {
    const half = (ty - y) / 2;
    d += Math.abs(tx - x) < .5 ? " L" + tx.toFixed(1) + " " + ty.toFixed(1)
      : " C" + x.toFixed(1) + " " + (y + half).toFixed(1) + " " + tx.toFixed(1) + " " + (ty - half).toFixed(1) + " " + tx.toFixed(1) + " " + ty.toFixed(1);
    x = tx;
    y = ty;
  };
  for (const bend of strand.slice(1, -1)) {
    curve(bend.x + bend.width / 2, bend.band[0]);
    curve(x, bend.band[1]);
  }
  curve(to.x + to.width / 2, to.y);
  return {d, head: to.height > 0};
}
