import type { Manifest } from '../../shared/manifest.ts';
import type { RequestVariables } from '../environment.ts';
import type { REQUEST_TYPES } from './media.ts';

/** A request whose body has arrived but is not parsed yet. */
export interface Received {
  readonly shared: RequestVariables;
  readonly manifest: Manifest;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly requestType: (typeof REQUEST_TYPES)['rows'][number];
  /** Media types of the answer that the client accepts, by preference. */
  readonly accepted: readonly string[];
  /** Maximum number of rows in one answer. */
  readonly maxRows: number;
}
