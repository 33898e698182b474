/**
 * Answering requests while the Worker starts. What runs for the first time is compiled then, JavaScript and WebAssembly
 * alike, which takes far longer than running it; on Cloudflare's network, start-up is not part of any request.
 */
import { exampleRow, rowByName, shownOperation } from '../shared/example.ts';
import { graphSpec, type Manifest, mainGraph, type OperationName } from '../shared/manifest.ts';
import { createApp } from './app.ts';
import type { ModelService } from './calls/modelService.ts';
import { logEvent } from './telemetry/log.ts';

/**
 * Asks each bundled model of a frozen runtime for one row as float32 bytes, and for one as JSON, as far as it takes them.
 * Nothing of this is counted or logged, but errors of the Worker are.
 *
 * Await this in the module of a Worker, where nothing else runs meanwhile, with models that have no bucket: a Worker may
 * not read from it while it starts.
 *
 * @example
 * await rehearse(workerModels());
 */
export async function rehearse({ service: { models, settings } }: ModelService): Promise<void> {
  // With counters of its own, and open to all.
  const app = createApp({ models, settings: { ...settings, apiKeys: [], open: 'true', log: 'errors' } });
  const restore = standIn();
  try {
    for (const manifest of models.frozen())
      for (const request of requestsTo(manifest)) await app.fetch(request);
  } catch (error) {
    // The Worker answers all the same, the first time after a longer wait.
    logEvent('the rehearsal of requests failed', error);
  } finally {
    restore();
  }
}

/**
 * Replaces what Workers refuse while they start: timers, and answers with a body. Returns a function that undoes it.
 */
function standIn(): () => void {
  const { Response, setTimeout } = globalThis;
  class BodilessResponse extends Response {
    constructor(_: unknown, init?: ResponseInit) {
      super(null, init);
    }
  }
  Object.assign(globalThis, { Response: BodilessResponse, setTimeout: () => undefined });
  return () => Object.assign(globalThis, { Response, setTimeout });
}

function requestsTo(manifest: Manifest): Request[] {
  const { operations, features } = manifest;
  const takesRows = graphSpec(manifest, mainGraph(manifest)).inputs[0]!.name === 'rows';
  const shown = shownOperation(manifest);
  const row = rowByName(exampleRow(features), features.names);
  const body = shown === 'recommend' ? { items: features.names?.slice(0, 1) ?? ['0'] } : { rows: [row] };
  return [
    ...(takesRows && operations.includes('encode')
      ? [requestTo(manifest, 'encode', 'application/octet-stream', new Float32Array(features.count))]
      : []),
    ...(shown === undefined
      ? []
      : [requestTo(manifest, shown, 'application/json', new TextEncoder().encode(JSON.stringify(body)))]),
  ];
}

/** Makes the members of a request that are read of small ones: while they start, Workers refuse a whole one with a body. */
function requestTo(
  { name, version }: Manifest,
  operation: OperationName,
  type: string,
  body: Float32Array | Uint8Array,
): Request {
  const headers = new Headers({
    'Content-Type': type,
    'Content-Length': String(body.byteLength),
    // Otherwise a random one is drawn, which is refused, too.
    'X-Request-Id': '0'.repeat(32),
  });
  const url = `https://rehearsal.invalid/v1/models/${name}@${version}/${operation}`;
  const arrayBuffer = async () => body.buffer;
  return { method: 'POST', url, headers, body: null, arrayBuffer } as unknown as Request;
}
