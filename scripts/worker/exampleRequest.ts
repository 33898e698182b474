/** The request that `serve` prints for a model, as lines of a shell. */
import type { KnownAnswers } from '../../shared/answers.ts';
import { exampleRow, rowByName, shownOperation } from '../../shared/example.ts';
import { imageRowsOf } from '../../shared/imageRows.ts';
import type { Manifest, OperationName } from '../../shared/manifest.ts';

/** Longest body to be read at a glance, in characters. */
const READABLE = 300;

export interface ExampleOptions {
  /** Address of the Worker. */
  readonly url: URL;
  /** Known answers of the artifact, if it has any, with the path of their file. */
  readonly known: { readonly path: string; readonly answers: KnownAnswers } | undefined;
}

/**
 * Returns curl with a known row of the artifact, or the means of its features; a row too long to read is taken from
 * `answers.json`. Models of images get a second command, for a PNG file. Empty for models that offer none of the
 * operations that are shown.
 */
export function exampleRequest(manifest: Manifest, { url, known }: ExampleOptions): string[] {
  const operation = shownOperation(manifest);
  if (operation === undefined) return [];
  const address = new URL(`/v1/models/${manifest.name}/${operation}`, url);
  const json = `curl -H 'Content-Type: application/json' ${address}`;
  const body = JSON.stringify(bodyOf(operation, manifest, known?.answers));
  if (operation === 'recommend' || body.length <= READABLE) return [`  ${json} \\`, `    -d ${quoted(body)}`];
  const image = imageRowsOf(manifest.features);
  return [
    ...(known === undefined ? zeros(manifest, address) : knownRow(known.path, json)),
    ...(image === undefined
      ? []
      : [
          `  with a PNG of ${image.width} x ${image.height} pixels:`,
          `  curl -H 'Content-Type: image/png' --data-binary @image.png ${address}`,
        ]),
  ];
}

function bodyOf(operation: OperationName, { features }: Manifest, known: KnownAnswers | undefined): object {
  if (operation === 'recommend') {
    const items = known?.recommend?.items ?? features.names ?? ['0'];
    return { items: items.slice(0, 3) };
  }
  const row = (known?.rows[0] ?? exampleRow(features)).map((value) =>
    typeof value === 'number' ? short(value) : value,
  );
  const named = { rows: [rowByName(row, features.names)] };
  return JSON.stringify(named).length <= READABLE ? named : { rows: [row] };
}

/** Whole numbers as they are: they may be years or codes. */
function short(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}

function knownRow(path: string, json: string): string[] {
  const program = `JSON.stringify({ rows: require(${JSON.stringify(path)}).rows.slice(0, 1) })`;
  return [`  node -p ${quoted(program)} |`, `    ${json} -d @-`];
}

/** Works for a row of numbers of any width, but not for text. */
function zeros({ features }: Manifest, address: URL): string[] {
  if (features.columns?.some(({ type }) => type === 'category')) return [];
  return [
    `  head -c ${4 * features.count} /dev/zero | curl --data-binary @- -H 'Content-Type: application/octet-stream' \\`,
    `    -H 'Accept: application/json' ${address}`,
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
