/** Retraining for a Worker that runs each version in a frozen isolate of its own. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { AdminStats } from '../../shared/adminApi.ts';
import { graphEntries } from '../../shared/manifest.ts';
import { type Artifact, readArtifact, sha256, writeArtifact } from '../../training/artifact/artifact.ts';
import { ModelProto, NodeProto, TensorProto } from '../../training/graph/schema.ts';
import { type Running, runScript, start, withoutProgress } from '../support/commands/cli.ts';
import { writeProject } from '../support/commands/project.ts';
import { keptFolder } from '../support/data/data.ts';
import { WEATHER_SETTINGS, weatherRows, writeWeather } from '../support/data/weather.ts';
import { fetchFresh } from '../support/edge/fetchFresh.ts';
import { ENCODER, modelFile } from '../support/training/foreignModels.ts';

const folder = keptFolder();
let serving: Running | undefined;
afterAll(() => serving?.process.kill());

const retrain = (day: number) => {
  const path = writeWeather(join(folder, `${day}.csv`), weatherRows(day));
  const own = ['rain', '--data', path, '--threads', '1', '--gate', 'mse:9', 'familiar:50'];
  return runScript('retrain', [...own, '--target', 'local', '--set', ...WEATHER_SETTINGS], folder);
};

/** The version that a run has put in force, in an isolate of its own. */
const isolatedIn = (stdout: string) =>
  /^rain@([0-9a-f]{12}) answers from a frozen isolate of its own$/m.exec(stdout)?.[1];

it('ends with the new version in an isolate of its own, and rolls back to the former one in its own', async () => {
  writeProject(folder);
  const config = join(folder, 'wrangler.toml');
  writeFileSync(config, readFileSync(config, 'utf8').replace('RUNTIME = "frozen"', 'RUNTIME = "dynamic"'));
  // The run starts a Worker of its own.
  const first = await retrain(1);
  expect([first.code, first.stderr]).toEqual([0, '']);
  const former = isolatedIn(first.stdout)!;
  expect(former).toBeDefined();

  // One that is served already follows, and goes on with the version that it began with.
  serving = start('serve', ['--port', '0', '--json'], folder);
  const line = (await serving.saw('}\n')).split('\n').find((each) => each.startsWith('{'))!;
  const { url, key } = JSON.parse(line) as { url: string; key: string };
  const second = await retrain(2);
  expect([second.code, second.stderr]).toEqual([0, '']);
  const challenger = isolatedIn(second.stdout)!;
  expect(challenger).toMatch(/^[0-9a-f]{12}$/);
  expect(challenger).not.toBe(former);
  const stats = async () => {
    const response = await fetchFresh(new URL('/admin/stats', url), { headers: { 'X-API-Key': key } });
    return AdminStats.parse(await response.json());
  };
  expect((await stats()).isolates).toMatchObject([{ version: `rain@${challenger}`, replaced: 0 }]);

  const third = await retrain(3);
  const newest = isolatedIn(third.stdout)!;
  const rolledBack = await runScript('deploy', ['--rollback', 'rain', '--target', 'local', '--json'], folder);
  expect([rolledBack.code, withoutProgress(rolledBack.stderr)]).toEqual([0, '']);
  const { stdout } = await runScript('deploy', ['--status', '--target', 'local', '--json'], folder);
  expect(JSON.parse(stdout).models[0].aliases).toMatchObject({ production: challenger });
  expect((await stats()).isolates!.map(({ version }) => version)).toEqual(
    expect.arrayContaining([`rain@${challenger}`, `rain@${newest}`]),
  );
});

async function imported(scale: number): Promise<{ artifact: string; version: string }> {
  const weight = ENCODER.weights.weight!;
  const scaled = { ...weight, data: weight.data.map((value) => value * scale) };
  const path = modelFile({ ...ENCODER, weights: { weight: scaled } });
  const own = ['--name', 'motor', '--feature-names', 'a,b,c,d', '--json'];
  const { stdout, stderr } = await runScript('import', [path, ...own], folder);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

/** Another version of an artifact: each run adds random numbers to its outputs, far below any tolerance. */
async function noisy(directory: string): Promise<Artifact> {
  const { manifest, graphs } = await readArtifact(directory);
  const files = Object.fromEntries(
    Object.keys(manifest.files).map((file) => [file, readFileSync(join(directory, file))]),
  );
  const changed = graphEntries(graphs).map(([name, bytes]) => {
    const noise = withNoise(bytes);
    const spec = manifest.graphs[name]!;
    files[spec.file] = Buffer.from(noise);
    return [name, { ...spec, bytes: noise.length, sha256: sha256(noise) }];
  });
  const { version: _, ...content } = manifest;
  const own = { ...content, graphs: Object.fromEntries(changed) } as typeof content;
  return writeArtifact(join(folder, 'artifacts'), own, files);
}

function withNoise(bytes: Uint8Array): Uint8Array {
  const model = ModelProto.decode(bytes);
  const graph = model.graph!;
  for (const { name } of graph.output!) {
    const exact = (each: string) => (each === name ? `${name}_exact` : each);
    for (const node of graph.node!) {
      node.input = node.input!.map(exact);
      node.output = node.output!.map(exact);
    }
    graph.initializer!.push(
      TensorProto.create({ name: `${name}_little`, dataType: TensorProto.DataType.FLOAT, floatData: [1e-7] }),
    );
    const node = (opType: string, input: string[], output: string) =>
      graph.node!.push(NodeProto.create({ opType, input, output: [output] }));
    node('RandomNormalLike', [`${name}_exact`], `${name}_random`);
    node('Mul', [`${name}_random`, `${name}_little`], `${name}_noise`);
    node('Add', [`${name}_exact`, `${name}_noise`], name!);
  }
  return ModelProto.encode(model).finish();
}

it('keeps production when the frozen version does not answer the bits that onnxruntime-web gave', async () => {
  const publish = async ({ artifact }: { artifact: string }) =>
    runScript('publish', [artifact, '--target', 'local'], folder);
  const aliases = async () => {
    const { stdout } = await runScript('deploy', ['--status', '--target', 'local', '--json'], folder);
    const { models } = JSON.parse(stdout) as { models: { model: string; aliases: unknown }[] };
    return models.find(({ model }) => model === 'motor')?.aliases;
  };
  const first = await imported(1);
  expect((await publish(first)).code).toBe(0);
  const { directory } = await noisy(join(folder, (await imported(2)).artifact));
  const { code, stderr } = await publish({ artifact: directory });
  expect(stderr).toMatch(/'\w+' of the frozen runtime is not bit-identical to onnxruntime-web/);
  expect(stderr).toContain(`in force: production ${first.version}, as before this run`);
  expect(code).toBe(3);
  expect(await aliases()).toEqual({ production: first.version });
});

it('says before an upload that there is no loader', async () => {
  const config = join(folder, 'wrangler.toml');
  const deploy = () => runScript('deploy', ['--dry-run', '--target', 'local'], folder);
  expect((await deploy()).stdout).not.toContain('worker_loaders');
  writeFileSync(config, readFileSync(config, 'utf8').replace('binding = "LOADER"', 'binding = "OTHER"'));
  expect((await deploy()).stdout).toContain('no worker_loaders with the binding LOADER');
});
