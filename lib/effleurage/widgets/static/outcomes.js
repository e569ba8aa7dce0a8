/* The outcomes page: visits, what may be said about them, and the chart beside its table. */

const PLOT = { width: 560, height: 340, left: 36, right: 16, top: 34, bottom: 48 };

function plot(data, told) {
  const { width, height, left, right, top, bottom } = PLOT;
  const last = Math.max(data.points.at(-1).week, 1);
  const x = (week) => left + 8 + (week / last) * (width - left - right - 16);
  const y = (score) => top + ((data.high - score) / (data.high - data.low)) * (height - top - bottom);
  const inside = (score) => Math.min(Math.max(score, data.low), data.high);
  const better = data.better === "lower" ? -1 : 1;
  const weeks = ticksOf(0, last).filter((week) => Number.isInteger(week));
  const rule = (score, cls, text, below) => [
    make("line", { class: cls, x1: left, x2: width - right, y1: y(score), y2: y(score) }),
    make("text", { class: "ef-axis", x: width - right, y: y(score) + (below ? 15 : -5), "text-anchor": "end" }, text)];
  return make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": told },
    ticksOf(data.low, data.high).map((tick) => [
      make("line", { class: "ef-gridline", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }),
      make("text", { class: "ef-axis", x: left - 8, y: y(tick) + 4, "text-anchor": "end" }, String(tick))]),
    weeks.map((week) => make("text", { class: "ef-axis", x: x(week), y: height - bottom + 20, "text-anchor": "middle" }, String(week))),
    make("text", { class: "ef-axis", x: (left + width - right) / 2, y: height - 8, "text-anchor": "middle" }, "weeks from the first visit"),
    make("text", { class: "ef-axis", x: 0, y: 10 }, `${data.name}, ${data.unit}`),
    data.error && make("rect", { class: "ef-error-band", x: left, width: width - left - right, y: y(inside(data.base + data.error.points)), height: y(inside(data.base - data.error.points)) - y(inside(data.base + data.error.points)) }),
    data.error && make("text", { class: "ef-axis", x: width - right - 8, "text-anchor": "end", y: y(inside(data.base - better * data.error.points)) + (better < 0 ? 16 : -7) }, `within ${data.error.label}: nobody can tell`),
    make("line", { class: "ef-base", x1: left, x2: width - right, y1: y(data.base), y2: y(data.base) }),
    data.matters && rule(inside(data.base + better * data.matters.points), "ef-mcid", data.matters.label, better < 0),
    make("path", { d: path(data.points.map(({ week, score }) => [x(week), y(score)])), fill: "none", stroke: "var(--ef-line-0)", "stroke-width": 2.5 }),
    data.points.map(({ week, score }) => [
      MARKERS[0](x(week), y(score), "var(--ef-line-0)"),
      make("text", { x: x(week), y: y(score) - 10, "text-anchor": "middle", "font-weight": 600 }, String(score))]));
}

