/** What viewers such as Netron, and other runtimes, show of a model. */
import { concatenated } from '../../shared/bytes.ts';
import { ModelProto } from './schema.ts';

export interface ModelDescription {
  readonly producerVersion: string;
  /** One sentence. */
  readonly summary: string;
  /** `metadata_props`, by key. */
  readonly properties: Readonly<Record<string, string>>;
}

/** Returns a serialised model with its description; the graph stays the same, byte for byte. */
export function describedModel(
  model: Uint8Array,
  { producerVersion, summary, properties }: ModelDescription,
): Uint8Array {
  const metadataProps = Object.entries(properties).map(([key, value]) => ({ key, value }));
  // Fields of a protobuf may come in any order.
  return concatenated([
    model,
    ModelProto.encode({ producerVersion, docString: summary, metadataProps }).finish(),
  ]);
}
