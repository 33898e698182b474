import { Hono } from 'hono';
import type { ModelDescription, ModelList } from '../../shared/api.ts';
import { type ItemColumn, knownValues } from '../../shared/itemTable.ts';
import type { AppEnvironment } from '../environment.ts';

/**
 * `GET /v1/models` and `GET /v1/models/{name}[@{version}]`: the served models, and the description of each.
 */
export const models = new Hono<AppEnvironment>()
  .get('/v1/models', async (c) => {
    const manifests = await c.var.models.list();
    const summaries = manifests.map(({ name, version, variant, codeSize, features, operations }) => ({
      ...{ name, version, variant, codeSize, operations },
      features: features.count,
    }));
    return c.json({ models: summaries } satisfies ModelList, 200);
  })
  .get('/v1/models/:model', async (c) => {
    const manifest = await c.var.models.find(c.req.param('model'));
    const { name, version, variant, createdAt, features, codeSize, operations } = manifest;
    const { metrics, baselines, parity, condition, prediction, items } = manifest;
    const versions = await c.var.models.versions(name);
    return c.json(
      {
        ...{ name, version, versions, variant, createdAt, features, codeSize, operations },
        ...{ metrics, baselines, parity },
        ...(items && { itemColumns: items.columns.map(describedColumn) }),
        ...(items?.titles && { itemTitles: items.titles }),
        ...(condition && { condition }),
        ...(prediction && { prediction }),
      } satisfies ModelDescription,
      200,
    );
  });

function describedColumn({ name, type, categories }: ItemColumn) {
  return { name, type, ...(categories && { values: knownValues(categories) }) };
}
