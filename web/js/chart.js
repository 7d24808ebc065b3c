// The chart reader: slide along a chart drawn by the server. The numbers come from the table twin and
// the control is a range input, so that keys and screen readers work with no more code.
//
// <figure class="chart" data-twin="id of the table">: every svg in it says where its plot lies, in
// viewBox units: data-l data-r data-t data-b (margins), data-max (last step of the x axis), data-top
// (value at the top). Rows of the table carry data-k (their step). Its column heads say what is shown:
// data-tip="Plan" (words of the tip), data-to=" to " with data-with="5" (a range up to that column),
// data-dot (the mark stands at this column's value; the first one that has a value).

const svg_ns = "http://www.w3.org/2000/svg";

function number(text) {
  const n = parseFloat(text.replace(/[^0-9.\-]/g, ""));
  return Number.isFinite(n) ? n : null;
}

// The twin as { title, columns, rows: Map(step -> cells) }.
function read_twin(table) {
  const heads = [...table.tHead.rows[0].cells];
  const rows = new Map();
  for (const row of table.tBodies[0].rows) {
    if (row.dataset.k !== undefined) rows.set(+row.dataset.k, [...row.cells].map((c) => c.textContent.trim()));
  }
  return { title: heads[0].textContent.trim(), heads, rows };
}

// What is said of one step: [[name, value], ...], only what has a value.
function lines_of(twin, cells) {
  const lines = [];
  twin.heads.forEach((head, i) => {
    if (!head.dataset.tip || !cells[i]) return;
    const other = head.dataset.with ? cells[+head.dataset.with] : "";
    lines.push([head.dataset.tip, other ? cells[i] + head.dataset.to + other : cells[i]]);
  });
  return lines;
}

function make(parent, name, cls, text) {
  const element = document.createElement(name);
  if (cls) element.className = cls;
  if (text) element.textContent = text;
  parent.append(element);
  return element;
}

function svg_make(svg, name, cls) {
  const element = document.createElementNS(svg_ns, name);
  element.setAttribute("class", cls);
  element.setAttribute("visibility", "hidden");
  svg.append(element);
  return element;
}

function attach(svg, twin) {
  const host = svg.parentElement;
  const { width, height } = svg.viewBox.baseVal;
  const [l, r, t, b, max, top] = ["l", "r", "t", "b", "max", "top"].map((key) => +svg.dataset[key]);
  const steps = [...twin.rows.keys()].filter((k) => k <= max).sort((a, c) => a - c);
  if (!steps.length) return;
  const last = steps[steps.length - 1];
  const x_of = (k) => l + ((width - l - r) * k) / max;
  const percent = (x) => `${(x / width) * 100}%`;

  const scrub = make(host, "input", "scrub");
  scrub.type = "range";
  scrub.min = steps[0];
  scrub.max = last;
  scrub.setAttribute("aria-label", twin.title);
  scrub.style.left = `calc(${percent(x_of(steps[0]))} - 7px)`;
  scrub.style.width = `calc(${percent(x_of(last) - x_of(steps[0]))} + 14px)`;
  scrub.style.bottom = `calc(${(b / height) * 100}% - 13px)`;

  const tip = make(host, "div", "tip");
  tip.hidden = true;
  const hair = svg_make(svg, "line", "c-hair");
  hair.setAttribute("y1", t);
  hair.setAttribute("y2", height - b);
  const dot = svg_make(svg, "circle", "c-hair-dot");
  dot.setAttribute("r", 4);

  const dot_columns = twin.heads.map((head, i) => (head.dataset.dot === undefined ? -1 : i)).filter((i) => i >= 0);
  const latest = steps.filter((k) => twin.rows.get(k)[dot_columns[0]]);
  scrub.value = latest.length ? latest[latest.length - 1] : steps[0];

  function fill(cells, lines) {
    tip.replaceChildren();
    make(tip, "b", "", `${twin.title} ${cells[0]}`);
    const list = make(tip, "dl");
    for (const [name, value] of lines) {
      make(list, "dt", "", name);
      make(list, "dd", "", value);
    }
  }
  function describe() {
    const cells = twin.rows.get(+scrub.value);
    const lines = cells ? lines_of(twin, cells) : [];
    if (cells) scrub.setAttribute("aria-valuetext", `${cells[0]}: ${lines.map((line) => line.join(" ")).join(", ")}`);
    return cells && { cells, lines };
  }
  function show() {
    const said = describe();
    if (!said) return;
    const x = x_of(+scrub.value);
    const value = dot_columns.map((i) => number(said.cells[i])).find((n) => n !== null);
    fill(said.cells, said.lines);
    hair.setAttribute("x1", x);
    hair.setAttribute("x2", x);
    hair.setAttribute("visibility", "visible");
    if (value !== undefined) {
      dot.setAttribute("cx", x);
      dot.setAttribute("cy", t + (height - t - b) * (1 - value / top));
    }
    dot.setAttribute("visibility", value === undefined ? "hidden" : "visible");
    tip.hidden = false;
    const on_left = x / width > 0.6;
    tip.style.left = on_left ? "auto" : `calc(${percent(x)} + 14px)`;
    tip.style.right = on_left ? `calc(${percent(width - x)} + 14px)` : "auto";
  }
  function hide() {
    tip.hidden = true;
    hair.setAttribute("visibility", "hidden");
    dot.setAttribute("visibility", "hidden");
  }

  scrub.addEventListener("input", show);
  scrub.addEventListener("focus", show);
  scrub.addEventListener("blur", hide);
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const k = Math.round(((((event.clientX - box.left) / box.width) * width - l) / (width - l - r)) * max);
    if (k < steps[0] || k > last) return hide();
    scrub.value = k;
    show();
  });
  svg.addEventListener("pointerleave", () => { if (document.activeElement !== scrub) hide(); });
  describe();
}

for (const chart of document.querySelectorAll(".chart[data-twin]")) {
  const table = document.getElementById(chart.dataset.twin);
  if (!table) continue;
  const twin = read_twin(table);
  chart.querySelectorAll("svg[data-max]").forEach((svg) => attach(svg, twin));
}
