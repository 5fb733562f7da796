// What a model makes of its examples: which classes it takes for which, and where it is most wrong.

function findingsSection(findings) {
  const cards = [];
  if (findings.matrix) cards.push(matrixCard(findings), ratesCard(findings));
  for (const table of findings.by_class || []) cards.push(classCard(table));
  if (findings.numbers) cards.push(...comparisonCards(findings.numbers));
  if (!cards.length && !(findings.worst || []).length) return null;
  const part = findings.part + " part";
  const whole = findings.examples < findings.of ? text(findings.examples) + " of " + count(findings.of, "example") + " of the " + part
    + ", evenly taken" : "All " + count(findings.of, "example") + " of the " + part;
  return el("section", {"aria-labelledby": "mistakes"}, el("h2", {id: "mistakes"}, findings.matrix ? "Mistakes" : findings.numbers ? "Predictions" : "Least expected"),
    el("p", {class: "quiet"}, whole + ", seen by the model that is kept."),
    el("div", {class: "grid"}, cards),
    (findings.worst || []).length ? worstCases(findings) : null);
}

// ---------------------------------------------------------------- confusion

function matrixCard(findings) {
  const {classes, matrix} = findings;
  const shares = el("input", {type: "checkbox", onchange: () => host.replaceChildren(matrixTable(classes, matrix, shares.checked))});
  const host = el("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": "confusion matrix"});
  host.append(matrixTable(classes, matrix, false));
  return el("section", {class: classes.length > 12 ? "card wide" : "card"},
    el("div", {class: "cardhead"}, el("h3", {}, "confusion matrix"),
      el("div", {class: "controls"}, el("label", {}, shares, "shares of each row"))),
    host, confusions(classes, matrix));
}

function matrixTable(classes, matrix, shares) {
  const small = classes.length > 24;
  return el("table", {class: small ? "matrix small" : "matrix"},
    el("thead", {}, el("tr", {}, el("td", {class: "corner"}, small ? "" : "right \u2193 told \u2192"),
      classes.map(name => el("th", {scope: "col", title: name}, name)))),
    el("tbody", {}, matrix.map((row, right) => {
      const sum = row.reduce((a, b) => a + b, 0);
      return el("tr", {}, el("th", {scope: "row", title: classes[right]}, classes[right]), row.map((cell, told) => {
        const share = sum ? cell / sum : 0;
        const td = el("td", {title: classes[right] + " taken for " + classes[told] + ": " + text(cell) + " of " + text(sum) + ", " + percent(share)},
          shares ? (cell ? percent(share) : "0") : text(cell));
        if (cell) td.style.background = "rgba(var(--" + (right === told ? "good" : "bad") + "), " + (.08 + .34 * Math.sqrt(share)).toFixed(3) + ")";
        else td.className = "zero";
        return td;
      }));
    })));
}

function confusions(classes, matrix) {
  const pairs = matrix.flatMap((row, right) => row.map((cell, told) => ({right, told, cell})))
    .filter(p => p.right !== p.told && p.cell > 0).sort((a, b) => b.cell - a.cell).slice(0, 5);
  if (!pairs.length) return el("p", {class: "quiet"}, "None is taken for another.");
  return el("p", {class: "quiet"}, "Most often: " + pairs.map(p => classes[p.right] + " taken for " + classes[p.told] + " ("
    + text(p.cell) + ")").join(", ") + ".");
}

function ratesCard({classes, matrix}) {
  const rows = classes.map((name, i) => {
    const right = matrix[i].reduce((a, b) => a + b, 0), told = matrix.reduce((sum, row) => sum + row[i], 0), hit = matrix[i][i];
    const precision = told ? hit / told : NaN, recall = right ? hit / right : NaN;
    return [name, precision, recall, right + told ? 2 * hit / (right + told) : NaN, right];
  });
  const shown = value => Number.isNaN(value) ? "\u2013" : value.toFixed(3);
  return el("section", {class: "card"}, el("div", {class: "cardhead"}, el("h3", {}, "class by class")), el("div", {class: "scroll tall"}, el("table", {},
    el("thead", {}, el("tr", {}, ["class", "precision", "recall", "F1", "examples"].map(h => el("th", {scope: "col"}, h)))),
    el("tbody", {}, rows.map(([name, p, r, f, n]) => el("tr", {}, el("td", {}, name), el("td", {}, shown(p)), el("td", {}, shown(r)),
      el("td", {}, shown(f)), el("td", {}, text(n))))))));
}

function classCard(table) {
  return el("section", {class: "card"}, el("div", {class: "cardhead"}, el("h3", {}, table.columns.map(named).join(", ") + " by class")),
    el("div", {class: "scroll tall"}, el("table", {},
      el("thead", {}, el("tr", {}, ["class", ...table.columns.map(named)].map(h => el("th", {scope: "col"}, h)))),
      el("tbody", {}, table.classes.map((name, i) => el("tr", {}, el("td", {}, name),
        table.rows[i].map(value => el("td", {}, text(number(value))))))))));
}

// ---------------------------------------------------------------- numbers

