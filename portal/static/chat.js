// The chat box. Without this file the same forms post and the page shows the talk when it is loaded again.
const log = document.getElementById("log");
const say = document.getElementById("say");
const text = document.getElementById("text");
const papers = document.getElementById("papers");
const notice = document.getElementById("notice");
const template = document.getElementById("line");
const words = log.dataset;
const pending = new Map(); // id of what was sent to its line, until the talk shows it
const title = document.title;
let last = Number(words.last);
let unseen = 0;
let stream = null;
let again = 0;

const newId = () => (crypto.randomUUID ? crypto.randomUUID() : `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 14)}`);
const clock = (iso) => new Date(iso).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
const atEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 80;
const toEnd = () => { log.scrollTop = log.scrollHeight; };

function line(entry) {
  const made = template.content.firstElementChild.cloneNode(true);
  made.classList.toggle("mine", entry.mine);
  if (entry.mine) made.querySelector("[data-who]").textContent = words.me;
  const at = made.querySelector("[data-at]");
  at.textContent = clock(entry.at);
  at.dateTime = entry.at;
  const said = entry.paper ? [entry.text, words.paper.replace("{name}", entry.paper)].filter(Boolean).join("\n") : entry.text;
  made.querySelector("[data-words]").textContent = said;
  const choices = made.querySelector("form");
  for (const choice of entry.choices ?? []) {
    const button = document.createElement("button");
    button.className = "button second";
    button.name = "payload";
    button.value = choice.payload;
    button.textContent = choice.label;
    choices.append(button);
    choices.hidden = false;
  }
  return made;
}

function put(made) {
  const follow = atEnd();
  document.getElementById("empty")?.remove();
  log.append(made);
  if (follow) toEnd();
}

function show(entry) {
  if (entry.number <= last) return;
  last = entry.number;
  const waiting = entry.mine ? pending.get(entry.id.replace(/^in:/, "")) : null;
  if (waiting) {
    settled(waiting, words.sent);
    return;
  }
  for (const old of log.querySelectorAll(".line:not(.old)")) old.classList.add("old");
  put(line(entry));
  if (document.hidden && !entry.mine) {
    unseen += 1;
    document.title = `(${unseen} ${words.new}) ${title}`;
  }
}

function settled(made, state) {
  made.classList.remove("failed");
  made.querySelector("[data-state]").textContent = `· ${state}`;
  made.querySelector(".retry")?.remove();
}

function failed(made, retry, state) {
  made.classList.add("failed");
  made.querySelector("[data-state]").textContent = `· ${state}`;
  if (made.querySelector(".retry")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link retry";
  button.textContent = words.retry;
  button.addEventListener("click", retry);
  made.append(button);
}

// Post a form; what could not be sent is kept with its id, so that sending it again never says it twice.
async function post(url, fields, id, made) {
  const attempt = async () => {
    if (made) made.querySelector("[data-state]").textContent = `· ${words.sending}`;
    let status = 0;
    try {
      const answer = await fetch(url, { method: "POST", body: fields, headers: { Accept: "application/json" }, credentials: "same-origin" });
      status = answer.status;
    } catch { /* offline */ }
    if (!made) return;
    if (status === 200) {
      settled(made, words.sent);
      catchUp();
    } else {
      failed(made, attempt, status === 413 ? words.toolarge : status === 429 ? words.slow : words.failed);
      if (!status) addEventListener("online", attempt, { once: true });
    }
  };
  if (made) pending.set(id, made);
  await attempt();
}

function send(form, fields, shown) {
  const id = newId();
  fields.set("id", id);
  const made = line({ mine: true, at: new Date().toISOString(), choices: [], ...shown });
  put(made);
  toEnd();
  const body = form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields);
  return post(form.action, body, id, made);
}

log.addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  const fields = new FormData(event.target);
  fields.set("payload", button.value);
  for (const each of log.querySelectorAll(".line")) each.classList.add("old");
  text.focus(); // the pressed button goes away: the focus must not be lost with it
  send(event.target, fields, { text: button.textContent, paper: "" });
});

say.addEventListener("submit", (event) => {
  event.preventDefault();
  const said = text.value.trim();
  if (!said) return;
  const fields = new FormData(say);
  fields.set("text", said);
  text.value = "";
  send(say, fields, { text: said, paper: "" });
});

text.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    say.requestSubmit();
  }
});

papers.addEventListener("submit", (event) => {
  event.preventDefault();
  const file = papers.elements.paper.files[0];
  if (!file) return;
  const ordered = new FormData(); // the fields stand before the file, so that they are known when it comes
  ordered.set("csrf", papers.elements.csrf.value);
  ordered.set("id", "");
  const id = newId();
  ordered.set("id", id);
  ordered.set("paper", file);
  const made = line({ mine: true, at: new Date().toISOString(), text: "", paper: file.name, choices: [] });
  put(made);
  toEnd();
  papers.reset();
  post(papers.action, ordered, id, made);
});

async function catchUp() {
  try {
    const answer = await fetch(`/chat/since?after=${last}`, { credentials: "same-origin" });
    if (answer.ok) for (const entry of (await answer.json()).entries) show(entry);
  } catch { /* the stream or the next attempt brings it */ }
}

// A browser gives a stream up for good after one wrong answer; then we make a new one ourselves.
function listen() {
  clearTimeout(again);
  stream?.close();
  stream = new EventSource(`/chat/stream?after=${last}`);
  stream.onopen = () => { if (notice.textContent === words.offline) notice.textContent = words.online; };
  stream.onmessage = (event) => show(JSON.parse(event.data));
  stream.onerror = () => {
    if (!navigator.onLine) notice.textContent = words.offline;
    if (stream.readyState !== EventSource.CLOSED) return;
    again = setTimeout(() => { catchUp(); listen(); }, 2000 + Math.random() * 8000);
  };
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    stream?.close(); // one line a browser: only the page that is seen holds one
    again = setTimeout(listen, 20000);
    return;
  }
  unseen = 0;
  document.title = title;
  catchUp().then(listen);
});
addEventListener("online", () => catchUp().then(listen));
addEventListener("offline", () => { notice.textContent = words.offline; });

toEnd();
listen();
if (!last) {
  const fields = new FormData(say);
  fields.set("id", newId());
  fields.set("moment", "hello");
  fields.delete("text");
  post(say.action, new URLSearchParams(fields), "", null);
}
