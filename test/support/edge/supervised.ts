/** A command that starts workerd, prints its address and waits; run by supervisor.test.ts in its own process. */
import { command, run } from '../../../scripts/cli/command.ts';
import { makeBuildFolder } from '../../../scripts/worker/buildFolder.ts';
import { requireWrangler } from '../../../scripts/worker/cloudflare.ts';
import { startMiniflare } from '../../../scripts/worker/supervisor.ts';

const program = command('supervised', 'Start workerd and wait.').action(async () => {
  // Its own handlers of signals would end the process with exit code 0.
  requireWrangler();
  const folder = await makeBuildFolder();
  const miniflare = startMiniflare({
    modules: true,
    script: 'export default { fetch: () => new Response("here") };',
    cf: false,
    handleStructuredLogs: () => {},
  });
  const { href: url } = await miniflare.ready;
  process.stdout.write(JSON.stringify({ url, folder: folder.path }));
  setInterval(() => {}, 1000);
});

await run(program);
