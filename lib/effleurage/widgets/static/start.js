/* The start page: draws what the traits say and sends wishes back. Plain DOM, every word from the kernel is text. */

const GROUPS = {
  start: "This page",
  lesson: "Lessons",
  workbench: "Workbench",
  workshop: "Workshops",
  report: "Reports",
};
const MARKS = { true: "✓", false: "!", null: "…" };
const SAYS = { true: "in order", false: "needs a look", null: "waiting" };

function make(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null));
  return node;
}

/* The folder of the open page as JupyterLab names it: the part of the address after /tree/. */
function folder() {
  const [, path = ""] = decodeURIComponent(location.pathname).split(/\/(?:tree|notebooks)\//);
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : "";
}

/* A link that JupyterLab opens inside its window; elsewhere an ordinary link. */
function link(path, text, label) {
  return make("a", {
    class: "ef-link",
    href: path.split("/").map(encodeURIComponent).join("/"),
    "aria-label": label,
    "data-commandlinker-command": "docmanager:open",
    "data-commandlinker-args": JSON.stringify({ path: folder() + path }),
  }, text);
}

function check({ name, ok, words }) {
  return make("li", { class: "ef-check", "data-ok": String(ok) },
    make("span", { class: "ef-mark", "aria-hidden": "true" }, MARKS[ok]),
    make("span", {}, make("strong", {}, name), make("span", { class: "ef-says" }, ` ${SAYS[ok]}. `), words));
}

function verdict(checks) {
  const wrong = checks.filter((item) => item.ok === false).length;
  if (wrong) return ["false", wrong === 1 ? "One thing needs a look" : `${wrong} things need a look`];
  return checks.some((item) => item.ok === null) ? ["null", "Waiting for the page to answer"] : ["true", "This machine is ready"];
}

function render({ model, el }) {
  el.classList.add("ef-page", "ef-start");
  const ready = make("section", { "aria-label": "This machine" });
  const list = make("section", { "aria-label": "Pages" });
  const notice = make("p", { class: "ef-notice", role: "status", tabindex: "-1" });
  const care = make("section", { "aria-label": "Your copy" });
  el.append(ready, list, care, notice);
  let asked = false;

  const wish = (what, page = "") => {
    asked = true;
    model.set("wish", { do: what, page, at: Date.now() });
    model.save_changes();
  };
  const button = (text, label, act) =>
    make("button", { type: "button", class: "ef-button", "aria-label": label, onclick: act }, text);

  /* Asks once more beside the button, and says what will happen. */
  function asking(text, label, question, act) {
    const first = button(text, label, () => { box.replaceChildren(sure); yes.focus(); });
    const yes = button("Yes, start again", undefined, act);
    const no = button("Leave it", undefined, () => { box.replaceChildren(first); first.focus(); });
    const sure = make("span", { class: "ef-sure", role: "group", "aria-label": label ?? text }, question, yes, no);
    const box = make("span", { class: "ef-ask" }, first);
    return box;
  }

  function drawReady() {
    const checks = model.get("checks");
    const [ok, words] = verdict(checks);
    const open = ready.querySelector("details")?.open;
    ready.replaceChildren(
      make("p", { class: "ef-verdict", "data-ok": ok, role: "status" },
        make("span", { class: "ef-mark", "aria-hidden": "true" }, MARKS[ok]), words),
      make("details", {}, make("summary", {}, "What was looked at"), make("ul", { class: "ef-checks" }, ...checks.map(check))),
    );
    ready.querySelector("details").open = open ?? ok === "false";
  }

  function row(page) {
    const changed = ["changed", "beside", "unreadable"].includes(page.state);
    const place = page.path.slice(0, page.path.lastIndexOf("/") + 1);
    return make("li", { class: "ef-item", "data-state": page.state },
      make("div", { class: "ef-head" }, link(page.path, page.title),
        make("span", { class: "ef-minutes" }, `${page.minutes} min`)),
      make("p", { class: "ef-aim" }, page.aim),
      make("p", { class: "ef-state" }, page.words),
      page.copies.length === 0 ? null : make("p", { class: "ef-copies" }, "Beside it: ",
        ...page.copies.flatMap((copy, at) => [at ? ", " : "", link(place + copy, copy.replace(/\.ipynb$/, ""))])),
      changed && model.get("own") ? asking("Start again", `Start again: ${page.title}`,
        "A fresh page comes in place of yours. Yours is kept beside it, with today's date.",
        () => wish("start-again", page.path)) : null);
  }

  function drawPages() {
    const pages = model.get("pages");
    const groups = Object.entries(GROUPS).map(([kind, title]) => [title, pages.filter((page) => page.kind === kind)]);
    list.replaceChildren(...groups.filter(([, found]) => found.length).map(([title, found]) =>
      make("div", { class: "ef-group" }, make("h2", {}, title), make("ul", { class: "ef-pages" }, ...found.map(row)))));
  }

  function drawCare() {
    care.hidden = !model.get("own");
    care.replaceChildren(make("h2", {}, "Your copy of the pages"), make("div", { class: "ef-care" },
      button("Bring up to date", undefined, () => wish("update")),
      asking("Start again with all pages", undefined,
        "Fresh pages come in place of all. What was there is kept beside them, with today's date.",
        () => wish("start-again"))));
  }

  /* What was done is said where it can be seen, and the keyboard goes on from there. */
  function drawNotice() {
    notice.textContent = model.get("notice");
    if (!asked) return;
    asked = false;
    drawCare();
    notice.focus();
  }

  for (const [name, draw] of [["checks", drawReady], ["pages", drawPages], ["own", drawCare], ["notice", drawNotice]]) {
    model.on(`change:${name}`, draw);
    draw();
  }
  model.set("pong", model.get("ping"));
  model.save_changes();
}

export default { render };
