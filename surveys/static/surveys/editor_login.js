/* A log-in that ends while someone types: the page stays as it is, says so, and goes on after
   a log-in in another tab, which makes the forms of this page stale. Without this file the
   server carries what was typed through the page for logging in. */
"use strict";

let isSentAgain = false; // a form is sent again once, and then the fault is another one

function renewTokens(token) {
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token;
}

function sendAgain(request) {
  const { elt, triggeringEvent } = request;
  isSentAgain = true;
  if (elt.matches("form")) elt.requestSubmit(triggeringEvent ? triggeringEvent.submitter : null);
  else if (elt.closest("#condition")) htmx.trigger(elt, "change");
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  const state = xhr.getResponseHeader("Milieu-Form");
  if (!state) {
    isSentAgain = false;
    return;
  }
  event.detail.shouldSwap = false;
  event.detail.isError = false;
  const told = document.getElementById("logged-out");
  if (state === "stale") {
    renewTokens(xhr.getResponseHeader("Milieu-Token"));
    if (!isSentAgain) setTimeout(() => sendAgain(requestConfig)); // when this answer is dealt with
  } else if (told && told.hidden) {
    told.hidden = false;
    if (requestConfig.elt.matches("form, a")) told.focus();
  }
});

/* What the author does anew is asked anew; the preview and the condition ask by themselves. */
document.addEventListener("htmx:beforeRequest", (event) => {
  const told = document.getElementById("logged-out");
  if (told && event.detail.elt.matches("form, a")) told.hidden = true;
});
