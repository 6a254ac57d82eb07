// j and k move through a list, Enter opens, / goes to the search field. Everything works without it.
const rows = [...document.querySelectorAll("[data-list] [data-row]")];
let at = -1;

function choose(index) {
  if (!rows.length) return;
  rows[at]?.classList.remove("chosen");
  at = Math.max(0, Math.min(rows.length - 1, index));
  rows[at].classList.add("chosen");
  rows[at].querySelector("a")?.focus({ preventScroll: true });
  rows[at].scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select")) return;
  if (event.key === "j") choose(at + 1);
  else if (event.key === "k") choose(at - 1);
  else if (event.key === "/") {
    const search = document.querySelector("[data-search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  }
});

for (const row of rows) {
  row.addEventListener("focusin", () => {
    rows[at]?.classList.remove("chosen");
    at = rows.indexOf(row);
    row.classList.add("chosen");
  });
}
