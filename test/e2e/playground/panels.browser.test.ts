/** What each panel shows is what the API answers. */
import { readFileSync } from 'node:fs';
import { autoType, csvParse } from 'd3-dsv';
import { decode } from 'fast-png';
import type { Page, Request } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ordersCsv } from '../../../scripts/init/orders.ts';
import {
  codeOf,
  someDigits as digitRows,
  pixelsOf,
  playground,
  settled,
} from '../../support/edge/playground.ts';

const { open, ask } = playground();

/** The row that the page has sent last, for an operation. */
function sentRows(page: Page, operation: string): { row: number[] } {
  const last = { row: [] as number[] };
  page.on('request', (request: Request) => {
    if (request.url().endsWith(`/${operation}`)) last.row = request.postDataJSON().rows[0];
  });
  return last;
}

/** Draws lines between points in [0, 1] over an element. */
async function drag(
  page: Page,
  selector: string,
  points: readonly (readonly [number, number])[],
): Promise<void> {
  const box = (await page.locator(selector).first().boundingBox())!;
  const place = ([x, y]: readonly [number, number]) =>
    [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...place(points[0]!));
  await page.mouse.down();
  for (const point of points.slice(1)) await page.mouse.move(...place(point), { steps: 8 });
  await page.mouse.up();
}

const SEVEN = [
  [0.25, 0.25],
  [0.7, 0.25],
  [0.45, 0.8],
] as const;

const grey = (values: readonly number[]) =>
  values.map((value) => Math.min(255, Math.max(0, Math.round(255 * value))));

describe('drawing', () => {
  it('a 7 shows the code and the reconstruction that the API answers, to the bit', async () => {
    const { page } = await open('#/digits/draw');
    const sent = sentRows(page, 'encode');
    await settled(page);
    await page.getByRole('button', { name: 'Clear' }).click();
    await drag(page, '.pad', SEVEN);
    await settled(page);
    const ink = sent.row.filter((value) => value > 0.5).length;
    expect(ink).toBeGreaterThan(40);
    const { codes } = await ask<{ codes: number[][] }>('digits', 'encode', { rows: [sent.row] });
    expect(await codeOf(page)).toEqual(codes[0]);
    const { rows } = await ask<{ rows: number[][] }>('digits', 'reconstruct', { rows: [sent.row] });
    expect(await pixelsOf(page, 'Reconstruction')).toEqual(grey(rows[0]!));
  });

  it('by touch leaves the same ink', async () => {
    const { page } = await open('#/digits/draw', { hasTouch: true, viewport: { width: 390, height: 900 } });
    const sent = sentRows(page, 'encode');
    await settled(page);
    await page.getByRole('button', { name: 'Clear' }).tap();
    await settled(page);
    const box = (await page.locator('.pad').boundingBox())!;
    const session = await page.context().newCDPSession(page);
    const touch = (type: string, points: readonly (readonly [number, number])[]) =>
      session.send('Input.dispatchTouchEvent', {
        type: type as 'touchStart',
        touchPoints: points.map(([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height })),
      });
    const scrolled = await page.evaluate(() => scrollY);
    await touch('touchStart', [SEVEN[0]]);
    for (const point of SEVEN) await touch('touchMove', [point]);
    await touch('touchEnd', []);
    await expect.poll(() => sent.row.filter((value) => value > 0.5).length).toBeGreaterThan(40);
    expect(await page.evaluate(() => scrollY)).toBe(scrolled);
  });

  it('by keyboard leaves ink, too', async () => {
    const { page } = await open('#/digits/draw');
    const sent = sentRows(page, 'encode');
    await settled(page);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.locator('.pad').focus();
    for (let i = 0; i < 8; i++) await page.keyboard.press('Shift+ArrowDown');
    await settled(page);
    await expect.poll(() => sent.row.filter((value) => value > 0.5).length).toBeGreaterThan(15);
  });

  it('a dragged number of the code changes the image to what decode answers', async () => {
    const { page } = await open('#/digits/draw');
    await settled(page);
    const before = await pixelsOf(page, 'Reconstruction');
    const code = await codeOf(page);
    await page.getByLabel('dimension 3 of the code').fill('2');
    await settled(page);
    const after = await pixelsOf(page, 'Reconstruction');
    expect(after).not.toEqual(before);
    const now = await codeOf(page);
    expect(now[3]).toBeCloseTo(2, 1);
    const changed = code.map((value, i) => (i === 3 ? now[3]! : value));
    const { rows } = await ask<{ rows: number[][] }>('digits', 'decode', { codes: [changed] });
    expect(after).toEqual(grey(rows[0]!));
    await page.getByRole('button', { name: 'Back to the code of your drawing' }).click();
    await settled(page);
    expect(await pixelsOf(page, 'Reconstruction')).toEqual(before);
  });

  it('is in the address: another browser shows the same', async () => {
    const { page } = await open('#/digits/draw');
    const sent = sentRows(page, 'encode');
    await settled(page);
    await page.getByRole('button', { name: 'Clear' }).click();
    await drag(page, '.pad', SEVEN);
    await settled(page);
    // It is written a moment after the last stroke.
    const inAddress = () => {
      const query = new URLSearchParams(new URL(page.url()).hash.split('?')[1]);
      return Array.from(Buffer.from(query.get('pixels') ?? '', 'base64url'), (byte) => byte / 255);
    };
    await expect.poll(inAddress).toEqual(sent.row);
    const other = await open(new URL(page.url()).hash);
    await settled(other.page);
    expect(await codeOf(other.page)).toEqual(await codeOf(page));
  });

  it('takes a picture, inverts dark on light, and says so', async () => {
    const { page } = await open('#/digits/draw');
    await settled(page);
    const png = await page.evaluate(() => {
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 56;
      const context = canvas.getContext('2d')!;
      context.fillStyle = '#fff';
      context.fillRect(0, 0, 56, 56);
      context.fillStyle = '#000';
      context.fillRect(24, 10, 8, 36);
      return canvas.toDataURL().split(',')[1]!;
    });
    const sent = sentRows(page, 'encode');
    const buffer = Buffer.from(png, 'base64');
    await page.setInputFiles('input[type=file]', { name: 'one.png', mimeType: 'image/png', buffer });
    await page.getByText('and inverted').waitFor();
    await settled(page);
    expect([sent.row[0], sent.row[14 * 28 + 13]]).toEqual([0, 1]);
  });

  it('has the label of a conditional model', async () => {
    const { page } = await open('#/shapes/draw');
    const sent = sentRows(page, 'encode');
    await settled(page);
    await page.getByLabel('Label').selectOption('bar');
    await expect.poll(() => sent.row.slice(144)).toEqual([0, 0, 1]);
  });
});

