// @ts-check
/** Signing in: on a page of its own, or over the page when the sign-in has ended in the middle of the work. */

import { html } from "../../shared/dom.js";
import { button, field } from "../parts.js";

/** @typedef {import("../api.js").Api} Api */
/** @typedef {import("../api.js").Me} Me */

/**
 * Take the whole page until somebody has signed in.
 * @param {HTMLElement} root @param {Api} api @returns {Promise<Me>}
 */
export function openSignIn(root, api) {
  return new Promise((resolve) => {
    const form = signInForm(api, resolve);
    root.replaceChildren(
      html(
        "main",
        { class: "gate" },
        html("div", { class: "gate-card" }, brand(), html("h1", { tabIndex: -1 }, "Sign in to the console"), form.element),
      ),
    );
    form.focus();
  });
}

/**
 * Over the page, which keeps everything that was typed. When somebody else signs in, the page is loaded anew for them.
 * @param {Api} api @returns {Promise<void>}
 */
export function signInAgain(api) {
  const before = api.me?.staff;
  return new Promise((resolve) => {
    const element = html("dialog", { class: "sign-in-again", "aria-labelledby": "again-title" });
    const form = signInForm(
      api,
      (me) => {
        if (before && me.staff.id !== before.id) return location.reload();
        element.close();
        element.remove();
        resolve();
      },
      before?.email,
    );
    element.append(
      html("h2", { id: "again-title" }, "Sign in again"),
      html("p", { class: "soft" }, "Your sign-in has ended. The page stays as it is, with what you typed."),
      form.element,
    );
    element.addEventListener("cancel", (event) => event.preventDefault());
    document.body.append(element);
    element.showModal();
    form.focus();
  });
}

/** @param {Api} api @param {(me: Me) => void} done @param {string} [known] the address, when it is known */
function signInForm(api, done, known = "") {
  const email = field("E-mail address", html("input", { type: "email", name: "email", autocomplete: "username", required: true, value: known, spellcheck: false }));
  const password = field("Password", html("input", { type: "password", name: "password", autocomplete: "current-password", required: true }));
  const code = field(
    "Code",
    html("input", { type: "text", name: "code", autocomplete: "one-time-code", inputMode: "text", required: true, spellcheck: false }),
    "Six digits of your authenticator app, or a recovery code.",
  );
  const problem = html("p", { class: "problem", role: "alert" });
  const send = button("Sign in", { kind: "primary", type: "submit" });
  const element = html("form", { class: "stack", noValidate: true }, email.element, password.element, code.element, problem, send);
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (send.disabled || !complete([email, password, code])) return;
    send.disabled = true;
    problem.textContent = "";
    try {
      done(await api.signIn({ email: email.input.value.trim(), password: password.input.value, code: code.input.value.trim() }));
    } catch (/** @type {any} */ error) {
      // A code counts once: it is of no use any more, whatever was wrong.
      code.input.value = "";
      if (error.waitSeconds) return countDown(problem, send, error.waitSeconds, error.status === 429);
      problem.textContent = error.message;
      (error.status === 401 ? password.input : code.input).focus();
    }
    send.disabled = false;
  });
  return { element, focus: () => (known ? password : email).input.focus() };
}

/** Say of each field that is empty that it is. @param {ReturnType<typeof field>[]} fields */
export function complete(fields) {
  for (const each of fields) each.refuse(each.input.value.trim() ? "" : "Fill this in.");
  const missing = fields.find((each) => !each.input.value.trim());
  missing?.input.focus();
  return !missing;
}

/** @param {HTMLElement} problem @param {HTMLButtonElement} send @param {number} seconds @param {boolean} locked */
function countDown(problem, send, seconds, locked) {
  const until = Date.now() + seconds * 1000;
  const why = locked ? "Too many tries." : "The server is busy.";
  // Said once; the seconds tick on the button, which is not a live region.
  problem.textContent = `${why} The next one is possible in ${seconds} seconds.`;
  send.disabled = true;
  const timer = setInterval(tick, 500);
  tick();
  function tick() {
    const left = Math.ceil((until - Date.now()) / 1000);
    send.textContent = left > 0 ? `Wait ${left} s` : "Sign in";
    if (left > 0) return;
    clearInterval(timer);
    send.disabled = false;
    problem.textContent = "";
  }
}

/** The mark and the name, over a form. */
export const brand = () => html("p", { class: "brand" }, html("img", { src: "/static/shared/icon.svg", alt: "", width: 36, height: 36 }), html("span", {}, "Visavis"));
