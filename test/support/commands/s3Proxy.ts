/** A store on the way to which things go wrong: a proxy to a local bucket's S3 server that a test may step into. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Passing {
  readonly method: string;
  /** Without the bucket. */
  readonly key: string;
  readonly body: Buffer;
}

/** An answer in place of the store's; `cut` ends the connection without one. */
export type Intervention =
  | { readonly status: number; readonly code: string; readonly headers?: Readonly<Record<string, string>> }
  | 'cut'
  | undefined;

/** R2's limit: one write a second to the same key, answered with 429 above it. */
export function oneWritePerSecond(): (request: Passing) => Intervention {
  const writtenAt = new Map<string, number>();
  return ({ method, key }) => {
    if (method !== 'PUT' && method !== 'DELETE') return undefined;
    const now = performance.now();
    const isTooSoon = now - (writtenAt.get(key) ?? Number.NEGATIVE_INFINITY) < 1000;
    if (isTooSoon) return { status: 429, code: 'ServiceUnavailable' };
    writtenAt.set(key, now);
    return undefined;
  };
}

export interface S3Proxy {
  readonly url: string;
  /** Before a request is passed on. */
  before: (request: Passing) => Intervention | Promise<Intervention>;
  /** After the store has answered. */
  after: (request: Passing) => Intervention | Promise<Intervention>;
  close(): Promise<void>;
}

/** @param upstream Of a bucket, as `serveS3` says it. */
export async function s3Proxy(upstream: string): Promise<S3Proxy> {
  const server = createServer((request, response) => {
    const forward = async (): Promise<void> => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { pathname, search } = new URL(request.url!, 'http://127.0.0.1');
      const key = pathname.split('/').slice(2).join('/');
      const passing = { method: request.method!, key, body: Buffer.concat(chunks) };
      const step = (intervention: Intervention): boolean => {
        if (intervention === undefined) return false;
        if (intervention === 'cut') request.socket.destroy();
        else
          response
            .writeHead(intervention.status, intervention.headers)
            .end(`<Error><Code>${intervention.code}</Code></Error>`);
        return true;
      };
      if (step(await proxy.before(passing))) return;
      const answer = await fetch(`${upstream}/${key}${search}`, {
        method: passing.method,
        headers: forwarded(request.headers),
        ...(passing.body.length > 0 && { body: new Uint8Array(passing.body) }),
      });
      const body = Buffer.from(await answer.arrayBuffer());
      if (step(await proxy.after(passing))) return;
      const headers = [...answer.headers].filter(([name]) => !HOP.includes(name));
      response.writeHead(answer.status, Object.fromEntries(headers)).end(body);
    };
    forward().catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const proxy: S3Proxy = {
    url: `http://127.0.0.1:${port}`,
    before: () => undefined,
    after: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}

const HOP = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'host'];

function forwarded(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      HOP.includes(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  );
}
