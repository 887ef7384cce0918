// What the reader is waiting for, in one line under the heading.

/** Says it; "" when it has come. */
export function sayState(text) {
  let line = document.querySelector("#copy-state");
  if (!line) {
    line = Object.assign(document.createElement("p"), { id: "copy-state", className: "muted" });
    line.setAttribute("role", "status");
    (document.querySelector("main h1") ?? document.querySelector("main").firstElementChild).after(line);
  }
  line.textContent = text;
  line.hidden = !text;
}