function plainTable(rows, caption, names) {
  const columns = names.filter((name) => rows.some((row) => row[name]));
  return make("div", { class: "ef-table-wrap", tabindex: 0, role: "region", "aria-label": caption },
    make("table", { class: "ef-table ef-words" },
      make("caption", { class: "ef-spoken" }, caption),
      make("thead", {}, make("tr", {}, columns.map((name) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, rows.map((row) => make("tr", {}, columns.map((name, place) => make(place ? "td" : "th", place ? {} : { scope: "row" }, row[name])))))));
}

function entryRow(row, measure) {
  const put = (name) => ({ row: row.row, field: name });
  return make("li", { class: "ef-visit", role: "group", "aria-label": `Visit ${row.visit}`, "data-key": `visit-${row.visit}` },
    make("span", { class: "ef-visit-number" }, spoken("Visit "), String(row.visit)),
    field("Day", make("input", { class: "ef-input", type: "date", value: row.date ?? "", "data-set": "set_visit", "data-args": JSON.stringify(put("date")), "data-focus": `date-${row.row}` })),
    field("Score", number(row.score, { min: measure.low, max: measure.high, step: measure.step }, "set_visit", put("score"))),
    field("Note", words(row.note, "set_visit", put("note"))),
    button(["Remove", spoken(` visit ${row.visit}`)], "remove_visit", { row: row.row }, { class: "ef-link" }),
    row.problems.length > 0 && make("ul", { class: "ef-problems ef-wide" }, row.problems.map((text) => make("li", {}, text))));
}

function entry({ shown, choices }) {
  const measure = choices.measures.find(({ id }) => id === shown.measure);
  return [
    make("h3", {}, `${measure.name}, ${measure.low} to ${measure.high} ${measure.unit}`),
    make("ol", { class: "ef-visits" }, shown.rows.map((row) => entryRow(row, measure))),
    shown.rows.length === 0 && make("p", { class: "ef-empty" }, "No visit yet. Enter the score that the form gave; the items of the form stay on paper."),
    button("Add a visit", "add_visit", {}, { class: "ef-button ef-main", "data-focus": "add-visit" }),
    make("p", { class: "ef-help" }, "Only made-up clients: never type in anything about a real person."),
  ];
}

function verdictCard({ shown }) {
  return make("div", { class: "ef-banner ef-verdict-card", "data-verdict": shown.kind },
    make("span", { class: "ef-sign", "aria-hidden": "true" }, shown.mark),
    make("div", {}, make("strong", {}, shown.verdict), make("p", {}, shown.sentence)));
}

function outcomesView(context) {
  const { shown, choices, saved, picture } = context;
  const off = (can) => ({ "aria-disabled": can ? "false" : "true" });
  const data = shown.chart;
  const told = `${shown.name} by week. ${shown.verdict}. ${shown.sentence}`;
  return make("div", { class: "ef-root" },
    make("header", { class: "ef-top" },
      make("p", { class: "ef-top-client" }, make("strong", {}, shown.title)),
      make("div", { class: "ef-top-tools" }, make("span", { class: "ef-saved", "data-ok": saved.ok }, saved.words), button("Undo", "undo", {}, off(shown.can_undo)), button("Redo", "redo", {}, off(shown.can_redo)))),
    make("p", { class: "ef-notice", role: "status" }, context.notice),
    saved.conflict && make("div", { class: "ef-conflict", role: "alert" }, make("p", {}, saved.conflict),
      make("div", { class: "ef-row" }, button("Show what the other page saved", "take_theirs"), button("Keep what is here", "keep_mine"))),
    make("div", { class: "ef-outcomes-columns" },
      make("section", { class: "ef-work", "aria-label": "Visits" },
        make("h2", {}, "Visits"),
        make("div", { class: "ef-grid" },
          field("Whose visits", choice(shown.source, choices.sources, "choose_source", {}, { "data-focus": "source" })),
          shown.people.length > 1 && field("Client", choice(shown.person, shown.people.map((id) => ({ id, name: id })), "choose_person")),
          field("Measure", choice(shown.measure, choices.measures.filter(({ id }) => shown.measures.includes(id)), "choose_measure"))),
        shown.story && make("p", {}, shown.story),
        shown.own && entry(context),
        make("h3", {}, "As a table"),
        shown.table.length ? plainTable(shown.table, `Visits, ${shown.name}`, ["visit", "date", "week", "score", "change", "against the error", "note"]) : make("p", { class: "ef-help" }, "Nothing scored yet."),
        shown.made && make("p", { class: "ef-help" }, shown.made)),
      make("section", { class: "ef-work ef-said-side", "aria-label": "What may be said" },
        make("h2", {}, "What may be said"),
        verdictCard(context),
        data ? make("figure", { class: "ef-chart", style: "margin:0" }, plot(data, told),
          make("figcaption", { class: "ef-help" }, [data.error, data.matters].filter(Boolean).map(({ label, population, source, standing: kind }) =>
            make("span", { class: "ef-line-source" }, `${label} points: ${population} (${source}) `, standing(kind, choices)))))
          : make("div", { class: "ef-empty" }, "The chart comes with the first score."),
        shown.thresholds.length > 0 && make("details", { "data-keep": "" }, make("summary", {}, "Every published threshold, and for whom"),
          plainTable(shown.thresholds, "Published thresholds", ["what", "value", "population", "source", "standing", "used", "reached"])),
        data && pictureBox(picture, told, "outcomes.png"))));
}

function render({ model, el }) {
  const root = make("div", { class: "ef-root" });
  const said = make("p", { class: "ef-spoken", role: "status" });
  const lost = make("p", { class: "ef-lost", role: "alert", hidden: true }, "No answer from the page's kernel. What was saved is safe: press Run this page to go on.");
  el.classList.add("ef-page", "ef-outcomes");
  el.append(lost, root, said);
  const line = new Line(model, (silent) => (lost.hidden = !silent));
  let followed = null;
  const draw = () => {
    settle(el, line);
    const shown = model.get("shown");
    morph(root, outcomesView({ shown, choices: model.get("choices"), saved: model.get("saved"), notice: model.get("notice"), picture: pictureOf(model) }));
    if (said.textContent !== shown.verdict) said.textContent = shown.verdict;
    el.dataset.drawn = String(Number(el.dataset.drawn ?? 0) + 1);
    const stamp = `${shown.focus}@${model.get("answered")}`;
    if (shown.focus && stamp !== followed) el.querySelector(`[data-focus="${shown.focus}"]`)?.focus();
    followed = stamp;
  };
  let queued = false;
  const queue = () => {
    if (queued) return;
    queued = true;
    queueMicrotask(() => {
      queued = false;
      draw();
    });
  };
  listen(el, (wish) => line.send(wish));
  el.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, textarea");
    const wish = { s: "save_now", z: typing ? null : event.shiftKey ? "redo" : "undo", y: typing ? null : "redo" }[event.key.toLowerCase()];
    if ((event.ctrlKey || event.metaKey) && wish) {
      event.preventDefault();
      line.send({ do: wish });
    }
  });
  const look = () => document.visibilityState === "visible" && line.send({ do: "look" });
  document.addEventListener("visibilitychange", look);
  for (const name of ["choices", "shown", "saved", "picture", "notice"]) model.on(`change:${name}`, queue);
  draw();
  return () => document.removeEventListener("visibilitychange", look);
}

export default { render };
