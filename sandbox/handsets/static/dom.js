// Small helpers: find, make, and talk to the server.

export const $ = (id) => document.getElementById(id);

/** Make an element: h("li.mine", { title: "…" }, "text", child). */
export function h(what, properties = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return answer.json();
}

export const clock = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" });

/** A number as Vietnamese write it: 0912 345 678. */
export function local(phone) {
  const digits = phone.replace(/^\+84/, "0");
  return digits.length === 10 ? digits.replace(/(\d{4})(\d{3})(\d{3})/, "$1 $2 $3") : digits;
}

/** Chips of typical messages; one that ends with … is put into the typing line. */
export function chips(box, samples, field, send) {
  box.replaceChildren(
    ...samples.map((sample) =>
      h("button.chip", {
        type: "button",
        textContent: sample,
        onclick: () => {
          if (sample.endsWith("…")) {
            field.value = sample.slice(0, -1);
            field.focus();
            field.dispatchEvent(new Event("input"));
          } else send(sample);
        },
      }),
    ),
  );
}

/** Keep the newest line in sight. */
export function down(list) {
  list.scrollTop = list.scrollHeight;
}
