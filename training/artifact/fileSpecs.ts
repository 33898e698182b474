/** Entries of a manifest for the files of its artifact, and for the libraries that made them. */
import packageJson from '../../package.json' with { type: 'json' };
import { graphEntries, type Manifest, type SomeGraphs } from '../../shared/manifest.ts';
import { RUNTIME_VERSIONS } from '../engines/inference.ts';
import type { ExportedGraph } from '../graph/exportedGraph.ts';
import { sha256 } from './artifact.ts';

export function graphSpecs(graphs: SomeGraphs<ExportedGraph>): Manifest['graphs'] {
  const entries = graphEntries(graphs).map(([graph, { model, inputs, outputs }]) => {
    return [graph, { file: `${graph}.onnx`, ...fileSpec(model), inputs: [...inputs], outputs: [...outputs] }];
  });
  return Object.fromEntries(entries) as Manifest['graphs'];
}

export function fileSpecs(files: Readonly<Record<string, string | Uint8Array>>): Manifest['files'] {
  return Object.fromEntries(Object.entries(files).map(([file, data]) => [file, fileSpec(data)]));
}

/** Versions of latentedge, Node and the runtimes. */
export function libraryVersions(): Manifest['libraries'] {
  return { latentedge: packageJson.version, node: process.versions.node, ...RUNTIME_VERSIONS };
}

function fileSpec(data: Uint8Array | string): { sha256: string; bytes: number } {
  return { sha256: sha256(data), bytes: Buffer.byteLength(data) };
}

/** Renders a value as the content of a JSON file for people. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
