/** Models that other frameworks exported, and what those answer: `test/fixtures/onnx`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const FIXTURES_FOLDER = join(import.meta.dirname, '../../fixtures/onnx');

/** An entry of `fixtures.json`, which README.md there describes. */
export interface Fixture {
  readonly name: string;
  /** The model, then the files of its weights, if it has any. */
  readonly files: readonly [string, ...string[]];
  readonly inputs: readonly Declared[];
  readonly outputs: readonly (Declared & { readonly role?: string })[];
  /** Largest difference, for answers of magnitude up to 1; above it, relative to the largest. */
  readonly tolerance: number;
  /** What an import can offer, with its decoder and rows where it has them. */
  readonly operations: readonly string[];
  /** True if the exporter lost the shape of the answers: their values are right, one a row. */
  readonly flattened?: boolean;
  /** Name of the fixture that is the decoder, for an encoder that has one. */
  readonly decoder?: string;
  /** A file of rows like those that it was trained on. */
  readonly rows?: string;
  /** Names of the classes, in the order of their probabilities. */
  readonly classes?: readonly string[];
  /** Why onnxruntime does not answer, and what helps. */
  readonly refused?: string;
  readonly given: Readonly<Record<string, JsonTensor>>;
  readonly answers: Readonly<Record<string, JsonTensor>>;
}

interface Declared {
  readonly name: string;
  /** A tensor's element type, `sequence` or `map`. */
  readonly dtype: string;
  /** Null for a size that the graph leaves open. */
  readonly shape?: readonly (number | string | null)[];
}

/** Row-major. */
export interface JsonTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
}

export const FIXTURES = JSON.parse(
  readFileSync(join(FIXTURES_FOLDER, 'fixtures.json'), 'utf8'),
) as readonly Fixture[];

/** The bytes of a file of the folder. */
export function fixtureBytes(file: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(FIXTURES_FOLDER, file)));
}
