/* The protocol builder: one view of the state, drawn afresh at each change and laid over what stands there. */

const TABS = [
  { id: "client", name: "Client" },
  { id: "course", name: "Course" },
  { id: "session", name: "Session" },
  { id: "ahead", name: "Look ahead" },
  { id: "keep", name: "Save" },
];

function decided(tab, { work, screen, ahead, saved }) {
  const part = work.draft.phases[work.part];
  const parts = work.draft.phases.length;
  return {
    client: work.client.name,
    course: parts > 1 ? `${parts} parts, ${work.weeks} weeks` : `${part.sessions_per_week} a week, ${part.weeks} weeks`,
    session: `${part.session.steps.length} steps, ${work.session.left < 0 ? `${-work.session.left} min over` : `${work.session.left} min left`}`,
    ahead: ahead.short,
    keep: saved.short,
  }[tab];
}

function tabList(context) {
  const { ui } = context;
  return make("div", { class: "ef-tabs", role: "tablist", "aria-label": "Steps of the work" }, TABS.map(({ id, name }, place) =>
    make("button", { type: "button", role: "tab", id: `ef-tab-${id}`, class: "ef-tab", "data-tab": id, "data-focus": `tab-${id}`, "aria-selected": ui.tab === id ? "true" : "false", "aria-controls": "ef-panel", tabindex: ui.tab === id ? 0 : -1, "data-warn": id === "session" && context.work.problems.some(({ begin }) => !begin) },
      make("span", { class: "ef-tab-name" }, make("span", { class: "ef-tab-number" }, String(place + 1)), name),
      make("span", { class: "ef-tab-now" }, decided(id, context)))));
}

function topLine({ work, saved }) {
  const off = (can) => ({ "aria-disabled": can ? "false" : "true" });
  return make("header", { class: "ef-top" },
    make("p", { class: "ef-top-client" }, make("strong", {}, work.client.name), make("span", {}, work.client.line)),
    make("div", { class: "ef-top-tools" },
      make("span", { class: "ef-saved", "data-ok": saved.ok }, saved.words),
      button("Undo", "undo", {}, off(work.can_undo)), button("Redo", "redo", {}, off(work.can_redo))));
}

/* What was done last. Its place is kept, so that nothing jumps. */
const noticeLine = ({ notice }) => make("p", { class: "ef-notice", role: "status", "data-key": "notice" }, notice);

/* Two pages on one record: nothing is overwritten unseen. */
function conflict({ saved }) {
  if (!saved.conflict) return null;
  return make("div", { class: "ef-conflict", role: "alert" },
    make("p", {}, saved.conflict),
    make("div", { class: "ef-row" }, button("Show what the other page saved", "take_theirs"), button("Keep what is here", "keep_mine")));
}

function clientTab({ work, choices, ui }) {
  const { client } = work;
  const fact = choices.facts.find(({ id }) => id === ui.fact);
  return [
    field("Client", choice(client.id, choices.clients, "choose_client", {}, { "data-focus": "client", "data-as": "id" })),
    make("div", { class: "ef-card" },
      make("p", { class: "ef-quote" }, `“${client.words}”`),
      make("p", {}, client.story),
      make("dl", { class: "ef-facts" }, client.lines.map(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]))),
    make("h3", {}, "Something the client tells you today"),
    make("div", { class: "ef-row ef-report" },
      field("Sign or event", choice(ui.fact ?? "", [{ id: "", name: "Choose …", group: "Choose" }, ...choices.facts], "", {}, { "data-ui": "fact" })),
      fact?.located && field("Where", choice(ui.region ?? "", [{ id: "", name: "not said", group: "Choose" }, ...choices.regions], "", {}, { "data-ui": "region" })),
      fact?.located && ui.region && choices.regions.find(({ id }) => id === ui.region)?.lateral &&
        field("Side", choice(ui.side ?? "both", ["left", "right", "both"].map((id) => ({ id, name: id })), "", {}, { "data-ui": "side" })),
      button("Note it", "report", { fact: ui.fact, answer: "yes", region: fact?.located ? ui.region ?? "" : "", side: fact?.located ? ui.side ?? "" : "" }, { "aria-disabled": ui.fact ? "false" : "true" })),
    make("p", { class: "ef-help" }, "Clients here are fictional. Never type in anything about a real person."),
  ];
}

