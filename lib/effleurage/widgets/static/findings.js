/* The safety screen beside the plan. Each kind has a shape, a word and a place of its own. */

const PLAIN = { stop: "⬣", clearance: "✉", ask: "?", open: "✓", clear: "✓" };

function sourceList(sources, choices) {
  return make("ul", { class: "ef-sources" }, sources.map((source) =>
    make("li", {}, `${source.name}. `, make("span", { class: "ef-address" }, `${source.where} `), source.standing && standing(source.standing, choices))));
}

function findingItem(item, { choices, ui }) {
  const key = `finding-${item.rule}`;
  const open = ui.open[key] ?? item.kind === "stop";
  const named = choices.kinds.find(({ id }) => id === item.kind);
  return make("li", { class: "ef-finding", "data-kind": item.kind, "data-key": key },
    make("details", { open, "data-remember": key },
      make("summary", {},
        make("span", { class: "ef-sign", "aria-hidden": "true" }, named.sign), spoken(`${named.name}: `),
        make("span", { class: "ef-finding-head" }, make("strong", {}, item.name),
          make("span", { class: "ef-hands" }, item.cleared && "cleared in writing; ", item.kind === "stop" ? item.urgency || item.do : item.hands || item.where)),
        make("span", { class: "ef-why", "aria-hidden": "true" }, open ? "less" : "why")),
      make("div", { class: "ef-finding-body" },
        make("p", { class: "ef-do" }, item.do),
        make("dl", {},
          make("dt", {}, "Because"), make("dd", {}, item.because.join("; ")),
          make("dt", {}, "Where"), make("dd", {}, item.where),
          item.hands && [make("dt", {}, "For the hands"), make("dd", {}, item.hands)],
          item.cleared && [make("dt", {}, "Cleared by"), make("dd", {}, item.cleared)],
          make("dt", {}, "Why"), make("dd", {}, item.reason),
          make("dt", {}, "Standing"), make("dd", {}, standing(item.standing, choices)),
          make("dt", {}, "Sources"), make("dd", {}, sourceList(item.sources, choices))))),
    item.steps.length > 0 && make("ul", { class: "ef-jumps" }, item.steps.map(({ part, step, words }) =>
      make("li", {}, make("button", { type: "button", class: "ef-link", "data-go": JSON.stringify({ part, step }) }, `Step ${step + 1}: ${words}`)))));
}

function questionItem(item, { choices, ui }) {
  const stop = item.decides.some(({ kind }) => kind === "stop");
  const answers = {
    fact: () => answerButtons(item, ui, choices),
    date: () => make("label", { class: "ef-field" }, spoken(item.ask), make("input", { class: "ef-input", type: "date", "data-set": "date_fact", "data-args": JSON.stringify({ fact: item.id }) })),
    reading: () => field(item.unit, number(null, { min: item.low, max: item.high, step: "any" }, "measure_today", { reading: item.id })),
  };
  return make("li", { class: "ef-question", "data-key": `question-${item.kind}-${item.id}`, "data-stop": stop },
    make("div", { role: "group", "aria-label": item.ask },
      make("p", {}, item.ask),
      make("p", { class: "ef-decides" }, "Decides: ", item.decides.map(({ name }) => name).join(", ")),
      answers[item.kind]()));
}

function answerButtons(item, ui, choices) {
  const answer = (words, value) => button([words, spoken(`: ${item.ask}`)], "report", { fact: item.id, answer: value });
  return make("div", { class: "ef-answers" }, answer("No", "no"), answer("Yes", "yes"));
}

function banner(screen) {
  return make("div", { class: "ef-banner", "data-level": screen.level },
    make("span", { class: "ef-sign", "aria-hidden": "true" }, PLAIN[screen.level]),
    make("strong", {}, screen.summary.replace(/^✓ /, "")));
}

const FEW = 5;

/* Few questions stand there at once; many are folded by section of the intake form. */
function questionList(context) {
  const { screen, ui } = context;
  const all = screen.questions;
  if (!all.length) return null;
  if (all.length <= FEW) return make("ul", { class: "ef-list" }, all.map((item) => questionItem(item, context)));
  const sections = [...new Set(all.map(({ section }) => section))];
  return make("div", { class: "ef-list" }, sections.map((section) => {
    const found = all.filter((item) => item.section === section);
    const facts = found.filter(({ kind }) => kind === "fact").map(({ id }) => id);
    const key = `section-${section}`;
    return make("details", { class: "ef-section", open: Boolean(ui.open[key]), "data-remember": key, "data-key": key },
      make("summary", {}, make("span", {}, section), make("span", { class: "ef-count" }, spoken("open questions: "), String(found.length))),
      ui.open[key] && [
        facts.length > 1 && make("p", { class: "ef-row" }, button(`All ${facts.length} asked: no to all`, "deny", { facts })),
        make("ul", { class: "ef-list" }, found.map((item) => questionItem(item, context)))]);
  }));
}

function findingsPanel(context) {
  const { screen, choices, work } = context;
  const group = ({ id, name, sign: shape }) => {
    const found = screen.findings.filter((item) => item.kind === id);
    const count = screen.counts[id];
    return make("section", { class: "ef-kind", "data-kind": id, "data-key": `kind-${id}`, "data-none": count === 0 },
      make("h3", {}, make("span", { class: "ef-sign", "aria-hidden": "true" }, shape), name,
        make("span", { class: "ef-count" }, spoken(": "), String(count))),
      id === "ask" ? questionList(context) : found.length > 0 && make("ul", { class: "ef-list" }, found.map((item) => findingItem(item, context))));
  };
  return make("div", {},
    make("h2", { class: "ef-panel-title" }, "Safety screen"),
    banner(screen),
    choices.kinds.map(group),
    answered(work, choices));
}

function answered(work, choices) {
  if (!work.today.length) return null;
  return make("section", { class: "ef-kind", "data-key": "answered" },
    make("h3", {}, "Said today"),
    make("ul", { class: "ef-said" }, work.today.map((item) => make("li", { "data-key": `said-${item.fact ?? item.reading}` },
      make("span", {}, `${item.name}: `, make("strong", {}, item.answer), item.place && ` (${item.place})`),
      button(["Take back", spoken(`: ${item.name}`)], item.fact ? "report" : "measure_today",
        item.fact ? { fact: item.fact, answer: "unknown" } : { reading: item.reading, value: null }, { class: "ef-link" })))));
}

/* The bar at the foot of a narrow page: the same words, closed to one line. */
function findingsBar({ screen, choices, ui }) {
  const counts = choices.kinds.filter(({ id }) => screen.counts[id] > 0);
  return make("button", { type: "button", class: "ef-bar-button", "data-toggle": "findings", "data-level": screen.level, "aria-expanded": Boolean(ui.findings), "aria-controls": "ef-findings" },
    make("span", { class: "ef-sign", "aria-hidden": "true" }, PLAIN[screen.level]),
    make("span", { class: "ef-bar-words" }, screen.summary.replace(/^✓ /, "")),
    make("span", { class: "ef-bar-counts" }, counts.map(({ id, name, sign: shape }) =>
      make("span", { "data-kind": id, title: name }, make("span", { "aria-hidden": "true" }, shape), spoken(`${name}: `), ` ${screen.counts[id]}`))),
    make("span", { "aria-hidden": "true" }, ui.findings ? "Close" : "Show"));
}
