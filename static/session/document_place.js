// @ts-check
/** Where the view of a document scan stands: most calls ask for no document, so it is loaded when it is first wanted. */

import { html } from "../shared/dom.js";
import { openScan } from "./document_state.js";

/**
 * @param {import("./types.js").Actions} actions
 * @param {AbortSignal} gone the view is taken away
 * @returns {{element: HTMLElement, update: (state: import("./types.js").State) => void}}
 */
export function documentPlace(actions, gone) {
  const element = html("div", { class: "document-place" });
  /** @type {((state: import("./types.js").State) => void) | null} */
  let show = null;
  let loading = false;
  /** @type {import("./types.js").State} */
  let newest;
  const load = async () => {
    loading = true;
    try {
      const { documentView } = await import("./document_view.js");
      const view = documentView(actions, gone);
      element.append(view.element);
      show = view.update;
      show(newest);
    } finally {
      loading = false; // What did not load is tried again with the next news.
    }
  };
  return {
    element,
    update(state) {
      newest = state;
      if (show) show(state);
      else if (openScan(state) && !loading) void load().catch(() => {});
    },
  };
}
