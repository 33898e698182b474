/** Joins the models of an encoder and a decoder. */
import { InputError } from '../../shared/errors.ts';
import { NodeProto, type onnx } from '../graph/schema.ts';

/**
 * Returns everything of two models but their graphs: versions of operators, and functions.
 * @throws {InputError} if their operators have different versions, or functions of one name different bodies.
 */
export function merged(a: onnx.IModelProto, b: onnx.IModelProto): onnx.IModelProto {
  const opsets = new Map((a.opsetImport ?? []).map(({ domain, version }) => [domain ?? '', Number(version)]));
  for (const { domain, version } of b.opsetImport ?? []) {
    const known = opsets.get(domain ?? '');
    if (known !== undefined && known !== Number(version)) {
      throw new InputError(
        `the encoder has opset ${known} of ${domain || 'ai.onnx'}, the decoder ${Number(version)}: expected the same; export both with the same opset_version`,
      );
    }
    opsets.set(domain ?? '', Number(version));
  }
  const functions = new Map((a.functions ?? []).map((each) => [keyOf(each), each]));
  for (const each of b.functions ?? []) {
    const known = functions.get(keyOf(each));
    if (known !== undefined && bodyOf(known) !== bodyOf(each)) {
      throw new InputError(
        `encoder and decoder have different functions ${keyOf(each)}: export both together, or inline their functions (onnx.inliner)`,
      );
    }
    functions.set(keyOf(each), each);
  }
  return {
    ...a,
    irVersion: Math.max(Number(a.irVersion ?? 0), Number(b.irVersion ?? 0)),
    opsetImport: [...opsets].map(([domain, version]) => ({ domain, version })),
    functions: [...functions.values()],
  };
}

function keyOf({ domain, name }: onnx.IFunctionProto): string {
  return `${domain ?? ''}.${name ?? ''}`;
}

function bodyOf({ node }: onnx.IFunctionProto): string {
  return (node ?? []).map((each) => Buffer.from(NodeProto.encode(each).finish()).toString('base64')).join();
}
