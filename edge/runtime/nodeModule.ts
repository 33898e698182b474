/** Stands in for Node's `module`, which onnxruntime-web imports in a branch that never runs in a Worker. */
export const createRequire = undefined;
