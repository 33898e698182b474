/** The playground in Chromium, with small models of every kind in workerd. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { trainRecipe } from '../../../scripts/cli/training.ts';
import { ordersCsv } from '../../../scripts/init/orders.ts';
import { writeAssets } from '../../../scripts/worker/assets.ts';
import { buildWorker, type WorkerBuild } from '../../../scripts/worker/build.ts';
import { bundleModels } from '../../../scripts/worker/bundle.ts';
import { type RunningWorker, startWorker } from '../../../scripts/worker/worker.ts';
import type { Rows } from '../../../shared/tensor.ts';
import type { Artifact } from '../../../training/artifact/artifact.ts';
import type { Dataset } from '../../../training/data/dataset.ts';
import { digits as digitsData } from '../../../training/data/digits.ts';
import { withLabelColumns } from '../../../training/data/labels.ts';
import { train } from '../../../training/train.ts';
import { CHROMIUM } from '../commands/chromium.ts';
import { curve, images, tastes } from '../data/data.ts';
import { sender } from './sender.ts';

/** Trains a model of every kind of panel, in a few seconds each: they need not be good. */
async function models(out: string): Promise<Artifact[]> {
  const data = join(out, 'orders.csv');
  writeFileSync(data, ordersCsv());
  const run = { out, engine: 'onnxruntime', seed: 1, force: true, set: ['epochs=1'] } as const;
  const quiet = () => undefined;
  const tiny = { epochs: 2, batchSize: 16, learningRate: 0.01 };
  const trained = [
    await train({
      force: true, // trained too briefly to beat the mean
      ...{ name: 'digits', out, data: await someDigits() },
      settings: { ...tiny, epochs: 8, hidden: [64], codeSize: 32, loss: 'binary-cross-entropy' },
    }),
    await train({
      force: true, // trained too briefly to beat the mean
      ...{ name: 'digits-vae', out, variant: 'variational', data: await someDigits() },
      settings: { ...tiny, hidden: [32], codeSize: 8, likelihood: 'bernoulli' },
    }),
    await trainRecipe('anomaly', { ...run, data, name: 'orders' }, quiet),
    await train({
      force: true, // trained too briefly to beat the mean
      ...{ name: 'shapes', out, variant: 'variational', data: withLabelColumns(images(100)) },
      settings: { ...tiny, hidden: [8], codeSize: 4, conditionSize: 3 },
    }),
    await train({
      force: true, // trained too briefly to beat the mean
      ...{ name: 'waves', out, variant: 'sequence', data: curve(150, 24) },
      settings: { ...tiny, horizon: 6, units: 8 },
    }),
    await train({
      force: true, // trained too briefly to beat the mean
      ...{ name: 'vectors', out, data: { ...curve(150, 24), featureNames: null } },
      settings: { ...tiny, hidden: [8], codeSize: 2 },
    }),
    await train({
      force: true, // trained too briefly to beat the mean
      ...{ name: 'shop', out, variant: 'recommender', data: withTitles(tastes(120)) },
      settings: { ...tiny, codeSize: 8 },
    }),
  ];
  return trained.map(({ artifact }) => artifact);
}

/** The same items with titles that say nothing about their ids, but for the last, which has none. */
function withTitles<Data extends Dataset<Rows>>(data: Data): Data {
  const { width } = data.rows;
  const titles = Array.from({ length: width }, (_, i) => (i === width - 1 ? null : `Film no. ${i} (2001)`));
  return { ...data, items: { source: 'titles.csv', titles, columns: [] } };
}

/** The first digits of the recipe's: enough for lines to be reconstructed. */
export async function someDigits(): Promise<Dataset> {
  const { labels: _, rows, ...digits } = await digitsData();
  return { ...digits, rows: { ...rows, data: rows.data.slice(0, 600 * rows.width), rowCount: 600 } };
}

