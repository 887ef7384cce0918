// Buttons of the panel "Cite": they copy the link to the view, or the citation. Without this script both can be selected.

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

function addButtons(panel) {
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  const buttons = document.createElement("p");
  buttons.className = "cite-copies";
  const link = addButton("Copy link", panel.querySelector(".cite-link a"), status);
  const words = addButton("Copy citation", panel.querySelector(".cite-words"), status);
  buttons.append(link, " ", words, " ", status);
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

for (const panel of document.querySelectorAll(".cite")) {
  addButtons(panel);
  document.addEventListener("asked", () => renew(panel));
}
