// @ts-check
/** Wires the mailbox: asks for new messages every two seconds while the page is looked at. */

import { html, setText } from "../shared/dom.js";
import { fetchMessages, inDemo, SourceError } from "./source.js";
import { detail, emptyBox, keyForm, list } from "./view.js";

/** @typedef {import("./source.js").Message} Message */

const REFRESH_MS = 2000;

const app = /** @type {HTMLElement} */ (document.getElementById("app"));
const status = /** @type {HTMLElement} */ (document.getElementById("status"));

let key = "";
/** @type {Message[]} */
let messages = [];
let openId = "";
let wanted = new URLSearchParams(location.search).get("sessionId") ?? "";
let drawn = "";

const filter = html("input", { id: "filter", type: "search", value: wanted, placeholder: "Session, recipient, subject", oninput: () => { wanted = filter.value; show(); } });
const left = html("div", { class: "left" });
const right = html("div", { class: "right" });
const box = html("div", { class: "box" }, html("div", { class: "filter" }, html("label", { htmlFor: "filter" }, "Filter"), filter), left, right);

/** @param {string} [problem] */
function askForKey(problem = "") {
  key = "";
  setText(status, "");
  app.replaceChildren(keyForm(problem, (given) => void begin(given)));
}

/** @param {string} given */
async function begin(given) {
  key = given;
  setText(status, "Loading…");
  await refresh();
}

/** Ask for messages, then again later. A refused key ends it, anything else is tried again. */
async function refresh() {
  try {
    messages = await fetchMessages(key);
    if (!box.isConnected) app.replaceChildren(box);
    status.classList.remove("problem");
    setText(status, `${messages.length === 1 ? "1 message" : `${messages.length} messages`} · refreshes by itself`);
    show();
  } catch (error) {
    const known = error instanceof SourceError;
    if (known && error.keyRefused && !inDemo) return askForKey(error.message);
    status.classList.add("problem");
    setText(status, known ? error.message : "The messages cannot be shown.");
  }
  setTimeout(() => void whenSeen(refresh), REFRESH_MS);
}

/** @param {() => Promise<void>} work */
function whenSeen(work) {
  if (!document.hidden) return work();
  document.addEventListener("visibilitychange", () => void whenSeen(work), { once: true });
}

/** Draw what has changed, and leave the rest and the focus alone. */
function show() {
  const needle = wanted.trim().toLowerCase();
  const shown = messages.filter(({ sessionId, to, subject }) => [sessionId, to, subject].some((text) => text.toLowerCase().includes(needle)));
  const open = shown.find(({ id }) => id === openId) ?? shown[0];
  const state = JSON.stringify([shown.map(({ id }) => id), open?.id, needle !== ""]);
  if (state === drawn) return;
  const focused = document.activeElement?.id ?? "";
  const known = right.dataset.open;
  drawn = state;
  openId = open?.id ?? "";
  left.replaceChildren(open ? list(shown, openId, choose) : emptyBox(needle !== ""));
  if (known !== openId) right.replaceChildren(...(open ? [detail(open)] : []));
  right.dataset.open = openId;
  document.getElementById(focused)?.focus();
}

/** @param {string} id */
function choose(id) {
  openId = id;
  show();
  if (matchMedia("(width < 56rem)").matches) document.getElementById("subject")?.focus();
}

if (inDemo) void begin("");
else askForKey();
