"use strict";
const quiet = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
function mark(selector, value) {
  for (const part of document.querySelectorAll(".active")) { part.classList.remove("active"); }
  const found = [...document.querySelectorAll("mark[data-notes]")].filter((part) => part.dataset.notes.split(" ").includes(value));
  for (const part of found) { part.classList.add("active"); }
  for (const cite of document.querySelectorAll(".cite")) { cite.classList.toggle("active", cite.dataset.note === value); }
  return found[0] || document.getElementById(selector);
}
for (const cite of document.querySelectorAll(".cite")) {
  cite.addEventListener("click", (event) => {
    const target = mark(cite.getAttribute("href").slice(1), cite.dataset.note);
    if (!target) { return; }
    event.preventDefault();
    history.replaceState(null, "", cite.getAttribute("href"));
    const article = target.closest("article");
    if (article) { article.classList.add("active"); article.focus({ preventScroll: true }); }
    target.scrollIntoView({ behavior: quiet ? "auto" : "smooth", block: "center" });
  });
}
document.addEventListener("keydown", (event) => {
  const cite = event.key === "Escape" && document.querySelector(".cite.active");
  if (cite) { cite.focus(); }
});
if (location.hash.startsWith("#q-")) {
  const target = mark(location.hash.slice(1), location.hash.slice(3));
  if (target) { target.scrollIntoView({ block: "center" }); }
}
