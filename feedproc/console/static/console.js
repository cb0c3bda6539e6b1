"use strict";

// What stands in a [data-poll] is asked for again until the answer needs no further asking; then the page is up to date.
const PAUSE = 700;

async function fetched(address) {
  const answer = await fetch(address, { credentials: "same-origin", headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  return answer.text();
}

function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

async function refresh() {
  const fresh = parsed(await fetched(location.href)).getElementById("main");
  const main = document.getElementById("main");
  if (fresh && main) main.replaceChildren(...fresh.childNodes);
  begin(document);
  const outcome = document.querySelector("[data-outcome]");
  if (outcome) document.getElementById("told").textContent = outcome.innerText;
}

async function poll(place) {
  let html;
  try {
    html = await fetched(place.dataset.poll);
  } catch {
    setTimeout(() => poll(place), PAUSE * 4);
    return;
  }
  const fresh = parsed(html).body.firstElementChild;
  if (!fresh || !place.isConnected) return;
  if (!fresh.dataset.poll) {
    refresh().catch(() => place.replaceWith(fresh));
    return;
  }
  place.replaceChildren(...fresh.childNodes);
  setTimeout(() => poll(place), PAUSE);
}

// A checkbox [data-picks-all] ticks all others of its form; [data-picked] tells how many are.
function picking(form) {
  const all = form.querySelector("[data-picks-all]");
  const boxes = [...form.querySelectorAll("[data-pick]")];
  const told = form.querySelector("[data-picked]");
  const tell = () => {
    const count = boxes.filter((box) => box.checked).length;
    if (told) told.textContent = told.dataset.picked.replace("#", String(count));
    for (const button of form.querySelectorAll("[data-needs-pick]")) button.disabled = count === 0;
    if (all) {
      all.disabled = boxes.length === 0;
      all.checked = count > 0 && count === boxes.length;
      all.indeterminate = count > 0 && count < boxes.length;
    }
  };
  if (all) all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; tell(); });
  const bar = form.querySelector("[data-needs-pick]");
  for (const box of boxes) {
    box.addEventListener("change", tell);
    // Enter would send the form; it goes to the bar, which says how many are picked.
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      if (bar && !bar.disabled) bar.focus();
    });
  }
  tell();
}

// What was typed is there again when the page has changed its language.
const TYPED = "feedproc-typed";

function fields() {
  const found = [...document.querySelectorAll("main form")].flatMap((form) => [...form.elements]);
  return found.filter((field) => field.name && !["hidden", "file", "password", "submit"].includes(field.type) && !field.disabled);
}

function keepTyped(address) {
  const typed = fields().map((field) => [field.name, field.value, Boolean(field.checked)]);
  try {
    sessionStorage.setItem(TYPED, JSON.stringify({ address, typed }));
  } catch {
    // Nothing can be kept here, or no more: the page is as it would be without script.
  }
}

function restoreTyped() {
  let kept;
  try {
    kept = JSON.parse(sessionStorage.getItem(TYPED));
    sessionStorage.removeItem(TYPED);
  } catch {
    return;
  }
  if (!kept || kept.address !== location.pathname + location.search) return;
  const now = fields();
  if (now.length !== kept.typed.length) return;
  now.forEach((field, at) => {
    const [name, value, checked] = kept.typed[at];
    if (field.name !== name) return;
    if (["checkbox", "radio"].includes(field.type)) field.checked = checked && field.value === value;
    else field.value = value;
  });
}

function begin(root) {
  for (const place of root.querySelectorAll("[data-poll]")) setTimeout(() => poll(place), PAUSE / 2);
  for (const form of root.querySelectorAll("form[data-picking]")) picking(form);
}

// A form that is on its way is not sent a second time.
addEventListener("submit", (event) => {
  const form = event.target;
  // Not form.method: that is a field where a form has one of that name.
  if (form.getAttribute("method") !== "post") return;
  if (form.matches(".languages")) keepTyped(form.elements.next.value);
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
restoreTyped();
begin(document);
