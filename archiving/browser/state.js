// What the reader is waiting for, in one line under the heading; and whether it is still wanted.

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

/** Returns a function that tells whether what is shown now is still shown: a reader may turn to something else meanwhile. */
export function watchShown() {
  const top = document.querySelector("main").firstElementChild;
  return () => top.isConnected;
}
