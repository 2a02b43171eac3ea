// The front end of touch.py. Nothing here asks the kernel or the network for anything: all facts are in the model's state.

const SVG = "http://www.w3.org/2000/svg";
const BLUE = "#0072B2", RED = "#D55E00", INK = "#222222", GREY = "#767676";

/** Everything that follows from ε, μ and log σ²: one pixel x, a decoder with one weight and one bias, β = 1. */
export function slopes({ x, weight, bias }, { eps, mu, logvar }) {
  const sigma = Math.exp(logvar / 2);
  const z = mu + sigma * eps;
  const x_hat = weight * z + bias;
  const recon = (x - x_hat) ** 2 / 2;
  const kl = (sigma ** 2 + mu ** 2 - 1 - logvar) / 2;
  const dz = weight * (x_hat - x);
  const [mu_z, mu_kl] = [dz, mu];
  const [logvar_z, logvar_kl] = [dz * sigma * eps / 2, (sigma ** 2 - 1) / 2];
  return { sigma, z, x_hat, recon, kl, loss: recon + kl, mu_z, mu_kl, mu_sum: mu_z + mu_kl,
    logvar_z, logvar_kl, logvar_sum: logvar_z + logvar_kl };
}

/** The image at (z1, z2), 64 numbers from 0 (paper) to 255 (ink): between the decoded points, interpolated along both axes. */
export function decoded(images, { side, reach }, [z1, z2]) {
  const place = (z) => Math.min(Math.max((z + reach) / (2 * reach) * (side - 1), 0), side - 1);
  const [column, row] = [place(z1), place(z2)];
  const left = Math.min(Math.floor(column), side - 2), low = Math.min(Math.floor(row), side - 2);
  const [right, up] = [column - left, row - low];
  const corners = [[0, 0, (1 - right) * (1 - up)], [1, 0, right * (1 - up)], [0, 1, (1 - right) * up], [1, 1, right * up]];
  return Array.from({ length: 64 }, (_, pixel) =>
    corners.reduce((sum, [c, r, share]) => sum + share * images[((low + r) * side + left + c) * 64 + pixel], 0));
}

const number = (value, digits = 4) => (Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value).toFixed(digits).replace("-", "−");

function make(parent, name, attributes = {}, text = "") {
  const svg = parent.namespaceURI === SVG || name === "svg";
  const made = svg ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return parent.appendChild(made);
}

function arrow(parent, from, to, y, style) {
  const length = Math.abs(to - from), head = Math.min(9, length), back = to > from ? -head : head;
  const line = make(parent, "line", { x1: from, x2: to + back * 0.8, y1: y, y2: y, "stroke-width": 2.5, ...style });
  line.style.visibility = length > head ? "visible" : "hidden";
  make(parent, "path", { d: `M${to} ${y}l${back} ${-head / 2}v${head}z`, fill: style.stroke });
}