describe('walking', () => {
  it('draws what decode answers at the place, and samples what sample answers', async () => {
    const { page } = await open('#/digits-vae/walk');
    await settled(page);
    await drag(page, '.map', [
      [0.5, 0.5],
      [0.75, 0.25],
    ]);
    await settled(page);
    const code = [1.5, 1.5, 0, 0, 0, 0, 0, 0];
    const { rows } = await ask<{ rows: number[][] }>('digits-vae', 'decode', { codes: [code] });
    const expected = grey(rows[0]!);
    const shown = await pixelsOf(page, 'The image at this place');
    // The mouse is at whole pixels of the screen.
    const far = shown.filter((value, i) => Math.abs(value - expected[i]!) > 8);
    expect(far).toEqual([]);
    const { rows: samples } = await ask<{ rows: number[][] }>('digits-vae', 'sample', {
      n: 24,
      seed: 1,
      temperature: 1,
    });
    expect(await pixelsOf(page, 'Sample 24')).toEqual(grey(samples[23]!));
  });

  it('interpolates as the API does', async () => {
    const { page } = await open('#/digits/interpolate');
    let rows: number[][] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/interpolate')) ({ rows } = request.postDataJSON());
    });
    await settled(page);
    await page.getByRole('button', { name: 'To: draw a 7' }).click();
    await settled(page);
    const answer = await ask<{ rows: number[][] }>('digits', 'interpolate', { rows, steps: 9 });
    expect(await pixelsOf(page, 'Step 3 of 9')).toEqual(grey(answer.rows[2]!));
  });
});

