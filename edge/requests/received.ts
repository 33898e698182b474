import type { REQUEST_TYPES } from './media.ts';

/** A request whose body has arrived but is not parsed yet. */
export interface Received {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly requestType: (typeof REQUEST_TYPES)['rows'][number];
}
