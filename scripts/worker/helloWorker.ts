/** A minimal Worker, the baseline for what Hono and workerd cost by themselves. */
import { Hono } from 'hono';

export default new Hono().get('/hello', (c) => c.text('hello'));
