// @ts-check
/** Changing one's own password. */

import { html } from "../shared/dom.js";
import { dialog, field, toast } from "./parts.js";

export const MIN_PASSWORD = 12;

/** @param {import("./api.js").Api} api @param {string} email of whoever is signed in, for password managers */
export async function changePassword(api, email) {
  const secret = (/** @type {AutoFill} */ autocomplete) => html("input", { type: "password", autocomplete, required: true });
  const current = field("Current password", secret("current-password"));
  const password = field("New password", secret("new-password"), `At least ${MIN_PASSWORD} characters. A sentence is easy to remember.`);
  const again = field("The same once more", secret("new-password"));
  const user = html("input", { type: "email", autocomplete: "username", value: email, hidden: true });
  const fields = [current, password, again];
  const changed = await dialog({
    title: "Change your password",
    label: "Change",
    body: [user, ...fields.map(({ element }) => element), html("p", { class: "soft" }, "You stay signed in here, and are signed out in all other browsers.")],
    submit: async () => {
      for (const each of fields) each.refuse(each.input.value ? "" : "Fill this in.");
      if (password.input.value && password.input.value.length < MIN_PASSWORD) password.refuse(`Take ${MIN_PASSWORD} characters or more.`);
      else if (password.input.value !== again.input.value) again.refuse("The two are not the same.");
      const wrong = fields.find(({ input }) => input.getAttribute("aria-invalid") === "true");
      if (wrong) return refused(wrong.input);
      try {
        await api.post("/me/password", { current: current.input.value, password: password.input.value });
      } catch (/** @type {any} */ error) {
        const at = { current, password }[/** @type {string} */ (error.field)];
        if (!at) throw error;
        at.refuse(error.message);
        refused(at.input);
      }
    },
  });
  if (changed) toast("Your password is changed.");
}

/** The dialog stays open; the reason stands at the field. @param {HTMLElement} input @returns {never} */
function refused(input) {
  input.focus();
  throw new Error("");
}
