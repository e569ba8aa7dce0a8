(() => {
  const form = document.querySelector(".search");
  const [field, standing, count] = ["words", "standing", "count"].map((id) => document.getElementById(id));
  const entries = [...document.querySelectorAll("article")].map((item) => [item, item.textContent.toLowerCase()]);
  const groups = [...document.querySelectorAll("main > section")];
  if (!entries.some(([item]) => item.dataset.standing)) standing.hidden = standing.labels[0].hidden = true;
  const show = () => {
    const asked = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const [item, text] of entries) {
      item.hidden = !asked.every((word) => text.includes(word)) || (standing.value && standing.value !== item.dataset.standing);
      found += !item.hidden;
    }
    for (const group of groups) group.hidden = !group.querySelector("article:not([hidden])");
    const all = !asked.length && !standing.value;
    count.textContent = found ? `${found} ${found === 1 ? "entry" : "entries"}${all ? "" : " found"}` : "Nothing found. Try a shorter word.";
  };
  const clear = () => { if (location.hash && document.getElementById(location.hash.slice(1))?.closest("[hidden]")) { field.value = standing.value = ""; show(); location.replace(location.hash); } };
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", clear);
  show();
})();
