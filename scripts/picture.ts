/** `npm run picture`: the picture of the playground in the README, from a Worker that `npm run demo` serves. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { command, printer, run } from './cli/command.ts';
import { PACKAGE_FOLDER } from './cli/places.ts';

const FILE = 'docs/playground.png';
/** The latent walk of the demo's variational model, away from the centre, where all digits meet. */
const PLACE = '#/digits-vae/walk?across=1&down=2&code=0.9_0.4_-0.8_-0.6_0.5_0.7_-0.4_0.3';
const SIZE = { width: 1120, height: 762 };

interface PictureOptions {
  readonly url: string;
  readonly chromium: string;
  readonly json?: boolean;
}

const program = command('picture', `Draw ${FILE} by taking a screenshot of the playground of a running demo.`)
  .option('--url <address>', 'address of the Worker', 'http://127.0.0.1:8787')
  .option('--chromium <path>', 'the browser', '/usr/bin/chromium')
  .action(async ({ url, chromium: executablePath, json }: PictureOptions) => {
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light' });
      await page.goto(new URL(`/playground/${PLACE}`, url).href);
      await page.waitForFunction(() => document.querySelectorAll('.map canvas').length > 0);
      await page.waitForLoadState('networkidle');
      // A palette: the page has few colours, and the picture is kept in the repository.
      const picture = await sharp(await page.screenshot())
        .png({ palette: true, effort: 10 })
        .toBuffer();
      await writeFile(join(PACKAGE_FOLDER, FILE), picture);
      if (json) console.log(JSON.stringify({ file: FILE, bytes: picture.length }));
      printer(json)(`${FILE}: ${(picture.length / 1024).toFixed(0)} KiB`);
    } finally {
      await browser.close();
    }
  });

await run(program);