describe('tables', () => {
  it('a row is scored as it is changed', async () => {
    const { page } = await open('#/orders/row');
    await settled(page);
    const row = { amount: 900, items: 1, shipping: 4.9, hour: 3, country: 'NL' };
    for (const [name, value] of Object.entries(row)) {
      const field = page.getByLabel(name, { exact: true });
      if (name === 'country') await field.selectOption(`${value}`);
      else await field.fill(`${value}`);
    }
    const { scores } = await ask<{ scores: { score: number; isAnomaly: boolean }[] }>('orders', 'score', {
      rows: [row],
    });
    await expect
      .poll(() => page.locator('.figures dd').first().getAttribute('data-value'))
      .toBe(`${scores[0]!.score}`);
    expect(scores[0]!.isAnomaly).toBe(true);
    expect(await page.getByRole('heading', { name: 'Unusual' }).count()).toBe(1);
  });

  it('20,000 rows of a file are scored, sorted, and downloaded with their scores', async () => {
    const countries = ['NL', 'DE', 'FR'];
    const rows = Array.from({ length: 20_000 }, (_, i) => ({
      ...{ note: `"${i}, quoted"`, amount: 20 + (i % 60) + (i % 4000 === 7 ? 5000 : 0), items: 1 + (i % 4) },
      ...{ shipping: 4.9, hour: 8 + (i % 12), country: countries[i % 3]! },
    }));
    const lines = [Object.keys(rows[0]!).join(','), ...rows.map((row) => Object.values(row).join(','))];
    const { page } = await open('#/orders/file');
    await settled(page);
    const buffer = Buffer.from(`${lines.join('\r\n')}\r\n`);
    await page.setInputFiles('input[type=file]', { name: 'many.csv', mimeType: 'text/csv', buffer });
    await page.getByRole('button', { name: 'Download with scores' }).waitFor();
    expect(await page.getByText('20,000 of 20,000 rows scored. Not used by the model: note.').count()).toBe(
      1,
    );
    // The five rows with an amount that no order has.
    const first = await page.locator('tbody tr td:first-child').allTextContents();
    expect(
      first
        .slice(0, 5)
        .map(Number)
        .toSorted((a, b) => a - b),
    ).toEqual([8, 4008, 8008, 12_008, 16_008]);
    const scores = await page.locator('tbody tr td:nth-child(2)').allTextContents();
    await page.getByLabel('Score', { exact: true }).fill(`${Number(scores[4]!.replace(',', '')) * 0.999}`);
    expect(await page.locator('.flagged').textContent()).toBe('5');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download with scores' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('many-scored.csv');
    const saved = csvParse(readFileSync(await download.path(), 'utf8'));
    expect(saved.length).toBe(20_000);
    expect(saved.filter((row) => row.is_anomaly === 'true').map((row) => row.note)).toEqual(
      [7, 4007, 8007, 12_007, 16_007].map((i) => `${i}, quoted`),
    );
    const { note: _, ...row } = rows[123]!;
    const answer = await ask<{ scores: { score: number; pValue: number }[] }>('orders', 'score', {
      rows: [row],
    });
    expect([saved[123]!.anomaly_score, saved[123]!.p_value]).toEqual([
      `${answer.scores[0]!.score}`,
      `${answer.scores[0]!.pValue}`,
    ]);
  });

  it('says what is wrong with a file, and which rows cannot be scored', async () => {
    const { page } = await open('#/orders/file');
    await settled(page);
    const give = (text: string) =>
      page.setInputFiles('input[type=file]', {
        name: 'a.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(text),
      });
    await give('a,b\n1,2\n');
    await page.getByText('expected a header with the columns amount, items').waitFor();
    await give('amount;items;shipping;hour;country\n40;2;4.9;14;NL\nmany;2;4.9;14;NL\n');
    await page.getByText('Columns are separated by ";".').waitFor();
    expect(await page.getByRole('alert').textContent()).toBe(
      '1 row could not be scored. Row 2: amount: expected a number, received a string.',
    );
    await give('amount,items\nmany,2\n');
    await page.getByText('row 0, column 0 ("amount"): expected a number, received a string').waitFor();
    expect(await page.getByText('rows flagged').count()).toBe(0);
  });

  it('scores a file of which a whole piece cannot be scored, with gaps marked as in training', async () => {
    const { page } = await open('#/orders/file');
    await settled(page);
    // Requests have 1,000 rows each: all of the first are wrong.
    const wrong = new Array<string>(1000).fill('many,2,4.9,14,NL');
    const lines = ['amount,items,shipping,hour,country', ...wrong, '40,NA,4.9,14,N/A', '40,2,4.9,14,ZZ'];
    const buffer = Buffer.from(lines.join('\n'));
    await page.setInputFiles('input[type=file]', { name: 'a.csv', mimeType: 'text/csv', buffer });
    await page.getByText('Read as missing: NA, N/A.').waitFor();
    await page.getByText('1,000 rows could not be scored. Row 1: amount').waitFor();
    await page.getByText('taken for missing values: country ZZ.').waitFor();
    const row = { amount: 40, items: null, shipping: 4.9, hour: 14, country: null };
    const { scores } = await ask<{ scores: { score: number }[] }>('orders', 'score', { rows: [row] });
    const shown = await page
      .locator('tbody tr', { hasText: '1001' })
      .locator('td:nth-child(2)')
      .textContent();
    expect(shown).toBe(`${Number(scores[0]!.score.toPrecision(3))}`);
  });

  it('the threshold is where its slider is, on the axis of the histogram', async () => {
    const { page } = await open('#/orders/file');
    await settled(page);
    const lines = ['amount,items,shipping,hour,country'];
    for (let i = 0; i < 200; i++)
      lines.push(`${20 + (i % 60) * (i % 7)},${1 + (i % 4)},4.9,${8 + (i % 12)},NL`);
    const buffer = Buffer.from(lines.join('\n'));
    await page.setInputFiles('input[type=file]', { name: 'a.csv', mimeType: 'text/csv', buffer });
    const slider = page.getByLabel('Rows with a higher score are flagged');
    await slider.fill('500');
    const scores = await page.locator('tbody tr td:nth-child(2)').allTextContents();
    const most = Number(scores[0]!.replace(',', ''));
    const least = Number((await page.locator('.ends span').first().textContent())!);
    const threshold = Number(await page.getByLabel('Score', { exact: true }).inputValue());
    expect(threshold / Math.sqrt(most * least)).toBeCloseTo(1, 1);
    const mark = Number(await page.locator('.histogram line').getAttribute('x1'));
    expect(mark).toBeCloseTo(30, 1);
  });

  it('marks columns only of a row that is unusual, each with what the model expects', async () => {
    const rows = csvParse(ordersCsv(), autoType).slice(0, 50);
    const { scores } = await ask<{ scores: { isAnomaly: boolean }[] }>('orders', 'score', { rows });
    const usual = rows.find((_, i) => !scores[i]!.isAnomaly);
    const { page } = await open(`#/orders/row?row=${encodeURIComponent(JSON.stringify(usual))}`);
    await settled(page);
    expect(await page.getByRole('heading', { name: 'Usual', exact: true }).count()).toBe(1);
    expect(await page.locator('.cell.blamed').count()).toBe(0);
    await page.getByLabel('amount', { exact: true }).fill('900');
    await page.getByRole('heading', { name: 'Unusual' }).waitFor();
    expect(await page.locator('.cell.blamed').count()).toBeGreaterThan(0);
    await settled(page);
    const first = page.locator('.blame li', { hasText: 'amount' });
    expect(await first.textContent()).toMatch(/^amount900, expected [\d.,-]+\d+(\.\d)? %$/);
  });
});

