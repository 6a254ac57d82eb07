// The desk telephone: dials, presses, speaks aloud, writes down what it says, rings.

import { $, chips, down, h, local, post } from "./dom.js";
import * as sound from "./sound.js";

const STATES = { completed: "Đã gác máy", busy: "Máy bận", failed: "Không gọi được", "no-answer": "Không nghe máy", canceled: "Đã thôi gọi" };
const LETTERS = ["", "abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz", "", "", ""];
let here = null; // the call at this telephone: sid, phase, since
let dialled = "";
const over = new Set(); // calls that have ended
let waiting = null; // the countdown of silence
let acted = Promise.resolve();
let table = null;

export function ready(given) {
  table = given;
  $("call-keys").replaceChildren(
    ...[..."123456789*0#"].map((key, at) =>
      h("button.key", { type: "button", onclick: () => press(key) }, h("b", {}, key), h("small", {}, LETTERS[at]))),
  );
  $("dial").onclick = () => (here?.phase === "incoming" ? act("answer") : dial());
  $("decline").onclick = () => act("decline");
  $("hang-up").onclick = hangUp;
  $("silence").onclick = () => act("silence");
  $("record").onclick = record;
  $("loud").onclick = () => {
    sound.setLoud(!sound.isLoud());
    $("loud").ariaPressed = String(sound.isLoud());
  };
  $("say-form").onsubmit = (event) => {
    event.preventDefault();
    if ($("say").value.trim()) speak($("say").value.trim());
    $("say").value = "";
  };
  for (const button of $("officer").querySelectorAll("button")) button.onclick = () => act(button.dataset.act);
  setInterval(tick, 500);
  globalThis.speechSynthesis?.getVoices();
}

export function show(state) {
  stopWaiting();
  sound.stop();
  $("hotline").textContent = state.names.hotline;
  chips($("say-samples"), state.samples.voice, $("say"), speak);
  $("heard").replaceChildren();
  const call = state.call;
  if (!call) {
    idle("Sẵn sàng");
    $("heard").append(h("li.hint", {}, `Bấm “Gọi” để nghe tổng đài ${state.names.hotline}.`));
    return;
  }
  here = { sid: call.call, phase: call.rings ? "incoming" : "talking", since: Date.now(), other: call.other };
  for (const spoken of call.heard) line("them", spoken.text);
  draw();
  sound.ring(call.rings);
  if (call.waits) listens(call.waits);
}

async function dial() {
  const to = dialled || table.names.hotline;
  $("heard").replaceChildren();
  const answer = await post("/api/call", { person: table.person.id, to });
  if (answer.error) return idle("Số không có thực");
  // The stream may have been quicker than this answer: then the call is known, or already over.
  if (here?.sid !== answer.call && !over.has(answer.call)) here = { sid: answer.call, phase: "dialling", since: Date.now(), other: to };
  return here && draw();
}

async function hangUp() {
  if (!here) return idle("Sẵn sàng");
  sound.stop();
  return act("hang-up");
}

function press(key) {
  sound.key(key);
  flash(key);
  if (here?.phase === "talking") {
    sound.stop();
    stopWaiting();
    act("press", { keys: key });
  } else if (!here) {
    dialled += key;
    draw();
  }
}

function flash(key) {
  const button = $("call-keys").children["123456789*0#".indexOf(key)];
  button?.classList.add("down");
  setTimeout(() => button?.classList.remove("down"), 150);
}

function speak(text) {
  if (here?.phase !== "talking") return;
  sound.stop();
  stopWaiting();
  act("say", { text });
}

async function record() {
  stopWaiting();
  $("record").classList.add("on");
  await new Promise((done) => setTimeout(done, 2500));
  $("record").classList.remove("on");
  line("me", "(lời nhắn 5 giây)");
  await act("record", { seconds: 5, end: "#" });
}

/** One after another: keys arrive in the order in which they were pressed. */
function act(name, more = {}) {
  if (!here) return acted;
  const { sid } = here;
  acted = acted.then(() => post(`/api/call/${sid}/${name}`, more)).catch(() => null);
  return acted;
}

export function hear(event) {
  if (event.kind !== "line" || event.phone !== table.person.phone) return;
  if (event.what === "ringing" && !event.inbound) return incoming(event);
  if (event.what === "ringing" && !here) here = { sid: event.call, phase: "dialling", since: Date.now(), other: event.other };
  if (here && event.call === here.sid) (HAPPENS[event.what] ?? ended)(event);
}

