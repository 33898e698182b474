import { type Artifact, writeArtifact } from '../../../training/artifact/artifact.ts';
import { type LinearOptions, linearArtifact } from './linearArtifact.ts';

/** Writes a linear artifact to `<root>/<name>/<version>`, as if it had been trained. */
export function writtenArtifact(root: string, options: Omit<LinearOptions, 'version'>): Promise<Artifact> {
  const { manifest, graphs } = linearArtifact(options);
  const { version: _, ...content } = manifest;
  const files = Object.fromEntries(
    Object.entries(graphs).map(([graph, bytes]) => [manifest.graphs[graph as 'encoder']!.file, bytes!]),
  );
  return writeArtifact(root, content, files);
}