describe('series', () => {
  it('are continued as the API does', async () => {
    const { page } = await open('#/waves');
    const sent = sentRows(page, 'forecast');
    await settled(page);
    await drag(page, '.chart svg', [
      [0.1, 0.3],
      [0.4, 0.8],
    ]);
    await settled(page);
    expect(sent.row.length).toBe(18);
    const { forecasts } = await ask<{ forecasts: number[][] }>('waves', 'forecast', { rows: [sent.row] });
    expect(forecasts[0]!.length).toBe(6);
    const path = (await page.locator('path.line.second').getAttribute('d'))!;
    const heights = path
      .split(/[ML]/)
      .slice(2)
      .map((point) => Number(point.split(' ')[1]));
    const drawn = (await page.locator('path.line.first').getAttribute('d'))!;
    const own = drawn
      .split(/[ML]/)
      .slice(1)
      .map((point) => Number(point.split(' ')[1]));
    // Two values of the series give the scale of the drawing.
    const [high, low] = [sent.row.indexOf(Math.max(...sent.row)), sent.row.indexOf(Math.min(...sent.row))];
    const perUnit = (own[low]! - own[high]!) / (sent.row[high]! - sent.row[low]!);
    const expected = forecasts[0]!.map((value) => own[low]! - perUnit * (value - sent.row[low]!));
    heights.forEach((height, i) => {
      expect(height).toBeCloseTo(expected[i]!, 0);
    });
  });

  it('are pasted, and stretched if their length is another', async () => {
    const { page } = await open('#/vectors');
    const sent = sentRows(page, 'reconstruct');
    await settled(page);
    await page.getByText('Paste numbers').click();
    const text = page.locator('textarea').first();
    await text.fill('1, 2, x');
    await page.getByText('Expected numbers, received "x".').waitFor();
    await text.fill('0 1');
    await page.getByText('Expected 24 numbers, received 2.').waitFor();
    await page.getByRole('button', { name: 'Stretch them to 24' }).click();
    await expect.poll(() => sent.row[23]).toBe(1);
    expect(sent.row[0]).toBe(0);
    expect(sent.row[12]).toBeCloseTo(12 / 23, 6);
  });

  it('that go on are cut, and drawn next to the forecast', async () => {
    const { page } = await open('#/waves');
    const sent = sentRows(page, 'forecast');
    await settled(page);
    await page.getByText('Paste numbers').click();
    const all = Array.from({ length: 24 }, (_, i) => Math.round(100 * Math.sin(i / 4)) / 100);
    await page.locator('textarea').first().fill(all.join(' '));
    await page.getByRole('button', { name: 'Take the first 18' }).click();
    await expect.poll(() => sent.row).toEqual(all.slice(0, 18));
    await settled(page);
    expect(await page.locator('.legend').textContent()).toBe('forecastwhat came nextyour series');
    const heightsOf = async (line: string) =>
      (await page.locator(`path.line.${line}`).getAttribute('d'))!
        .split(/[ML]/)
        .slice(1)
        .map((point) => Number(point.split(' ')[1]));
    const [own, next] = [await heightsOf('first'), await heightsOf('third')];
    const perUnit = (own[17]! - own[0]!) / (all[17]! - all[0]!);
    // From the last value of the series on.
    next.forEach((height, i) => {
      expect(height).toBeCloseTo(own[0]! + perUnit * (all[17 + i]! - all[0]!), 0);
    });
    expect(next.length).toBe(7);
  });
});

