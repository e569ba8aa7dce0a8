/* Two commands for the tool bar of JupyterLab, and pages that wake up when they are opened.

   effleurage:run-page     runs the whole page, as soon as its kernel answers. JupyterLab's own command loses a
                           click that comes before the kernel is connected.
   effleurage:toggle-code  shows or hides the code of the page.

   A page runs by itself on opening only when its cells are, to the letter, those of a page that the suite
   delivered (see `effleuragePages` in page_config.json). What somebody changed, or sent, waits for a click. A page
   that is still alive, because its kernel is, stays as it is.

   This is a module as JupyterLab expects it from a bundler, written by hand. */
(() => {
  const RUN = "effleurage:run-page";
  const CODE = "effleurage:toggle-code";
  const PAGE = "effleurage-page";
  const CHECK = "effleurage-check";
  const PATIENCE = 20000;

  const isPage = (widget) => Boolean(widget?.content?.model?.cells && widget.sessionContext);
  const isCode = (cell) => cell.model.type === "code";
  const empty = (panel) => !panel.content.model.toJSON().cells.some((cell) => cell.outputs?.length);
  const codeShown = (panel) => panel.content.widgets.some((cell) => isCode(cell) && !cell.inputHidden);

  const text = (source) => (Array.isArray(source) ? source.join("") : source);
  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  /* Marks the page and its self-check for custom.css. JupyterLab unfolds an output whenever it is run again. */
  function dress(panel) {
    panel.addClass(PAGE);
    for (const cell of panel.content.widgets) if (cell.model.id === "self-check") cell.addClass(CHECK);
  }

  /* The same sum as `sources` in lab/pages.py. */
  async function sources(panel) {
    const cells = panel.content.model.toJSON().cells;
    const parts = cells.map((cell) => [cell.cell_type, text(cell.source)]).filter(([, source]) => source.trim());
    const joined = parts.map(([kind, source]) => `${kind}\n${source}`).join("\0");
    return hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(joined)));
  }

  function delivered() {
    const data = document.getElementById("jupyter-config-data");
    return new Set(JSON.parse(data.textContent).effleuragePages ?? []);
  }

  /* Waits for a kernel that answers; returns whether it has run anything yet. A dead kernel is not waited for:
     JupyterLab asks what to do with it when it shall run something. */
  async function fresh(panel) {
    await panel.sessionContext.ready;
    const kernel = panel.sessionContext.session?.kernel;
    if (!kernel || kernel.status === "dead") return true;
    const answer = kernel.requestExecute({ code: "", silent: true, store_history: false }).done;
    const reply = await Promise.race([answer, new Promise((done) => setTimeout(done, PATIENCE))]);
    return (reply?.content.execution_count ?? 0) < 2;
  }

  function activate(app) {
    const { commands, shell } = app;
    const waiting = new WeakSet();
    const current = () => (isPage(shell.currentWidget) ? shell.currentWidget : null);
    const changed = () => [RUN, CODE].forEach((name) => commands.notifyCommandChanged(name));

    async function run(panel, when) {
      if (waiting.has(panel)) return;
      waiting.add(panel);
      changed();
      try {
        await panel.context.ready;
        dress(panel);
        changed();
        if (!when(await fresh(panel), await sources(panel)) || shell.currentWidget !== panel) return;
        await commands.execute("notebook:run-all-cells");
        if (!panel.context.model.readOnly) await panel.context.save();
      } finally {
        waiting.delete(panel);
        changed();
      }
    }

    commands.addCommand(RUN, {
      label: () => (waiting.has(current()) ? "Running …" : "Run this page"),
      caption: "Run this page from top to bottom",
      isEnabled: () => Boolean(current()) && !waiting.has(current()),
      execute: () => run(current(), () => true),
    });
    commands.addCommand(CODE, {
      label: () => (current() && codeShown(current()) ? "Hide code" : "Show code"),
      caption: "Show or hide the code of this page",
      isEnabled: () => Boolean(current()),
      execute: async () => {
        const hide = codeShown(current());
        await commands.execute(hide ? "notebook:hide-all-cell-code" : "notebook:show-all-cell-code");
        changed();
      },
    });

    /* A page that changed on the disk and not here, as when it was started again, is read again. */
    async function reread(panel) {
      const { context } = panel;
      const before = context.contentsModel?.last_modified;
      if (!before || context.model.dirty) return;
      const { last_modified: now } = await app.serviceManager.contents.get(context.path, { content: false });
      if (new Date(now) > new Date(before)) await context.revert();
    }

    const known = delivered();
    shell.currentChanged?.connect(async () => {
      const panel = current();
      changed();
      if (!panel) return;
      await reread(panel);
      await run(panel, (isFresh, sum) => (isFresh || empty(panel)) && known.has(sum));
    });
  }

  const plugin = {
    id: "effleurage-lab:pages",
    description: "Runs a page of the suite, shows and hides its code.",
    autoStart: true,
    activate,
  };
  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB["effleurage-lab"] = {
    init: () => undefined,
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
