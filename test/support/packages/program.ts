/** A program of a strict project that uses every entry of both packages. */

/** It trains two models, one of them a variant of its own, and prints the variant and the code size of the first. */
export const PROGRAM_OUTPUT = 'narrow 3\n';

export const PROGRAM = `
import { defineRecipe, fromRows, RECIPES, train } from 'latentedge';
import { add, defineVariant, dense, deterministic } from 'latentedge/extend';
import type { Manifest } from 'latentedge/manifest';
import { createClient } from 'latentedge/client';
import { createClient as createOwnClient } from 'latentedge-client';
import { latentedge, type LatentedgeService } from 'latentedge/edge';
import { Hono } from 'hono';
import * as z from 'zod';

const narrow = defineVariant({
  name: 'narrow',
  summary: 'one dense layer each way',
  config: z.strictObject({ codeSize: z.number().int().min(1).default(2) }),
  build: ({ codeSize }, features, seed) =>
    deterministic({
      codeSize,
      encoder: dense({ name: 'in', inputs: features, units: codeSize, activation: 'tanh', seed }).layer,
      decoder: dense({ name: 'out', inputs: codeSize, units: features, activation: 'linear', seed }).layer,
      loss: 'mse',
    }),
});
export const orders = defineRecipe({ ...RECIPES.anomaly, name: 'orders', why: 'orders' });
const rows = Array.from({ length: 300 }, (_, i) => Array.from({ length: 6 }, (_, s) => Math.sin((s + 1) * (i / 100 - 1))));
const { artifact } = await train({ name: 'own', variant: narrow, data: fromRows(rows), settings: { codeSize: 3, epochs: 2 }, force: true });
await train({ name: 'vae', variant: 'variational', data: fromRows(rows), settings: { codeSize: 2, hidden: [8], likelihood: 'gaussian', epochs: 1 }, force: true });
const manifest: Manifest = artifact.manifest;
console.log(manifest.variant, manifest.codeSize);

export async function call(url: string, rows: readonly number[][]): Promise<number[][]> {
  const client = createOwnClient(url);
  const response = await client.v1.models[':model'].encode.$post({ param: { model: 'own' }, json: { rows } });
  if (!response.ok) throw new Error((await response.json()).detail);
  const { codes, problems } = await response.json();
  if (problems) throw new Error(problems[0]!.detail);
  return codes;
}
export const mount = (models: Parameters<typeof latentedge>[0]['models']) => new Hono().route('/ml', latentedge({ models, auth: 'none' }));
export async function other(env: { LATENTEDGE: LatentedgeService }, rows: number[][]): Promise<number[]> {
  const [code] = await env.LATENTEDGE.encode('own', [[1, 2]]);
  const codes = await env.LATENTEDGE.encode('own', rows);
  // @ts-expect-error: rows may be without an answer
  codes.map((each) => each.length);
  return codes.problems ? code : codes.map((each) => each.length);
}
// @ts-expect-error: a setting of another variant
export const wrong = () => train({ name: 'x', data: fromRows(rows), settings: { likelihood: 'gaussian' } });
void [add, createClient];
`;