/** Sliders for one latent; z on its line, the two routes of each slope as arrows. */
function step(card, facts) {
  const names = { eps: "noise ε", mu: "mean μ", logvar: "log σ²" };
  const values = {}, says = {};
  const sliders = make(card, "div", { class: "sliders" });
  for (const [key, words] of Object.entries(names)) {
    const { low, high, start } = facts.sliders[key];
    const label = make(sliders, "label", {}, words);
    const said = make(label, "span", { class: "number", "aria-hidden": "true" });
    const input = make(label, "input", { type: "range", name: key, min: low, max: high, step: facts.quarter, value: start });
    const read = () => { values[key] = Number(input.value); said.textContent = number(values[key], 2); };
    input.addEventListener("input", () => { read(); draw(); });
    read();
  }
  const list = make(card, "div", { class: "values" }); // not a <dl>: notebooks have styles of their own for those
  for (const [key, words] of Object.entries({ sigma: "σ", z: "z", x_hat: "x̂", recon: "reconstruction", kl: "KL", loss: "loss" })) {
    says[key] = make(make(list, "span", {}, `${words} = `), "b", { class: "number", "data-name": key });
  }
  const svg = make(card, "svg", { viewBox: "0 0 720 352", role: "img" });
  const sentence = make(card, "p", { "aria-live": "polite" });
  make(card, "p", { class: "small" }, `x = ${facts.x}, x̂ = ${facts.weight} z + ${facts.bias}, loss = ½ (x − x̂)² + KL in nats. ` +
    "An arrow points where the loss grows; a step goes the other way.");

  function draw() {
    const at = slopes(facts, values);
    for (const key in says) says[key].textContent = number(at[key]);
    svg.replaceChildren();
    zLine(at);
    arrows(at);
    const routes = (end) => `${number(at[`${end}_z`])} through z, ${number(at[`${end}_kl`])} from the KL`;
    svg.setAttribute("aria-label", `Slope in μ: ${routes("mu")}. Slope in log σ²: ${routes("logvar")}.`);
    const [m, l] = [at.mu_sum, at.logvar_sum];
    const way = (slope) => (Math.abs(slope) < 5e-5 ? "leaves" : slope < 0 ? "raises" : "lowers");
    sentence.textContent = `z is ${number(at.z)}, the loss ${number(at.loss)}. Slope in μ ${number(m)}, in log σ² ${number(l)}: ` +
      `a step ${way(m)} μ and ${way(l)} log σ².`;
  }

  function zLine(at) {
    const place = (z) => 360 + z * 66, floor = 108;
    const bell = (mean, sigma) => Array.from({ length: 201 }, (_, i) => {
      const z = -5 + i / 20;
      return `${place(z).toFixed(1)} ${(floor - 75 * Math.exp(-(((z - mean) / sigma) ** 2) / 2)).toFixed(1)}`;
    }).join("L");
    make(svg, "path", { d: `M${place(-5)} ${floor}L${bell(values.mu, at.sigma)}L${place(5)} ${floor}z`, fill: "#BFE0F3", stroke: "none" });
    make(svg, "path", { d: `M${bell(0, 1)}`, fill: "none", stroke: GREY, "stroke-width": 1.5, "stroke-dasharray": "6 4" });
    make(svg, "line", { x1: place(-5), x2: place(5), y1: floor, y2: floor, stroke: INK });
    for (let z = -5; z <= 5; z++) make(svg, "text", { x: place(z), y: floor + 36, class: "faint", "text-anchor": "middle" }, number(z, 0));
    make(svg, "text", { x: place(-5), y: floor - 60, class: "faint" }, "blue: q(z | x); dashes: the prior");
    const goal = place((facts.x - facts.bias) / facts.weight);
    make(svg, "line", { x1: goal, x2: goal, y1: 22, y2: floor, stroke: INK, "stroke-width": 1.5, "stroke-dasharray": "2 3" });
    make(svg, "text", { x: goal, y: 16, "text-anchor": "middle" }, "x̂ = x");
    const [mu, z] = [place(values.mu), place(at.z)];
    make(svg, "line", { x1: mu, x2: mu, y1: floor - 75, y2: floor, stroke: BLUE, "stroke-width": 2 });
    make(svg, "text", { x: mu, y: floor - 82, "text-anchor": "middle" }, "μ");
    if (Math.abs(z - mu) > 1) arrow(svg, mu, z, floor - 12, { stroke: INK });
    make(svg, "circle", { cx: z, cy: floor, r: 6, fill: RED, stroke: "#fff", "stroke-width": 1.5 });
    make(svg, "text", { x: z, y: floor + 20, "text-anchor": "middle", class: "strong" }, "z");
  }

  function arrows(at) {
    const routes = { z: ["through z", { stroke: BLUE, "stroke-dasharray": "7 4" }], kl: ["from the KL", { stroke: RED }],
      sum: ["together", { stroke: INK, "stroke-width": 4 }] };
    const longest = Math.max(...["mu", "logvar"].flatMap((end) => Object.keys(routes).map((route) => Math.abs(at[`${end}_${route}`]))));
    const reach = [0.5, 1, 2, 5, 10, 20].find((limit) => limit >= longest) ?? longest;
    const place = (slope) => 410 + slope / reach * 190;
    ["mu", "logvar"].forEach((end, i) => {
      make(svg, "text", { x: 16, y: 186 + 84 * i, class: "strong" }, i ? "slope in log σ²" : "slope in μ");
      Object.entries(routes).forEach(([route, [words, style]], j) => {
        const y = 182 + 84 * i + 22 * j, value = at[`${end}_${route}`];
        make(svg, "text", { x: 130, y: y + 4, class: route === "sum" ? "strong" : "" }, words);
        arrow(svg, place(0), place(value), y, style);
        make(svg, "text", { x: 704, y: y + 4, "text-anchor": "end", class: route === "sum" ? "strong" : "", "data-name": `${end}_${route}` },
          number(value));
      });
    });
    make(svg, "line", { x1: place(0), x2: place(0), y1: 168, y2: 322, stroke: GREY });
    for (const slope of [-reach, -reach / 2, 0, reach / 2, reach]) {
      make(svg, "line", { x1: place(slope), x2: place(slope), y1: 322, y2: 327, stroke: GREY });
      make(svg, "text", { x: place(slope), y: 342, class: "faint", "text-anchor": "middle" }, number(slope, 2).replace(/\.?0+$/, ""));
    }
  }

  draw();
}

