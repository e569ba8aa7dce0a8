/* What all pages share: plain DOM, every word from the kernel is text, never markup. */

const SVG = "http://www.w3.org/2000/svg";
const DRAWN = new Set(["svg", "g", "path", "line", "rect", "circle", "text", "polygon", "title", "desc"]);

/* JupyterLab takes single letters as commands, also from a button: what can have the focus must say that it
   wants its keys for itself. */
const TAKES_KEYS = new Set(["button", "input", "select", "textarea", "summary", "a"]);

/* Makes a node. Children that are null or false are left out; strings become text. */
export function make(tag, props, ...children) {
  const node = DRAWN.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== undefined && value !== null && value !== false) node.setAttribute(name, String(value));
  }
  if (TAKES_KEYS.has(tag) || props?.tabindex !== undefined) node.setAttribute("data-lm-suppress-shortcuts", "true");
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/* A button that asks for something: its wish travels in data-do and data-args. */
export function button(words, wish, args, props) {
  return make("button", { type: "button", class: "ef-button", "data-do": wish, "data-args": JSON.stringify(args ?? {}), ...props }, words);
}

/* Words for those who listen only. */
export const spoken = (words) => make("span", { class: "ef-spoken" }, words);

/* How a fact stands: a mark, and the word for it. */
export function standing(kind, choices) {
  const { sign, name } = choices.standings[kind];
  return make("span", { class: "ef-standing", title: name }, make("span", { "aria-hidden": "true" }, sign), " ", name);
}


/* Makes `old` look like `fresh` and keeps the nodes that are there: focus, scroll and open parts stay. */
export function morph(old, fresh) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  attributes(old, fresh);
  children(old, fresh);
  values(old, fresh);
}

function attributes(old, fresh) {
  for (const { name, value } of [...fresh.attributes])
    if (name !== "data-typing" && old.getAttribute(name) !== value && !(name === "open" && old.hasAttribute("data-keep"))) old.setAttribute(name, value);
  for (const { name } of [...old.attributes])
    if (!fresh.hasAttribute(name) && name !== "data-typing" && !(name === "open" && old.hasAttribute("data-keep"))) old.removeAttribute(name);
}

const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.getAttribute("data-key") : null);

function children(old, fresh) {
  const keyed = new Map([...old.childNodes].filter(keyOf).map((node) => [keyOf(node), node]));
  let spot = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    const known = keyOf(child) ? keyed.get(keyOf(child)) : spot && alike(spot, child) ? spot : null;
    if (known && alike(known, child)) {
      if (known === spot) spot = spot.nextSibling;
      else move(old, known, spot);
      morph(known, child);
    } else old.insertBefore(child, spot);
  }
  while (spot) {
    const next = spot.nextSibling;
    spot.remove();
    spot = next;
  }
}

/* Moving a node drops its focus; this gives it back. */
function move(parent, node, before) {
  const focused = node.contains(document.activeElement) ? document.activeElement : null;
  parent.insertBefore(node, before);
  focused?.focus({ preventScroll: true });
}

/* A field that somebody is typing in, or whose value is on its way to the kernel, keeps what stands there. */
function values(old, fresh) {
  if (old.nodeName === "SELECT") {
    if (!old.dataset.typing && old.value !== fresh.value) old.value = fresh.value;
  } else if (old.nodeName === "TEXTAREA" || old.nodeName === "INPUT") {
    if (old.dataset.typing) return;
    if (old.type === "radio" || old.type === "checkbox") old.checked = fresh.checked;
    else if (old.value !== fresh.value) old.value = fresh.value;
  }
}

/* A field with its label, and help that is read out after it. Names are kept apart between pages and fields. */
const MARK = Math.random().toString(36).slice(2, 8);

export function field(label, control, help) {
  const input = control.matches("input, select, textarea") ? control : control.querySelector("input");
  const id = `ef-${MARK}-${`${label}${input.dataset.args ?? ""}`.replace(/\W+/g, "-")}`;
  input.id = id;
  if (help) input.setAttribute("aria-describedby", `${id}-help`);
  return make("div", { class: "ef-field" },
    make("label", { class: "ef-label", for: id }, label), control,
    help && make("span", { class: "ef-help", id: `${id}-help` }, help));
}

