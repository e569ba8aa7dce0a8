/* Small helpers of the drawn charts, and the picture that the kernel makes. */

const round = (value) => Math.round(value * 10) / 10;
const path = (points) => points.map(([x, y], place) => `${place ? "L" : "M"}${round(x)} ${round(y)}`).join("");

const MARKERS = {
  0: (x, y, fill) => make("circle", { cx: x, cy: y, r: 4, fill }),
  1: (x, y, fill) => make("rect", { x: x - 3.5, y: y - 3.5, width: 7, height: 7, fill }),
  2: (x, y, fill) => make("polygon", { points: `${x},${y - 5} ${x + 4.5},${y + 3.5} ${x - 4.5},${y + 3.5}`, fill }),
  3: (x, y, fill) => make("polygon", { points: `${x},${y - 5} ${x + 5},${y} ${x},${y + 5} ${x - 5},${y}`, fill }),
};

/* Labels at the ends of lines, moved apart so that none covers another. */
function apart(ends, gap, low, high) {
  const order = ends.map((end, place) => ({ ...end, place })).sort((a, b) => a.y - b.y);
  for (let i = 1; i < order.length; i++) order[i].y = Math.max(order[i].y, order[i - 1].y + gap);
  const over = Math.max(0, (order.at(-1)?.y ?? 0) - high);
  for (const end of order) end.y = Math.max(end.y - over, low);
  return order.sort((a, b) => a.place - b.place);
}

/* The PNG of the kernel as an address of the page's own. */
const held = { bytes: null, address: "" };
function pictureOf(model) {
  const bytes = model.get("picture");
  if (!bytes?.byteLength) return "";
  if (held.bytes !== bytes) {
    if (held.address) URL.revokeObjectURL(held.address);
    Object.assign(held, { bytes, address: URL.createObjectURL(new Blob([bytes], { type: "image/png" })) });
  }
  return held.address;
}

/* A picture for reading and printing: drawn when it is asked for. */
function pictureBox(picture, told, name) {
  return make("details", { "data-keep": "" }, make("summary", {}, "Picture for reading and printing"),
    picture ? make("div", { class: "ef-picture" }, make("img", { src: picture, alt: told }), make("p", {}, make("a", { href: picture, download: name }, "Keep this picture")))
      : make("p", {}, button("Draw it", "draw_picture")));
}

/* Round numbers for an axis. */
function ticksOf(low, high) {
  const step = [1, 2, 5, 10, 20, 25, 50, 100, 200].find((size) => (high - low) / size <= 6) ?? (high - low) / 5;
  const ticks = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) ticks.push(tick);
  return ticks;
}
