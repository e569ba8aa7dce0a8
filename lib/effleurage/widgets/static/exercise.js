/* One exercise: draws what the trait `shown` says, sends what somebody does. */

const SIGNS = { right: ["✓", "Right"], wrong: ["✕", "Does not belong"], missed: ["○", "Missed"] };
const ALONE = { right: ["✓", "Right"], wrong: ["✕", "Not this one"] };
const IN_ORDER = { right: ["✓", "In order"], wrong: ["✕", "Not in order"] };
const NAMED = { right: ["✓", "Named"], missed: ["○", "Missed"] };
const BY_KIND = { one: ALONE, number: ALONE, order: IN_ORDER, sentence: NAMED, several: SIGNS };

const set = (wish, args) => ({ "data-set": wish, "data-args": JSON.stringify(args ?? {}) });

function choices(shown, name) {
  const several = shown.kind === "several";
  const row = (choice) => {
    const on = several ? (shown.answer ?? []).includes(choice.name) : shown.answer === choice.name;
    const box = make("input", { type: several ? "checkbox" : "radio", name, value: choice.name, ...(several ? set("tick", { name: choice.name }) : set("choose")) });
    box.checked = on;
    return make("label", { class: "ef-choice", "data-key": choice.name, "data-on": on ? "yes" : "no" }, box, make("span", {}, choice.says));
  };
  return make("fieldset", { class: "ef-choices" }, make("legend", {}, shown.ask), shown.choices.map(row));
}

function order(shown, name) {
  const last = shown.choices.length - 1;
  const arrow = (choice, by, sign, words, off) =>
    button([make("span", { "aria-hidden": "true" }, sign), spoken(`${words}: ${choice.says}`)], "move", { name: choice.name, by }, { class: "ef-arrow", "data-key": `${choice.name}${by}`, "aria-disabled": off ? "true" : null });
  const row = (choice, place) =>
    make("li", { class: "ef-place", "data-key": choice.name }, make("span", { class: "ef-count" }, `${place + 1}.`), make("span", { class: "ef-says" }, choice.says),
      arrow(choice, -1, "↑", "Move up", place === 0), arrow(choice, 1, "↓", "Move down", place === last));
  return make("div", { role: "group", "aria-labelledby": name }, make("p", { class: "ef-ask", id: name }, shown.ask), make("ol", {}, shown.choices.map(row)));
}

function written(shown, name) {
  const box = shown.kind === "number"
    ? make("span", { class: "ef-amount" }, make("input", { id: name, class: "ef-input ef-number", type: "number", inputmode: "decimal", step: "any", ...set("write") }), shown.unit && make("span", {}, shown.unit))
    : make("textarea", { id: name, class: "ef-input", rows: 3, maxlength: 2000, ...set("write") });
  const field = box.querySelector?.("input") ?? box;
  field.value = shown.answer ?? "";
  return make("div", { class: "ef-field" }, make("label", { class: "ef-ask", for: name }, shown.ask), box);
}

/* Buttons stay where they are, also when they have nothing left to do: nothing jumps, and focus is kept. */
function acts(shown) {
  const off = (no) => (no ? "true" : null);
  const left = shown.more_hints > 0 ? `Hint (${shown.more_hints} left)` : "No more hints";
  return make("p", { class: "ef-acts" },
    button(shown.tries ? "Check again" : "Check my answer", "check", {}, { class: "ef-button ef-main", "data-key": "check" }),
    !shown.exit && button(left, "hint", {}, { "data-key": "hint", "aria-disabled": off(shown.more_hints === 0 || shown.right) }),
    !shown.exit && button(["Show the model answer", !shown.tries && spoken(", after your first try")], "reveal", {}, { "data-key": "reveal", "aria-disabled": off(!shown.tries || shown.model) }));
}

function line(signs) {
  return ({ sign, about, why }) =>
    make("li", { "data-sign": sign }, make("span", { class: "ef-sign", "aria-hidden": "true" }, signs[sign][0]),
      make("span", {}, make("strong", {}, `${signs[sign][1]}: `), make("q", {}, about), " ", why));
}

function feedback(shown) {
  const signs = BY_KIND[shown.kind];
  const others = shown.reasons.map(({ says, right, why }) => ({ sign: right ? "right" : "wrong", about: says, why }));
  const named = { right: ["✓", "Right is"], wrong: ["✕", "Not"] };
  return [
    shown.verdict && make("p", { class: "ef-verdict", "data-right": shown.right ? "yes" : "no" }, shown.verdict),
    make("ul", { class: "ef-lines" }, shown.lines.map(line(signs)), others.map(line(named))),
    shown.kind === "sentence" && shown.tries > 0 && make("p", { class: "ef-help" }, "Found by the words you use. You judge whether your sentence says it."),
    shown.model && make("div", { class: "ef-model" }, make("h3", {}, "Model answer"), make("p", {}, shown.model), make("p", { class: "ef-standing" }, shown.source)),
  ];
}

let count = 0;

function render({ model, el }) {
  const name = `ef-exercise-${Date.now().toString(36)}-${(count += 1)}`;
  const lost = make("p", { class: "ef-lost", role: "alert", hidden: true }, "The page does not answer. Press ‘Run this page’, then answer once more; what was kept is kept.");
  const box = make("section", { class: "ef-question", "aria-label": "Exercise" });
  const hints = make("div", { class: "ef-hints", role: "status" });
  const told = make("div", { class: "ef-told", role: "status" });
  el.classList.add("ef-page", "ef-exercise");
  el.append(lost, box, hints, told);
  const sender = new Line(model, (quiet) => (lost.hidden = !quiet));
  listen(el, (wish) => sender.send(wish));

  const draw = () => {
    const shown = model.get("shown");
    const ask = shown.kind === "order" ? order(shown, name) : shown.choices.length ? choices(shown, name) : written(shown, name);
    morph(box, make("section", { class: "ef-question", "aria-label": shown.exit ? "Exit question" : "Exercise" }, ask, acts(shown)));
    morph(hints, make("div", { class: "ef-hints", role: "status" }, shown.hints.map((words, place) => make("p", {}, make("strong", {}, `Hint ${place + 1}: `), words))));
    morph(told, make("div", { class: "ef-told", role: "status" }, shown.notice && make("p", { class: "ef-need" }, shown.notice), feedback(shown)));
  };
  model.on("change:shown", draw);
  draw();
}

export default { render };