const HAPPENS = {
  ringing: () => draw(),
  "in-progress": () => {
    here.phase = "talking";
    here.since = Date.now();
    sound.ring(false);
    draw();
  },
  said: (event) => sound.say(event, (piece) => line("them", piece), (piece) => line("them.cut", piece)),
  listens: (event) => listens(event),
  key: (event) => line("me", `phím ${event.key}`),
  spoke: (event) => line("me", `“${event.text}”`),
  unheard: (event) => line("me", `“${event.text}” (máy chỉ nghe phím)`),
  dialling: (event) => line("note", `Nối tới cán bộ ${local(event.number)}…`),
  unanswered: () => line("note", "Cán bộ không nghe máy."),
  queued: () => line("note", "Chờ trong hàng…"),
  bridged: () => {
    line("note", "Đang nói chuyện với cán bộ.");
    here.bridged = true;
  },
  unbridged: () => {
    line("note", "Cán bộ đã gác máy.");
    here.bridged = false;
  },
  error: (event) => line("note", `Lỗi ${event.code}: ${event.why}`),
};

function incoming(event) {
  here = { sid: event.call, phase: "incoming", since: Date.now(), other: event.other };
  $("heard").replaceChildren();
  sound.ring(true);
  draw();
}

function ended(event) {
  if (!(event.what in STATES)) return;
  stopWaiting();
  sound.ring(false);
  const state = STATES[event.what];
  over.add(event.call);
  here = null;
  sound.quiet().then(() => {
    if (!here) line("note", state);
  });
  idle(state);
}

/** The line waits: after the last word the time runs, then silence is told to the exchange. */
function listens(waits) {
  stopWaiting();
  if (waits.wait === "ringing") return;
  here.waits = waits;
  draw();
  if (!["keys", "recording"].includes(waits.wait)) return;
  const mine = (waiting = { timer: 0 });
  sound.quiet().then(() => {
    if (waiting !== mine || !here) return;
    const seconds = waits.wait === "recording" ? waits.timeout + 20 : waits.timeout;
    const bar = $("countdown").firstElementChild;
    bar.getAnimations().forEach((animation) => animation.cancel());
    bar.animate([{ width: "100%" }, { width: "0%" }], { duration: seconds * 1000 });
    mine.timer = setTimeout(() => act("silence"), seconds * 1000);
  });
}

function stopWaiting() {
  clearTimeout(waiting?.timer);
  waiting = null;
  if (here) here.waits = null;
  $("countdown").firstElementChild.getAnimations().forEach((animation) => animation.cancel());
}

function line(kind, text) {
  if (!text) return;
  const list = $("heard");
  list.querySelector(".hint")?.remove();
  list.append(h(`li.${kind}`, {}, text));
  while (list.children.length > 120) list.firstElementChild.remove();
  down(list);
}

function idle(state) {
  here = null;
  dialled = "";
  sound.ring(false);
  draw(state);
}

const PHASES = { dialling: "Đang gọi…", incoming: "Có cuộc gọi đến", talking: "Đang nói" };

function draw(state) {
  const phase = here?.phase ?? "idle";
  $("set").dataset.phase = phase;
  $("lcd-state").textContent = here ? PHASES[phase] : (state ?? "Sẵn sàng");
  $("lcd-number").textContent = here ? here.other : dialled || table.names.hotline || "";
  $("dial").textContent = phase === "incoming" ? "Nghe máy" : "Gọi";
  $("dial").disabled = Boolean(here) && phase !== "incoming";
  $("decline").hidden = phase !== "incoming";
  $("hang-up").hidden = phase === "incoming";
  $("hang-up").disabled = !here && !dialled;
  const wait = here?.waits?.wait;
  $("silence").disabled = !["keys", "recording"].includes(wait);
  $("record").disabled = wait !== "recording";
  for (const field of $("say-form").elements) field.disabled = phase !== "talking";
  $("say-samples").classList.toggle("asleep", phase !== "talking");
  const officer = ["officer", "queue"].includes(wait);
  $("officer").hidden = !officer;
  if (officer) officerButtons();
}

function officerButtons() {
  const [comes, leaves] = $("officer").querySelectorAll("button");
  $("officer").firstElementChild.textContent = here.bridged ? "Đang nói với cán bộ" : "Máy cán bộ đang reo";
  comes.hidden = Boolean(here.bridged);
  leaves.textContent = here.bridged ? "Cán bộ gác máy" : "Không ai nghe";
}

function tick() {
  const seconds = here?.phase === "talking" ? Math.floor((Date.now() - here.since) / 1000) : 0;
  $("lcd-time").textContent = seconds ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : "";
}
