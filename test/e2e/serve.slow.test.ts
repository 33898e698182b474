import { describe, expect, it } from 'vitest';
import { train } from '../../training/train.ts';
import { start } from '../support/commands/cli.ts';
import { curve, temporaryFolder } from '../support/data/data.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';

describe('npm run serve', () => {
  it('serves artifacts until it is asked to stop', async () => {
    // Wide enough for weights that the runtime reads from beside the model.
    const settings = { hidden: [64], codeSize: 2, epochs: 2 };
    const { artifact } = await train({
      force: true,
      name: 'curve',
      data: curve(100),
      settings,
      out: temporaryFolder(),
    });
    const serving = start('serve', [artifact.directory, '--port', '0', '--json'], temporaryFolder());
    const { url, models } = JSON.parse(await serving.saw('\n'));
    expect(models).toEqual([{ name: 'curve', version: artifact.manifest.version }]);
    const response = await fetchFresh(new URL('/v1/models/curve/encode', url), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ rows: [[0.1, 0.2, 0.3, 0.4, 0.5, 0.6]] }),
    });
    const { codes } = (await response.json()) as { codes: number[][] };
    expect(codes).toHaveLength(1);
    expect(codes[0]).toHaveLength(2);
    serving.process.kill('SIGINT');
    const { code, stderr } = await serving.finished;
    expect(code).toBe(130);
    // The Worker's log, one line for the one request, and the reason of the end.
    const [log, ended] = stderr.trim().split('\n');
    expect(ended).toBe('stopped by Ctrl-C (SIGINT)');
    expect(JSON.parse(log!)).toMatchObject({ route: '/v1/models/:model/encode', status: 200, rows: 1 });
  });
});
