// Buttons of the panels "Cite" and "Embed": they copy a link, a citation, a code. Without this script each can be selected.

/** Puts a text on the clipboard; where the browser refuses, selects it where it stands. Returns what to tell. */
async function copy(text, place) {
  try {
    await navigator.clipboard.writeText(text);
    return "Copied.";
  } catch {
    getSelection().selectAllChildren(place);
    return "Selected: now copy it.";
  }
}

function addButton(label, place, status) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", async () => {
    status.textContent = await copy(place.href ?? place.textContent, place);
  });
  return button;
}

const COPIED = { "Copy link": ".cite-link a", "Copy citation": ".cite-words", "Copy code": ".embed-code" };

function addButtons(panel) {
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  const buttons = document.createElement("p");
  buttons.className = "cite-copies";
  for (const [label, part] of Object.entries(COPIED)) {
    const place = panel.querySelector(part);
    if (place) buttons.append(addButton(label, place, status), " ");
  }
  buttons.append(status);
  panel.append(buttons);
}

/** Makes a panel that of the question that has just been asked without leaving the page. */
async function renew(panel) {
  const page = location.pathname + location.search;
  const of = new URLSearchParams({ of: page });
  const words = await fetch(`/cite.txt?${of}`);
  panel.hidden = !words.ok;
  if (!words.ok) return;
  panel.querySelector(".cite-words").textContent = await words.text();
  const link = panel.querySelector(".cite-link a");
  link.href = location.href;
  link.textContent = location.href;
  for (const form of panel.querySelectorAll("a[href^='/cite.']")) form.href = `${new URL(form.href).pathname}?${of}`;
}

for (const panel of document.querySelectorAll(".cite, .embed-panel")) {
  addButtons(panel);
  if (panel.querySelector(".cite-words")) document.addEventListener("asked", () => renew(panel));
}
