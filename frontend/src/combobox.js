// An editable combobox with a list of options: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
import { make, say } from "./messages.js";

const PAUSE = 120;
let made = 0;

/**
 * Turn a text field into a combobox.
 * @param {HTMLInputElement} input
 * @param {(text: string, signal: AbortSignal) => Promise<Option[]>} source gives the options for what was typed
 * @param {(option: Option) => void} onPick
 * @param {{least?: number, openEmpty?: boolean}} settings characters before asking; open the list of an empty field
 * @typedef {{label: string, lang?: string, note?: string, other?: string, otherLang?: string}} Option
 */
export function combobox(input, source, onPick, { least = 1, openEmpty = false } = {}) {
  const id = `options-${++made}`;
  const list = make("ul", { id, role: "listbox", class: "options", hidden: true, "aria-label": say("suggestions") });
  const status = make("span", { class: "hidden", role: "status" });
  let options = [];
  let active = -1;
  let timer = 0;
  let asking = null;

  for (const [name, value] of Object.entries({
    role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id,
  })) input.setAttribute(name, value);
  input.removeAttribute("list");
  input.parentElement.classList.add("combo");
  input.after(list, status);

  const isOpen = () => !list.hidden;

  function close() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    mark(-1);
    input.setAttribute("aria-expanded", "false");
  }

  function mark(index) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = index;
    const option = list.children[active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function show(found) {
    options = found;
    list.replaceChildren(...found.map(row));
    list.style.insetInlineStart = `${input.offsetLeft}px`;
    list.style.insetBlockStart = `${input.offsetTop + input.offsetHeight}px`;
    list.style.minInlineSize = `${input.offsetWidth}px`;
    list.hidden = found.length === 0;
    mark(-1);
    input.setAttribute("aria-expanded", String(found.length > 0));
    status.textContent = found.length ? say("found", { n: found.length }) : say("none");
  }

  function row(option, index) {
    const other = option.other && option.other !== option.label
      ? make("span", { class: "other", text: option.other, lang: option.otherLang || null }) : null;
    const note = option.note ? make("small", { text: option.note }) : null;
    const label = make("span", { text: option.label, lang: option.lang || null });
    return make("li", { id: `${id}-${index}`, role: "option", "aria-selected": "false" }, label, other, note);
  }

  async function ask() {
    asking?.abort();
    const mine = (asking = new AbortController());
    const text = input.value.trim();
    if (text.length < least && !(openEmpty && !text)) return close();
    try {
      const found = await source(text, mine.signal);
      if (!mine.signal.aborted && document.activeElement === input) show(found);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function pick(index) {
    const option = options[index];
    close();
    if (option) onPick(option);
  }

  const keys = {
    ArrowDown: () => (isOpen() ? mark((active + 1) % options.length) : ask()),
    ArrowUp: () => isOpen() && mark(active <= 0 ? options.length - 1 : active - 1),
    Escape: () => isOpen() && close(),
    Enter: () => isOpen() && active >= 0 && pick(active),
  };
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Tab") return close();
    const used = keys[event.key] && (event.key === "ArrowDown" || isOpen()) && (event.key !== "Enter" || active >= 0);
    if (!used) return;
    event.preventDefault();
    keys[event.key]();
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  if (openEmpty) input.addEventListener("click", () => isOpen() || ask());
  input.addEventListener("blur", close);
  // A press must not take the focus away before the click is seen.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) pick([...list.children].indexOf(option));
  });
}

/** Ask the site for things by name. @returns {Promise<{id, href, label, lang, type, matched, matchedLang}[]>} */
export async function suggest(prefix, kind, signal, limit = 8) {
  const asked = new URLSearchParams({ prefix, limit: String(limit) });
  if (kind) asked.set("type", kind);
  const lang = new URLSearchParams(location.search).get("lang");
  const headers = lang ? { "Accept-Language": lang } : {};
  const answer = await fetch(`/suggest?${asked}`, { signal, headers });
  return answer.ok ? (await answer.json()).suggestions : [];
}
