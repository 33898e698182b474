import type { REQUEST_TYPES } from './media.ts';

/** What is known of a request before its body is read for what it says. */
export interface Received {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly requestType: (typeof REQUEST_TYPES)['rows'][number];
  /** The forms that the client accepts of those there are, its favourite first. */
  readonly accepted: readonly string[];
}