/** A point on the latent plane that is dragged or moved with the arrow keys, and what the decoder makes of it. */
function plane(card, facts, images) {
  const { reach } = facts, edge = 420, margin = 34, room = edge - 2 * margin;
  let point = [...facts.start];
  const both = make(card, "div", { class: "both" });
  const map = make(both, "svg", { viewBox: `0 0 ${edge} ${edge}`, class: "map", tabindex: "0", role: "application",
    "aria-roledescription": "point on a plane", "aria-label": "Latent plane. The arrow keys move the point, with Shift further; Home takes it to the origin." });
  const place = ([z1, z2]) => [margin + (z1 + reach) / (2 * reach) * room, edge - margin - (z2 + reach) / (2 * reach) * room];
  const inside = (z) => Math.min(Math.max(Math.round(z * 100) / 100, -reach), reach);
  make(map, "rect", { x: margin, y: margin, width: room, height: room, fill: "#fff", stroke: GREY });
  for (let tick = -reach; tick <= reach; tick++) {
    const [x, y] = place([tick, tick]);
    make(map, "text", { x, y: edge - margin + 16, "text-anchor": "middle", class: "faint" }, number(tick, 0));
    make(map, "text", { x: margin - 7, y: y + 4, "text-anchor": "end", class: "faint" }, number(tick, 0));
  }
  make(map, "text", { x: edge - margin, y: edge - 2, "text-anchor": "end" }, "z₁");
  make(map, "text", { x: margin, y: margin - 10, "text-anchor": "end" }, "z₂");
  for (const [z1, z2, digit] of facts.codes) {
    const [x, y] = place([z1, z2]);
    make(map, "text", { x, y: y + 4, "text-anchor": "middle", style: `fill: ${facts.colours[digit]}; font-size: 11px` }, String(digit));
  }
  const cross = make(map, "g", { fill: "none", "stroke-width": 2.5 });
  for (const [stroke, width] of [["#fff", 6], [INK, 2.5]])
    make(cross, "path", { d: "M-11 0a11 11 0 1 0 22 0a11 11 0 1 0 -22 0M-5 0h10M0 -5v10", stroke, "stroke-width": width });

  const side = make(both, "div", { class: "decoded" });
  const canvas = make(side, "canvas", { width: 8, height: 8, role: "img" });
  const sentence = make(side, "p", { "aria-live": "polite" });
  make(side, "p", { class: "small" }, `Drag the ringed cross, or focus the plane and use the arrow keys (Shift: further; Home: origin). Digits mark where your ` +
    `encoder puts images. Your decoder's images at ${facts.side} × ${facts.side} points, interpolated in between.`);

  function draw() {
    const [x, y] = place(point);
    cross.setAttribute("transform", `translate(${x} ${y})`);
    const ink = decoded(images, facts, point), pen = canvas.getContext("2d"), pixels = pen.createImageData(8, 8);
    ink.forEach((value, i) => pixels.data.set([255 - value, 255 - value, 255 - value, 255], 4 * i));
    pen.putImageData(pixels, 0, 0);
    const near = facts.codes.map(([z1, z2, digit]) => [Math.hypot(z1 - point[0], z2 - point[1]), digit]).sort((a, b) => a[0] - b[0])[0];
    const where = `z₁ = ${number(point[0], 2)}, z₂ = ${number(point[1], 2)}`;
    canvas.setAttribute("aria-label", `The decoded image at ${where}`);
    sentence.textContent = where + (near ? `. The nearest image on the map is a ${near[1]}.` : ".");
  }

  const move = (to) => { point = to.map(inside); draw(); };
  const follow = (event) => {
    const box = map.getBoundingClientRect(), scale = edge / box.width;
    const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
    move([(x - margin) / room * 2 * reach - reach, (edge - margin - y) / room * 2 * reach - reach]);
  };
  map.addEventListener("pointerdown", (event) => { map.setPointerCapture(event.pointerId); map.focus(); follow(event); event.preventDefault(); });
  map.addEventListener("pointermove", (event) => { if (map.hasPointerCapture(event.pointerId)) follow(event); });
  map.addEventListener("keydown", (event) => {
    const by = event.shiftKey ? 0.5 : 0.1;
    const ways = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, by], ArrowDown: [0, -by] };
    if (event.key === "Home") move([0, 0]);
    else if (ways[event.key]) move(point.map((z, i) => z + ways[event.key][i]));
    else return;
    event.preventDefault();
  });
  draw();
}

function render({ model, el }) {
  const card = make(el, "div", { class: "vae-touch", "data-lm-suppress-shortcuts": "true" }); // else arrow keys choose cells
  card.addEventListener("keydown", (event) => { if (/^(Arrow|Home|End|Page)/.test(event.key)) event.stopPropagation(); });
  const facts = model.get("facts"), bytes = model.get("images");
  if (model.get("kind") === "step") step(card, facts);
  else plane(card, facts, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const hides = make(document.head, "style", {}, `.${model.get("still")} { display: none }`); // the still picture, as long as this is there
  return () => hides.remove();
}

export default { render };
