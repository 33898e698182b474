import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runScript } from '../support/commands/cli.ts';
import { keptFolder } from '../support/data/data.ts';

const out = keptFolder();

describe('npm run evaluate and npm run report', () => {
  it('say again what training said, draw the report anew, and refuse rows of another width', async () => {
    const settings = ['--force', '--set', 'epochs=1', 'hidden=[]', 'codeSize=2'];
    const trained = await runScript('train', ['digits', '--out', out, ...settings]);
    expect(trained.stdout).toMatch(/^error on test rows +0\.\d+ .*\nagainst PCA .*\ndata recognised /m);
    const directory = /^artifact: (.+)$/m.exec(trained.stdout)![1]!;
    const manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));

    const evaluated = await runScript('evaluate', [join(out, 'digits'), '--json']);
    expect(evaluated.stderr).toBe('');
    expect(JSON.parse(evaluated.stdout)).toMatchObject({
      artifact: directory,
      rows: 1000,
      metrics: manifest.metrics,
      baselines: manifest.baselines,
      shuffled: expect.any(Number),
      noise: expect.any(Number),
    });

    const redrawn = await runScript('report', [directory]);
    expect(redrawn.stdout).toMatch(/report\.html: [\d,]+ KiB\n$/);

    const rows = join(out, 'rows.json');
    writeFileSync(rows, '{"rows": [[1, 2], [3, 4]]}');
    const refused = await runScript('evaluate', [directory, '--data', rows]);
    expect(refused.stderr).toBe(`error: ${rows}: expected rows of 784 columns for digits, received 2\n`);
    expect(refused.code).toBe(2);
  });
});
