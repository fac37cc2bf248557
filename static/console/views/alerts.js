// @ts-check
/** Who is told when something is wrong, what counts as wrong, and what was told lately. */

import { html } from "../../shared/dom.js";
import { ago, sentence, words } from "../format.js";
import { badge, button, card, copyButton, dialog, empty, failure, field, pageHead, select, toast } from "../parts.js";

/** @type {Record<string, {title: string, help: string, numbers: Record<string, string>}>} */
const RULES = {
  stuckSession: { title: "A session is stuck", help: "Nothing has happened in it for this long.", numbers: { minutes: "Minutes" } },
  attackBurst: { title: "Many attacks", help: "So many checks met an attack in this time.", numbers: { count: "Attacks", minutes: "Minutes" } },
  failureJump: { title: "More sessions fail", help: "The share that fails is so many times that of the day.", numbers: { factor: "Times", sessions: "Sessions at least", minutes: "Minutes" } },
  providerErrors: { title: "Engines fail", help: "So many sessions met an engine that failed.", numbers: { count: "Sessions", minutes: "Minutes" } },
};

/** @type {import("../main.js").OpenView} */
export function open(host, { api, staff }) {
  const tenants = Object.fromEntries(staff.tenants.map((tenant) => [tenant, tenant === "*" ? "All tenants without their own" : tenant]));
  const tenant = select(tenants, staff.tenants[0]);
  tenant.setAttribute("aria-label", "Tenant");
  const shown = html("div", { class: "stack" });
  host.append(html("div", { class: "stack" }, pageHead("Alerts", "E-mail or webhook when something is wrong.", staff.tenants.length > 1 && tenant), shown));
  let turn = 0;
  const path = (/** @type {string} */ rest = "") => `/alerts${rest}?tenant=${encodeURIComponent(tenant.value)}`;

  async function load() {
    const mine = ++turn;
    try {
      const known = await api.get(path());
      if (mine === turn) shown.replaceChildren(form(known), card("Lately", recent(known.recent)));
    } catch (/** @type {any} */ error) {
      if (mine === turn) shown.replaceChildren(failure(error, () => void load()));
    }
  }

  /** @param {any} known */
  function form(known) {
    const settings = known.settings;
    const emails = field("E-mail addresses", html("textarea", { rows: 2, value: settings.emails.join("\n") }), known.canMail ? "One a line, up to five." : "This server has no mail server set up, so none is sent.");
    const webhook = field("Webhook address", html("input", { type: "url", value: settings.webhookUrl, placeholder: "https://" }), "Signed like the webhooks of sessions.");
    const quiet = field("Minutes of silence after an alert", html("input", { type: "number", min: "1", max: "1440", value: settings.quietMinutes }), "About the same thing.");
    const sandbox = html("input", { type: "checkbox", checked: settings.sandbox });
    const rules = Object.entries(RULES).map(([name, rule]) => ({ name, ...ruleFields(name, rule, settings.rules[name]) }));
    const problem = html("p", { class: "problem", role: "alert" });
    const save = button("Save", { kind: "primary", type: "submit" });
    /** @type {Record<string, {refuse: (text: string) => void, input: HTMLElement}>} by the name of the member that is sent */
    const places = { emails, webhookUrl: webhook, quietMinutes: quiet, ...Object.assign({}, ...rules.map((rule) => rule.places)) };
    const element = html(
      "form",
      { class: "stack", noValidate: true },
      known.inherited && html("p", { class: "soft" }, "Nothing is set for this tenant yet: what you see holds for all without their own."),
      card("Who is told", emails.element, webhook.element, html("p", { class: "soft" }, known.signed ? "There is a secret for the webhook." : "Saving an address makes a secret, shown once.")),
      card("What counts", ...rules.map((rule) => rule.element), quiet.element, html("label", { class: "choice" }, sandbox, "Count sandbox sessions too")),
      problem,
      html("div", { class: "actions" }, button("Send a test", { onclick: () => void test() }), save),
    );
    element.addEventListener("submit", async (event) => {
      event.preventDefault();
      save.disabled = true;
      problem.textContent = "";
      Object.values(places).forEach((place) => place.refuse(""));
      const body = {
        rules: Object.fromEntries(rules.map((rule) => [rule.name, rule.read()])),
        quietMinutes: Number(quiet.input.value),
        sandbox: sandbox.checked,
        emails: emails.input.value.split("\n").map((line) => line.trim()).filter(Boolean),
        webhookUrl: webhook.input.value.trim(),
      };
      try {
        const changed = await api.put(path(), body);
        if (changed.secret) await showSecret(changed.secret);
        toast("Saved");
        await load();
      } catch (/** @type {any} */ error) {
        const place = places[error.field?.replace(/\[.*/, "") ?? ""];
        if (!place) return void (problem.textContent = error.message);
        place.refuse(atField(error));
        place.input.focus();
      } finally {
        save.disabled = false;
      }
    });
    return element;
  }

  async function test() {
    try {
      const came = Object.entries(await api.post(path("/test")));
      const lines = came.map(([channel, what]) => html("li", {}, html("strong", {}, channel), ` ${words(String(what))}`));
      await dialog({ title: "What came of the test", body: [lines.length ? html("ul", {}, ...lines) : html("p", {}, "Nobody is to be told yet: write an address and save it first.")] });
    } catch (/** @type {any} */ error) {
      toast(error.message, "danger");
    }
  }

  tenant.addEventListener("change", () => void load());
  void load();
  return { close: () => void (turn += 1) };
}

/** What is wrong, without the name of the member beside which it stands. @param {import("../api.js").ApiError} error */
function atField({ field: name, message }) {
  const line = /\[(\d+)\]$/.exec(name);
  const text = message.startsWith(`${name}: `) ? message.slice(name.length + 2) : message;
  return line ? `Line ${Number(line[1]) + 1}: ${text}` : sentenceOf(text);
}

/** @param {string} text */
const sentenceOf = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** @param {string} key its name on the wire @param {{title: string, help: string, numbers: Record<string, string>}} rule @param {Record<string, any>} known */
function ruleFields(key, rule, known) {
  const on = html("input", { type: "checkbox", checked: known.on });
  const inputs = Object.entries(rule.numbers)
    .filter(([name]) => name in known)
    .map(([name, label]) => ({ name, ...field(label, html("input", { type: "number", step: "any", min: "0", value: known[name] })) }));
  return {
    element: html("fieldset", { class: "rule" }, html("legend", { class: "visually-hidden" }, rule.title), html("label", { class: "choice" }, on, rule.title, html("small", {}, rule.help)), html("div", { class: "rule-numbers" }, ...inputs.map((input) => input.element))),
    places: Object.fromEntries(inputs.map((input) => [`rules.${key}.${input.name}`, input])),
    read: () => ({ ...known, on: on.checked, ...Object.fromEntries(inputs.map(({ name, input }) => [name, Number(input.value)])) }),
  };
}

/** @param {string} secret */
const showSecret = (secret) => dialog({ title: "Secret of the webhook", body: [html("p", {}, "It is shown this once. Whoever knows it can sign alerts."), html("div", { class: "link" }, html("code", {}, secret), copyButton(secret))] });

/** @param {any[]} alerts */
function recent(alerts) {
  if (!alerts.length) return empty("Nothing was wrong", "Alerts that were raised stand here, with what came of sending them.");
  return html(
    "ul",
    { class: "judged" },
    ...alerts.map((alert) =>
      html("li", {}, html("strong", {}, alert.text), html("span", { class: "badges" }, badge(sentence(alert.rule), "warn", "alert"), ...Object.entries(alert.channels).map(([channel, what]) => badge(`${channel}: ${words(String(what))}`, what === "sent" ? "good" : "", what === "sent" ? "check" : "minus"))), html("small", { class: "soft" }, `${alert.tenant} · ${ago(alert.raisedAt ?? alert.createdAt, Date.now())}`)),
    ),
  );
}
