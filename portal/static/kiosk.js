// A machine for many people: when nobody touches it, it asks, then ends the visit and forgets.
const IDLE = 60; // seconds without a touch
const WARNING = 20; // seconds to answer
const dialog = document.getElementById("still");
const said = document.getElementById("still-text");
const end = document.querySelector(".kiosk-end");
let idle = 0;

function touched() {
  if (!dialog.open) idle = 0;
}
for (const kind of ["pointerdown", "keydown", "scroll", "input"]) addEventListener(kind, touched, { passive: true, capture: true });

document.getElementById("stay").addEventListener("click", () => { dialog.close(); idle = 0; });
dialog.addEventListener("close", () => { idle = 0; });

const welcome = location.pathname.startsWith("/kiosk");
setInterval(() => {
  if (welcome) return;
  idle += 1;
  if (idle < IDLE) return;
  said.textContent = said.dataset.text.replace("{seconds}", String(Math.max(0, IDLE + WARNING - idle)));
  if (!dialog.open) dialog.showModal();
  if (idle >= IDLE + WARNING) end.requestSubmit();
}, 1000);
