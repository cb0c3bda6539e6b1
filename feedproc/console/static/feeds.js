"use strict";

// The list of feeds is asked for again, often while one of them runs; it is put in place only when it changed.
const BUSY = 700;
const IDLE = 4000;

async function live() {
  const list = document.getElementById("feed-list");
  if (!list) return;
  let pause = IDLE;
  try {
    const answer = await fetch(list.dataset.live, { credentials: "same-origin" });
    if (answer.ok && !answer.redirected) {
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("feed-list");
      if (fresh && fresh.outerHTML !== list.outerHTML && !list.contains(document.activeElement)) list.replaceWith(fresh);
      if (fresh && "running" in fresh.dataset) pause = BUSY;
    }
  } catch {
    // The server is away for a moment; it is asked again.
  }
  setTimeout(live, document.hidden ? IDLE : pause);
}
setTimeout(live, BUSY);

// A file may be dropped anywhere on the form.
for (const form of document.querySelectorAll("form[data-drop]")) {
  const field = form.querySelector("input[type=file]");
  const place = field.closest(".drop");
  form.addEventListener("dragover", (event) => { event.preventDefault(); place.classList.add("over"); });
  form.addEventListener("dragleave", () => place.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("over");
    if (event.dataTransfer.files.length) field.files = event.dataTransfer.files;
  });
}
