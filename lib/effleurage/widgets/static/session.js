/* The session: its minutes on a line, and its steps to read, to change and to put in order. */

const nameIn = (list, id) => list.find((item) => item.id === id)?.name ?? id ?? "";

function stepWords(step, choices) {
  const side = step.side && step.side !== "middle" ? `, ${step.side}` : "";
  return { what: nameIn(choices.techniques, step.technique), where: `${nameIn(choices.regions, step.region).toLowerCase()}${side}` };
}

function timeline({ work, choices }) {
  const { minutes, used, left } = work.session;
  const whole = Math.max(minutes, used, 1);
  const steps = work.draft.phases[work.part].session.steps;
  const parts = steps.map((step, place) => {
    const length = Math.max(Number(step.minutes) || 0, 0);
    const { what, where } = stepWords(step, choices);
    const kinds = work.steps[place]?.marks.map(({ kind }) => kind) ?? [];
    return make("span", { class: "ef-slice", style: `flex-grow:${length}`, "data-family": place % 2, "data-go": JSON.stringify({ part: work.part, step: place }), title: `${length} min ${what}, ${where}`, "data-marked": kinds[0] ?? "" },
      length / whole > 0.045 && String(place + 1));
  });
  const over = left < 0;
  const told = over ? `${-left} min over` : left === 0 ? "Full" : `${left} min left`;
  return make("div", { class: "ef-timeline", "data-over": over },
    make("div", { class: "ef-timeline-head" },
      make("span", {}, make("strong", {}, `${used} of ${minutes} min`), " planned"), make("span", { class: "ef-left" }, told)),
    make("div", { class: "ef-line", role: "img", "aria-label": `Session of ${minutes} minutes: ${used} planned in ${steps.length} steps, ${told}.` },
      parts, left > 0 && make("span", { class: "ef-slice ef-free", style: `flex-grow:${left}` })));
}

function markList(marks, choices) {
  return marks.map(({ kind, words: text }) => make("li", { "data-kind": kind },
    make("span", { class: "ef-sign", "aria-hidden": "true" }, choices.kinds.find(({ id }) => id === kind).sign), text));
}

function pressureField(step, place, cap, choices) {
  const usual = choices.techniques.find(({ id }) => id === step.technique)?.pressure;
  if (!usual) return make("p", { class: "ef-field ef-quietly" }, make("span", { class: "ef-label" }, "Pressure"), "This technique has none.");
  return make("fieldset", { class: "ef-field ef-levels" },
    make("legend", { class: "ef-label" }, "Pressure, Walton level"),
    make("div", { class: "ef-level-row" }, [0, 1, 2, 3, 4, 5].map((level) =>
      make("label", { class: "ef-level", "data-over": level > cap, title: level > cap ? `Over the limit of ${cap}` : null },
        make("input", { type: "radio", name: `pressure-${place}`, value: level, checked: step.pressure === level, "data-number": "", "data-set": "set_step", "data-args": JSON.stringify({ step: place, field: "pressure" }) }),
        make("span", {}, String(level)), level > cap && spoken(`, over the limit of ${cap}`)))),
    make("span", { class: "ef-help" }, `usual here: ${usual}`, cap < 5 && `; the screen allows ${cap} at most`));
}

function stepForm(step, place, { choices, work }) {
  const put = (name) => ({ step: place, field: name });
  const region = choices.regions.find(({ id }) => id === step.region);
  const sides = !region || region.lateral ? ["left", "right", "both"] : ["middle"];
  const technique = choices.techniques.find(({ id }) => id === step.technique);
  return make("div", { class: "ef-step-form", role: "group", "aria-label": `Step ${place + 1}` },
    field("Technique", choice(step.technique, choices.techniques, "set_step", put("technique"))),
    field("Region", choice(step.region, choices.regions, "set_step", put("region"))),
    field("Side", choice(step.side, sides.map((id) => ({ id, name: id })), "set_step", put("side"))),
    field("Position", choice(step.position ?? "prone", choices.positions, "set_step", put("position"))),
    field("Minutes", number(step.minutes, { min: 1, max: 240, step: 1 }, "set_step", put("minutes")), technique && `usual for one area: ${technique.minutes}`),
    pressureField(step, place, work.steps[place]?.cap ?? 5, choices),
    make("div", { class: "ef-wide" }, field("Purpose", words(step.purpose, "set_step", put("purpose")))),
    technique && make("details", { class: "ef-wide", "data-keep": "" }, make("summary", {}, `How ${technique.name.toLowerCase()} is done`),
      make("p", {}, technique.about), make("ul", { class: "ef-help" }, technique.cautions.map((text) => make("li", {}, text)))),
    make("div", { class: "ef-wide ef-row" },
      button("Copy", "copy_step", { step: place }), button("Remove", "remove_step", { step: place }),
      make("button", { type: "button", class: "ef-button", "data-edit": place }, "Done")));
}

