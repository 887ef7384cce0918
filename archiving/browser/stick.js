// From a memory stick a browser opens pages, but lets no script read the files beside them: what then does not work is said.
if (location.protocol === "file:") {
  const needs = location.search || document.querySelector("form.sql, [data-map-src]");
  const notice = document.createElement("p");
  notice.className = "notice";
  notice.textContent = "These pages were opened as files. Every page, row and whole file is here; filters, search, SQL and maps need a web server, because browsers let no page read other files: in the folder of this copy, python3 -m http.server is one.";
  if (location.search) notice.textContent += " What stands below is the page without its question.";
  if (needs) document.querySelector("#content h1").after(notice);
}
