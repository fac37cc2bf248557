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
 * @param {{signOut: () => Promise<void>, changePassword: () => Promise<void>}} actions
 */
export function drawShell(root, me, actions) {
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
      account(me, actions),
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

/** @param {import("./api.js").Me} me @param {{signOut: () => Promise<void>, changePassword: () => Promise<void>}} actions */
function account(me, { signOut, changePassword }) {
  const themes = select({ system: "As the system", light: "Light", dark: "Dark" }, theme());
  themes.setAttribute("aria-label", "Colours");
  themes.addEventListener("change", () => setTheme(/** @type {import("./theme.js").Theme} */ (themes.value)));
  return html(
    "div",
    { class: "account" },
    menu(
      html("span", { class: "who" }, html("strong", {}, me.staff.name), html("span", { class: "soft" }, me.staff.roles.join(", "))),
      button("Change password", { onclick: () => void changePassword() }),
    ),
    html("div", { class: "account-tools" }, themes, button("Keys", { onclick: showShortcuts }), button("Sign out", { onclick: () => void signOut(), icon: "out" })),
  );
}

/** Opens at a name; closed by Escape, by leaving it, and by what it holds. @param {HTMLElement} name @param {...HTMLElement} entries */
function menu(name, ...entries) {
  const element = html("details", { class: "menu" }, html("summary", {}, name, icon("more")), html("div", { class: "menu-entries" }, ...entries));
  const close = () => (element.open = false);
  const leave = (/** @type {EventTarget | null} */ to) => to instanceof Node && !element.contains(to) && close();
  // Not every browser gives the focus to a button that is clicked.
  element.addEventListener("focusout", ({ relatedTarget }) => leave(relatedTarget));
  document.addEventListener("pointerdown", ({ target }) => leave(target));
  element.addEventListener("click", ({ target }) => target instanceof Element && target.closest(".menu-entries") && close());
  element.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    close();
    element.querySelector("summary")?.focus();
  });
  return element;
}
