// What JavaScript adds to pages that work without it: the design system's behaviours, and a word before a session ends.
import * as design from "./govuk-frontend.js";

const COMPONENTS = [
  design.Button,
  design.CharacterCount,
  design.Checkboxes,
  design.ErrorSummary,
  design.FileUpload,
  design.NotificationBanner,
  design.PasswordInput,
  design.Radios,
  design.SkipLink,
];

function enliven(scope) {
  for (const component of COMPONENTS) design.createAll(component, undefined, scope);
}

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");
enliven(document);

// A part that htmx puts in place gets the same behaviours; initialised elements in it are new, so none is met twice.
document.body.addEventListener("htmx:afterSwap", (event) => enliven(event.detail.target));

const warning = document.querySelector("[data-session-ends]");
if (warning) watchSession(warning);

function watchSession(dialog) {
  const warnBefore = Number(dialog.dataset.sessionWarn) * 1000;
  const whole = new Date(dialog.dataset.sessionEnds) - Date.now();
  const left = dialog.querySelector("[data-session-left]");
  let ends = Date.now() + whole;

  // The clock is looked at, not trusted to tick: a laptop that slept wakes to the truth.
  const clock = setInterval(look, 1000);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.querySelector("form").addEventListener("submit", stay);

  function look() {
    const rest = ends - Date.now();
    if (rest > warnBefore) return;
    if (!dialog.open) dialog.showModal();
    if (rest > 0) left.textContent = written(rest);
    else finish();
  }

  async function stay(event) {
    event.preventDefault();
    const form = event.target;
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
    if (!answer.ok) return finish();
    ends = Date.now() + whole;
    dialog.close();
  }

  function finish() {
    clearInterval(clock);
    dialog.querySelector("[data-session-soon]").hidden = true;
    dialog.querySelector("[data-session-over]").hidden = false;
    dialog.setAttribute("aria-labelledby", "session-over-title");
    if (!dialog.open) dialog.showModal();
  }
}

function written(milliseconds) {
  const seconds = Math.ceil(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
