/**
 * A minimal Worker, the baseline for what Hono and workerd cost by themselves: a greeting, and bodies and answers of the
 * size of one digit and its code.
 */
import { Hono } from 'hono';

const CODE = Float32Array.from({ length: 32 }, (_, i) => Math.fround(Math.sin(i + 1)));
const ANSWER = { model: 'digits', version: '0a1b2c3d4e5f', codes: [Array.from(CODE)] };
const HEADERS = { 'Content-Type': 'application/octet-stream' };

export default new Hono()
  .get('/hello', (c) => c.text('hello'))
  .post('/bytes', async (c) => {
    const row = new Float32Array(await c.req.arrayBuffer());
    return row.length === 0 ? c.notFound() : c.body(CODE.buffer, 200, HEADERS);
  })
  .post('/json', async (c) => {
    const { rows } = await c.req.json<{ rows: number[][] }>();
    return rows.length === 0 ? c.notFound() : c.json(ANSWER);
  });
