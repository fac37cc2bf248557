// @ts-check
/** What stays around all views: navigation, who is signed in, the theme. */

import { html } from "../shared/dom.js";
import { icon } from "./icons.js";
import { button, select } from "./parts.js";
import { SECTIONS, sectionsFor } from "./router.js";
import { showShortcuts } from "./shortcuts.js";
import { setTheme, theme } from "./theme.js";

/**
 * @param {HTMLElement} root @param {import("./api.js").Me} me
 * @param {{signOut: () => Promise<void>}} actions
 */
export function drawShell(root, me, { signOut }) {
  const links = new Map(sectionsFor(me.staff.permissions).map((name) => [name, html("a", { href: `#/${name}` }, icon(name), html("span", {}, SECTIONS[name].title))]));
  const main = html("main", { id: "content", tabIndex: -1 });
  const skip = html("button", { type: "button", class: "skip", onclick: () => main.focus() }, "Skip to the content");
  root.replaceChildren(
    skip,
    html(
      "header",
      { class: "rail" },
      html("p", { class: "brand" }, html("img", { src: "/static/shared/icon.svg", alt: "", width: 28, height: 28 }), html("span", {}, "Visavis")),
      html("nav", { "aria-label": "Console" }, html("ul", {}, ...[...links.values()].map((link) => html("li", {}, link)))),
      account(me, signOut),
    ),
    main,
  );
  return {
    /** @param {HTMLElement} host @param {string} section */
    show(host, section) {
      for (const [name, link] of links) {
        if (name === section) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
      main.replaceChildren(host);
      scrollTo(0, 0);
    },
  };
}

/** @param {import("./api.js").Me} me @param {() => Promise<void>} signOut */
function account(me, signOut) {
  const themes = select({ system: "As the system", light: "Light", dark: "Dark" }, theme());
  themes.setAttribute("aria-label", "Colours");
  themes.addEventListener("change", () => setTheme(/** @type {import("./theme.js").Theme} */ (themes.value)));
  return html(
    "div",
    { class: "account" },
    html("p", { class: "who" }, html("strong", {}, me.staff.name), html("span", { class: "soft" }, me.staff.roles.join(", "))),
    html("div", { class: "account-tools" }, themes, button("Keys", { onclick: showShortcuts }), button("Sign out", { onclick: () => void signOut(), icon: "out" })),
  );
}