it('items are found by title or id, picked, explained and recommended', async () => {
  const { page } = await open('#/shop');
  await settled(page);
  await page.getByLabel('Find an item').fill('NO. 3 (');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Recommended' }).waitFor();
  await settled(page);
  const { items } = await ask<{ items: { item: string; title: string | null }[] }>(
    'shop',
    'recommend',
    { items: ['item 3'], k: 12 },
    '?include=title',
  );
  const ranking = page.locator('.ranking').first();
  const shown = items.map(({ item, title }) => title ?? item);
  await expect.poll(() => ranking.locator('.title').allTextContents()).toEqual(shown);
  expect(await ranking.getByText('because of Film no. 3 (2001)').count()).toBe(12);
  const similar = await ask<{ items: { item: string; title: string | null }[] }>(
    'shop',
    'similar',
    { item: items[0]!.item, k: 12 },
    '?include=title',
  );
  await page
    .getByRole('button', { name: `Items similar to ${shown[0]}`, exact: true })
    .first()
    .click();
  await page.getByRole('heading', { name: `Similar to ${shown[0]}` }).waitFor();
  await expect
    .poll(() => page.locator('.ranking').last().locator('.title').allTextContents())
    .toEqual(similar.items.map(({ item, title }) => title ?? item));
  await expect.poll(() => page.url()).toContain('items=item%25203');
  // An item without a title is found by its id.
  await page.getByLabel('Find an item').fill('item 29');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Remove item 29' }).waitFor();
});

