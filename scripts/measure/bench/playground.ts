/** Benchmarks of the playground in Chromium. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeMap } from '../../../shared/mapFile.ts';
import { random } from '../../../shared/random.ts';
import { MAP_FILE } from '../../../training/artifact/codeMap.ts';
import { trainRecipe } from '../../cli/training.ts';
import { serveLocally } from '../../worker/local.ts';
import { type BenchReport, type Measurement, machine, measurement } from './benchReport.ts';

/** Every benchmark of the playground by its name. */
export const PLAYGROUND_CASES = {
  map: { summary: 'frames per second while the map of codes moves, drawn by software', measure: benchMap },
} as const satisfies Record<string, PlaygroundCase>;

interface PlaygroundCase {
  readonly summary: string;
  readonly measure: (folder: string) => Promise<Measurement[]>;
}

export type PlaygroundCaseName = keyof typeof PLAYGROUND_CASES;

const POINTS = [10_000, 100_000];
const RUNS = 5;
const SECONDS = 2;
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';

export async function benchPlayground(
  print: (line: string) => void,
  names: readonly PlaygroundCaseName[],
): Promise<BenchReport> {
  const folder = await mkdtemp(join(tmpdir(), 'latentedge-bench-'));
  try {
    const results: Measurement[] = [];
    for (const name of names) results.push(...(await PLAYGROUND_CASES[name].measure(folder)));
    for (const { name, median, unit } of results) print(`${name}: ${median.toPrecision(3)} ${unit}`);
    return { machine: machine(), results, ratios: [] };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Moves a map of as many points as there may be, by a tenth of its width at every frame. */
async function benchMap(folder: string): Promise<Measurement[]> {
  const { chromium } = await import('playwright-core');
  const run = { out: folder, engine: 'onnxruntime', seed: 1, force: true, set: ['epochs=1'] };
  const { artifact } = await trainRecipe('digits', run, () => undefined);
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--enable-unsafe-swiftshader'],
  });
  try {
    const results: Measurement[] = [];
    for (const count of POINTS) {
      await writeFile(join(artifact.directory, MAP_FILE), cloud(count));
      const worker = await serveLocally([artifact], {
        ...{ runtime: 'stock', playgroundData: 'public', variables: { LOG: 'problems' } },
      });
      try {
        const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
        await page.goto(new URL('/playground/#/digits/map', worker.url).href);
        await page.locator('.plane[aria-busy="false"]').waitFor();
        const rates: number[] = [];
        // The first run is a warm-up.
        for (let i = 0; i <= RUNS; i++) rates.push(await page.evaluate(framesWhileMoving, SECONDS));
        results.push(measurement(`map-${count}/software`, 'frames/s', rates.slice(1)));
        await page.close();
      } finally {
        await worker.dispose();
      }
    }
    return results;
  } finally {
    await browser.close();
  }
}

/** Points around ten centres, each with a label. */
function cloud(count: number): Uint8Array {
  const source = random(1, 'cloud');
  const normal = () => source.uniform() + source.uniform() + source.uniform() - 1.5;
  const labels = Float32Array.from({ length: count }, () => source.integer(10));
  const coordinates = new Float32Array(2 * count);
  labels.forEach((label, i) => {
    coordinates[2 * i] = 3 * Math.cos(label) + normal();
    coordinates[2 * i + 1] = 3 * Math.sin(label) + normal();
  });
  const categories = Array.from({ length: 10 }, (_, label) => `${label}`);
  return writeMap({
    of: count,
    columns: [{ name: 'label', role: 'label', categories }],
    ...{ coordinates, ids: Uint32Array.from(labels.keys()), values: [labels] },
    ...{ rows: null, stored: new Uint8Array() },
  });
}

/** Runs in the page: counts the frames of some seconds, each with the map elsewhere. */
async function framesWhileMoving(seconds: number): Promise<number> {
  const surface = document.querySelector('.surface')!;
  const start = performance.now();
  let frames = 0;
  while (performance.now() - start < 1000 * seconds) {
    const key = Math.floor(frames / 3) % 2 === 0 ? 'ArrowRight' : 'ArrowLeft';
    surface.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    await new Promise(requestAnimationFrame);
    frames += 1;
  }
  return frames / ((performance.now() - start) / 1000);
}
