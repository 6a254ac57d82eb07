// The letter tray.

import { $, h } from "./dom.js";

export function show(state) {
  $("letters").replaceChildren(...state.letters.map(envelope).reverse());
  count();
}

function envelope(letter) {
  return h("li", {}, h("button.envelope", { type: "button", onclick: () => open(letter) },
    h("b", {}, letter.subject || "(không có tiêu đề)"), h("small", {}, letter.to.join(", "))));
}

function open(letter) {
  $("letter-subject").textContent = letter.subject;
  $("letter-ends").textContent = `${letter.from} → ${letter.to.join(", ")}`;
  $("letter-text").textContent = letter.text;
  $("letter").showModal();
}

function count() {
  const letters = $("letters").querySelectorAll(".envelope").length;
  $("letter-count").textContent = letters;
  if (!letters) $("letters").replaceChildren(h("li.hint", {}, "Thông báo qua thư sẽ nằm ở đây."));
}

export function hear(event) {
  if (event.kind !== "letter") return;
  $("letters").querySelector(".hint")?.remove();
  $("letters").prepend(envelope(event.letter));
  count();
}