export interface Playground {
  readonly url: URL;
  /** Starts the same build once more, with other variables. */
  start(variables: Readonly<Record<string, string>>): Promise<RunningWorker>;
  open(hash: string, options?: BrowserContextOptions & { readonly url?: URL }): Promise<Opened>;
  /** POSTs to an operation of the API, without the page. */
  ask<Answer>(model: string, operation: string, body: object, query?: string): Promise<Answer>;
}

export interface Opened {
  readonly page: Page;
  /** What the console has said, and requests to other hosts. */
  readonly complaints: string[];
}

/** Starts everything before the tests of a file, and stops it after them. */
export function playground(): Playground {
  const folder = mkdtempSync(join(tmpdir(), 'latentedge-playground-'));
  let browser: Browser;
  let build: WorkerBuild;
  let worker: RunningWorker;
  beforeAll(async () => {
    const trained = await models(folder);
    const bundle = await bundleModels(trained, join(folder, 'bundle'), { runtime: 'stock' });
    await writeAssets(bundle, trained, { data: 'public' });
    build = await buildWorker(join(folder, 'worker'), bundle);
    worker = await startWorker(build, { variables: { LOG: 'problems' } });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
  });
  afterAll(async () => {
    await browser?.close();
    await worker?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    get url() {
      return worker.url;
    },
    start: (variables) => startWorker(build, { variables: { LOG: 'problems', ...variables } }),
    open: async (hash, { url = worker.url, ...options } = {}) => {
      const complaints: string[] = [];
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      const page = await context.newPage();
      page.on('console', (message) => {
        if (!message.text().includes(SOFTWARE_WARNING))
          complaints.push(`${message.type()}: ${message.text()}`);
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        const { protocol, origin } = new URL(request.url());
        if (protocol.startsWith('http') && origin !== url.origin) complaints.push(`asked ${request.url()}`);
      });
      await page.goto(new URL(`/playground/${hash}`, url).href);
      return { page, complaints };
    },
    ask: async (model, operation, body, query = '') => {
      // On a connection of its own: workerd closes one that stands still while a page is looked at.
      const { send, close } = sender(worker.url);
      const { status, bytes } = await send({
        method: 'POST',
        path: `/v1/models/${model}/${operation}${query}`,
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      close();
      expect(status).toBe(200);
      return JSON.parse(new TextDecoder().decode(bytes));
    },
  };
}

/** Maps are drawn by WebGL, which is software on machines without a graphics card. */
export const CHROMIUM_FLAGS = ['--no-sandbox', '--enable-unsafe-swiftshader'];
/** What Chromium itself warns of there: it reads what was drawn, to put it on the page. */
const SOFTWARE_WARNING = 'GPU stall due to ReadPixels';

/** How long nothing changes on a page that is at rest. */
const QUIET_MS = 200;

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Returns the serious findings of axe, each with the elements that it is about. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

/**
 * Waits until every part of the page has its answer and nothing has changed for a while: a panel that was asked for may
 * not be drawn yet, and axe compares the colours of what has moved with those of where it was.
 */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(
    (milliseconds) =>
      new Promise<void>((resolve) => {
        const isBusy = () =>
          document.querySelector('h1') === null || document.querySelector('[aria-busy="true"]') !== null;
        const end = () => {
          if (isBusy()) return wait();
          observer.disconnect();
          resolve();
        };
        let timer: ReturnType<typeof setTimeout>;
        const wait = () => {
          clearTimeout(timer);
          timer = setTimeout(end, milliseconds);
        };
        const observer = new MutationObserver(wait);
        observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
        wait();
      }),
    QUIET_MS,
  );
}

/** Returns the numbers behind the bars of the code. */
export async function codeOf(page: Page): Promise<number[]> {
  return page
    .locator('.bar')
    .evaluateAll((bars) => bars.map((bar) => Number((bar as HTMLElement).dataset.value)));
}

/** Returns the red values of a canvas. */
export async function pixelsOf(page: Page, label: string): Promise<number[]> {
  return page.getByRole('img', { name: label, exact: true }).evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const { data } = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
    return Array.from(data.filter((_, i) => i % 4 === 0));
  });
}
