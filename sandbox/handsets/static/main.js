// The table: who sits at it, what the devices show, and the stream of what happens.

import { $, h, local } from "./dom.js";
import * as app from "./app.js";
import * as letters from "./letters.js";
import * as mobile from "./mobile.js";
import * as tape from "./tape.js";
import * as telephone from "./telephone.js";

const table = { person: null, names: {} };
const devices = [mobile, telephone, app, letters, tape];

async function sit(id) {
  const state = await (await fetch(`/api/state?person=${encodeURIComponent(id)}`)).json();
  Object.assign(table, { person: state.person, names: state.names });
  sessionStorage.setItem("person", state.person.id);
  head(state);
  for (const device of devices) device.show(state, table);
}

function head(state) {
  $("office").textContent = state.names.office;
  const known = state.people.some((person) => person.id === state.person.id);
  $("people").replaceChildren(
    ...[...state.people, ...(known ? [] : [state.person])].map((person) =>
      h("button.person", {
        type: "button",
        ariaPressed: String(person.id === state.person.id),
        title: `${person.phone} · ${person.about}`,
        onclick: () => sit(person.id),
      }, h("b", {}, local(person.name)), h("small", {}, [local(person.phone), person.about].filter(Boolean).join(" · "))),
    ),
    h("button.person.other", { type: "button", title: "Số điện thoại khác", ariaLabel: "Số điện thoại khác", onclick: () => $("other").showModal() }, "+"),
  );
  for (const name of ["portal", "desk"]) {
    $(name).hidden = !state.names[name];
    $(name).href = state.names[name] || "#";
  }
}

function listen() {
  const stream = new EventSource("/events");
  let lost = false;
  stream.onmessage = (message) => {
    const event = JSON.parse(message.data);
    for (const device of devices) device.hear?.(event, table);
  };
  stream.onopen = () => {
    if (lost) sit(table.person.id);
    lost = false;
    document.body.classList.remove("lost");
  };
  stream.onerror = () => {
    lost = true;
    document.body.classList.add("lost");
  };
}

for (const device of devices) device.ready?.(table);
$("other-form").onsubmit = () => sit($("other-number").value.trim());
await sit(sessionStorage.getItem("person") ?? "");
listen();
