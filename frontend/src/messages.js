// Words that the page hands over, in the language of its reader: data-messages on the script elements.
const scripts = [...document.querySelectorAll("script[data-messages]")];
const messages = Object.assign({}, ...scripts.map((script) => JSON.parse(script.dataset.messages)));

/** Give a message; `{n}` and other names in braces are replaced. An unknown name is given back as it is. */
export function say(name, values = {}) {
  return (messages[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

/** Make an element: `make("p", { class: "hint", text: "…" }, child, …)`. Never sets markup. */
export function make(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "text") made.textContent = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}
