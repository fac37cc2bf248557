// @ts-check
/** Accounts: who may what, invitations, and links for those who lost their way in. */

import { html } from "../../shared/dom.js";
import { dateTime } from "../format.js";
import { badge, button, copyButton, dialog, failure, field, pageHead, table, toast } from "../parts.js";
import { ROLES } from "../texts.js";

/**
 * @typedef {object} Account
 * @property {string} id
 * @property {string} email
 * @property {string} name
 * @property {string[]} roles
 * @property {string[]} tenants
 * @property {boolean} sandboxOnly
 * @property {number} createdAt Unix milliseconds
 * @property {number | null} disabledAt
 * @property {boolean} isSetUp
 */

/** @type {import("../main.js").OpenView} */
export function open(host, { api, staff }) {
  const list = html("div");

  async function load() {
    try {
      const { staff: everybody } = await api.get("/staff");
      list.replaceChildren(table("Accounts", columns(), /** @type {Account[]} */ (everybody)).element);
    } catch (/** @type {any} */ error) {
      list.replaceChildren(failure(error, () => void load()));
    }
  }

  /** @returns {{title: string, cell: (row: Account) => import("../parts.js").Child, kind?: string}[]} */
  function columns() {
    return [
      { title: "Name", cell: (row) => html("span", {}, html("strong", {}, row.name), html("small", {}, row.email)) },
      { title: "Roles", cell: (row) => row.roles.join(", ") || "–" },
      { title: "Tenants", cell: (row) => html("span", {}, row.tenants.includes("*") ? "All" : row.tenants.join(", "), row.sandboxOnly && html("small", {}, "sandbox only")) },
      { title: "State", cell: stateBadge },
      { title: "Since", cell: (row) => dateTime(row.createdAt), kind: "nowrap number" },
      { title: "Change", cell: (row) => (row.id === staff.id ? html("small", {}, "This is you") : tools(row)), kind: "end" },
    ];
  }

  /** @param {Account} row */
  function tools(row) {
    const off = row.disabledAt !== null;
    return html(
      "span",
      { class: "row-actions" },
      named(button("Edit", { onclick: () => void edit(row) }), row),
      named(button("Reset", { onclick: () => void reset(row), disabled: off }), row),
      named(button(off ? "Enable" : "Disable", { kind: off ? "plain" : "danger", onclick: () => void disable(row, !off) }), row),
    );
  }

  async function add() {
    const email = field("E-mail address", html("input", { type: "email", autocomplete: "off" }));
    const form = accountForm({ name: "", roles: ["agent"], tenants: ["*"] });
    const sandbox = html("label", { class: "choice" }, html("input", { type: "checkbox" }), "Sandbox only", html("small", {}, "Sees nothing of production"));
    let link = "";
    const done = await dialog({
      title: "Add an account",
      label: "Add",
      body: [email.element, ...form.elements, sandbox],
      submit: async () => {
        const sandboxOnly = /** @type {HTMLInputElement} */ (sandbox.querySelector("input")).checked;
        ({ link } = await api.post("/staff", { email: email.input.value.trim(), ...form.values(), sandboxOnly }));
      },
    });
    if (done) await showLink(link, email.input.value.trim());
    void load();
  }

  /** @param {Account} row */
  async function edit(row) {
    const form = accountForm(row);
    const done = await dialog({ title: `Edit ${row.name}`, body: form.elements, submit: () => api.patch(`/staff/${row.id}`, form.values()) });
    if (done) void load();
  }

  /** @param {Account} row */
  async function reset(row) {
    let link = "";
    const text = html("p", {}, `${row.name} gets a link to choose a new password and a new authenticator. The old ones open nothing any more, and open pages are signed out.`);
    const done = await dialog({ title: `Reset ${row.name}`, label: "Reset", danger: true, body: [text], submit: async () => void ({ link } = await api.post(`/staff/${row.id}/reset`)) });
    if (done) await showLink(link, row.email);
    void load();
  }

  /** @param {Account} row @param {boolean} disabled */
  async function disable(row, disabled) {
    const text = disabled ? "They are signed out at once and cannot sign in." : "They can sign in again with what they had.";
    const done = await dialog({ title: `${disabled ? "Disable" : "Enable"} ${row.name}`, label: disabled ? "Disable" : "Enable", danger: disabled, body: [html("p", {}, text)], submit: () => api.patch(`/staff/${row.id}`, { disabled }) });
    if (done) toast(`${row.name} is ${disabled ? "disabled" : "enabled"}.`);
    void load();
  }

  host.append(html("div", { class: "stack" }, pageHead("Staff", "Accounts of this console", button("Add an account", { kind: "primary", icon: "plus", onclick: () => void add() })), list));
  void load();
  return { close: () => undefined };
}

/** Name, roles and tenants. @param {{name: string, roles: string[], tenants: string[]}} given */
function accountForm(given) {
  const name = field("Name", html("input", { type: "text", value: given.name, autocomplete: "off" }), "The person in the session sees it when this account joins.");
  const roles = Object.entries(ROLES).map(([value, text]) => html("label", { class: "choice" }, html("input", { type: "checkbox", value, checked: given.roles.includes(value) }), value, html("small", {}, text)));
  const tenants = field("Tenants", html("input", { type: "text", value: given.tenants.join(", "), spellcheck: false }), "Separated by commas; * is all of them.");
  return {
    elements: [name.element, html("fieldset", {}, html("legend", {}, "Roles"), ...roles), tenants.element],
    values: () => ({
      name: name.input.value.trim(),
      roles: roles.map((label) => /** @type {HTMLInputElement} */ (label.querySelector("input"))).filter(({ checked }) => checked).map(({ value }) => value),
      tenants: tenants.input.value.split(",").map((tenant) => tenant.trim()).filter(Boolean),
    }),
  };
}

/** @param {Account} row */
function stateBadge(row) {
  if (row.disabledAt !== null) return badge("Disabled", "danger", "cross");
  return row.isSetUp ? badge("Active", "good", "check") : badge("Invited", "warn", "waiting");
}

/** Say to screen readers whom a button is about. @param {HTMLButtonElement} element @param {Account} row */
function named(element, row) {
  element.setAttribute("aria-label", `${element.textContent} ${row.name}`);
  return element;
}

/** @param {string} link @param {string} email */
const showLink = (link, email) =>
  dialog({
    title: "Hand this link over",
    body: [html("p", {}, `Whoever opens it first has the account of ${email}. It works once, within 24 hours, and is not shown again.`), html("div", { class: "link" }, html("code", {}, link), copyButton(link))],
  });
