/* Look ahead: the course that groups of people reported, as the teaching model has it, with its uncertainty. */

const CHART = { width: 560, height: 340, left: 32, right: 92, top: 30, bottom: 44 };
const DASHES = ["", "7 4", "8 4 2 4", "2 4"];

function scales({ weeks, low, high }) {
  const { width, height, left, right, top, bottom } = CHART;
  const last = weeks[weeks.length - 1] || 1;
  return {
    x: (week) => left + (week / last) * (width - left - right),
    y: (score) => top + ((high - score) / (high - low)) * (height - top - bottom),
  };
}

function band(weeks, lower, upper, { x, y }, opacity, colour) {
  const there = weeks.map((week, place) => [x(week), y(upper[place])]);
  const back = weeks.map((week, place) => [x(week), y(lower[place])]).reverse();
  return make("path", { d: `${path([...there, ...back])}Z`, fill: colour, "fill-opacity": opacity, stroke: "none" });
}

function chart(data, told) {
  const { width, height, left, right, top, bottom } = CHART;
  const to = scales(data);
  const colour = (place) => `var(--ef-line-${place})`;
  const inner = width - right;
  const ticks = ticksOf(data.low, data.high);
  const every = Math.ceil(data.weeks.length / 14);
  const ends = apart(data.arms.map((arm) => ({ y: to.y(arm.mid.at(-1)), words: arm.name })), 17, top + 8, height - bottom);
  return make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": told },
    ticks.map((tick) => [
      make("line", { class: "ef-gridline", x1: left, x2: inner, y1: to.y(tick), y2: to.y(tick) }),
      make("text", { class: "ef-axis", x: left - 8, y: to.y(tick) + 4, "text-anchor": "end" }, String(tick))]),
    data.weeks.map((week, place) => place % every === 0 &&
      make("text", { class: "ef-axis", x: to.x(week), y: height - bottom + 20, "text-anchor": "middle" }, String(week))),
    make("text", { class: "ef-axis", x: (left + inner) / 2, y: height - 8, "text-anchor": "middle" }, "weeks from the first session"),
    make("text", { class: "ef-axis", x: 0, y: 12 }, `${data.name}, ${data.unit}, better is ${data.better}`),
    data.arms[0].low95 && band(data.weeks, data.arms[0].low95, data.arms[0].high95, to, 0.12, colour(0)),
    data.arms[0].low50 && band(data.weeks, data.arms[0].low50, data.arms[0].high50, to, 0.2, colour(0)),
    data.mcid && [
      make("line", { class: "ef-mcid", x1: left, x2: inner, y1: to.y(data.mcid.line), y2: to.y(data.mcid.line) }),
      make("text", { x: left + 6, y: to.y(data.mcid.line) + (data.better === "lower" ? 15 : -6) }, data.mcid.label)],
    data.arms.map((arm, place) => [
      make("path", { d: path(data.weeks.map((week, at) => [to.x(week), to.y(arm.mid[at])])), fill: "none", stroke: colour(place), "stroke-width": place ? 2 : 3, "stroke-dasharray": DASHES[place] }),
      data.weeks.map((week, at) => at % every === 0 && MARKERS[place](to.x(week), to.y(arm.mid[at]), colour(place))),
      make("line", { x1: inner + 2, x2: inner + 14, y1: to.y(arm.mid.at(-1)), y2: ends[place].y, stroke: colour(place), "stroke-opacity": 0.6 }),
      make("text", { x: inner + 18, y: ends[place].y + 4, "font-weight": place ? 400 : 700 }, ends[place].words)]));
}

function table(data) {
  const every = Math.ceil(data.weeks.length / 9);
  const shown = data.weeks.map((week, at) => ({ week, at })).filter(({ at }) => at % every === 0 || at === data.weeks.length - 1);
  const fixed = (value) => (value === null || value === undefined ? "" : value.toFixed(1));
  return make("div", { class: "ef-table-wrap", tabindex: 0, role: "region", "aria-label": "Numbers of the chart" },
    make("table", { class: "ef-table" },
      make("caption", { class: "ef-spoken" }, `${data.name}, ${data.unit}, by week`),
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Week"), data.arms.map((arm, place) => make("th", { scope: "col" }, arm.name, place === 0 && arm.low95 ? ", 95 of 100 people" : "")))),
      make("tbody", {}, shown.map(({ week, at }) => make("tr", {}, make("th", { scope: "row" }, String(week)), data.arms.map((arm, place) =>
        make("td", {}, fixed(arm.mid[at]), place === 0 && arm.low95 && ` (${fixed(arm.low95[at])} to ${fixed(arm.high95[at])})`)))))));
}

function closed({ ahead }) {
  return make("div", { class: "ef-closed", "data-level": ahead.level },
    make("span", { class: "ef-sign", "aria-hidden": "true" }, PLAIN[ahead.level] ?? "…"),
    make("div", {}, make("strong", {}, ahead.title), make("ul", {}, ahead.why.map((text) => make("li", {}, text)))));
}

function aheadTab(context) {
  const { ahead, work, choices, picture } = context;
  if (ahead.state === "closed") return [closed(context)];
  if (ahead.state === "off")
    return [
      make("p", {}, "See what groups of people with this complaint reported on average under such a course, beside no care and light touch. It is a teaching model, not a forecast for one person."),
      make("div", { class: "ef-row" }, button("Look ahead", "simulate", {}, { class: "ef-button ef-main", "data-focus": "simulate" })),
    ];
  const data = ahead.chart;
  const known = choices.measures.filter(({ id }) => ahead.measures.includes(id));
  const part = work.draft.phases[work.part];
  return [
    make("div", {}, ahead.words.map((text, place) => make("p", place ? { class: "ef-help" } : {}, text))),
    partPicker(context),
    make("div", { class: "ef-grid" },
      field("Measure", choice(data.measure, known, "choose_measure")),
      field("Sessions a week", slider(part.sessions_per_week, { min: 1, max: 7, step: 1 }, "set_part", { field: "sessions_per_week" }, "a week")),
      field("Weeks", slider(part.weeks, { min: 1, max: 26, step: 1 }, "set_part", { field: "weeks" }, "weeks"))),
    make("figure", { class: "ef-chart", style: "margin:0" }, chart(data, ahead.told),
      make("figcaption", { class: "ef-help" }, ahead.bands, " ", data.mcid && [data.mcid.told, " ", standing(data.mcid.standing, choices)])),
    make("details", { "data-keep": "" }, make("summary", {}, "The same as a table"), table(data)),
    pictureBox(picture, ahead.told, "look-ahead.png"),
    make("details", { "data-keep": "" }, make("summary", {}, "What this rests on"),
      make("p", {}, ahead.note),
      make("p", { class: "ef-help" }, "Fitted on:"), make("ul", { class: "ef-help" }, ahead.fitted.map((text) => make("li", {}, text))),
      data.mcid && [make("p", { class: "ef-help" }, "The change that matters:"), sourceList(data.mcid.sources, choices)]),
  ];
}