function known({ work, choices }) {
  const entry = choices.conditions.find(({ id }) => id === work.draft.condition);
  const stage = entry?.stages.find(({ id }) => id === work.draft.stage);
  if (!stage) return null;
  const list = (title, items) => items.length > 0 && [make("dt", {}, title), make("dd", {}, make("ul", {}, items.map((item) => make("li", {}, item))))];
  return make("details", { class: "ef-card", "data-keep": "" },
    make("summary", {}, `What is known about ${entry.name.toLowerCase()}, ${stage.name.toLowerCase()}`),
    make("dl", {}, list("Aims", entry.aims),
      make("dt", {}, "Suits this stage"), make("dd", {}, stage.how, " ", standing(entry.stage_standing, choices)),
      list("Avoid", stage.avoid), list("Refer when", entry.refer),
      make("dt", {}, "Evidence"), make("dd", {}, entry.evidence, " ", standing(entry.standing, choices)),
      make("dt", {}, "Sources"), make("dd", {}, sourceList(entry.sources, choices))));
}

function goalRow(goal, place, { choices }) {
  const measure = choices.measures.find(({ id }) => id === goal.measure);
  const put = (name) => ({ goal: place, field: name });
  const matters = measure?.mcid && `${measure.mcid.value}${measure.mcid.percent ? " %" : ""} matters to ${measure.mcid.population}`;
  return make("li", { class: "ef-goal", role: "group", "aria-label": `Goal ${place + 1}` },
    field("Measure", choice(goal.measure, choices.measures, "set_goal", put("measure"), { "data-focus": `goal-${place}` })),
    field("Change", number(goal.change, { step: measure?.step ?? 1 }, "set_goal", put("change"))),
    field("By week", number(goal.by_week, { min: 1, max: 104, step: 1 }, "set_goal", put("by_week"))),
    button(["Remove", spoken(` goal ${place + 1}`)], "remove_goal", { goal: place }, { class: "ef-link" }),
    matters && make("p", { class: "ef-help ef-wide" }, `Better is ${measure.better}. ${matters} `, standing(measure.mcid.standing, choices)));
}

function courseFields({ work }) {
  const part = work.draft.phases[work.part];
  const put = (name) => ({ field: name });
  return make("div", { class: "ef-grid" },
    field("Sessions a week", slider(part.sessions_per_week, { min: 1, max: 7, step: 1 }, "set_part", put("sessions_per_week"), "a week")),
    field("Weeks", slider(part.weeks, { min: 1, max: 26, step: 1 }, "set_part", put("weeks"), "weeks")),
    field("Session", slider(part.session.minutes, { min: 15, max: 120, step: 5 }, "set_part", put("minutes"), "min")));
}

function courseTab(context) {
  const { work, choices } = context;
  const { draft } = work;
  const stages = choices.conditions.find(({ id }) => id === draft.condition)?.stages ?? [];
  const several = draft.phases.length > 1;
  return [
    make("div", { class: "ef-grid" },
      field("Condition", choice(draft.condition, choices.conditions, "choose_condition")),
      field("Stage", choice(draft.stage, stages, "choose_stage")),
      make("div", { class: "ef-wide" }, field("Name of the protocol", words(draft.name, "rename")))),
    known(context),
    make("div", { class: "ef-row", role: "group", "aria-label": "Begin from" },
      field("Begin from", choice(context.ui.template ?? choices.templates[0].id, [...choices.templates.map((item) => ({ ...item, group: "Templates" })), ...work.files.map((item) => ({ ...item, group: "Your files" }))], "", {}, { "data-ui": "template" })),
      button("Begin from this", "start_from", { id: context.ui.template ?? choices.templates[0].id }, { "data-focus": "start-from" }), button("Begin empty", "start_from", { id: "" })),
    general(work),
    make("h3", {}, "Goals"),
    make("ul", { class: "ef-goals" }, (draft.goals ?? []).map((goal, place) => goalRow(goal, place, context))),
    button("Add a goal", "add_goal", {}, { "data-focus": "add-goal" }),
    make("h3", {}, several ? `Part ${work.part + 1} of ${draft.phases.length}` : "Dose"),
    partPicker(context),
    several && field("Name of this part", words(draft.phases[work.part].name, "set_part", { field: "name" })),
    courseFields(context),
    make("div", { class: "ef-row" },
      field("Reassess every so many sessions", number(draft.reassess_every_sessions, { min: 1, max: 60, step: 1 }, "set_reassess")),
      button("Add a part", "add_part"), several && button("Remove this part", "remove_part")),
  ];
}

