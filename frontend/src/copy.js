// Buttons that copy the text of another element; they are hidden where there is no script.
import { say } from "./messages.js";

const SHOWN = 1500;

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Without TLS, on another host than this machine, browsers have no clipboard.
  const area = document.body.appendChild(document.createElement("textarea"));
  area.value = text;
  area.select();
  document.execCommand("copy");
  area.remove();
}

export function copyButtons(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const target = document.getElementById(button.dataset.copy);
      await copy(target.value ?? target.textContent);
      button.textContent = say("copied");
      setTimeout(() => (button.textContent = label), SHOWN);
    });
  }
}
