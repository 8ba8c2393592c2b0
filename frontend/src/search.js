// Search fields: names while you type; choosing one goes to its page.
import { combobox, suggest } from "./combobox.js";
import { say } from "./messages.js";

const asOption = (found) => ({
  label: found.label, lang: found.lang, other: found.matched, otherLang: found.matchedLang,
  note: say(`kind.${found.type}`).replace(/^kind\./, ""), href: found.href,
});

export function searchFields(root) {
  const lang = new URLSearchParams(location.search).get("lang");
  for (const input of root.querySelectorAll("[data-suggest]")) {
    const source = async (text, signal) => (await suggest(text, input.dataset.suggest, signal)).map(asOption);
    const go = ({ href }) => location.assign(lang ? `${href}?lang=${encodeURIComponent(lang)}` : href);
    combobox(input, source, go);
  }
}
