// Comforts for pages that work without this: the summary of problems takes the focus, printing, no double sending.
document.querySelector("[data-focus]")?.focus();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A second press within a few seconds is an accident. Forms of the chat see to themselves.
for (const form of document.querySelectorAll("form[method=post]:not([data-chat])")) {
  let sent = 0;
  form.addEventListener("submit", (event) => {
    if (Date.now() - sent < 4000) event.preventDefault();
    else sent = Date.now();
  });
}
