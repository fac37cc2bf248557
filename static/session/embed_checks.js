// @ts-check
/** What is wrong with the way in which this page is embedded, and what its embedder must change. */

/**
 * @typedef {object} Finding
 * @property {string} code
 * @property {boolean} recoverable whether the conversation can go on, if only by typing
 * @property {string} fix for the developer of the embedding page
 */

/** Browsers inside of apps, which often hand out no camera: Facebook, Instagram, LINE, WeChat, TikTok, Snapchat, LinkedIn. */
const IN_APP = /\bFBA[NV]\/|\bFB_IAB\/|\bInstagram\b|\bLine\/|\bMicroMessenger\/|\bBytedanceWebview\b|\bmusical_ly|\bSnapchat\/|\bLinkedInApp\b/;

/** @param {string} userAgent */
export const isInApp = (userAgent) => IN_APP.test(userAgent);

/** Whether the embedding page, and not the person, can mend it. @param {string} code */
export const isDevelopersTask = (code) => code === "insecure_context" || code.endsWith("_not_delegated");

/** Whether the frame around this page keeps a device from it; false where the browser does not tell. @param {string} device */
function isWithheld(device) {
  const policy = /** @type {any} */ (document).permissionsPolicy ?? /** @type {any} */ (document).featurePolicy;
  return policy?.allowsFeature?.(device) === false;
}

/** Reading `sessionStorage` throws where the browser keeps it from framed pages. */
function isStorageBlocked() {
  try {
    return window.sessionStorage === null;
  } catch {
    return true;
  }
}

/** @returns {Finding[]} */
export function findings() {
  /** @type {Finding[]} */
  const found = [];
  const framed = window.parent !== window;
  if (!window.isSecureContext) {
    found.push({
      code: "insecure_context",
      recoverable: true,
      fix: "Browsers give camera and microphone only to secure pages. Serve the embedding page and this one by https (or from localhost).",
    });
  }
  for (const device of framed ? ["camera", "microphone"] : []) {
    if (isWithheld(device)) found.push({ code: `${device}_not_delegated`, recoverable: true, fix: delegationFix(device) });
  }
  if (isInApp(navigator.userAgent)) {
    found.push({
      code: "in_app_browser",
      recoverable: true,
      fix: "The browser inside of this app may withhold camera and microphone. Open the link in the system's browser.",
    });
  }
  if (isStorageBlocked()) {
    found.push({
      code: "storage_blocked",
      recoverable: true,
      fix: "The browser keeps storage from framed pages. The conversation works without it; nothing needs to be changed.",
    });
  }
  return found;
}

/** @param {string} device */
function delegationFix(device) {
  return (
    `The frame has no leave for the ${device}. Add allow="camera; microphone; autoplay; fullscreen" to the <iframe>. If it is there, ` +
    `the embedding page's own header forbids it: send Permissions-Policy: camera=(self "${location.origin}"), microphone=(self "${location.origin}").`
  );
}
