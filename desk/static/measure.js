// Counts the parts of an answer while it is typed; the server measures, with the channel's own ruler.
const form = document.querySelector("[data-measure]");
const field = form?.querySelector("textarea");
const told = form?.querySelector("[data-parts]");
const quiet = told?.textContent;
let timer = 0;
let latest = 0;

async function measure() {
  const mine = ++latest;
  const body = new URLSearchParams({ csrf: form.elements.csrf.value, text: field.value });
  const answer = await fetch(form.dataset.measure, { method: "POST", body });
  if (!answer.ok || mine !== latest) return;
  const { parts, length, bare } = await answer.json();
  const words = told.dataset.parts.replace("{parts}", parts).replace("{length}", length);
  told.textContent = parts ? words + (bare ? told.dataset.bare : "") : quiet;
}

field?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(measure, 250);
});