function keepTab({ work, saved }) {
  return [
    make("p", {}, saved.long),
    make("div", { class: "ef-row" }, button("Save now", "save_now"), button("Save as a protocol file", "save_file", {}, { class: "ef-button ef-main", "data-focus": "save-file" })),
    make("p", { class: "ef-help" }, `The file is named after the protocol: ${work.draft.id}.yaml. Anyone can open it with Begin from, or read it as text.`),
    work.files.length > 0 && [make("h3", {}, "Your protocol files"), make("ul", { class: "ef-said" }, work.files.map(({ id, name }) => make("li", { "data-key": id }, make("span", {}, make("strong", {}, name), ` ${id}`), button(["Open", spoken(` ${name}`)], "start_from", { id }))))],
    work.unread.length > 0 && make("ul", { class: "ef-problems" }, work.unread.map((text) => make("li", {}, text))),
  ];
}

const PANELS = { client: clientTab, course: courseTab, session: sessionTab, ahead: aheadTab, keep: keepTab };

function nextLine({ ui }) {
  const place = TABS.findIndex(({ id }) => id === ui.tab);
  const to = (tab, words, cls) => tab && make("button", { type: "button", class: `ef-button ${cls}`, "data-tab": tab.id }, words);
  return make("div", { class: "ef-row ef-next" }, to(TABS[place - 1], `← ${TABS[place - 1]?.name}`, ""), to(TABS[place + 1], `Next: ${TABS[place + 1]?.name} →`, "ef-onward"));
}

function page(context) {
  const { ui } = context;
  const tab = TABS.find(({ id }) => id === ui.tab);
  return make("div", { class: "ef-root" },
    topLine(context), conflict(context), noticeLine(context), tabList(context),
    make("div", { class: "ef-columns" },
      make("section", { class: "ef-work", role: "tabpanel", id: "ef-panel", "aria-labelledby": `ef-tab-${ui.tab}`, "data-key": ui.tab },
        make("h2", {}, tab.name), PANELS[ui.tab](context), nextLine(context)),
      make("aside", { class: "ef-findings", id: "ef-findings", "aria-label": "Safety screen", "data-open": Boolean(ui.findings) }, findingsPanel(context))),
    make("div", { class: "ef-foot" }, findingsBar(context)));
}

const READ = ["choices", "work", "screen", "ahead", "saved", "notice"];