describe('the map of codes', () => {
  const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name });
  /** "3 of 8 selected" as numbers. */
  const selected = async (page: Page) =>
    (await heading(page, /selected/).textContent())!.replaceAll(',', '').match(/\d+/g)!.map(Number);

  it('draws training rows, and puts a new row where the API reduces it to', async () => {
    const { page, complaints } = await open('#/orders/map');
    await settled(page);
    const { pixels } = await page.locator('.plane').screenshot().then(decodePixels);
    // Hundreds of points; a map that is not drawn has one colour and its border.
    expect(new Set(pixels).size).toBeGreaterThan(20);
    await page.getByLabel('amount', { exact: true }).fill('400');
    const row = { amount: 400 };
    const landed = page.locator('.landing');
    let sent: Record<string, unknown> = {};
    page.on('request', (request) => {
      if (request.url().endsWith('/reduce')) [sent] = request.postDataJSON().rows;
    });
    await page.getByLabel('amount', { exact: true }).fill('401');
    await settled(page);
    expect(sent).toMatchObject({ ...row, amount: 401 });
    const { coordinates } = await ask<{ coordinates: number[][] }>('orders', 'reduce', { rows: [sent] });
    const place = [await landed.getAttribute('data-x'), await landed.getAttribute('data-y')];
    expect(place.map(Number)).toEqual(coordinates[0]);
    expect(complaints).toEqual([]);
  });

  it('counts what a lasso is drawn around, by mouse and by keyboard', async () => {
    // High enough for all of the map: a mouse cannot leave the window.
    const { page } = await open('#/orders/map', { viewport: { width: 1280, height: 1400 } });
    await settled(page);
    await page.getByLabel('Lasso').check();
    const around = (left: number, right: number) =>
      drag(page, '.surface', [
        [left, 0.01],
        [right, 0.01],
        [right, 0.99],
        [left, 0.99],
      ]);
    await around(0.005, 0.5);
    const [leftCount, all] = await selected(page);
    await around(0.5, 0.995);
    const [rightCount] = await selected(page);
    expect(leftCount).toBeGreaterThan(0);
    expect(rightCount).toBeGreaterThan(0);
    expect(leftCount! + rightCount!).toBe(all);
    await page.getByRole('button', { name: 'Select what is in view' }).press('Enter');
    expect(await selected(page)).toEqual([all, all]);
    await page.getByRole('button', { name: 'Select none' }).click();
    await page.locator('.surface').press('Enter');
    await heading(page, /^row \d+$/).waitFor();
    await expect.poll(() => page.url()).toMatch(/point=\d+/);
  });

  it('opens the row of a point in the form, as it is in the data', async () => {
    const { page } = await open('#/orders/map');
    await settled(page);
    await page.getByRole('button', { name: 'Look at the nearest row' }).click();
    const score = await page.locator('.facts dt', { hasText: 'score' }).locator('+ dd').textContent();
    await page.getByRole('link', { name: 'Try this row' }).click();
    await page.getByRole('heading', { name: /^U(nu)?sual$/i }).waitFor();
    await settled(page);
    expect(await page.locator('.figures dd').first().textContent()).toBe(score);
  });

  it('finds a row by its number, with its values, its reconstruction and its neighbours', async () => {
    const { page } = await open('#/digits/map');
    const sent = sentRows(page, 'reconstruct');
    await settled(page);
    await page.getByLabel('Find by row number').fill('1000000');
    await page.keyboard.press('Enter');
    await page.getByText('No row is called 1000000.').waitFor();
    // Any row that is in the training part.
    await page.getByRole('button', { name: 'Look at the nearest row' }).click();
    const [, number] = /(\d+)/.exec((await heading(page, /^row \d+$/).textContent())!)!;
    await page.reload();
    await settled(page);
    await page.getByLabel('Find by row number').fill(number!);
    await page.keyboard.press('Enter');
    await settled(page);
    const { rows } = await digitRows();
    const own = rows.data.subarray(Number(number) * 784, (Number(number) + 1) * 784);
    expect(await pixelsOf(page, 'The row of the point')).toEqual(grey(Array.from(own)));
    // A pixel is kept in a byte.
    expect(Math.max(...sent.row.map((value, i) => Math.abs(value - own[i]!)))).toBeLessThanOrEqual(0.5 / 255);
    const answer = await ask<{ rows: number[][] }>('digits', 'reconstruct', { rows: [sent.row] });
    expect(await pixelsOf(page, 'The reconstruction of the point')).toEqual(grey(answer.rows[0]!));
    expect(await page.locator('.near button').count()).toBe(8);
  });

  it('without training rows shows rows of its own, and says why', async () => {
    for (const [model, what] of [
      ['digits', '36 drawings of four digits'],
      ['digits-vae', '400 samples that the model drew'],
      ['shapes', '134 samples of each label'],
      ['orders', '200 rows of random values'],
      ['waves', '200 variations of the mean row'],
      ['shop', '30 made-up users'],
    ] as const) {
      const { page, complaints } = await open('');
      await page.route('**/maps/index.json', (route) =>
        route.fulfill({ json: { data: 'private', maps: [] } }),
      );
      await page.evaluate((name) => {
        location.hash = `#/${name}/map`;
      }, model);
      await page.getByText(`The points are ${what}`).waitFor();
      await page.getByText('PLAYGROUND_DATA = "public"').waitFor();
      await page.locator('.landing').waitFor();
      await settled(page);
      expect([model, complaints]).toEqual([model, []]);
      await page.close();
    }
  });
});

/** A picture as one number for each pixel. */
function decodePixels(png: Uint8Array): { readonly pixels: number[] } {
  const { data, channels, width, height } = decode(png);
  return {
    pixels: Array.from({ length: width * height }, (_, i) => {
      const [red = 0, green = 0, blue = 0] = data.subarray(i * channels, i * channels + 3);
      return (red * 256 + green) * 256 + blue;
    }),
  };
}
