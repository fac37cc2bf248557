// @ts-check
/**
 * `<visavis-session src="…">`: a session page in a frame of another site. One script tag is enough:
 *
 *     <script type="module" src="https://session.example.org/static/widget/visavis-session.js"></script>
 *     <visavis-session src="https://session.example.org/?cs=…"></visavis-session>
 *
 * `docs/embedding.md` describes attributes, custom properties, events and error codes.
 *
 * @typedef {{sessionId: string, locale: string}} ReadyDetail
 * @typedef {"granted" | "denied" | "absent" | "prompt"} Permission
 * @typedef {{microphone: Permission, camera: Permission}} PermissionDetail
 * @typedef {{state: string}} StateDetail
 * @typedef {{nodeId: string, nodeType: string}} NodeDetail
 * @typedef {{speaker: "avatar" | "user", text: string, final: boolean}} CaptionDetail
 * @typedef {import("./problems.js").Problem} ErrorDetail
 * @typedef {{width: number, height: number}} ResizeDetail CSS pixels that the page would like to have
 * @typedef {{sessionId: string, status: "complete" | "incomplete"}} FinishedDetail
 *
 * @typedef {object} SessionEventMap
 * @property {CustomEvent<ReadyDetail>} visavis-ready
 * @property {CustomEvent<PermissionDetail>} visavis-permission
 * @property {CustomEvent<StateDetail>} visavis-state
 * @property {CustomEvent<NodeDetail>} visavis-node
 * @property {CustomEvent<CaptionDetail>} visavis-caption
 * @property {CustomEvent<ErrorDetail>} visavis-error
 * @property {CustomEvent<ResizeDetail>} visavis-resize
 * @property {CustomEvent<FinishedDetail>} visavis-finished
 * @property {CustomEvent<null>} visavis-close
 */

import { SessionFrame } from "./frame.js";
import { Modal } from "./modal.js";
import { problem, readAddress } from "./problems.js";
import { TOKENS } from "./protocol.js";
import { styleSheet } from "./style.js";
import { textsFor } from "./texts.js";

/** Attributes that the page is told of without loading it anew. */
const WISHES = ["theme", "locale", "captions", "strings"];

/** A page that wants to be endless is not given its way. */
const LEAST_HEIGHT = 360;
const MOST_HEIGHT = 1_400;

/** A page that does not say by then what it makes of the wish to close is not there any more. */
const CLOSE_ANSWER_MS = 1_500;

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<HTMLElementTagNameMap[Tag]>} properties
 * @param {...(Node | string)} children
 */
function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

export class VisavisSession extends HTMLElement {
  static observedAttributes = ["src", "mode", "open", "logo", "width", "height", "aspect", ...WISHES];

