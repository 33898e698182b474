import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ModelList } from '../../shared/api.ts';
import { OLD_VERSION } from '../support/artifacts/edgeArtifacts.ts';
import { expectedCodes } from '../support/artifacts/linearArtifact.ts';
import { CHROMIUM } from '../support/commands/chromium.ts';
import { document } from '../support/edge/contract.ts';
import { edgeWorker } from '../support/edge/edgeWorker.ts';
import { exampleRows } from '../support/edge/operationCases.ts';

const worker = edgeWorker();
const IDS = Object.values(document.paths).flatMap((methods) =>
  Object.values(methods).map(({ operationId }) => operationId),
);

let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox'],
  });
});

afterAll(() => browser.close());

interface Opened {
  readonly page: Page;
  /** Errors, warnings, violations of the page's policy, and requests to other origins. */
  readonly complaints: string[];
}

/** The page in a browser of the given width that reaches nothing but the Worker. */
async function openDocs({ fragment = '', width = 1400 } = {}): Promise<Opened> {
  const complaints: string[] = [];
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.route('**', (route) => {
    if (new URL(route.request().url()).origin === worker.url.origin) return route.continue();
    complaints.push(route.request().url());
    return route.abort();
  });
  await page.goto(new URL(`/docs${fragment}`, worker.url).href);
  await page.waitForSelector('.route');
  return { page, complaints };
}

test('lists every route of the document, asks nobody else, and keeps to its policy', async () => {
  const { page, complaints } = await openDocs();
  const listed = await page.locator('main .route').evaluateAll((routes) => routes.map(({ id }) => id));
  expect(listed.toSorted()).toEqual(IDS.toSorted());
  const linked = await page
    .locator('nav li a')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  expect(linked.toSorted()).toEqual(IDS.map((id) => `#${id}`).toSorted());
  for (const id of IDS) await page.locator(`#${id} > summary`).click();
  expect(await page.locator('.route form').count()).toBe(IDS.length);
  expect(complaints).toEqual([]);
});

test('may run nothing but its own files', async () => {
  const { headers } = await worker.request('/docs');
  const policy = headers.get('Content-Security-Policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|\*/);
});

test('sends what the form says, and shows the answer', async () => {
  const { page, complaints } = await openDocs({ fragment: '#encode' });
  const rows = exampleRows(2, 6);
  const form = page.locator('#encode form');
  await page.getByLabel('API key').fill('a-key');
  await form.getByLabel('model').fill(`linear@${OLD_VERSION}`);
  await form.locator('textarea').fill(JSON.stringify({ rows }));
  const sent = page.waitForRequest((request) => request.method() === 'POST');
  await form.getByRole('button', { name: 'Send' }).click();
  expect((await sent).headers()).toMatchObject({ 'x-api-key': 'a-key', 'content-type': 'application/json' });
  expect(await form.locator('output .good').textContent()).toMatch(/^200 OK/);
  expect(JSON.parse((await form.locator('output .body').textContent())!)).toEqual({
    ...{ model: 'linear', version: OLD_VERSION, codes: expectedCodes(rows) },
  });
  expect(complaints).toEqual([]);
});

test('shows binary answers, parameters in use, and problems', async () => {
  const { page } = await openDocs({ fragment: '#score' });
  const form = page.locator('#score form');
  await form.getByLabel('model').fill('linear');
  await form.getByLabel('Accept').selectOption('application/octet-stream');
  await form.getByRole('button', { name: 'Send' }).click();
  expect(await form.locator('output .body').textContent()).toMatch(/^1 float32 values: [\d.]+$/);
  await form.getByLabel('Accept').selectOption('application/json');
  await form.getByLabel('threshold').fill('-1');
  await form.getByRole('button', { name: 'Send' }).click();
  expect(await form.locator('output .bad').textContent()).toMatch(/^422/);
  const problem = JSON.parse((await form.locator('output .body').textContent())!);
  expect(new URL(problem.type).pathname).toBe('/problems/invalid-query');
});

test('fits bodies to models', async () => {
  const { page, complaints } = await openDocs();
  for (const [operation, model] of [
    ['encode', 'linear'],
    ['encode', 'columns'],
    ['decode', 'conditional'],
    ['sample', 'conditional'],
    ['traverse', 'linear'],
    ['recommend', 'shop'],
    ['similar', 'items'],
  ]) {
    await page.goto(new URL(`/docs#${operation}`, worker.url).href);
    const form = page.locator(`#${operation} form`);
    await form.getByLabel('model').fill(model!);
    await form.getByRole('button', { name: 'Send' }).click();
    await form.locator('output .body', { hasText: `"model": "${model}"` }).waitFor();
  }
  expect(complaints).toEqual([]);
});

test('every example is answered 200, for every model and every route that it has', {
  timeout: 240_000,
}, async () => {
  const { models } = ModelList.parse(await (await worker.request('/v1/models')).json());
  const protocol = IDS.filter((id) => /^(infer|protocolModel|protocolReady)(Version)?$/.test(id));
  const newest = new Map(models.toReversed().map((model) => [model.name, model]));
  const { page } = await openDocs();
  const failed: string[] = [];
  for (const { name, operations } of newest.values()) {
    // These are there to fail.
    if (['tampered', 'mislabelled', 'garbage', 'faulty', 'elsewhere'].includes(name)) continue;
    for (const id of [...operations, ...protocol]) {
      await page.goto(new URL(`/docs?${name}#${id}`, worker.url).href);
      const form = page.locator(`#${id} form`);
      await form.getByLabel('model').fill(name);
      if (id.endsWith('Version')) await form.getByLabel('version').fill(newest.get(name)!.version);
      await form.getByRole('button', { name: 'Send' }).click();
      await form.locator('output .good, output .bad').waitFor();
      const shown = (await form.locator('output').textContent()) ?? '';
      if (!shown.startsWith('200')) failed.push(`${name} ${id}: ${shown.slice(0, 1000)}`);
    }
  }
  expect(failed).toEqual([]);
});

test('shows an inference whose outputs are bytes', async () => {
  const { page } = await openDocs({ fragment: '#infer' });
  const form = page.locator('#infer form');
  const rows = { name: 'rows', datatype: 'FP32', shape: [1, 6], data: [1, 2, 3, 4, 5, 6] };
  await form.getByLabel('model').fill('linear');
  await form
    .locator('textarea')
    .fill(JSON.stringify({ id: 'x', parameters: { binary_data_output: true }, inputs: [rows] }));
  await form.getByRole('button', { name: 'Send' }).click();
  expect(await form.locator('output .good').textContent()).toMatch(/^200 OK/);
  expect(await form.locator('output .body').textContent()).toMatch(
    /"binary_data_size": 8[\s\S]*8 bytes of outputs follow$/,
  );
});

test.each([1400, 400])('fits into %i pixels', async (width) => {
  const { page } = await openDocs({ fragment: '#score', width });
  await page.locator('#score form button').click();
  await page.waitForSelector('#score output .good');
  expect(await page.evaluate(() => globalThis.document.documentElement.scrollWidth)).toBe(width);
});

test('its files are those that it asks for', async () => {
  expect((await worker.request('/docs/page.css')).headers.get('Content-Type')).toMatch(/^text\/css/);
  expect((await worker.request('/docs/nothing.js')).status).toBe(404);
});