function stepItem(step, place, context) {
  const { work, choices, ui } = context;
  const { what, where } = stepWords(step, choices);
  const { marks = [], problems = [] } = work.steps[place] ?? {};
  const open = ui.step === place;
  const last = place === work.draft.phases[work.part].session.steps.length - 1;
  const arrow = (words, by, off) => make("button", { type: "button", class: "ef-arrow", "data-do": "move_step", "data-args": JSON.stringify({ step: place, by }), "aria-disabled": off, "aria-label": `Move step ${place + 1} ${words}`, title: `Move ${words}` }, by < 0 ? "↑" : "↓");
  return make("li", { class: "ef-step", "data-open": open, "data-marked": problems.length ? "wrong" : marks[0]?.kind ?? "" },
    make("div", { class: "ef-step-head" },
      make("button", { type: "button", class: "ef-step-button", "data-edit": place, "data-focus": `step-${place}`, "aria-expanded": open },
        make("span", { class: "ef-step-number" }, spoken("Step "), String(place + 1)),
        make("span", { class: "ef-step-minutes" }, `${step.minutes ?? "?"} min`),
        make("span", { class: "ef-step-what" }, make("strong", {}, what), make("span", {}, where)),
        make("span", { class: "ef-step-pressure" }, step.pressure === undefined ? "" : [make("span", { "aria-hidden": "true" }, `P${step.pressure}`), spoken(`pressure ${step.pressure}`)]),
        marks.length > 0 && spoken(`${marks.length} findings`)),
      arrow("up", -1, place === 0), arrow("down", 1, last)),
    problems.length > 0 && make("ul", { class: "ef-problems" }, problems.map((text) => make("li", {}, text))),
    marks.length > 0 && make("ul", { class: "ef-marks" }, markList(marks, choices)),
    open && stepForm(step, place, context));
}

function sessionTab(context) {
  const { work } = context;
  const steps = work.draft.phases[work.part].session.steps;
  return [
    partPicker(context),
    timeline(context),
    general(work),
    steps.length === 0 && make("p", { class: "ef-empty" }, "No step yet. Add one here, or begin from a template under Course."),
    make("ol", { class: "ef-steps" }, steps.map((step, place) => stepItem(step, place, context))),
    make("div", { class: "ef-row" },
      button("Add a step", "add_step", {}, { class: "ef-button ef-main", "data-focus": "add-step" }),
      make("span", { class: "ef-help ef-keys" }, "On a step: Alt with ↑ ↓ moves it, Delete takes it out, Ctrl Z undoes.")),
  ];
}

/* Problems that belong to no single step. */
function general(work) {
  const found = work.problems.filter(({ step, begin }) => step === null && !begin);
  return found.length > 0 && make("ul", { class: "ef-problems", "data-key": "general" }, found.map(({ where, words: text }) => make("li", {}, `${where}: ${text}`)));
}

function partPicker({ work }) {
  const parts = work.draft.phases;
  if (parts.length < 2) return null;
  return make("div", { class: "ef-parts", role: "group", "aria-label": "Parts of the course" }, parts.map((part, place) =>
    button(`${place + 1} ${part.name} · ${part.weeks} wk`, "choose_part", { part: place }, { "aria-pressed": place === work.part ? "true" : "false" })));
}
