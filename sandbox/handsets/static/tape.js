// What went over the wire: newest on top; a click shows every field and the octets.

import { $, h } from "./dom.js";

const KEPT = 200;
const CHANNELS = { SMPP: "tin nhắn", HTTP: "tổng đài thoại", BOT: "trò chuyện", SMTP: "thư" };

// The same in the words of somebody who never saw a protocol.
const PLAIN = [
  [/^bind.*resp/, "nhà mạng mở cửa"],
  [/^bind/, "Một Cửa vào mạng nhắn tin"],
  [/^deliver_sm_resp/, "Một Cửa: đã ghi sổ"],
  [/^deliver_sm · receipt/, "nhà mạng báo: tin đã tới máy"],
  [/^deliver_sm/, "tin nhắn của dân"],
  [/^submit_sm_resp/, "nhà mạng: đã nhận tin"],
  [/^submit_sm/, "Một Cửa trả lời bằng tin nhắn"],
  [/voice.*\/status$/, "cuộc gọi kết thúc"],
  [/voice.*\/turn$/, "người gọi bấm phím hoặc nói"],
  [/voice.*\/recorded$/, "người gọi để lại lời nhắn"],
  [/voice.*\/dialled$/, "cuộc nối tới cán bộ đã xong"],
  [/voice.*\/notice\/ended$/, "cuộc gọi báo tin đã xong"],
  [/voice.*\/notice/, "dân nghe máy, Một Cửa báo tin"],
  [/voice.*\/fallback$/, "tổng đài không hiểu câu trả lời"],
  [/voice\/[^/]*$/, "dân gọi tới tổng đài"],
  [/Calls\.json$/, "Một Cửa gọi cho dân"],
  [/Recordings/, "Một Cửa lấy lời nhắn"],
  [/^update · callback_query/, "dân bấm nút"],
  [/^update/, "dân viết trong ứng dụng"],
  [/^(send|edit)/i, "Một Cửa trả lời trong ứng dụng"],
  [/^getFile/, "Một Cửa tải giấy tờ"],
  [/^MAIL/, "Một Cửa gửi thư"],
];
const plain = (title) => PLAIN.find(([pattern]) => pattern.test(title))?.[1] ?? "";

export function ready() {
  $("filters").replaceChildren(
    ...Object.entries(CHANNELS).map(([channel, title]) =>
      h(`button.chip.${channel}`, {
        type: "button",
        ariaPressed: "true",
        title,
        textContent: channel,
        onclick: (event) => {
          const on = event.target.ariaPressed !== "true";
          event.target.ariaPressed = String(on);
          $("tape").classList.toggle(`no-${channel}`, !on);
        },
      })),
    h("button.chip", { type: "button", textContent: "Xóa", onclick: () => $("tape").replaceChildren() }),
  );
}

export function show(state) {
  if ($("tape").children.length) return;
  $("tape").replaceChildren(...state.tape.map(entry).reverse());
}

function entry(event) {
  const details = h("details", {}, summary(event));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(...inside(event));
  });
  return h(`li.${event.channel}`, {}, details);
}

function summary(event) {
  const time = new Date(event.at * 1000).toLocaleTimeString("vi-VN", { hour12: false });
  const way = event.to_us ? "→" : "←";
  const where = event.to_us ? "tới Một Cửa" : "từ Một Cửa";
  return h("summary", {},
    h("span.meta", {}, h("time", {}, time), h(`b.tag.${event.channel}`, {}, event.channel),
      h("span.way", { title: where, ariaLabel: where }, way), h("code", {}, event.title)),
    h("span.about", {}, ...[plain(event.title)].filter(Boolean).map((words) => h("span.plain", {}, words)), event.about && h("span", {}, event.about)));
}

function inside(event) {
  const rows = Object.entries(event.fields).map(([name, value]) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, typeof value === "string" ? value : JSON.stringify(value))));
  return [h("dl", {}, ...rows), event.raw ? h("pre", {}, pretty(event.raw)) : null].filter(Boolean);
}

/** TwiML on several lines. */
function pretty(raw) {
  if (!raw.startsWith("<?xml")) return raw;
  let depth = 0;
  return raw.replace(/<\?xml[^>]*\?>/, "").replace(/>\s*</g, ">\n<").split("\n").map((line) => {
    if (line.startsWith("</")) depth -= 1;
    const shown = "  ".repeat(Math.max(depth, 0)) + line;
    if (/^<[^/!?][^>]*[^/]>$/.test(line) && !line.includes("</")) depth += 1;
    return shown;
  }).join("\n");
}

export function hear(event) {
  if (event.kind !== "wire" || event.quiet) return;
  const line = entry(event);
  line.classList.add("new");
  $("tape").prepend(line);
  while ($("tape").children.length > KEPT) $("tape").lastElementChild.remove();
}