function comparisonCards(numbers) {
  return numbers.names.map((name, i) => {
    const points = numbers.right[i].map((right, j) => [number(right), number(numbers.told[i][j])]).filter(p => p.every(Number.isFinite))
      .sort((a, b) => a[0] - b[0]);
    const errors = points.map(([right, told]) => Math.abs(told - right)).sort((a, b) => a - b);
    const chart = new Chart(named(name) + ", predicted over right", [{label: named(name), colour: "train", style: "dots", points: distinct(points)}], {diagonal: true, x: "right"});
    setTimeout(() => chart.draw());
    return chartCard(chart, null, false, el("p", {class: "key"}, "On the dashed line a prediction is right. Half of them are off by less than "
      + text(errors[Math.floor(errors.length / 2)]) + ", nine tenths by less than " + text(errors[Math.floor(errors.length * .9)]) + "."));
  });
}

/** Points of the same x lie a hair apart, for a chart has one y to an x. */
function distinct(points) {
  const room = points.length ? (points[points.length - 1][0] - points[0][0] || 1) * 1e-7 : 0;
  let last = -Infinity;
  return points.map(([x, y]) => {
    last = x > last ? x : last + room;
    return [last, y];
  });
}

// ---------------------------------------------------------------- worst examples

function worstCases(findings) {
  const long = findings.worst.some(one => one.sequence || one.input.text !== undefined);
  const pictures = findings.worst.some(one => one.input.picture);
  return el("div", {}, el("h3", {class: "apart"}, "Greatest losses"),
    findings.worst.some(one => one.sequence) ? el("p", {class: "quiet"}, "What was to be told; the redder, the less it was expected.") : null,
    el("ol", {class: long ? "cases long" : pictures ? "cases pictures" : "cases"}, findings.worst.map(one => el("li", {class: "card case"},
      inputOf(one), verdict(one, findings), el("p", {class: "foot"}, "loss " + text(number(one.loss)) + " \u00b7 example " + text(one.position + 1) + " of the part")))));
}

function inputOf(one) {
  const input = one.input;
  if (input.picture) {
    return el("img", {src: input.picture, width: input.width, height: input.height,
      alt: "the input, a picture of " + input.width + " by " + input.height + " points"});
  }
  if (input.text !== undefined) {
    return one.sequence && !one.right ? null : el("p", {class: "passage"}, input.text);
  }
  if (input.row) {
    const more = input.of - new Set(input.row.map(cell => cell[0])).size;
    return el("div", {}, el("table", {}, el("tbody", {}, input.row.map(([name, value]) =>
      el("tr", {}, el("th", {scope: "row"}, name), el("td", {}, typeof value === "number" ? text(value) : value))))),
      more > 0 && input.row.length >= 24 ? el("p", {class: "foot"}, "and more columns") : null);
  }
  return el("p", {class: "passage"}, input.numbers.map(n => text(number(n))).join(" ") + (input.of > input.numbers.length ? " \u2026" : ""));
}

function verdict(one, findings) {
  if (one.likeliest) {
    const told = one.likeliest[0][0], isRight = told === one.right;
    const odds = one.likeliest.slice();
    if (one.right !== undefined && !odds.some(o => o[0] === one.right)) odds.push([one.right, one.right_probability]);
    return el("div", {}, el("p", {class: "verdict"}, "told ", el("b", {class: isRight ? "right" : "wrong"}, told),
      one.right === undefined ? "" : isRight ? ", which is right" : [", right is ", el("b", {}, one.right)]),
      el("div", {class: "odds"}, odds.flatMap(([name, p]) => {
        const bar = el("i", {class: name === one.right ? "hit" : null});
        bar.style.setProperty("--share", Math.max(0, Math.min(1, number(p))) * 100 + "%");
        return [el("span", {title: name}, name), bar, el("span", {}, percent(number(p)))];
      })));
  }
  if (one.sequence) return passage(one.sequence);
  if (one.told) {
    const names = findings.numbers ? findings.numbers.names : [];
    return el("div", {}, one.told.map((told, i) => el("p", {class: "verdict"}, names.length > 1 ? named(names[i]) + ": " : "",
      "told ", el("b", {}, text(number(told))), one.right_numbers ? [", right is ", el("b", {}, text(number(one.right_numbers[i])))] : "")));
  }
  return null;
}

/** Symbols one after another, the redder the less they were expected. */
function passage(sequence) {
  const spaced = sequence.right.every(symbol => symbol === "" || /^[\w<>-]+$/.test(symbol)) && sequence.right.some(symbol => symbol.length > 1);
  return el("p", {class: "passage", tabindex: "0"}, sequence.right.map((symbol, i) => {
    if (symbol === "") return null;
    const p = number(sequence.probability[i]);
    const span = el("span", {title: "expected with " + percent(p) + (sequence.likeliest[i] === symbol ? "" : "; rather "
      + JSON.stringify(sequence.likeliest[i]))}, symbol.replaceAll("\n", "\u21b5\n") + (spaced ? " " : ""));
    span.style.background = "rgba(var(--bad), " + (.55 * Math.pow(1 - p, 2)).toFixed(3) + ")";
    return span;
  }));
}
