/** Forms of an answer in pieces: one JSON document, a JSON document per line, or bytes. */
import type { Problem } from '../../shared/api.ts';
import { BINARY_TYPE, JSON_TYPE, NDJSON_TYPE } from './media.ts';
import { type Answer, binaryBytes, type RowsOperation } from './operation.ts';

/** Turns the answers of pieces into the bytes of one response, in order. */
export interface Form {
  readonly type: string;
  /** Returns the bytes of one piece; `body` is the answer as a JSON document of its own. */
  piece(answer: Answer<unknown>, body: () => object): Uint8Array;
  /** Returns what follows the last piece. */
  end?(): Uint8Array;
  /** Returns the bytes that report a problem that ends the answer; without it, the response is aborted. */
  failure?(problem: Problem): Uint8Array;
}

const encoder = new TextEncoder();

/** Returns the form of a media type. */
export function formOf(type: string | undefined, operation: RowsOperation): Form {
  if (type === BINARY_TYPE) return { type, piece: binaryBytes };
  return type === NDJSON_TYPE ? lines() : document(operation);
}

function lines(): Form {
  const line = (value: object) => encoder.encode(`${JSON.stringify(value)}\n`);
  return {
    type: NDJSON_TYPE,
    piece: (_, body) => line(body()),
    failure: (problem) => line({ problem }),
  };
}

/**
 * The same document as an answer in one piece, except for the order of its members: the longest list is sent
 * as it is made, and followed only by other lists with an element per row, and by the problems of rows and
 * their unseen categories, which are kept until then.
 */
function document({ each, eachToo = [] }: RowsOperation): Form {
  let isFirst = true;
  const others = new Map<string, string[]>();
  return {
    type: JSON_TYPE,
    piece: (_, body) => {
      const { [each]: list, ...rest } = body() as Record<string, unknown>;
      for (const name of [...eachToo, 'problems', 'unseen']) {
        if (!(name in rest)) continue;
        others.set(name, [...(others.get(name) ?? []), elements(rest[name])]);
        delete rest[name];
      }
      const start = isFirst ? `${JSON.stringify(rest).slice(0, -1)},${JSON.stringify(each)}:[` : ',';
      isFirst = false;
      return encoder.encode(start + elements(list));
    },
    end: () => {
      const kept = [...others].map(([name, texts]) => `,${JSON.stringify(name)}:[${texts.join()}]`);
      return encoder.encode(`]${kept.join('')}}`);
    },
  };
}

/** Returns the elements of a list as JSON, without its brackets. */
function elements(list: unknown): string {
  return JSON.stringify(list).slice(1, -1);
}
