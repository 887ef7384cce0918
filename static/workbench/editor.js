// The editor in the place of the box. It stands in a shadow root: there CodeMirror's looks are sheets that it makes, where
// in the page they would be an inline style, which the site's policy refuses.
import {
  EditorState, EditorView, Prec, SQLite, acceptCompletion, autocompletion, bracketMatching, classHighlighter, closeBrackets,
  closeBracketsKeymap, completionKeymap, defaultKeymap, drawSelection, history, historyKeymap, keymap, pickedCompletion,
  setDiagnostics, sql, syntaxHighlighting,
} from "./editor_libraries.js";
import { suggest } from "./completion.js";

const LOOKS = EditorView.theme({
  "&": { fontSize: ".9375rem", color: "var(--ink)", backgroundColor: "var(--paper)", border: "1px solid var(--muted)", borderRadius: "4px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", minHeight: "11rem", maxHeight: "32rem", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", padding: ".5rem 0" },
  ".cm-line": { padding: "0 .6rem" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--line)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--line)" },
  ".tok-keyword": { color: "var(--link)", fontWeight: "600" },
  ".tok-string, .tok-string2": { color: "var(--from-4)" },
  ".tok-number, .tok-bool, .tok-literal": { color: "var(--from-5)" },
  ".tok-comment": { color: "var(--muted)", fontStyle: "italic" },
  ".tok-typeName": { color: "var(--from-3)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--warn)", textUnderlineOffset: ".2em" },
  ".cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--panel)", border: "1px solid var(--muted)", borderRadius: "4px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: ".875rem", maxHeight: "16em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".2rem .5rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { color: "var(--paper)", backgroundColor: "var(--link)" },
  ".cm-completionDetail": { fontFamily: "var(--sans)", fontStyle: "normal", opacity: ".85" },
  ".cm-completionInfo": { fontFamily: "var(--sans)", fontSize: ".9375rem", maxWidth: "20rem", padding: ".4rem .6rem" },
  "@media (max-width: 40rem)": { ".cm-tooltip.cm-completionInfo": { display: "none" } },
  ".cm-completionIcon": { display: "none" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--warn)" },
});

/** Puts an editor in the place of a textarea, whose text stays what the form sends. */
export function openEditor(box, schema, run) {
  const host = document.createElement("div");
  host.className = "sql-editor";
  const root = host.attachShadow({ mode: "open" });
  const label = document.querySelector(`label[for="${box.id}"]`);
  const complete = ({ state, pos, explicit }) => offer(schema, state.doc.toString(), pos, explicit);
  const runKeys = ["Mod-Enter", "Shift-Enter"].map((key) => ({ key, run: () => { run(); return true; } }));
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: box.value,
      selection: { anchor: Math.min(box.selectionStart, box.value.length) },
      extensions: [
        LOOKS, history(), drawSelection(), bracketMatching(), closeBrackets(), EditorView.lineWrapping,
        sql({ dialect: SQLite }), syntaxHighlighting(classHighlighter),
        autocompletion({ override: [complete], maxRenderedOptions: 60 }),
        Prec.highest(keymap.of([...runKeys, { key: "Tab", run: acceptCompletion }])),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap]),
        EditorView.contentAttributes.of({ "aria-label": `${label.textContent}. Control and Enter run it.` }),
        EditorView.domEventHandlers({ beforeinput: insertText }),
        EditorView.updateListener.of(({ docChanged, state }) => { if (docChanged) box.value = state.doc.toString(); }),
      ],
    }),
  });
  const hadFocus = document.activeElement === box;
  box.hidden = true;
  box.after(host);
  label.addEventListener("click", () => view.focus());
  if (hadFocus) view.focus();
  return {
    focus: () => view.focus(),
    write: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    insert: (text) => insertAtCursor(view, text),
    mark: (fault) => view.dispatch(setDiagnostics(view.state, describeFault(fault, view.state.doc.length))),
  };
}

// What is typed is written by the editor and not by the browser: Chromium would give what is typed over a selection the
// looks of what stood there, as an inline style.
function insertText({ inputType, data, cancelable }, view) {
  if (inputType !== "insertText" || !data || !cancelable || view.composing) return false;
  const { from, to } = view.state.selection.main;
  const insert = () => view.state.update(view.state.replaceSelection(data), { userEvent: "input.type", scrollIntoView: true });
  const isTaken = view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, data, insert));
  if (!isTaken) view.dispatch(insert());
  return true;
}

function offer(schema, text, place, explicit) {
  const found = suggest(schema, text, place, explicit);
  return found && { ...found, options: found.options.map(({ insert, ...option }) => ({ ...option, ...(insert && { apply: put(insert) }) })) };
}

// A bracket or quotation mark that the editor has closed already is not written twice.
const put = (insert) => (view, completion, from, to) => {
  const next = view.state.sliceDoc(to, to + 1);
  const isText = insert.endsWith("'");
  const end = (isText && next === "'") || (insert.endsWith("(") && next === "(") ? to + 1 : to;
  view.dispatch({
    changes: { from, to: end, insert }, selection: { anchor: from + insert.length },
    userEvent: "input.complete", annotations: pickedCompletion.of(completion),
  });
};

function insertAtCursor(view, text) {
  const { from, to } = view.state.selection.main;
  const before = view.state.sliceDoc(Math.max(0, from - 1), from);
  const insert = /[\w,)]/.test(before) ? ` ${text}` : text;
  view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length } });
  view.focus();
}

function describeFault(fault, length) {
  if (fault?.start === undefined) return [];
  const [from, to] = [fault.start, fault.end].map((place) => Math.min(place, length));
  return [{ from, to, severity: "error", message: fault.error }];
}
