import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { API_KEYS } from '../support/apiKeys.ts';
import { ADDRESSES, documented } from '../support/contract.ts';
import { edgeArtifacts, UNAVAILABLE } from '../support/edgeArtifacts.ts';
import { edgeWorker } from '../support/edgeWorker.ts';
import { judge } from '../support/fuzz/judge.ts';
import { sender } from '../support/fuzz/request.ts';
import { anyRequest } from '../support/fuzz/requests.ts';

/** The same requests in every run; others with FUZZ_SEED, for instance FUZZ_SEED=$RANDOM. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 10_000);
/** Sent side by side, each after its own last one. */
const CLIENTS = 16;

const worker = edgeWorker(
  { API_KEYS, LOG: 'problems', MAX_ROWS: '8', MAX_STREAMED_ROWS: '16', MAX_BODY_BYTES: '8192' },
  1e9,
);
const manifests = edgeArtifacts()
  .map(({ manifest }) => manifest)
  .filter(({ name }) => name !== 'faulty');
const broken = new RegExp(`/(${UNAVAILABLE.join('|')})\\b`);

test('any request is answered as the document says', { timeout: 300_000 }, async () => {
  const { send, close } = sender(worker.url);
  const statuses: Record<string, number> = {};
  const start = performance.now(); const cpu0 = process.cpuUsage();
  const client = (number: number) => {
    const property = fc.asyncProperty(anyRequest(manifests), async (request) => {
      const answer = await send(request);
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      const faults = await judge(request, answer, broken);
      if (faults.length > 0) throw new Error(JSON.stringify(faults));
    });
    return fc.check(property, { seed: SEED + number, numRuns: Math.ceil(REQUESTS / CLIENTS) });
  };
  const runs = await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
  console.log(SEED, statuses, performance.now() - start, process.cpuUsage(cpu0));
  close();
  for (const line of worker.logs.filter((l) => l.includes('internal-error')).slice(0,5)) console.log(line);
  for (const run of runs.filter(({ failed }) => failed)) console.log(String((run.errorInstance as Error)?.message).slice(0,400), fc.defaultReportMessage(run)?.slice(0, 1500));
});
