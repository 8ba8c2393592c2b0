// Pictures drawn with attributes only, so that they stay what they are when they are saved as a file.
import { make, say } from "../messages.js";

const SVG = "http://www.w3.org/2000/svg";

export function draw(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "text") made.textContent = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** The colour that a style sheet variable has now. */
export function colour(name, otherwise) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || otherwise;
}

/** Put a picture on the page, with a caption and a button that saves it. */
export function figure(picture, caption, file) {
  const save = make("button", { type: "button", class: "quiet", text: say("save") });
  save.addEventListener("click", () => {
    const address = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(picture)], { type: "image/svg+xml" }));
    const link = make("a", { href: address, download: file });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  });
  return make("figure", { class: "drawn" }, picture, make("figcaption", {}, `${caption} `, save));
}
