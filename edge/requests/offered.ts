import type { Manifest, OperationName } from '../../shared/manifest.ts';
import { ProblemError } from '../problems.ts';

/** @throws {ProblemError} `operation-not-offered` */
export function assertOffered({ name: model, version, operations }: Manifest, name: OperationName): void {
  if (operations.includes(name)) return;
  throw new ProblemError('operation-not-offered', {
    detail: `${model}@${version} offers ${operations.join(', ') || 'no operations'}, not ${name}.`,
    received: name,
    offered: operations,
  });
}
