// @ts-check
/** The console: who is signed in, and which view is open. */

import { html } from "../shared/dom.js";
import { Api } from "./api.js";
import { empty, failure } from "./parts.js";
import { changePassword } from "./password.js";
import { placeOf, sectionsFor } from "./router.js";
import { drawShell } from "./shell.js";
import { followShortcuts } from "./shortcuts.js";
import { applyTheme } from "./theme.js";
import { openSignIn, signInAgain } from "./views/sign_in.js";

/**
 * @typedef {object} Tools what a view is given
 * @property {Api} api
 * @property {import("./api.js").Staff} staff
 * @property {(hash: string) => void} go such as `#/live`
 * @property {string} id of the session that the view is about; empty for lists
 *
 * @typedef {object} View
 * @property {() => void} close
 *
 * @typedef {(host: HTMLElement, tools: Tools) => View | Promise<View>} OpenView
 */

const root = /** @type {HTMLElement} */ (document.getElementById("root"));
/** @type {Api} */
const api = new Api(() => signInAgain(api));
const go = (/** @type {string} */ hash) => void (location.hash = hash);

/** @type {View | null} */
let view = null;
/** Counts changes of place: a view that came too late is closed at once. */
let turn = 0;

/** @param {{show(host: HTMLElement, section: string): void}} around what stays around the view @param {import("./api.js").Me} me */
async function show(around, me) {
  const place = placeOf(location.hash, me.staff.permissions);
  const first = sectionsFor(me.staff.permissions)[0];
  if (!place && first && location.hash.length < 3) return go(`#/${first}`);
  const mine = ++turn;
  const before = document.activeElement;
  view?.close();
  view = null;
  const host = html("div", { class: "view" });
  around.show(host, place?.section ?? "");
  if (!place) {
    host.append(html("h1", { class: "visually-hidden", tabIndex: -1 }, "Not here"), empty("Nothing to see here", "This page does not exist, or your roles do not open it.", "shield"));
    return focusTitle(host, before);
  }
  try {
    const { open } = /** @type {{open: OpenView}} */ (await import(`./views/${place.name}.js`));
    if (mine !== turn) return;
    const opened = await open(host, { api, staff: me.staff, go, id: place.id ?? "" });
    if (mine !== turn) return opened.close();
    view = opened;
    focusTitle(host, before);
  } catch (/** @type {any} */ error) {
    if (mine === turn) host.replaceChildren(html("h1", { class: "visually-hidden" }, "Problem"), failure(error, () => location.reload()));
  }
}

/**
 * Screen readers go on reading at the title of the new view, unless the person went on elsewhere while it was fetched.
 * @param {HTMLElement} host @param {Element | null} before what had the focus when the change of place began
 */
function focusTitle(host, before) {
  const title = host.querySelector("h1");
  document.title = `${title?.textContent || "Console"} · Visavis`;
  const now = document.activeElement;
  if (now === document.body || now === before) title?.focus({ preventScroll: true });
}

async function start() {
  applyTheme();
  const setup = /^#setup=(.+)$/.exec(location.hash);
  if (setup) {
    const { open } = await import("./views/setup.js");
    return open(root, { api, token: setup[1] });
  }
  const me = (await api.whoAmI()) ?? (await openSignIn(root, api));
  const shell = drawShell(root, me, {
    changePassword: () => changePassword(api, me.staff.email),
    signOut: async () => {
      await api.post("/sign-out");
      location.reload();
    },
  });
  followShortcuts({ go, sections: sectionsFor(me.staff.permissions) });
  addEventListener("hashchange", () => void show(shell, me));
  await show(shell, me);
}

start().catch((error) => root.replaceChildren(html("main", { class: "gate" }, failure(error, () => location.reload()))));