function render({ model, el }) {
  const ui = { tab: model.get("work").tab ?? "client", step: null, open: {} };
  const root = make("div", { class: "ef-root" });
  const said = make("p", { class: "ef-spoken", role: "status" });
  const lost = make("p", { class: "ef-lost", role: "alert", hidden: true }, "No answer from the page's kernel. What was saved is safe: press Run this page to go on.");
  el.classList.add("ef-page", "ef-builder");
  el.append(lost, root, said);

  const line = new Line(model, (silent) => (lost.hidden = !silent));
  const context = () => ({ ...Object.fromEntries(READ.map((name) => [name, model.get(name)])), ui, picture: pictureOf(model) });
  const draw = () => {
    settle(el, line);
    morph(root, page(context()));
    el.dataset.level = model.get("screen").level;
    if (said.textContent !== model.get("screen").summary) said.textContent = model.get("screen").summary;
    el.dataset.drawn = String(Number(el.dataset.drawn ?? 0) + 1);
  };

  const go = (key) => {
    const goal = el.querySelector(`[data-focus="${key}"]`);
    goal?.focus({ preventScroll: true });
    goal?.scrollIntoView({ block: "nearest" });
  };
  const edit = (place) => {
    ui.step = ui.step === place ? null : place;
    draw();
  };
  const open = (tab) => {
    ui.tab = tab;
    draw();
    go(`tab-${tab}`);
    line.send({ do: "look_at", tab });
  };
  const jump = ({ part, step }) => {
    ui.tab = "session";
    ui.step = step;
    ui.findings = false;
    if (part !== model.get("work").part) line.send({ do: "choose_part", part });
    draw();
    go(`step-${step}`);
  };

  listen(el, (wish, node) => {
    if (!wish.do) return;
    const named = node.dataset.as;
    const { value, ...rest } = wish;
    line.send(named ? { ...rest, [named]: value } : wish);
  });
  el.addEventListener("click", (event) => {
    const at = (name) => event.target.closest(`[data-${name}]`)?.dataset[name];
    if (at("tab")) open(at("tab"));
    else if (at("edit") !== undefined) edit(Number(at("edit")));
    else if (at("go")) jump(JSON.parse(at("go")));
    else if (at("toggle")) {
      ui[at("toggle")] = !ui[at("toggle")];
      draw();
    }
  });
  el.addEventListener("change", (event) => {
    if (event.target.dataset.ui) {
      ui[event.target.dataset.ui] = event.target.value;
      draw();
    }
  });
  el.addEventListener("toggle", (event) => {
    const key = event.target.dataset?.remember;
    if (key && Boolean(ui.open[key] ?? false) !== event.target.open) {
      ui.open[key] = event.target.open;
      draw();
    }
  }, true);
  el.addEventListener("keydown", (event) => keys(event, { line, open, ui }));

  const look = () => document.visibilityState === "visible" && model.get("answered") >= 0 && line.send({ do: "look" });
  document.addEventListener("visibilitychange", look);

  for (const name of [...READ, "picture"]) model.on(`change:${name}`, () => queue());
  let queued = false;
  const queue = () => {
    if (queued) return;
    queued = true;
    queueMicrotask(() => {
      queued = false;
      draw();
      follow(model.get("work").focus);
    });
  };
  let followed = null;
  const follow = (focus) => {
    const stamp = `${focus}@${model.get("answered")}`;
    if (!focus || stamp === followed) return;
    followed = stamp;
    if (focus.startsWith("step-") && ui.step !== null) {
      ui.step = Number(focus.slice(5));
      draw();
    }
    go(focus);
  };
  draw();
  return () => document.removeEventListener("visibilitychange", look);
}

function keys(event, { line, open, ui }) {
  const typing = event.target.matches("input:not([type=radio]):not([type=range]), textarea");
  const command = event.ctrlKey || event.metaKey;
  const step = event.target.dataset?.edit;
  const press = event.key.toLowerCase();
  const send = (wish) => {
    event.preventDefault();
    line.send(wish);
  };
  if (command && press === "s") send({ do: "save_now" });
  else if (command && !typing && press === "z") send({ do: event.shiftKey ? "redo" : "undo" });
  else if (command && !typing && press === "y") send({ do: "redo" });
  else if (step !== undefined && event.altKey && ["arrowup", "arrowdown"].includes(press)) send({ do: "move_step", step: Number(step), by: press === "arrowup" ? -1 : 1 });
  else if (step !== undefined && press === "delete") send({ do: "remove_step", step: Number(step) });
  else if (event.target.role === "tab" && ["arrowleft", "arrowright", "home", "end"].includes(press)) {
    event.preventDefault();
    const place = TABS.findIndex(({ id }) => id === ui.tab);
    const goal = { arrowleft: place - 1, arrowright: place + 1, home: 0, end: TABS.length - 1 }[press];
    open(TABS[(goal + TABS.length) % TABS.length].id);
  }
}

export default { render };
