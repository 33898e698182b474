/**
 * Clients that are generated from the OpenAPI document by others' tools: each compiles, and makes real calls.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NEW_SCALE, NEW_VERSION } from '../support/artifacts/edgeArtifacts.ts';
import { expectedCodes } from '../support/artifacts/linearArtifact.ts';
import { edgeWorker } from '../support/edge/edgeWorker.ts';
import { exampleRows } from '../support/edge/operationCases.ts';

const worker = edgeWorker();
const rows = exampleRows(2, 6);
const codes = expectedCodes(rows, NEW_SCALE);
/** One row that can be answered, and one that cannot. */
const mixed = [rows[0], [1]];
/** The output of every program: codes as JSON, as float32, of mixed rows, and the status of a problem. */
const EXPECTED = {
  ...{ version: NEW_VERSION, codes, floats: codes.flat(), wrong: 404 },
  ...{ partial: [codes[0], null], row: 1 },
};

/** Newer ones of the second need a newer Node than this project does; the first knows TypeScript 5 only. */
const PACKAGES = [
  'openapi-typescript@7.13.0',
  'openapi-fetch@0.17.0',
  '@hey-api/openapi-ts@0.92.0',
  'typescript@5.9.3',
];
const PYTHON_PACKAGE = 'openapi-python-client==0.29.1';

let folder: string;

async function run(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd: folder });
  return stdout;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latentedge-clients-'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  await run('npm', 'install', '--no-audit', '--no-fund', '--ignore-scripts', ...PACKAGES);
  await writeFile(join(folder, 'openapi.json'), await (await worker.request('/openapi.json')).text());
}, 600_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Compiles a program strictly, runs it, and returns what it prints. */
async function output(name: string, program: string): Promise<unknown> {
  await writeFile(join(folder, `${name}.ts`), program);
  const options = [
    '--strict',
    '--skipLibCheck',
    'false',
    '--target',
    'es2022',
    '--lib',
    'es2023,dom,dom.iterable',
  ];
  const modules = ['--module', 'esnext', '--moduleResolution', 'bundler', '--outDir', `out-${name}`];
  await run('npx', 'tsc', ...options, ...modules, `${name}.ts`);
  const bundled = `${name}.mjs`;
  const esbuild = await import('esbuild');
  await esbuild.build({
    ...{ entryPoints: [join(folder, `${name}.ts`)], outfile: join(folder, bundled) },
    ...{ bundle: true, format: 'esm', platform: 'node', logLevel: 'silent' },
  });
  return JSON.parse(await run(process.execPath, bundled));
}

test('openapi-typescript and openapi-fetch', async () => {
  await run('npx', 'openapi-typescript', 'openapi.json', '-o', 'schema.d.ts');
  const printed = await output(
    'fetching',
    `import createClient from 'openapi-fetch';
    import type { paths } from './schema';
    const client = createClient<paths>({ baseUrl: ${JSON.stringify(worker.url.origin)} });
    const path = '/v1/models/{model}/encode';
    const json = await client.POST(path, {
      params: { path: { model: 'linear' } },
      body: { rows: ${JSON.stringify(rows)} },
    });
    if (json.error) throw new Error(json.error.detail);
    const { codes, version }: { codes: number[][]; version: string } = json.data as never;
    const floats = await client.POST(path, {
      params: { path: { model: 'linear' } },
      body: new Float32Array(${JSON.stringify(rows.flat())}) as never,
      bodySerializer: (body) => body as never,
      headers: { 'Content-Type': 'application/octet-stream' },
      parseAs: 'arrayBuffer',
    });
    const wrong = await client.POST(path, { params: { path: { model: 'nope' } }, body: { rows: [[1]] } });
    const values = [...new Float32Array(floats.data as unknown as ArrayBuffer)];
    const some = await client.POST(path, {
      params: { path: { model: 'linear' } },
      body: { rows: ${JSON.stringify(mixed)} },
    });
    const { codes: partial, problems }: { codes: (number[] | null)[]; problems: { row: number }[] } = some.data as never;
    const row = problems[0]?.row;
    console.log(JSON.stringify({ version, codes, floats: values, wrong: wrong.response.status, partial, row }));`,
  );
  expect(printed).toEqual(EXPECTED);
}, 600_000);

test('@hey-api/openapi-ts', async () => {
  await run('npx', 'openapi-ts', '-i', 'openapi.json', '-o', 'hey');
  const printed = await output(
    'heyapi',
    `import { encode } from './hey';
    const path = { model: 'linear' };
    const json = await encode({ path, body: { rows: ${JSON.stringify(rows)} } });
    if (json.error) throw new Error(json.error.detail);
    const { codes, version } = json.data as { codes: number[][]; version: string };
    const floats = await encode({
      path,
      // Its types know the first form of a body only; any is sent.
      body: new Blob([new Float32Array(${JSON.stringify(rows.flat())})]) as never,
      bodySerializer: null,
      headers: { 'Content-Type': 'application/octet-stream' },
      parseAs: 'arrayBuffer',
    });
    const wrong = await encode({ path: { model: 'nope' }, body: { rows: [[1]] } });
    const values = [...new Float32Array(floats.data as unknown as ArrayBuffer)];
    const some = await encode({ path, body: { rows: ${JSON.stringify(mixed)} } });
    const { codes: partial, problems } = some.data as { codes: (number[] | null)[]; problems: { row: number }[] };
    const row = problems[0]?.row;
    console.log(JSON.stringify({ version, codes, floats: values, wrong: wrong.response?.status, partial, row }));`,
  );
  expect(printed).toEqual(EXPECTED);
}, 600_000);

test('openapi-python-client', async () => {
  await run('python3', '-m', 'venv', 'python');
  const python = (name: string) => join(folder, 'python', 'bin', name);
  await run(python('pip'), 'install', '--quiet', '--disable-pip-version-check', PYTHON_PACKAGE);
  const generate = ['generate', '--path', 'openapi.json', '--output-path', 'pyc', '--meta', 'none'];
  await run(python('openapi-python-client'), ...generate);
  const program = `
import io, itertools, json, struct
from pyc import Client
from pyc.api.operations import encode
from pyc.models import EncodeRequest
from pyc.types import File
rows = ${JSON.stringify(rows)}
# It reads answers in their first form only, which is JSON.
client = Client(base_url=${JSON.stringify(worker.url.origin)}, headers={'Accept': 'application/json'})
answer = encode.sync('linear', client=client, body=EncodeRequest.from_dict({'rows': rows}))
data = struct.pack('<12f', *[value for row in rows for value in row])
floats = encode.sync_detailed('linear', client=client, body=File(payload=io.BytesIO(data)))
wrong = encode.sync_detailed('nope', client=client, body=EncodeRequest.from_dict({'rows': rows}))
values = list(itertools.chain(*floats.parsed.codes))
some = encode.sync('linear', client=client, body=EncodeRequest.from_dict({'rows': ${JSON.stringify(mixed)}}))
parts = {'partial': some.codes, 'row': some.problems[0].row}
print(json.dumps({'version': answer.version, 'codes': answer.codes, 'floats': values, 'wrong': wrong.status_code, **parts}))
`;
  await writeFile(join(folder, 'program.py'), program);
  expect(JSON.parse(await run(python('python'), 'program.py'))).toEqual(EXPECTED);
}, 600_000);
