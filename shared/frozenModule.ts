/**
 * The frozen module of a version: an image, the WebAssembly that runs it, and a program around both, which a Worker
 * loads into an isolate of the version's own; several of each if the version's graphs do not fit in one isolate. Its
 * files are in the folder `frozen` next to the version's graphs.
 *
 * The image is in pieces, which the isolate takes one after the other once it has started: it then holds the memory that
 * is made of them, and no copy of the image, and the Worker that hands them over holds one of them.
 *
 * It has a manifest of its own, because the version is the hash of what was trained: the same version may be frozen
 * later, elsewhere, or again with a newer onnxruntime, and older readers need not know of it.
 */
import * as z from 'zod';
import { ModelName, ModelVersion } from './manifest.ts';

export const FROZEN_FOLDER = 'frozen';
/** Name of the manifest in the folder. */
export const FROZEN_MANIFEST = 'frozen.json';
const FROZEN_SCHEMA_VERSION = 1;

/** Bytes of one file, which the Worker that hands it over holds meanwhile. */
export const MAX_FROZEN_BYTES = 16 * 2 ** 20;
/** Bytes of a piece of an image. */
export const PIECE_BYTES = 4 * 2 ** 20;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A file, named by what it is and the beginning of its hash: files of other freezings are never overwritten. */
const FrozenFile = z.lazy(() =>
  z.strictObject({
    file: z.string().regex(/^[a-z]+-[0-9a-f]{12}\.[a-z]+$/),
    sha256: Sha256,
    bytes: z.number().int().positive().max(MAX_FROZEN_BYTES),
  }),
);

/** Graphs of the version that are in one image, and run in one isolate. */
const FrozenPart = z.lazy(() =>
  z.strictObject({
    /** sha256 of the ONNX bytes of each. */
    graphs: z.array(Sha256).min(1),
    /** The number of runs whose answers were bit-identical to those of onnxruntime-web. */
    runs: z.number().int().positive(),
    files: z.strictObject({ runner: FrozenFile, wasm: FrozenFile, description: FrozenFile }),
    /** Pieces of the image, in the order in which they are written to memory. */
    image: z.array(FrozenFile).min(1),
  }),
);

export const FrozenManifest = z.lazy(() =>
  z.strictObject({
    schemaVersion: z.literal(FROZEN_SCHEMA_VERSION),
    name: ModelName,
    version: ModelVersion,
    /** The version of onnxruntime-web. */
    onnxruntime: z.string(),
    /** The compatibility date of the isolate, which belongs to the program. */
    compatibilityDate: z.iso.date(),
    /** One, unless the graphs do not fit in one isolate. */
    parts: z.array(FrozenPart).min(1),
  }),
);

export type FrozenManifest = z.infer<typeof FrozenManifest>;
export type FrozenPart = z.infer<typeof FrozenPart>;
export type FrozenFile = z.infer<typeof FrozenFile>;
export type FrozenFileName = keyof FrozenPart['files'];

/** The names under which the program imports the other files. */
export const FROZEN_MODULES = {
  runner: 'runner.js',
  wasm: 'runtime.wasm',
  description: 'description.json',
} as const satisfies Record<FrozenFileName, string>;

/** Returns the files of a part. */
export function filesOf({ files, image }: FrozenPart): FrozenFile[] {
  return [...Object.values(files), ...image];
}

/** Returns the manifest of a frozen module. */
export function frozenManifest(content: Omit<FrozenManifest, 'schemaVersion'>): FrozenManifest {
  return FrozenManifest.parse({ schemaVersion: FROZEN_SCHEMA_VERSION, ...content });
}
