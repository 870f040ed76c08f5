"use strict";
const evidence = JSON.parse(document.getElementById("evidence-data").textContent);
const dialog = document.getElementById("evidence");
for (const button of document.querySelectorAll(".cite")) {
  button.addEventListener("click", () => {
    const entry = evidence[button.dataset.evidence];
    for (const field of ["source", "locator", "recorded", "text"]) {
      document.getElementById("e-" + field).textContent = entry[field] || "not stated";
    }
    let value = entry.value;
    try { value = JSON.stringify(JSON.parse(entry.value), null, 2); } catch (error) { /* cut off: shown as it is */ }
    document.getElementById("e-value").textContent = value;
    dialog.showModal();
  });
}
const map = document.getElementById("map");
const whole = map.viewBox.baseVal.width;
let box = { x: 0, y: 0, side: whole };
function apply() {
  map.setAttribute("viewBox", `${box.x} ${box.y} ${box.side} ${box.side}`);
  const factor = box.side / whole;
  for (const mark of map.querySelectorAll(".mark")) {
    const place = mark.getAttribute("transform").replace(/ scale.*/, "");
    mark.setAttribute("transform", `${place} scale(${factor})`);
  }
}
function zoom(factor, x, y) {
  const side = Math.min(whole, Math.max(whole / 40, box.side * factor));
  box = { x: x - (x - box.x) * side / box.side, y: y - (y - box.y) * side / box.side, side };
  if (side === whole) { box.x = 0; box.y = 0; }
  apply();
}
function position(event) {
  const bounds = map.getBoundingClientRect();
  return [box.x + (event.clientX - bounds.left) / bounds.width * box.side, box.y + (event.clientY - bounds.top) / bounds.height * box.side];
}
map.addEventListener("wheel", (event) => { event.preventDefault(); zoom(event.deltaY > 0 ? 1.25 : 0.8, ...position(event)); }, { passive: false });
let held = null;
map.addEventListener("pointerdown", (event) => { held = [event.clientX, event.clientY]; map.setPointerCapture(event.pointerId); });
map.addEventListener("pointerup", () => { held = null; });
map.addEventListener("pointermove", (event) => {
  if (!held) { return; }
  const scale = box.side / map.getBoundingClientRect().width;
  box.x -= (event.clientX - held[0]) * scale;
  box.y -= (event.clientY - held[1]) * scale;
  held = [event.clientX, event.clientY];
  apply();
});
const middle = () => [box.x + box.side / 2, box.y + box.side / 2];
document.getElementById("in").addEventListener("click", () => zoom(0.6, ...middle()));
document.getElementById("out").addEventListener("click", () => zoom(1.6, ...middle()));
document.getElementById("whole").addEventListener("click", () => { box = { x: 0, y: 0, side: whole }; apply(); });
for (const day of document.querySelectorAll(".day")) {
  const parts = (state) => {
    for (const part of map.querySelectorAll("[data-day]")) {
      part.classList.toggle("dim", state && part.dataset.day !== day.dataset.day);
    }
  };
  day.addEventListener("mouseenter", () => parts(true));
  day.addEventListener("mouseleave", () => parts(false));
}
