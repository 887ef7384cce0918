// Read before anything of the page of the data is shown: where its address asks a question in SQL, it is that question's page.
const question = new URLSearchParams(location.search).get("sql");

function showWords() {
  document.title = document.title.replace(/^[^–]*(?= – )/, "Your SQL");
  document.querySelector("#sql").value = question;
}

if (question !== null) {
  document.documentElement.classList.add("asked");
  document.addEventListener("DOMContentLoaded", showWords);
}
