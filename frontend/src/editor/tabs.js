// Tabs after https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ (automatic activation).

/** @param {HTMLElement} list with role tablist  @param {(name: string) => void} onChoose */
export function tabs(list, onChoose) {
  const all = [...list.querySelectorAll("[role=tab]")];

  function choose(tab, focus = false) {
    for (const other of all) {
      const on = other === tab;
      other.setAttribute("aria-selected", String(on));
      other.tabIndex = on ? 0 : -1;
      document.getElementById(other.getAttribute("aria-controls")).hidden = !on;
    }
    if (focus) tab.focus();
    onChoose(tab.dataset.view);
  }

  const moves = { ArrowRight: 1, ArrowLeft: -1 };
  list.addEventListener("keydown", (event) => {
    const now = all.indexOf(document.activeElement);
    if (event.key in moves) choose(all[(now + moves[event.key] + all.length) % all.length], true);
    else if (event.key === "Home") choose(all[0], true);
    else if (event.key === "End") choose(all.at(-1), true);
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) choose(tab);
  });
  return { choose: (name) => choose(all.find((tab) => tab.dataset.view === name) ?? all[0]) };
}
