// What static/workbench/editor.js takes from CodeMirror.
export { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, pickedCompletion } from "@codemirror/autocomplete";
export { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
export { sql, SQLite } from "@codemirror/lang-sql";
export { bracketMatching, syntaxHighlighting } from "@codemirror/language";
export { setDiagnostics } from "@codemirror/lint";
export { EditorState, Prec } from "@codemirror/state";
export { drawSelection, EditorView, keymap } from "@codemirror/view";
export { classHighlighter } from "@lezer/highlight";
