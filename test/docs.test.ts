import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { writtenSections } from '../scripts/measure/docs/pages.ts';
import { type Setting, settingsOf, sharedSettingsTable } from '../scripts/measure/docs/settings.ts';
import { fillSections } from '../scripts/measure/sections.ts';
import { VARIANTS } from '../training/models/registry.ts';

const ROOT = join(import.meta.dirname, '..');

describe.each(Object.entries(writtenSections()))('%s', (page, sections) => {
  it('says what the code says; "npm run docs" writes it', () => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    expect(text).toBe(fillSections(text, sections));
  });

  it('has no cell that is too long to read', () => {
    for (const [name, content] of Object.entries(sections)) {
      const cells = content.split('\n').flatMap((line) => line.split(' | '));
      expect([name, cells.filter((cell) => cell.length > 240)]).toEqual([name, []]);
    }
  });
});

describe('settings, as documented', () => {
  it.each([
    ['a number with bounds', z.number().gt(0).lt(1).describe('x').default(0.5), '0.5', 'above 0, below 1'],
    ['a whole number', z.number().int().describe('x').default(3), '3', 'whole, any number'],
    ['large bounds', z.number().int().min(1).max(65_536).describe('x').default(1), '1', 'whole, 1 to 65,536'],
    ['small defaults', z.number().positive().describe('x').default(1e-7), '1e-7', 'above 0'],
    ['a choice', z.enum(['a', 'b']).describe('x').default('b'), '`b`', '`a` or `b`'],
    ['a flag', z.boolean().describe('x').default(false), '`false`', '`true` or `false`'],
    [
      'what may be null',
      z.number().min(2).nullable().describe('x').default(null),
      '`null`',
      '2 or more, or `null`',
    ],
    [
      'a number or null',
      z.number().nullable().describe('x').default(null),
      '`null`',
      'any number, or `null`',
    ],
    [
      'a list',
      z.array(z.number().int().min(1)).describe('x').default([2, 3]),
      '`[2, 3]`',
      'a list, each whole, 1 or more',
    ],
    ['no default', z.string().describe('x'), 'none', 'string'],
  ])('%s', (_, schema, given, values) => {
    expect(settingsOf(z.strictObject({ name: schema }))).toEqual([
      { name: 'name', default: given, values, description: 'x' },
    ]);
  });

  it('refuses a setting that nobody described, by its name', () => {
    expect(() => settingsOf(z.strictObject({ depth: z.number().default(1) }))).toThrow(/^setting depth: /);
  });

  it('has every setting of every variant, with its default', () => {
    const defaults = settingsOf(VARIANTS.variational.config).map((each) => [each.name, each.default]);
    const parsed = VARIANTS.variational.config.parse({});
    const expected = Object.entries(parsed).map(([name, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return [name, typeof value === 'number' ? text : `\`${text}\``];
    });
    expect(defaults).toEqual(expected);
  });

  it('puts what several owners share into one row, with the defaults that differ', () => {
    const setting = (given: string): Setting => ({
      name: 'width',
      default: given,
      values: 'any',
      description: 'how wide',
    });
    const owners = { a: [setting('1')], b: [setting('2')], c: [setting('1')], d: [] };
    expect(sharedSettingsTable('owners', owners).split('\n')).toEqual([
      '| setting | default | values | what it is | owners |',
      '|---|---|---|---|---|',
      '| `width` | 1; 2 (b) | any | how wide | all but d |',
    ]);
  });
});
