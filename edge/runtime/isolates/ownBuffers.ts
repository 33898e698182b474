import type { Tensor, Tensors } from '../../../shared/tensor.ts';

/** Returns tensors that share their buffers with nothing else: RPC sends whole buffers. */
export function ownBuffers(inputs: Tensors): Tensors {
  if (Object.values(inputs).every(hasOwnBuffer)) return inputs;
  return Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, ownBuffer(tensor)]));
}

function hasOwnBuffer({ dtype, data }: Tensor): boolean {
  return dtype === 'string' || data.byteLength === data.buffer.byteLength;
}

function ownBuffer(tensor: Tensor): Tensor {
  return hasOwnBuffer(tensor) ? tensor : ({ ...tensor, data: tensor.data.slice() } as Tensor);
}