const asked = (wish, args) => (wish ? { "data-set": wish, "data-args": JSON.stringify(args ?? {}) } : {});

export function choice(value, options, wish, args, props) {
  const option = ({ id, name, group }) => make("option", { value: id, selected: id === value }, name);
  const groups = [...new Set(options.map((item) => item.group))];
  const inside = groups.length > 1
    ? groups.map((group) => make("optgroup", { label: group }, options.filter((item) => item.group === group).map(option)))
    : options.map(option);
  const node = make("select", { class: "ef-input", ...asked(wish, args), ...props }, inside);
  node.value = value ?? "";
  return node;
}

export function number(value, range, wish, args, props) {
  return make("input", { class: "ef-input ef-number", type: "number", inputmode: "decimal", value: value ?? "", ...range, ...asked(wish, args), ...props });
}

export function words(value, wish, args, props) {
  return make("input", { class: "ef-input", type: "text", value: value ?? "", maxlength: 200, autocomplete: "off", ...asked(wish, args), ...props });
}

/* A slider that says its value; it sends while it moves. */
export function slider(value, range, wish, args, unit, props) {
  return make("span", { class: "ef-slider" },
    make("input", { type: "range", value, ...range, ...asked(wish, args), "data-live": true, "aria-valuetext": `${value} ${unit}`, ...props }),
    make("output", { "aria-hidden": "true" }, `${value} ${unit}`));
}

/* Ties a page to its kernel: sends wishes one after another, merges those of a moving slider, and says so when
   the kernel does not answer. */
export class Line {
  constructor(model, quiet) {
    Object.assign(this, { model, quiet, sent: 0, waiting: null, timer: null });
    model.on("change:answered", () => this.heard());
  }

  send(wish) {
    if (wish.live && this.busy()) {
      this.waiting = wish;
      return;
    }
    this.waiting = null;
    this.sent = Math.max(this.sent, this.model.get("answered")) + 1;
    this.model.send({ ...wish, number: this.sent });
    this.timer ??= setTimeout(() => this.quiet(true), 4000);
  }

  busy() {
    return this.model.get("answered") < this.sent;
  }

  heard() {
    if (this.busy()) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.quiet(false);
    if (this.waiting) this.send(this.waiting);
  }
}

/* Listens for the whole page: buttons (data-do), fields (data-set), sliders while they move (data-live). */
export function listen(el, send) {
  el.addEventListener("click", (event) => {
    const found = event.target.closest("[data-do]");
    if (found && el.contains(found) && found.getAttribute("aria-disabled") !== "true") send({ do: found.dataset.do, ...JSON.parse(found.dataset.args || "{}") }, found);
  });
  const set = (event, live) => {
    const found = event.target.closest("[data-set]");
    if (!found) return;
    found.dataset.typing = "sent";
    send({ do: found.dataset.set, ...JSON.parse(found.dataset.args || "{}"), value: valueOf(found), live }, found);
  };
  el.addEventListener("change", (event) => set(event, false));
  el.addEventListener("input", (event) => {
    if (event.target.matches("[data-live]")) set(event, true);
    else if (event.target.matches("input.ef-input, textarea")) event.target.dataset.typing = "text";
  });
  el.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.dataset.typing === "text") event.target.dispatchEvent(new Event("change", { bubbles: true }));
  });
  el.addEventListener("focusout", (event) => {
    if (event.target.dataset?.typing === "text") delete event.target.dataset.typing;
  });
}

/* Lets go of the fields whose values have arrived. Called before each drawing. */
export function settle(el, line) {
  if (!line.busy() && !line.waiting) el.querySelectorAll('[data-typing="sent"]').forEach((node) => delete node.dataset.typing);
}

function valueOf(node) {
  if (node.type === "checkbox") return node.checked;
  if (node.type === "number" || node.type === "range") return node.value === "" ? null : Number(node.value);
  if (node.dataset.number !== undefined) return node.value === "" ? null : Number(node.value);
  return node.value;
}
