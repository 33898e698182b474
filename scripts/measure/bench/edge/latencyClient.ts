/**
 * Sequential requests from a process that does nothing else: in the process that trained, garbage collection
 * would delay them.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { measureLatency } from '../../latency.ts';
import { newClient } from './httpClient.ts';

/** A URL, and JSON to post to it. */
export type TimedRequest = readonly [url: string, body?: string];

export interface LatencyClient {
  /** Returns the 99th percentile of the latency of these requests in milliseconds. */
  p99(requests: readonly TimedRequest[]): Promise<number>;
  close(): void;
}

export function latencyClient(): LatencyClient {
  const child = fork(fileURLToPath(import.meta.url), ['client']);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the client ended with code ${code}`);
  });
  // Only `p99` handles this rejection, which closing the client causes, too.
  ended.catch(() => undefined);
  return {
    p99: async (requests) => {
      child.send(requests);
      const [p99] = await Promise.race([once(child, 'message'), ended]);
      return p99;
    },
    close: () => child.kill(),
  };
}

async function answer(requests: readonly TimedRequest[]): Promise<void> {
  const client = newClient(1);
  const loads = requests.map(([url, body]) => ({
    url: new URL(url),
    ...(body !== undefined && { body: Buffer.from(body), contentType: 'application/json' }),
  }));
  const { p99 } = await measureLatency(() => client.send(loads.pop()!), loads.length);
  client.close();
  process.send!(p99);
}

if (process.argv[2] === 'client') process.on('message', answer);
