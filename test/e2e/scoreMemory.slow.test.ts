/** Memory of `npm run score` on a file that is larger than what it may hold. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { withDatabase } from '../../training/data/duckdb/database.ts';
import { writtenArtifact } from '../support/artifacts/writtenArtifact.ts';
import { ROOT } from '../support/commands/cli.ts';
import { temporaryFolder } from '../support/data/data.ts';

const ROWS = 600_000;
const OTHER_COLUMNS = 24;
const MIB = 1024; // maxRSS is in KiB
/** Text is copied into a Parquet file first, whose row groups are small. */
const MOST_MIB = { csv: 410, parquet: 430 } as const;

it.each(['csv', 'parquet'] as const)(
  'rows of 30 columns as %s are scored in bounded memory',
  async (format) => {
    const folder = temporaryFolder();
    const [model, data, out] = ['artifacts', `rows.${format}`, `scores.${format}`].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    await writtenArtifact(model, { name: 'linear' });
    const names = [...'abcdef', ...Array.from({ length: OTHER_COLUMNS }, (_, c) => `other${c}`)];
    const values = names.map((name, c) => `round(sin(i * ${c + 1}.37), 6) AS ${name}`);
    await withDatabase((connection) =>
      connection.run(`COPY (SELECT ${values} FROM range(${ROWS}) AS r(i)) TO '${data}'`),
    );
    const atExit = "process.once('exit', () => console.log('peak', process.resourceUsage().maxRSS))";
    const imports = ['tsx', `data:text/javascript,${encodeURIComponent(atExit)}`].flatMap((module) => [
      '--import',
      module,
    ]);
    const flags = [join(model, 'linear'), '--data', data, '--out', out];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...imports, 'scripts/score.ts', ...flags],
      {
        cwd: ROOT,
      },
    );
    expect(stdout).toContain(`${ROWS.toLocaleString('en-US')} of`);
    expect(Number(/peak (\d+)/.exec(stdout)![1]) / MIB).toBeLessThan(MOST_MIB[format]);
  },
);
