/** Files that are no ONNX model, or not all of one. */
import { completed } from './hostileGraph.ts';
import { modelBytes, PLAIN } from './plain.ts';

const text = (content: string) => new TextEncoder().encode(content);
const plain = modelBytes({ graph: PLAIN });

/** The first field of a message (7, the graph), which claims to have almost 2^63 bytes. */
const ENDLESS_LENGTH = Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f);
/** As above, with 2 GiB less one byte: what onnxruntime takes at most. */
const LARGEST_LENGTH = Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x07);

/** Groups in groups, which readers without a limit follow until their stack ends. */
const nestedGroups = new Uint8Array(100_000).fill((15 << 3) | 3);

export const FILES = completed([
  { name: 'empty-file', why: 'no bytes', bytes: new Uint8Array() },
  { name: 'csv', why: 'rows instead of a graph', bytes: text('a,b\n1,2\n') },
  { name: 'json', why: 'a manifest instead of a graph', bytes: text('{"graphs": []}') },
  {
    name: 'pytorch-checkpoint',
    why: 'a zip file, as torch.save writes it',
    bytes: Uint8Array.of(0x50, 0x4b, 3, 4, ...new Uint8Array(60)),
  },
  {
    name: 'lfs-pointer',
    why: 'what Git LFS leaves where its file was not fetched',
    bytes: text(
      'version 1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n',
    ),
  },
  { name: 'zeros', why: 'tags of 0, which protobuf does not have', bytes: new Uint8Array(4096) },
  { name: 'truncated', why: 'a third is missing', bytes: plain.slice(0, Math.floor((plain.length * 2) / 3)) },
  { name: 'truncated-by-one', why: 'the last byte is missing', bytes: plain.slice(0, -1) },
  { name: 'trailing-bytes', why: 'bytes after the model', bytes: Uint8Array.of(...plain, 1, 2, 3, 4) },
  { name: 'endless-length', why: 'a field of 2^63 - 1 bytes in a file of 10', bytes: ENDLESS_LENGTH },
  { name: 'largest-length', why: 'a field of 2 GiB in a file of 6 bytes', bytes: LARGEST_LENGTH },
  { name: 'nested-groups', why: 'groups in groups, 100,000 deep', bytes: nestedGroups },
  { name: 'no-graph', why: 'a model without a graph', bytes: modelBytes({}) },
]);
