"use strict";

// The server tells of each call as it is made; the list is then asked for again, a few times a second at the most.
const SOON = 300;
const list = () => document.getElementById("call-list");
const following = document.getElementById("follow");
let isDue = false;

async function refresh() {
  isDue = false;
  if (!following.checked) return;
  try {
    const answer = await fetch(list().dataset.list, { credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("call-list");
    if (fresh) list().replaceWith(fresh);
  } catch {
    // The server is away for a moment; its next event brings the list.
  }
}

function refreshSoon() {
  if (isDue) return;
  isDue = true;
  setTimeout(refresh, SOON);
}

const calls = new EventSource(list().dataset.live);
calls.addEventListener("message", refreshSoon);
calls.addEventListener("forgotten", refreshSoon);
following.addEventListener("change", refreshSoon);
addEventListener("pagehide", () => calls.close());
