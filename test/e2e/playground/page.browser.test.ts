/** The page as a whole: its look, its policy, its keys and its place in the Worker. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { PANELS } from '../../../edge/playground/panels/registry.ts';
import { API_KEYS, KEYS } from '../../support/edge/apiKeys.ts';
import { fetchFresh } from '../../support/edge/fetchFresh.ts';
import { findings, playground, settled } from '../../support/edge/playground.ts';

const worker = playground();

/** A model for every panel. */
const PLACES = {
  draw: 'digits',
  walk: 'shapes',
  interpolate: 'digits',
  row: 'orders',
  file: 'orders',
  series: 'waves',
  recommend: 'shop',
  map: 'digits',
  about: 'digits-vae',
} as const satisfies Record<keyof typeof PANELS, string>;

describe.each([
  [1280, 'light'],
  [390, 'dark'],
] as const)('%i pixels wide, %s', (width, colorScheme) => {
  it('every panel says nothing in the console, fits, and axe finds nothing serious', async () => {
    const { page, complaints } = await worker.open('', { viewport: { width, height: 900 }, colorScheme });
    const panels = Object.entries(PLACES).map(([panel, model]) => `#/${model}/${panel}`);
    for (const hash of ['#/', ...panels]) {
      await page.evaluate((place) => {
        location.hash = place;
      }, hash);
      await page.waitForLoadState('networkidle');
      await settled(page);
      const widest = await page.evaluate(() => document.documentElement.scrollWidth);
      expect([hash, widest]).toEqual([hash, width]);
      expect([hash, await findings(page)]).toEqual([hash, []]);
      expect([hash, complaints]).toEqual([hash, []]);
    }
  });
});

it('shows a card for every model, with a figure and a picture', async () => {
  const { page } = await worker.open('#/');
  await page.waitForLoadState('networkidle');
  const names = await page.locator('.card h2').allTextContents();
  expect(names).toEqual(['digits', 'digits-vae', 'orders', 'shapes', 'shop', 'vectors', 'waves']);
  expect(await page.locator('.card .figure strong').count()).toBe(names.length);
  for (const picture of await page.locator('.thumbnail').all())
    await expect.poll(() => picture.locator('canvas, svg').count()).toBeGreaterThan(0);
  await page.getByRole('link', { name: /^digits-vae/ }).click();
  await page.getByRole('heading', { name: 'digits-vae' }).waitFor();
  expect(await page.title()).toBe('digits-vae · latentedge');
});

it('says which way a figure is good, and what methods are called', async () => {
  const { page } = await worker.open('#/');
  await page.waitForLoadState('networkidle');
  const card = page.locator('.card', { hasText: 'digits-vae' });
  expect(await card.locator('.figure').textContent()).toMatch(
    /^mean squared error [\d.]+ \(lower is better\)best simpler method: PCA, [\d.]+variational, /,
  );
  await page.goto(new URL('/playground/#/shop/about', worker.url).href);
  await page.getByText('share of the hidden items of a user that 20 recommendations hold').waitFor();
  const heads = await page.locator('thead th').allTextContents();
  expect(heads).toEqual(expect.arrayContaining(['this model', 'popularity', 'item-kNN', 'EASE']));
});

it('says that there is no such model, under a heading', async () => {
  const { page } = await worker.open('#/nothing');
  await page.getByRole('heading', { name: 'nothing' }).waitFor();
  await page.getByRole('alert').getByText('There is no model "nothing" here.').waitFor();
  await page.getByRole('link', { name: 'Models' }).click();
  await page.getByRole('heading', { name: 'Models' }).waitFor();
});

it('gives the request behind a result, which the API answers', async () => {
  const { page } = await worker.open('#/shop');
  await settled(page);
  const copy = page.locator('.copy', { hasText: 'recommend as' });
  await copy.getByText('Show').click();
  const code = await copy.locator('textarea').inputValue();
  expect(code).toContain(`curl '${worker.url.origin}/v1/models/shop/recommend'`);
  expect(code).toContain(".recommend.$post({\n  param: { model: 'shop' },");
  const body = /-d '(.+)'/.exec(code)![1]!;
  await worker.ask('shop', 'recommend', JSON.parse(body));
});

it('works with a key, which is kept nowhere but in its field', async () => {
  const { url, dispose } = await worker.start({ API_KEYS });
  try {
    const { page } = await worker.open('#/digits/draw', { url });
    await page.getByRole('alert').getByText('Enter the key at the top of this page').waitFor();
    await page.getByLabel('API key').fill(KEYS.infer);
    await page.keyboard.press('Enter');
    await page.locator('.bar').first().waitFor();
    await settled(page);
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    expect(kept).toBe('[{},{},""]');
    expect(page.url()).not.toContain(KEYS.infer);
  } finally {
    await dispose();
  }
});

describe('the Worker', () => {
  const get = (path: string, accept = '*/*') =>
    fetchFresh(new URL(path, worker.url), { headers: { Accept: accept }, redirect: 'manual' });

  it('redirects browsers from / to the page, and answers links to others', async () => {
    const browser = await get('/', 'text/html,application/xhtml+xml,*/*;q=0.8');
    expect([browser.status, browser.headers.get('Location')]).toEqual([
      302,
      `${worker.url.origin}/playground/`,
    ]);
    const { links } = (await (await get('/')).json()) as { links: Record<string, string> };
    expect(links.playground).toBe(`${worker.url.origin}/playground/`);
    for (const link of Object.values(links)) expect((await fetch(link)).status).toBe(200);
  });

  it('sends the page with a policy that allows nothing inline and no other host', async () => {
    const { headers } = await get('/playground/');
    const policy = headers.get('Content-Security-Policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|http/);
  });

  it('answers 404 for what is no file of the page, and keeps the headers to itself', async () => {
    for (const path of ['/_headers', '/playground/nothing.js']) expect((await get(path)).status).toBe(404);
  });

  it('has the page at /docs among its assets, with the look and the policy of the playground', async () => {
    const [docs, own] = await Promise.all([get('/docs'), get('/playground/')]);
    // The Worker itself sends no tag.
    expect([docs.status, docs.headers.has('ETag')]).toEqual([200, true]);
    const policy = 'Content-Security-Policy';
    expect(docs.headers.get(policy)).toBe(own.headers.get(policy));
    const { page } = await worker.open('../docs');
    await page.locator('.route').first().waitFor();
    const look = () =>
      page.locator('header').evaluate((header) => {
        const { backgroundColor, fontFamily, padding } = getComputedStyle(header);
        return [backgroundColor, fontFamily, padding];
      });
    const inDocs = await look();
    await page.getByRole('link', { name: 'latentedge' }).click();
    await page.getByRole('heading', { name: 'Models' }).waitFor();
    expect(await look()).toEqual(inDocs);
  });

  it('sends at most 40 KB of script', async () => {
    const html = await (await get('/playground/')).text();
    const scripts = [...html.matchAll(/src="\.\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path!);
    expect(scripts.length).toBe(1);
    const script = await get(`/playground/${scripts[0]}`);
    expect(script.headers.get('Cache-Control')).toContain('immutable');
    expect(gzipSync(Buffer.from(await script.arrayBuffer())).length).toBeLessThan(40_000);
  });
});
