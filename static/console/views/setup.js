// @ts-check
/** Setting an account up by its link: password, authenticator, recovery codes. */

import { html } from "../../shared/dom.js";
import { button, copyButton, empty, field } from "../parts.js";
import { MIN_PASSWORD } from "../password.js";
import { brand, complete } from "./sign_in.js";

/** @param {HTMLElement} root @param {{api: import("../api.js").Api, token: string}} tools */
export async function open(root, { api, token }) {
  const place = html("div", { class: "gate-card" }, brand());
  root.replaceChildren(html("main", { class: "gate" }, place));
  try {
    const offer = await api.post("/setup/look", { token });
    place.append(...form(api, token, offer, (codes) => place.replaceChildren(brand(), ...recovery(codes))));
  } catch (/** @type {any} */ error) {
    const text = error.code === "setup_link_unknown" ? "It was used, or it is older than a day. Ask an admin for a new one." : error.message;
    place.append(html("h1", { tabIndex: -1 }, "This link opens nothing"), empty("Not possible", text, "alert"), signInLink());
  }
  place.querySelector("h1")?.focus();
}

/**
 * @param {import("../api.js").Api} api @param {string} token @param {{name: string, email: string, totpSecret: string, totpSvg: string}} offer
 * @param {(codes: string[]) => void} done
 */
function form(api, token, offer, done) {
  const password = field("Password", html("input", { type: "password", autocomplete: "new-password" }), `At least ${MIN_PASSWORD} characters. A sentence is easy to remember.`);
  const again = field("The same once more", html("input", { type: "password", autocomplete: "new-password" }));
  const code = field("Code", html("input", { type: "text", autocomplete: "one-time-code", inputMode: "numeric", maxLength: 8 }), "The six digits that the app shows now.");
  const problem = html("p", { class: "problem", role: "alert" });
  const send = button("Finish", { kind: "primary", type: "submit" });
  const picture = html("img", { class: "qr", alt: "QR code for the authenticator app", src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(offer.totpSvg)}` });
  const secret = html("p", { class: "secret" }, html("code", {}, offer.totpSecret), copyButton(offer.totpSecret));
  const user = html("input", { type: "email", autocomplete: "username", value: offer.email, hidden: true });
  const element = html(
    "form",
    { class: "stack", noValidate: true },
    user,
    html("h2", {}, "1 · Choose a password"),
    password.element,
    again.element,
    html("h2", {}, "2 · Add the account to an authenticator app"),
    html("div", { class: "authenticator" }, picture, html("div", {}, html("p", { class: "soft" }, "Scan the code, or type the key into the app:"), secret)),
    code.element,
    problem,
    send,
  );
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (send.disabled || !complete([password, again, code])) return;
    password.refuse(password.input.value.length < MIN_PASSWORD ? `Take ${MIN_PASSWORD} characters or more.` : "");
    again.refuse(again.input.value === password.input.value ? "" : "The two are not the same.");
    if (element.querySelector("[aria-invalid=true]")) return;
    send.disabled = true;
    problem.textContent = "";
    try {
      done((await api.post("/setup", { token, password: password.input.value, code: code.input.value.trim() })).recoveryCodes);
    } catch (/** @type {any} */ error) {
      const at = { password, code }[/** @type {string} */ (error.field)];
      if (at) at.refuse(error.message);
      else problem.textContent = error.message;
      (at ?? code).input.focus();
    }
    send.disabled = false;
  });
  return [html("h1", { tabIndex: -1 }, `Welcome, ${offer.name}`), html("p", { class: "soft" }, `Set up your account ${offer.email}.`), element];
}

/** @param {string[]} codes */
function recovery(codes) {
  const title = html("h1", { tabIndex: -1 }, "Keep your recovery codes");
  queueMicrotask(() => title.focus());
  return [
    title,
    html("p", { class: "soft" }, "Each of them signs you in once when the phone is gone. They are not shown again."),
    html("ul", { class: "codes" }, ...codes.map((code) => html("li", {}, html("code", {}, code)))),
    html("div", { class: "actions" }, copyButton(codes.join("\n")), signInLink()),
  ];
}

const signInLink = () => button("Go to sign-in", { kind: "primary", onclick: () => location.replace(location.pathname) });
