// The ordinary telephone: threads, a typing line with its small print, keys with letters.

import { $, chips, clock, down, h, local, post } from "./dom.js";

const CODING = { gsm: "GSM 7-bit", ucs2: "UCS-2", latin1: "Latin-1" };
const LETTERS = { 1: ".,?!1", 2: "abc2", 3: "def3", 4: "ghi4", 5: "jkl5", 6: "mno6", 7: "pqrs7", 8: "tuv8", 9: "wxyz9", "*": "*", 0: " 0", "#": "#" };
const STATES = { sent: "đang gửi", taken: "đã nhận ✓", refused: "bị từ chối", waiting: "chưa nhận" };
let tapped = { key: "", at: 0, turn: 0 };
let counting = 0;

export function ready(table) {
  const field = $("text");
  $("text-form").onsubmit = (event) => {
    event.preventDefault();
    if (field.value.trim()) send(table, field.value);
    field.value = "";
    count();
  };
  field.oninput = count;
  field.onkeydown = (event) => {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      $("text-form").requestSubmit();
    }
  };
  $("power").onclick = async () => {
    const on = $("power").ariaPressed !== "true";
    power((await post("/api/switch", { person: table.person.id, on })).on);
  };
  $("text-keys").replaceChildren(
    ...Object.keys({ ...LETTERS }).sort(order).map((key) =>
      h("button.key", { type: "button", onclick: () => tap(key) },
        h("b", {}, key), h("small", {}, key === "0" ? "␣" : LETTERS[key].replace(/[^a-z]/g, ""))),
    ),
  );
}

const order = (a, b) => "123456789*0#".indexOf(a) - "123456789*0#".indexOf(b);

/** Several presses of a key go through its letters, as on a telephone of 2003. */
function tap(key) {
  const field = $("text");
  const again = tapped.key === key && Date.now() - tapped.at < 900;
  const turn = again ? (tapped.turn + 1) % LETTERS[key].length : 0;
  field.value = (again ? field.value.slice(0, -1) : field.value) + LETTERS[key][turn];
  tapped = { key, at: Date.now(), turn };
  count();
}

async function count() {
  const mine = ++counting;
  const text = $("text").value;
  const { encoding, segments, characters } = await post("/api/measure", { text });
  if (mine !== counting) return;
  $("count").textContent = text ? `${characters} ký tự · ${segments} tin · ${CODING[encoding] ?? encoding}` : "";
}

async function send(table, text) {
  await post("/api/text", { person: table.person.id, to: table.names.short_number || "8099", text });
}

export function show(state, table) {
  $("short-number").textContent = state.names.short_number;
  $("mobile-owner").textContent = local(state.person.phone);
  $("texts").replaceChildren(...state.texts.map(bubble));
  if (!state.texts.length) $("texts").append(h("li.hint", {}, "Bấm một nút bên dưới để nhắn thử."));
  chips($("text-samples"), state.samples.sms, $("text"), (text) => send(table, text));
  $("text-samples").firstElementChild.classList.toggle("invite", !state.texts.length);
  power(state.on);
  down($("texts"));
}

function power(on) {
  $("power").ariaPressed = String(on);
  document.querySelector(".mobile .shell").classList.toggle("off", !on);
}

function bubble(text) {
  const print = `${CODING[text.encoding] ?? text.encoding} · ${text.segments} tin`;
  const state = text.mine ? ` · ${STATES[text.state] ?? text.state}` : "";
  return h(text.mine ? "li.mine" : "li.theirs", { id: `text-${text.id}` },
    h("p", {}, text.text), h("small", {}, `${clock(text.at)} · ${print}${state}`));
}

export function hear(event, table) {
  if (event.kind !== "text" || event.phone !== table.person.phone) return;
  $("texts").querySelector(".hint")?.remove();
  $("text-samples").firstElementChild.classList.remove("invite");
  const old = $(`text-${event.text.id}`);
  if (old) old.replaceWith(bubble(event.text));
  else $("texts").append(bubble(event.text));
  down($("texts"));
}
