/** Returns an element with these attributes or properties and children. */
export function make(name, options = {}, ...children) {
  const element = document.createElement(name);
  for (const [option, value] of Object.entries(options)) {
    if (option in element) element[option] = value;
    else element.setAttribute(option, value);
  }
  element.append(...children);
  return element;
}

/** Returns a button that does something. */
export function makeButton(text, act, options = {}) {
  const button = make("button", { type: "button", className: "quiet", ...options }, text);
  button.addEventListener("click", act);
  return button;
}
