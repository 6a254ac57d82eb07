// The telephone with the chat app: bubbles, buttons, papers, the shared number.

import { $, chips, clock, down, h, post } from "./dom.js";

let table = null;
let busy = false;

export function ready(given) {
  table = given;
  $("chat-form").onsubmit = (event) => {
    event.preventDefault();
    const text = $("chat").value.trim();
    $("chat").value = "";
    if (text) act("text", { text });
  };
  $("start").onclick = () => act("start");
  $("attach").onclick = () => menu($("attach-menu").hidden);
  for (const button of $("attach-menu").querySelectorAll("button")) {
    button.onclick = () => {
      menu(false);
      act(button.dataset.act);
    };
  }
  $("file").onchange = sendFile;
}

function menu(open) {
  $("attach-menu").hidden = !open;
  $("attach").ariaExpanded = String(open);
}

async function sendFile() {
  menu(false);
  const form = new FormData();
  form.set("person", table.person.id);
  form.set("file", $("file").files[0]);
  $("file").value = "";
  draw(await (await fetch("/api/file", { method: "POST", body: form })).json());
}

async function act(name, more = {}) {
  const screen = await post(`/api/chat/${name}`, { person: table.person.id, ...more });
  if (!screen.error) draw(screen);
}

export function show(state) {
  $("bot").textContent = state.names.bot ? `@${state.names.bot}` : "";
  $("bot-name").textContent = state.names.office || state.names.bot;
  chips($("chat-samples"), state.samples.chat, $("chat"), (text) => act("text", { text }));
  draw(state.chat);
}

function draw(screen) {
  $("start").hidden = screen.started;
  $("chat-form").hidden = !screen.started;
  $("chat-samples").classList.toggle("asleep", !screen.started);
  const bubbles = screen.messages.map(bubble);
  if (!bubbles.length) bubbles.push(h("li.hint", {}, "Chương trình này trả lời thay cho văn phòng. Bấm BẮT ĐẦU."));
  $("bubbles").replaceChildren(...bubbles);
  keyboard(screen.keyboard);
  down($("bubbles"));
}

function bubble(message) {
  const body = h(message.by_bot ? "li.theirs" : "li.mine");
  if (message.file) body.append(h("p.paper", {}, message.file.endsWith(".jpg") ? "🖼 Ảnh" : `📄 ${message.file}`));
  else if (!message.text) body.append(h("p.paper", {}, "👤 Số điện thoại của tôi"));
  if (message.text) body.append(formatted(message));
  body.append(h("small", {}, clock(message.at) + (message.edited ? " · đã sửa" : "")));
  if (message.buttons.length) body.append(buttons(message.buttons));
  return body;
}

const STYLES = { bold: "b", italic: "i", code: "code", underline: "u" };

/** The platform marks styles by places in the text. */
function formatted(message) {
  const p = h("p");
  let at = 0;
  for (const entity of [...message.entities].sort((a, b) => a.offset - b.offset)) {
    if (!(entity.type in STYLES) || entity.offset < at) continue;
    p.append(message.text.slice(at, entity.offset));
    at = entity.offset + entity.length;
    p.append(h(STYLES[entity.type], {}, message.text.slice(entity.offset, at)));
  }
  p.append(message.text.slice(at));
  return p;
}

function buttons(rows) {
  return h("div.inline", {}, ...rows.map((row) =>
    h("div.row", {}, ...row.map((button) =>
      button.url
        ? h("a.button", { href: button.url, target: "_blank", rel: "noopener" }, `${button.text} ↗`)
        : h("button.button", { type: "button", onclick: () => act("press", { data: button.data }) }, button.text)))));
}

function keyboard(rows) {
  $("reply-keyboard").hidden = !rows.length;
  $("reply-keyboard").replaceChildren(...rows.map((row) =>
    h("div.row", {}, ...row.map((button) =>
      h("button.button", {
        type: "button",
        onclick: () => (button.contact ? act("contact") : act("text", { text: button.text })),
      }, button.text)))));
}

export async function hear(event) {
  if (event.kind !== "chat" || event.chat !== table.person.chat) return;
  if (event.what === "typing") {
    $("bot-state").textContent = "đang viết…";
    return;
  }
  $("bot-state").textContent = "chương trình trả lời";
  if (busy) return;
  busy = true;
  await new Promise((done) => setTimeout(done, 60)); // several changes of one turn are drawn once
  busy = false;
  const state = await (await fetch(`/api/state?person=${table.person.id}`)).json();
  draw(state.chat);
}
