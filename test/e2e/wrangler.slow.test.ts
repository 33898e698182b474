/** Everything that is called of Wrangler: with the oldest that is supported, and with the newest, which needs a newer Node. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ordersCsv } from '../../scripts/init/orders.ts';
import { ROOT, start } from '../support/commands/cli.ts';
import { type CloudflareApi, cloudflareApi } from '../support/commands/cloudflareApi.ts';
import { keptFolder } from '../support/data/data.ts';
import { installNode } from '../support/packages/nodes.ts';
import { npm } from '../support/packages/packed.ts';

const folder = keptFolder();
const ROW = { amount: 38.5, items: 2, shipping: 4.9, hour: 14, country: 'NL' };

interface Toolchain {
  /** The version of Node that runs the commands and Wrangler. */
  readonly node: '20' | '22';
  /** The version of Wrangler that the project has; undefined for that of latentedge. */
  readonly wrangler?: string;
  /** The version that must then be used. */
  readonly expected: RegExp;
}

describe.each<[string, Toolchain]>([
  ['Wrangler 4.86 on Node 20', { node: '20', expected: /^4\.86\./ }],
  ['the newest Wrangler on Node 22', { node: '22', wrangler: 'latest', expected: /^(?!4\.86\.)\d+\./ }],
])('%s', (_, { node: version, wrangler, expected }) => {
  const project = join(folder, `project-${version}`);
  let node: string;
  let packagePath: string;
  let api: CloudflareApi;

  /** Runs one of latentedge's commands in the project. */
  const command = (script: string, flags: readonly string[], env = process.env) =>
    start(script, [...flags, '--json'], project, env, node);
  const printed = async (script: string, flags: readonly string[], env?: NodeJS.ProcessEnv) => {
    const { code, stdout, stderr } = await command(script, flags, env).finished;
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout);
  };

  beforeAll(async () => {
    mkdirSync(project);
    node = await installNode(folder, version);
    writeFileSync(join(project, 'package.json'), '{"private": true}');
    // Wrangler reads the configuration of the folder that it runs in.
    for (const name of ['edge', 'shared', 'wrangler.toml'])
      symlinkSync(join(ROOT, name), join(project, name));
    writeFileSync(join(project, 'orders.csv'), ordersCsv());
    if (wrangler !== undefined) await npm(project, 'install', '--ignore-scripts', `wrangler@${wrangler}`);
    const from = wrangler === undefined ? ROOT : project;
    packagePath = createRequire(join(from, 'package.json')).resolve('wrangler/package.json');
    api = await cloudflareApi();
    await printed('train', ['anomaly', '--data', 'orders.csv', '--name', 'orders', '--set', 'epochs=5']);
  });
  afterAll(() => api.close());

  it('is what the project has', () => {
    expect(JSON.parse(readFileSync(packagePath, 'utf8')).version).toMatch(expected);
  });

  it('builds the Worker, and runs it', async () => {
    const { process: server, saw, finished } = command('serve', ['--port', '0']);
    const { url } = JSON.parse(await saw('\n'));
    const body = JSON.stringify({ rows: [ROW] });
    const headers = { 'Content-Type': 'application/json' };
    const address = new URL('/v1/models/orders/score', url);
    const response = await fetch(address, { method: 'POST', headers, body });
    expect(await response.json()).toMatchObject({ scores: [{ isAnomaly: false }] });
    server.kill('SIGINT');
    expect((await finished).code).toBe(130);
  });

  it('measures what it builds', async () => {
    expect(await printed('deploy', ['--dry-run'])).toMatchObject({ uploaded: false });
    expect(await printed('deploy', ['--check'])).toMatchObject({ fits: true });
  });

  it('keeps a bucket of models on this machine', async () => {
    const flags = ['anomaly', '--target', 'local', '--data', 'orders.csv', '--set', 'epochs=5'];
    const { model, challenger } = await printed('retrain', flags);
    const { models } = await printed('deploy', ['--status', '--target', 'local']);
    expect(models).toMatchObject([{ model, aliases: { production: challenger } }]);
  });

  it('changes the configuration of a Worker, and keeps its comments', async () => {
    const worker = join(project, 'worker');
    mkdirSync(worker);
    const config = join(worker, 'wrangler.jsonc');
    writeFileSync(config, '{\n  "name": "w", // mine\n  "main": "w.ts"\n}\n');
    await printed('init', ['--into', worker]);
    const text = readFileSync(config, 'utf8');
    expect(text).toContain('// mine');
    expect(text).toContain('"latentedge:models": "./artifacts/bundle/models.ts"');
  });

  it('uploads and deploys the Worker to an account', async () => {
    expect(await printed('deploy', [], api.environment)).toMatchObject({ uploaded: true });
    expect(api.deployments).toEqual([{ [[...api.versions.keys()].at(-1)!]: 100 }]);
  });

  it('uploads versions, and shares the requests out among them', async () => {
    const tags: string[] = await printed('releaseVersions', [], api.environment);
    const ids = tags.map((tag) => [...api.versions].find(([, each]) => each['workers/tag'] === tag)![0]);
    expect(api.deployments.at(-1)).toEqual({ [ids[0]!]: 90, [ids[1]!]: 10 });
  });

  it('calls nothing else of the account', () => {
    expect(api.unknown).toEqual([]);
  });
});
