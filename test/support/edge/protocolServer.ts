/**
 * The Worker under test, on a port for `protocolClients.py`: `npx tsx test/support/edge/protocolServer.ts
 * 8790`.
 */
import { serveLocally } from '../../../scripts/worker/local.ts';
import { edgeArtifacts } from '../artifacts/edgeArtifacts.ts';

const worker = await serveLocally(edgeArtifacts(), {
  port: Number(process.argv[2]),
  runtime: 'frozen+stock',
});
process.stdout.write(`${worker.url.href}\n`);
