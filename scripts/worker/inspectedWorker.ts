/** The built Worker with a debugger attached, which reports the memory of its isolate. */
import { once } from 'node:events';
import type { WorkerdStructuredLog } from 'miniflare';
import type { ModelBucket } from '../store/bucket.ts';
import { bucketDoor } from './bucketDoor.ts';
import type { WorkerBuild } from './build.ts';
import { startMiniflare } from './supervisor.ts';
import { workerOptions } from './worker.ts';

export interface InspectedWorker {
  readonly url: URL;
  readonly logs: readonly string[];
  readonly bucket: ModelBucket;
  /**
   * Collects garbage and returns the bytes in use: JavaScript's heap, array buffers and WebAssembly memories.
   */
  memory(): Promise<number>;
  dispose(): Promise<void>;
}

export async function inspectedWorker(
  build: WorkerBuild,
  variables: Readonly<Record<string, string>>,
): Promise<InspectedWorker> {
  const logs: string[] = [];
  const door = bucketDoor({
    ...(await workerOptions(build, variables)),
    ...{ cf: false, inspectorPort: 0 },
    handleStructuredLogs: ({ message }: WorkerdStructuredLog) => {
      logs.push(message);
    },
  });
  const miniflare = startMiniflare(door.options);
  const url = await miniflare.ready;
  const connection = await debuggerOf(await miniflare.getInspectorURL());
  return {
    ...{ url, logs, memory: () => isolateBytes(connection) },
    bucket: await door.open(miniflare),
    dispose: () => {
      connection.close();
      return miniflare.dispose();
    },
  };
}

interface Debugger {
  call<Result>(method: string, parameters?: object): Promise<Result>;
  /** Id of the execution context that the Worker's code runs in. */
  readonly context: string;
  close(): void;
}

/** Connects to the Worker's own isolate; the others belong to Miniflare's proxies. */
async function debuggerOf(inspector: URL): Promise<Debugger> {
  const isolates = (await (await fetch(`http://${inspector.host}/json`)).json()) as { id: string }[];
  const { id: isolate } = isolates.find(({ id }) => id.startsWith('core:user:'))!;
  const waiting = new Map<number, (reply: { result?: unknown; error?: object }) => void>();
  let context = '';
  const { WebSocket } = await import('ws');
  const socket = new WebSocket(`ws://${inspector.host}/${isolate}`);
  socket.on('message', (data) => {
    const { id, method, params, ...reply } = JSON.parse(data.toString());
    if (method === 'Runtime.executionContextCreated') context = params.context.uniqueId;
    waiting.get(id)?.(reply);
    waiting.delete(id);
  });
  let calls = 0;
  const call = <Result>(method: string, params: object = {}): Promise<Result> =>
    new Promise((resolve, reject) => {
      const id = ++calls;
      waiting.set(id, ({ result, error }) => {
        if (error) reject(new Error(`${method}: ${JSON.stringify(error)}`));
        else resolve(result as Result);
      });
      socket.send(JSON.stringify({ id, method, params }));
    });
  await once(socket, 'open');
  await call('Runtime.enable');
  return { call, context, close: () => socket.close() };
}

/**
 * `Runtime.queryObjects` collects garbage first. WebAssembly memories are not part of the heap and are added
 * to it.
 */
async function isolateBytes({ call, context }: Debugger): Promise<number> {
  const objectGroup = 'memories';
  const { result } = await call<{ result: { objectId: string } }>('Runtime.evaluate', {
    ...{ objectGroup, uniqueContextId: context },
    expression: 'WebAssembly.Memory.prototype',
  });
  const { objects } = await call<{ objects: { objectId: string } }>('Runtime.queryObjects', {
    ...{ objectGroup, prototypeObjectId: result.objectId },
  });
  const memories = await call<{ result: { value: number } }>('Runtime.callFunctionOn', {
    ...{ objectGroup, objectId: objects.objectId, returnByValue: true },
    functionDeclaration:
      'function () { return this.reduce((sum, { buffer }) => sum + buffer.byteLength, 0); }',
  });
  await call('Runtime.releaseObjectGroup', { objectGroup });
  const heap =
    await call<Record<'usedSize' | 'embedderHeapUsedSize' | 'backingStorageSize', number>>(
      'Runtime.getHeapUsage',
    );
  return memories.result.value + heap.usedSize + heap.embedderHeapUsedSize + heap.backingStorageSize;
}