  /** Messages that pretended to come from the session page. */
  ignoredMessages = 0;
  /** @type {{id: string, status: "open" | "complete" | "incomplete"} | null} */
  #session = null;
  /** @type {SessionFrame | null} */
  #frame = null;
  /** @type {Modal | null} */
  #modal = null;
  #box = make("div", { className: "box" });
  #logo = "";
  /** @type {Record<string, string> | null} set by script, in place of the attribute */
  #strings = null;
  #closeTimer = 0;
  #darkness = matchMedia("(prefers-color-scheme: dark)");
  #repaint = () => this.#frame?.greet();

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [styleSheet()];
  }

  /** The session that the page is in; null until it has said so. */
  get session() {
    return this.#session && { ...this.#session };
  }

  /** Texts of the page, by key; the attribute `strings` holds the same as JSON. */
  get strings() {
    return this.#strings ?? this.#readStrings();
  }

  set strings(value) {
    this.#strings = value;
    this.#frame?.greet();
  }

  /** Show the modal window; an inline widget is open as long as it is in the document. */
  open() {
    this.setAttribute("open", "");
  }

  /** Ask the page to close. While the call goes on it asks the person; `visavis-close` tells when it is done. */
  close() {
    const isThere = this.#frame !== null && this.#box.dataset.shows === "page";
    if (!isThere) return this.#closed();
    clearTimeout(this.#closeTimer);
    this.#closeTimer = setTimeout(() => this.#closed(), CLOSE_ANSWER_MS);
    this.#frame?.askClose();
  }

  connectedCallback() {
    this.#darkness.addEventListener("change", this.#repaint);
    this.#build();
  }

  disconnectedCallback() {
    this.#darkness.removeEventListener("change", this.#repaint);
    this.#unload();
    this.#modal?.hide();
  }

  /** Moved by `moveBefore`: the frame and the call in it stay. */
  connectedMoveCallback() {}

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    if (!this.isConnected || before === now) return;
    if (name === "mode") this.#build();
    else if (name === "src") this.#reload();
    else if (name === "open") this.#follow();
    else if (name === "logo") void this.#fetchLogo();
    else if (WISHES.includes(name)) this.#frame?.greet();
    else this.#size();
  }

  /** Put the parts together, inline or in a window. */
  #build() {
    this.#unload();
    this.#modal?.hide();
    this.#modal = this.getAttribute("mode") === "modal" ? new Modal(this.#box, () => this.close()) : null;
    this.shadowRoot?.replaceChildren(this.#modal ? this.#modal.element : this.#box);
    this.#size();
    this.#follow();
  }

  /** Load and show, or hide and unload, as the attributes say. */
  #follow() {
    const wanted = !this.#modal || this.hasAttribute("open");
    if (wanted && !this.#frame) this.#load();
    if (!this.#modal) return;
    const { title, close } = this.#texts;
    if (wanted) this.#modal.show(this.strings["page.title"] || title, close);
    else this.#closed();
  }

  #reload() {
    if (!this.#modal || this.hasAttribute("open")) this.#load();
  }

  #load() {
    this.#unload();
    const texts = this.#texts;
    const loading = make("div", { className: "cover loading" }, ...["head", "", "short"].map((kind) => make("div", { className: `bone ${kind}` })));
    loading.setAttribute("role", "status");
    loading.setAttribute("aria-label", texts.loading);
    const retry = make("button", { type: "button", onclick: () => this.#load() }, texts.retry);
    const failure = make("div", { className: "cover failure" }, make("strong", {}, texts.failed), make("span", {}, texts.help), retry);
    failure.setAttribute("role", "alert");
    this.#box.replaceChildren(loading, failure);
    const address = readAddress(this.getAttribute("src") ?? "");
    if (typeof address === "string") {
      this.#fail(problem("wrong_src", "", address));
      return;
    }
    this.#box.dataset.shows = "loading";
    const frame = new SessionFrame(address, texts.title, {
      options: () => this.#options(),
      heard: (message) => this.#heard(message),
      failed: (found) => this.#fail(found),
      ignored: () => (this.ignoredMessages += 1),
    });
    this.#frame = frame;
    this.#box.prepend(frame.element);
    void this.#fetchLogo();
  }

  #unload() {
    clearTimeout(this.#closeTimer);
    this.#frame?.remove();
    this.#frame = null;
    this.#session = null;
    delete this.#box.dataset.shows;
  }

  get #texts() {
    const locale = this.getAttribute("locale");
    return textsFor(locale ? [locale] : navigator.languages);
  }

  /** What the page is asked for. @returns {Record<string, unknown>} */
  #options() {
    const style = getComputedStyle(this);
    const set = TOKENS.map((name) => [`--${name}`, style.getPropertyValue(`--visavis-${name}`).trim()]).filter(([, value]) => value);
    return {
      theme: this.getAttribute("theme") ?? "auto",
      tokens: Object.fromEntries(set),
      logo: this.#logo,
      strings: this.strings,
      locale: this.getAttribute("locale") ?? "",
      captions: this.hasAttribute("captions"),
    };
  }

  /** @returns {Record<string, string>} */
  #readStrings() {
    try {
      return JSON.parse(this.getAttribute("strings") || "{}") ?? {};
    } catch {
      this.#report(problem("option_refused", "", "strings, which is no JSON"));
      return {};
    }
  }

  async #fetchLogo() {
    const address = this.getAttribute("logo") ?? "";
    try {
      const logo = address && (await (await import("./logo.js")).fetchLogo(address));
      if (address !== (this.getAttribute("logo") ?? "") || logo === this.#logo) return;
      this.#logo = logo;
      this.#frame?.greet();
    } catch (error) {
      this.#report(problem("logo_refused", "", error instanceof Error ? error.message : ""));
    }
  }

  /** @param {{type: string} & Record<string, any>} message of the page */
  #heard({ type, ...detail }) {
    this.#box.dataset.shows = "page";
    switch (type) {
      case "ready":
        if (detail.refused.length > 0) this.#report(problem("option_refused", "", detail.refused.join("; ")));
        delete detail.refused;
        this.#session = { id: detail.sessionId, status: this.#session?.status ?? "open" };
        this.#modal?.focusPage();
        break;
      case "error":
        return this.#report(/** @type {ErrorDetail} */ (detail));
      case "state":
        if (detail.state === "leaving") clearTimeout(this.#closeTimer);
        break;
      case "resize":
        this.#box.style.setProperty("--wanted", `${Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, detail.height))}px`);
        break;
      case "finished":
        this.#session = { id: detail.sessionId || (this.#session?.id ?? ""), status: detail.status };
        break;
      case "close":
        return this.#closed();
    }
    this.#tell(type, detail);
  }

  /** The page is not there. @param {ErrorDetail} found */
  #fail(found) {
    this.#box.dataset.shows = "failure";
    this.#report(found);
  }

  /** @param {ErrorDetail} found */
  #report(found) {
    if (found.fix) console.error(`<visavis-session>: ${found.code}. ${found.fix}`);
    this.#tell("error", found);
  }

  /** Nothing goes on any more: the window goes, with what is in it. */
  #closed() {
    clearTimeout(this.#closeTimer);
    if (this.#modal?.hide()) this.#unload();
    this.removeAttribute("open");
    this.#tell("close", null);
  }

  /** @param {string} type @param {unknown} detail */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(`visavis-${type}`, { detail, bubbles: true, composed: true }));
  }

  #size() {
    const { style, dataset } = this.#box;
    for (const name of ["width", "height", "aspect"]) {
      const value = this.getAttribute(name)?.trim() ?? "";
      const length = /^\d+$/.test(value) ? `${value}px` : value;
      style.setProperty(`--${name}`, name === "aspect" ? value : length === "auto" ? "var(--wanted, min(720px, 90vh))" : length);
      if (!value) style.removeProperty(`--${name}`);
    }
    if (this.hasAttribute("aspect") && !this.hasAttribute("height")) dataset.aspect = "";
    else delete dataset.aspect;
  }
}

if (!customElements.get("visavis-session")) customElements.define("visavis-session", VisavisSession);
