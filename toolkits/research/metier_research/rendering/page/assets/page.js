"use strict";
const quiet = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
function mark(value) {
  for (const part of document.querySelectorAll(".active")) { part.classList.remove("active"); }
  const found = [...document.querySelectorAll("mark[data-notes]")].filter((part) => part.dataset.notes.split(" ").includes(value));
  for (const part of found) { part.classList.add("active"); }
  for (const cite of document.querySelectorAll(".cite")) { cite.classList.toggle("active", cite.dataset.note === value); }
  return found[0];
}
function show(target, smooth) {
  const article = target.closest("article");
  if (article) { article.classList.add("active"); article.focus({ preventScroll: true }); }
  target.scrollIntoView({ behavior: quiet || !smooth ? "auto" : "smooth", block: "center" });
}
for (const cite of document.querySelectorAll(".cite")) {
  cite.addEventListener("click", (event) => {
    const target = mark(cite.dataset.note) || document.getElementById(cite.getAttribute("href").slice(1));
    if (!target) { return; }
    event.preventDefault();
    history.replaceState(null, "", cite.getAttribute("href"));
    show(target, true);
  });
}
document.addEventListener("keydown", (event) => {
  const cite = event.key === "Escape" && document.querySelector(".cite.active");
  if (cite) { cite.focus(); cite.scrollIntoView({ block: "nearest" }); }
});
if (location.hash.startsWith("#q-")) {
  const target = mark(location.hash.slice(1));
  if (target) { show(target, false); }
}
