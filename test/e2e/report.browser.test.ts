import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withLabelColumns } from '../../training/data/labels.ts';
import { train } from '../../training/train.ts';
import { CHROMIUM } from '../support/commands/chromium.ts';
import { curve, images, keptFolder } from '../support/data/data.ts';

const out = keptFolder();
let browser: Browser;
/** Reports by what they are of. */
const reports: Record<string, string> = {};

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    // Tests run as root in CI, and on machines without a GPU.
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  });
  const tiny = { hidden: [8], epochs: 3, batchSize: 16, learningRate: 0.01 };
  const names = ['temperature', 'relative humidity of the air', 'pressure', 'wind', 'rain', 'sunshine'];
  const rows = Uint8Array.from({ length: 150 }, (_, row) => row % 2);
  const pictures = images(100);
  const runs = {
    table: {
      data: { ...curve(150), featureNames: names, labels: { classes: ['dry', 'wet'], rows } },
      settings: { ...tiny, codeSize: 3 },
    },
    variational: {
      data: pictures,
      variant: 'variational',
      settings: { ...tiny, codeSize: 2 },
    },
    classes: {
      data: {
        ...curve(150),
        labels: {
          name: 'kind',
          classes: Array.from({ length: 15 }, (_, i) => `kind number ${i}`),
          rows: Array.from({ length: 150 }, (_, row) => row % 15),
        },
      },
      predictor: 'logistic',
      settings: { ...tiny, codeSize: 2 },
    },
    conditional: {
      data: withLabelColumns(pictures),
      variant: 'variational',
      settings: { ...tiny, codeSize: 4, conditionSize: 3 },
    },
  } as const;
  for (const [name, run] of Object.entries(runs)) {
    const { artifact } = await train({ force: true, name, out, ...run });
    reports[name] = join(artifact.directory, 'report.html');
  }
});

afterAll(() => browser.close());

/** What must be drawn in which report, as selectors within its sections. */
const FIGURES: Readonly<Record<string, readonly string[]>> = {
  table: [
    '#numbers .value',
    '#reconstructions table',
    '#learning svg',
    '#baselines td',
    '#impostors svg',
    '#impostors table',
    '#errors svg',
    '#featureErrors svg',
    '#scatter svg',
    '#scatter3d canvas',
    '#correlations img',
    '#codeValues svg',
    '#code svg',
    '#architecture .node',
    '#facts dd',
  ],
  variational: [
    '#reconstructions img',
    '#baselines .bar',
    '#samples img',
    '#latentMap img',
    '#interpolations img',
    '#regularisation svg',
    '#featureErrors img',
    '#scatter svg',
  ],
  conditional: ['#reconstructions img', '#samples img', '#scatter3d canvas'],
};

describe.each(Object.entries(FIGURES))('the report of a %s model', (name, selectors) => {
  it.each([390, 1400])('shows its figures %i pixels wide, in light and in dark, offline', async (width) => {
    const page = await browser.newPage({ viewport: { width, height: 900 }, offline: true });
    const said: string[] = [];
    page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('request', (request) => {
      if (!/^(file|data|blob):/.test(request.url())) said.push(`asked for ${request.url()}`);
    });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      if (colorScheme === 'light') await page.goto(pathToFileURL(reports[name]!).href);
      for (const selector of selectors) {
        const drawn = page.locator(`${selector}:visible`);
        await expect.poll(() => drawn.count(), { message: selector }).toBeGreaterThan(0);
        const box = (await drawn.first().boundingBox())!;
        expect(Math.min(box.width, box.height), selector).toBeGreaterThan(1);
      }
      const widest = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(widest).toBeLessThanOrEqual(width);
      expect(await cutOff(page)).toEqual([]);
      expect(await illegible(page)).toEqual([]);
    }
    const broken = await page.evaluate(
      () => [...document.images].filter((image) => image.naturalWidth === 0).length,
    );
    expect(broken).toBe(0);
    expect(said).toEqual([]);
    await page.close();
  });
});

type Page = Awaited<ReturnType<Browser['newPage']>>;

describe('a table that is wider than a telephone', () => {
  it('can be scrolled, also by the keyboard, and has a shadow where it hides something', async () => {
    const page = await browser.newPage({ viewport: { width: 390, height: 900 }, offline: true });
    await page.goto(pathToFileURL(reports.classes!).href);
    const box = page.locator('#confusion .scroll').last();
    await box.scrollIntoViewIfNeeded();
    const { scrollWidth, clientWidth } = await box.evaluate((element) => ({
      scrollWidth: element.scrollWidth,
      clientWidth: element.clientWidth,
    }));
    expect(scrollWidth).toBeGreaterThan(clientWidth + 100);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await cutOff(page)).toEqual([]);
    const start = await darkness(box);
    expect([start.left, start.right > 0.1]).toEqual([0, true]);
    await box.focus();
    for (let i = 0; i < 30; i++) await page.keyboard.press('ArrowRight');
    await expect.poll(() => box.evaluate((element) => element.scrollLeft)).toBe(scrollWidth - clientWidth);
    await box.blur(); // its outline would be measured
    const end = await darkness(box);
    expect([end.left > 0.1, end.right]).toEqual([true, 0]);
    await page.close();
  });
});

/** How much darker the edges of a box are than white, in [0, 1], above its text. */
async function darkness(box: ReturnType<Page['locator']>): Promise<{ left: number; right: number }> {
  const { data, info } = await sharp(await box.screenshot())
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (column: number) => Number(((255 - data[2 * info.width + column]!) / 255).toFixed(2));
  return { left: at(0), right: at(info.width - 1) };
}

/** Elements with more in them than they show and no way to scroll to it, or outside of the page. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('section, section :not(svg *)')]
      .filter((element) => {
        const scrolled = element.closest('.scroll[tabindex="0"][role="region"]');
        if (scrolled !== null && getComputedStyle(scrolled).overflowX === 'auto') return false;
        const { right, left, width } = element.getBoundingClientRect();
        const isHidden = getComputedStyle(element).overflowX !== 'visible';
        return (
          width > 0 &&
          (right > innerWidth + 1 || left < -1 || (isHidden && element.scrollWidth > element.clientWidth + 1))
        );
      })
      .map((element) => `${element.tagName} ${element.className} in ${element.closest('section')?.id}`),
  );
}

/** Texts of less contrast to the surface of their section than 4.5 to 1 (WCAG 2.2, 1.4.3). */
function illegible(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const luminance = (colour: string): number => {
      const [r, g, b] = colour.match(/[\d.]+/g)!.map((part) => Number(part) / 255) as [
        number,
        number,
        number,
      ];
      const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
      return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    };
    return [...document.querySelectorAll('section')].flatMap((section) => {
      const surface = luminance(getComputedStyle(section).backgroundColor);
      return [...section.querySelectorAll('p, dt, dd, th, td, figcaption, h2, .chart text')].flatMap(
        (text) => {
          const style = getComputedStyle(text);
          const ink = luminance(text.tagName === 'text' ? style.fill : style.color);
          const contrast = (Math.max(ink, surface) + 0.05) / (Math.min(ink, surface) + 0.05);
          return contrast >= 4.5 ? [] : [`${section.id}: ${text.textContent}`];
        },
      );
    });
  });
}
