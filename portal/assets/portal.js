// What JavaScript adds to pages that work without it: the design system's behaviours, what is typed carried along when the
// language is changed, and a word before a session ends.
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

// What was enlivened before is left alone: parts that htmx puts in place come by here too.
function enliven(root) {
  for (const Component of COMPONENTS) {
    const name = Component.moduleName;
    for (const element of root.querySelectorAll(`[data-module="${name}"]:not([data-${name}-init])`)) new Component(element);
  }
  spaceFileUploads();
}

// The button of a file upload says its status and its action without a space between: its name would not contain its text.
function spaceFileUploads() {
  for (const status of document.querySelectorAll(".govuk-file-upload-button__status:not([data-spaced])")) {
    status.dataset.spaced = "";
    status.after(" ");
  }
}

// What is typed and not sent yet goes along to the same page in another language: in this tab, once.
const TYPED = "form[data-carried] :is(input:not([type=hidden], [type=file], [type=submit]), textarea, select)";
const PAGE = location.pathname.slice("/sq".length);
const typed = document.querySelectorAll(TYPED);
const came = carried();
if (came.page === PAGE) fill(came.typed);
if (typed.length) for (const link of document.querySelectorAll(".languages a")) link.addEventListener("click", pack);

// Whatever page comes next takes it out, so that nothing stays for who sits here afterwards; without storage none is there.
function carried() {
  try {
    const kept = sessionStorage.getItem("carried");
    sessionStorage.removeItem("carried");
    return JSON.parse(kept) ?? {};
  } catch {
    return {};
  }
}

function pack() {
  const now = Array.from(document.querySelectorAll(TYPED), ({ name, value, checked }) => ({ name, value, checked }));
  try {
    sessionStorage.setItem("carried", JSON.stringify({ page: PAGE, typed: now }));
  } catch {
    // The browser keeps nothing: then only what was saved comes along, as without JavaScript.
  }
}

function fill(words) {
  for (const control of typed) {
    const chooses = ["checkbox", "radio"].includes(control.type);
    const said = words.find((one) => one.name === control.name && (!chooses || one.value === control.value));
    if (said && chooses) control.checked = said.checked;
    else if (said) control.value = said.value;
  }
}

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("govuk-frontend-supported");
  enliven(document);
  document.body.addEventListener("htmx:load", (event) => enliven(event.detail.elt.parentNode ?? event.detail.elt));
}

const dialog = document.querySelector("[data-session-seconds]");
if (dialog) watchSession(dialog);

function watchSession(dialog) {
  const idle = Number(dialog.dataset.sessionSeconds) * 1000;
  const warnBefore = Number(dialog.dataset.sessionWarning) * 1000;
  const left = dialog.querySelector("[data-session-left]");
  const tabs = new BroadcastChannel("session");
  let ends;

  prolong();
  tabs.addEventListener("message", (event) => event.data > ends && prolong(event.data));
  // The clock is looked at, not trusted to tick: a laptop that slept wakes to the truth.
  const clock = setInterval(look, 1000);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.querySelector("form").addEventListener("submit", stay);

  // A page that was opened in another tab prolonged the session of this one too.
  function prolong(until) {
    ends = until ?? Date.now() + idle;
    if (!until) tabs.postMessage(ends);
    if (dialog.open) dialog.close();
  }

  function look() {
    const rest = ends - Date.now();
    if (rest > warnBefore) return;
    if (rest <= 0) return finish();
    left.textContent = written(rest);
    if (!dialog.open) dialog.showModal();
  }

  async function stay(event) {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(event.target));
    const answer = await fetch(event.target.action, { method: "POST", body, redirect: "manual" });
    if (answer.ok) prolong();
    else finish();
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
