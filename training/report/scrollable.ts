/** Content that may be wider than its section, on a telephone for instance. */
import { type Html, html } from './html.ts';

/**
 * A box that scrolls sideways, with shadows at the edges that hide something. The keyboard reaches it, and
 * screen readers announce it as `label`.
 */
export function scrollable(label: string, content: Html): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}">${content}</div>`;
}
