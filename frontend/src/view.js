// Forms that only say how a page is shown: no empty fields in the address, and the reader stays where they were.
const KEY = "hansa.scroll";

export function viewForms(root) {
  for (const form of root.querySelectorAll("form[data-view]")) {
    form.addEventListener("submit", () => {
      for (const field of form.querySelectorAll("input, select")) if (!field.value) field.disabled = true;
      sessionStorage.setItem(KEY, JSON.stringify([location.pathname, scrollY]));
    });
  }
  const kept = sessionStorage.getItem(KEY);
  if (!kept) return;
  sessionStorage.removeItem(KEY);
  const [path, top] = JSON.parse(kept);
  if (path === location.pathname && !location.hash) scrollTo({ top, behavior: "instant" });
}

// A page that comes back from the history has its fields enabled again.
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form[data-view] :disabled")) field.disabled = false;
});
