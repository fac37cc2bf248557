// @ts-check
/** How the widget looks. A constructed style sheet, so that an embedding page without 'unsafe-inline' shows it as well. */

const CSS = `
:host {
  display: block;
  position: relative;
  color-scheme: light dark;
  --paper: light-dark(#fbfcfa, #161e1b);
  --bone: light-dark(#e6ebe7, #2a3530);
  --text: light-dark(#14211c, #ecf2ee);
}
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
:host([hidden]), :host([mode="modal"]) { display: contents; }
:host([hidden]) { display: none; }

.box {
  position: relative;
  overflow: hidden;
  inline-size: var(--width, 100%);
  block-size: var(--height, min(720px, 90vh));
  max-inline-size: 100%;
  border-radius: var(--visavis-frame-radius, 20px);
  color: var(--text, #14211c);
  background: var(--paper, #fbfcfa);
  font: 400 16px/1.5 system-ui, sans-serif;
}
.box[data-aspect] { block-size: auto; aspect-ratio: var(--aspect); }

iframe {
  display: block;
  inline-size: 100%;
  block-size: 100%;
  border: 0;
  background: transparent;
  opacity: 0;
  transition: opacity 0.25s;
}
[data-shows="page"] iframe { opacity: 1; }
[data-shows="failure"] iframe { visibility: hidden; }

.cover {
  position: absolute;
  inset: 0;
  display: none;
  place-content: center;
  justify-items: center;
  gap: 12px;
  padding: 24px;
  text-align: center;
}
[data-shows="loading"] .loading, [data-shows="failure"] .failure { display: grid; }
.bone { inline-size: min(260px, 60vw); block-size: 14px; border-radius: 7px; background: var(--bone, #e6ebe7); animation: breathe 1.6s ease-in-out infinite; }
.bone.head { inline-size: 112px; block-size: 112px; border-radius: 50%; }
.bone.short { inline-size: min(160px, 40vw); }
@keyframes breathe { 50% { opacity: 0.45; } }
.failure strong { font-size: 18px; text-wrap: balance; }

button {
  min-inline-size: 44px;
  min-block-size: 44px;
  padding: 0 20px;
  border: 0;
  border-radius: 22px;
  color: var(--visavis-on-accent, light-dark(#fff, #06261d));
  background: var(--visavis-accent, light-dark(#1a6553, #7fd3b8));
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
button:focus-visible { outline: 3px solid light-dark(#0b57d0, #a8c7fa); outline-offset: 2px; }

dialog {
  flex-direction: column;
  inline-size: min(1080px, 94vw);
  block-size: min(760px, 92dvh);
  max-inline-size: none;
  max-block-size: none;
  padding: 0;
  border: 0;
  border-radius: var(--visavis-frame-radius, 20px);
  overflow: hidden;
  color: var(--text, #14211c);
  background: var(--paper, #fbfcfa);
  box-shadow: 0 24px 80px rgb(0 0 0 / 35%);
  font: 400 16px/1.5 system-ui, sans-serif;
}
dialog[open] { display: flex; }
dialog::backdrop { background: rgb(10 18 15 / 62%); }
dialog .box { flex: 1; inline-size: auto; block-size: auto; border-radius: 0 0 var(--visavis-frame-radius, 20px) var(--visavis-frame-radius, 20px); }
.bar { display: flex; align-items: center; justify-content: space-between; padding-inline: 18px 6px; min-block-size: 52px; }
.bar span { font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bar button { padding: 0; color: inherit; background: transparent; font-size: 22px; font-weight: 400; }

@media (max-width: 640px), (max-height: 480px) {
  dialog {
    inset: 0;
    inline-size: 100vw;
    block-size: 100dvh;
    border-radius: 0;
    padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);
  }
}
@media (prefers-reduced-motion: reduce) {
  .bone { animation: none; }
  iframe { transition: none; }
}
`;

/** @returns {CSSStyleSheet} */
export function styleSheet() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  return sheet;
}
